// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Varlink server: the methods of the interface, and the replies to waiting clients when the
 * daemon makes a record.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-varlink.h>

#include "base/cleanup.h"
#include "daemon/clients.h"
#include "daemon/describe.h"
#include "daemon/interface.h"
#include "daemon/server.h"
#include "model/address.h"
#include "model/explain.h"
#include "system/online.h"

/* Largest number of connections of one user at the same time */
#define MAX_CLIENTS_OF_USER 8

#define _cleanup_json_ _cleanup_(sd_json_variant_unrefp)

/**
 * struct server - the Varlink server
 * @varlink: the listening server of libsystemd
 * @recorder: the recorder with the extents; not owned
 * @journal: the journal that the server listens to; not owned
 * @uid: effective user of the daemon
 * @clients: the connections
 */
struct server {
	sd_varlink_server *varlink;
	struct recorder *recorder;
	struct journal *journal;
	uid_t uid;
	struct clients clients;
};

static struct server *server_of(sd_varlink *link)
{
	return sd_varlink_server_get_userdata(sd_varlink_get_server(link));
}

/*
 * Only root gets physical addresses, as in /proc/iomem, and the daemon's own user, which can read
 * them anyway.
 */
static bool may_see_addresses(const struct server *server, sd_varlink *link)
{
	uid_t uid;

	return sd_varlink_get_peer_uid(link, &uid) >= 0 && (uid == 0 || uid == server->uid);
}

static int on_connect(sd_varlink_server *varlink, sd_varlink *link, void *data)
{
	struct server *server = data;

	(void)varlink;
	return clients_add(&server->clients, link, may_see_addresses(server, link));
}

static void on_disconnect(sd_varlink_server *varlink, sd_varlink *link, void *data)
{
	(void)varlink;
	(void)data;
	clients_remove(link);
}

/* --- records --- */

/* Build the reply of Settle. */
static int describe_settled(const struct recorder *recorder, sd_json_variant **json)
{
	return sd_json_buildo(json,
			      SD_JSON_BUILD_PAIR_UNSIGNED("stranded_bytes",
							  extent_map_bytes(&recorder->recorded.map,
									   DAX_OWNER_STATE_STRANDED)));
}

/* Return: the reply, whose reference the caller drops; NULL on out-of-memory. */
static sd_json_variant *describe_notice(struct server *server, const struct journal_record *news,
					bool addresses)
{
	_cleanup_json_ sd_json_variant *record = NULL;
	sd_json_variant *reply = NULL;

	if (describe_record(server->recorder, news, addresses, &record) >= 0)
		sd_json_buildo(&reply, SD_JSON_BUILD_PAIR_VARIANT("record", record));
	return reply;
}

static void notify_subscribers(struct server *server, const struct journal_record *news)
{
	_cleanup_json_ sd_json_variant *full = NULL, *reduced = NULL;

	if (!clients_have(&server->clients, WAITS_RECORDS))
		return;
	full = describe_notice(server, news, true);
	reduced = describe_notice(server, news, false);
	clients_notify(&server->clients, &(struct notice) { full, reduced });
}

static void release_waiting(struct server *server)
{
	_cleanup_json_ sd_json_variant *reply = NULL;

	if (!clients_have(&server->clients, WAITS_SETTLED))
		return;
	describe_settled(server->recorder, &reply);
	clients_reply_settled(&server->clients, reply);
}

static void on_record(const struct journal_record *news, void *data)
{
	struct server *server = data;

	notify_subscribers(server, news);
	if (server->recorder->recorded.settled)
		release_waiting(server);
}

/* --- methods --- */

/* Return: 0 or more and @ledger, which the caller releases; a negative errno. */
static int describe(sd_varlink *link, sd_json_variant **ledger)
{
	struct server *server = server_of(link);

	return describe_extents(server->recorder, server->journal->arbiter,
				client_gets_addresses(link), ledger);
}

static int on_list(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		   void *data)
{
	_cleanup_json_ sd_json_variant *ledger = NULL;
	int r = describe(link, &ledger);

	(void)parameters;
	(void)flags;
	(void)data;
	return r < 0 ? r : sd_varlink_reply(link, ledger);
}

static const struct extent *find_device(const struct extent_map *map, const char *device)
{
	for (size_t i = 0; *device && i < map->n; i++)
		if (!strcmp(map->extents[i].device, device))
			return &map->extents[i];
	return NULL;
}

static int reply_explained(sd_varlink *link, struct recorder *recorder, const struct extent *extent)
{
	_cleanup_json_ sd_json_variant *described = NULL;
	char rule[EXPLAIN_LEN], change[EXPLAIN_LEN];
	u64 block_size;
	int r;

	r = describe_extent(extent, recorder_regions(recorder), client_gets_addresses(link),
			    &described);
	if (r < 0)
		return r;
	if (online_block_size(recorder->blocks, &block_size))
		block_size = 0;
	explain_rule(extent, block_size, rule);
	explain_change(extent, change);
	return sd_varlink_replybo(link, SD_JSON_BUILD_PAIR_VARIANT("extent", described),
				  SD_JSON_BUILD_PAIR_STRING("rule", rule),
				  SD_JSON_BUILD_PAIR_STRING("change", change));
}

/* The parameters of Explain; exactly one is given */
struct question {
	const char *address;
	const char *device;
};

static int on_explain(sd_varlink *link, sd_json_variant *parameters,
		      sd_varlink_method_flags_t flags, void *data)
{
	static const sd_json_dispatch_field fields[] = {
		{ "address", SD_JSON_VARIANT_STRING, sd_json_dispatch_const_string,
		  offsetof(struct question, address), SD_JSON_NULLABLE },
		{ "device", SD_JSON_VARIANT_STRING, sd_json_dispatch_const_string,
		  offsetof(struct question, device), SD_JSON_NULLABLE },
		{},
	};
	struct recorder *recorder = server_of(link)->recorder;
	const struct extent *extent;
	struct question question = {};
	const char *rest;
	u64 address;
	int r;

	(void)flags;
	(void)data;
	r = sd_varlink_dispatch(link, parameters, fields, &question);
	if (r)
		return r;
	if (!question.address == !question.device)
		return sd_varlink_error_invalid_parameter_name(link, question.address ? "device" :
											"address");
	if (question.address && !client_gets_addresses(link))
		return sd_varlink_error(link, INTERFACE ".AddressesForRootOnly", NULL);
	if (question.device)
		extent = find_device(&recorder->recorded.map, question.device);
	else if (address_parse(question.address, &address, &rest) || *rest)
		return sd_varlink_error(link, INTERFACE ".InvalidAddress", NULL);
	else
		extent = extent_map_at(&recorder->recorded.map, address);
	if (!extent)
		return sd_varlink_error(link, INTERFACE ".NoSuchExtent", NULL);
	return reply_explained(link, recorder, extent);
}

/* libsystemd refuses a call without "more", because the interface requires it. */
static int on_subscribe(sd_varlink *link, sd_json_variant *parameters,
			sd_varlink_method_flags_t flags, void *data)
{
	_cleanup_json_ sd_json_variant *ledger = NULL;
	int r = describe(link, &ledger);

	(void)parameters;
	(void)flags;
	(void)data;
	if (r >= 0)
		r = sd_varlink_notifybo(link, SD_JSON_BUILD_PAIR_VARIANT("ledger", ledger));
	if (r >= 0)
		clients_wait(link, WAITS_RECORDS);
	return r;
}

static int on_settle(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		     void *data)
{
	_cleanup_json_ sd_json_variant *reply = NULL;
	struct recorder *recorder = server_of(link)->recorder;
	int r;

	(void)parameters;
	(void)data;
	/* a oneway call gets no reply */
	if (flags & SD_VARLINK_METHOD_ONEWAY)
		return 0;
	if (!recorder->recorded.settled) {
		clients_wait(link, WAITS_SETTLED);
		return 0;
	}
	r = describe_settled(recorder, &reply);
	return r < 0 ? r : sd_varlink_reply(link, reply);
}

/* --- the server --- */

static int listen_at(struct server *server, const char *directory)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/" SERVER_SOCKET, directory) >= PATH_MAX)
		return -ENAMETOOLONG;
	/* replaces the socket of an earlier daemon; any user may connect, whatever the umask */
	return sd_varlink_server_listen_address(server->varlink, path, 0666);
}

static int set_up(struct server *server, sd_event *event)
{
	int r;

	/* the limit per user works only with ACCOUNT_UID */
	r = sd_varlink_server_new(&server->varlink, SD_VARLINK_SERVER_ACCOUNT_UID);
	if (r < 0)
		return r;
	sd_varlink_server_set_userdata(server->varlink, server);
	r = sd_varlink_server_set_info(server->varlink, "dax-owner", "dax-ownerd", VERSION, NULL);
	if (r >= 0)
		r = sd_varlink_server_set_connections_max(server->varlink, MAX_CLIENTS);
	if (r >= 0)
		r = sd_varlink_server_set_connections_per_uid_max(server->varlink,
								  MAX_CLIENTS_OF_USER);
	if (r >= 0)
		r = sd_varlink_server_add_interface(server->varlink, &vl_interface_io_daxowner);
	if (r >= 0)
		r = sd_varlink_server_bind_method_many(server->varlink, INTERFACE ".List", on_list,
						       INTERFACE ".Explain", on_explain,
						       INTERFACE ".Subscribe", on_subscribe,
						       INTERFACE ".Settle", on_settle);
	if (r >= 0)
		r = sd_varlink_server_bind_connect(server->varlink, on_connect);
	if (r >= 0)
		r = sd_varlink_server_bind_disconnect(server->varlink, on_disconnect);
	/* process uevents before calls */
	if (r >= 0)
		r = sd_varlink_server_attach_event(server->varlink, event, SD_EVENT_PRIORITY_IDLE);
	return r;
}

/**
 * server_open() - start the Varlink server
 * @server: set to the server; the caller frees it with server_close()
 * @event: the event loop
 * @directory: directory of the socket
 * @recorder: the recorder with the extents; the caller keeps it until server_close()
 * @journal: the journal, which gets the server as its listener; the caller keeps it until
 *	server_close()
 *
 * Return: 0, or a negative errno.
 */
int server_open(struct server **server, sd_event *event, const char *directory,
		struct recorder *recorder, struct journal *journal)
{
	struct server *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->recorder = recorder;
	s->journal = journal;
	s->uid = geteuid();
	r = set_up(s, event);
	if (r >= 0)
		r = listen_at(s, directory);
	if (r < 0) {
		server_close(s);
		return r;
	}
	journal->listen = on_record;
	journal->data = s;
	*server = s;
	return 0;
}

/**
 * server_close() - disconnect every client and free the server
 * @server: the server, or NULL
 */
void server_close(struct server *server)
{
	if (!server)
		return;
	server->journal->listen = NULL;
	clients_close(&server->clients);
	sd_varlink_server_unref(server->varlink);
	free(server);
}
