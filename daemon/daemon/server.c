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
#include <time.h>

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

/* A user waits this many times as long as the processor worked on the last reply with all extents */
#define PAUSE_FACTOR 4
/* Work on a reply that causes no pause, in µs */
#define SHORT_REPLY 5000

#define _cleanup_json_ _cleanup_(sd_json_variant_unrefp)

/**
 * struct ledger_reply - the description of all extents, kept until it is outdated
 * @json: the description; NULL if there is none
 * @changes: value of the recorder's counter when it was made
 * @arbiter: the arbiter in it
 */
struct ledger_reply {
	sd_json_variant *json;
	u64 changes;
	enum arbiter arbiter;
};

/**
 * struct server - the Varlink server
 * @varlink: the listening server of libsystemd
 * @recorder: the recorder with the extents; not owned
 * @journal: the journal that the server listens to; not owned
 * @clients: the connections
 * @replies: the description without and with addresses
 * @next: timer for the calls that wait because of their user's last call
 */
struct server {
	sd_varlink_server *varlink;
	struct recorder *recorder;
	struct journal *journal;
	struct clients clients;
	struct ledger_reply replies[2];
	sd_event_source *next;
};

static struct server *server_of(sd_varlink *link)
{
	return sd_varlink_server_get_userdata(sd_varlink_get_server(link));
}

/*
 * Only root gets physical addresses, as in sysfs. The daemon's user does not: its other processes
 * lack the capability by which the daemon reads them.
 */
static int on_connect(sd_varlink_server *varlink, sd_varlink *link, void *data)
{
	struct server *server = data;
	uid_t uid;
	int r;

	(void)varlink;
	r = sd_varlink_get_peer_uid(link, &uid);
	return r < 0 ? r : clients_add(&server->clients, link, uid, uid == 0);
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

/* --- all extents --- */

static bool is_outdated(const struct server *server, const struct ledger_reply *reply)
{
	/* counts a change of the regions, of which no uevent comes */
	recorder_regions(server->recorder);
	return !reply->json || reply->changes != server->recorder->changes ||
	       reply->arbiter != server->journal->arbiter;
}

/*
 * Describe all extents, unless the last description is still valid. The work depends on the number
 * of extents, and any user can ask for it.
 *
 * Return: 0 or more and @json, which the server owns; a negative errno.
 */
static int describe(struct server *server, bool addresses, sd_json_variant **json)
{
	struct ledger_reply *reply = &server->replies[addresses];
	enum arbiter arbiter = server->journal->arbiter;
	int r;

	if (is_outdated(server, reply)) {
		reply->json = sd_json_variant_unref(reply->json);
		r = describe_extents(server->recorder, arbiter, addresses, &reply->json);
		if (r < 0)
			return r;
		reply->changes = server->recorder->changes;
		reply->arbiter = arbiter;
	}
	*json = reply->json;
	return 0;
}

static uint64_t now_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Return: 0 or more; a negative errno, which ends the connection. */
static int reply_ledger(struct server *server, sd_varlink *link, bool subscribe)
{
	uint64_t start = now_us(CLOCK_THREAD_CPUTIME_ID), used;
	sd_json_variant *ledger;
	int r;

	r = describe(server, client_gets_addresses(link), &ledger);
	if (r < 0)
		return r;
	clients_wait(link, subscribe ? WAITS_RECORDS : WAITS_NOT);
	r = subscribe ? sd_varlink_notifybo(link, SD_JSON_BUILD_PAIR_VARIANT("ledger", ledger)) :
			sd_varlink_reply(link, ledger);
	used = now_us(CLOCK_THREAD_CPUTIME_ID) - start;
	if (used >= SHORT_REPLY)
		clients_pause(&server->clients, link, now_us(CLOCK_MONOTONIC) + PAUSE_FACTOR * used);
	return r;
}

static int arm_next(struct server *server)
{
	uint64_t when;

	if (!clients_next(&server->clients, &when))
		return 0;
	if (sd_event_source_set_time(server->next, when) < 0)
		return -EIO;
	return sd_event_source_set_enabled(server->next, SD_EVENT_ONESHOT);
}

/* Reply to one of the calls that wait for the end of a pause. */
static int on_next(sd_event_source *source, uint64_t now, void *data)
{
	struct server *server = data;
	sd_varlink *link = clients_due(&server->clients, now_us(CLOCK_MONOTONIC));

	(void)source;
	(void)now;
	if (link && reply_ledger(server, link, client_waits(link) == WAITS_SUBSCRIBE) < 0)
		sd_varlink_close(link);
	return arm_next(server);
}

/*
 * Reply with all extents, at once or after the pause that the last such reply to the user has
 * caused. So one user takes a fifth of the daemon's time at most.
 */
static int take_call(sd_varlink *link, bool subscribe)
{
	struct server *server = server_of(link);

	if (!client_is_paused(&server->clients, link, now_us(CLOCK_MONOTONIC)))
		return reply_ledger(server, link, subscribe);
	clients_wait(link, subscribe ? WAITS_SUBSCRIBE : WAITS_LIST);
	return arm_next(server);
}

/* --- methods --- */

static int on_list(sd_varlink *link, sd_json_variant *parameters, sd_varlink_method_flags_t flags,
		   void *data)
{
	(void)parameters;
	(void)data;
	/* a oneway call gets no reply */
	return flags & SD_VARLINK_METHOD_ONEWAY ? 0 : take_call(link, false);
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
	(void)parameters;
	(void)flags;
	(void)data;
	return take_call(link, true);
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
	if (r >= 0)
		r = sd_event_add_time(event, &server->next, CLOCK_MONOTONIC, 0, 1000, on_next,
				      server);
	if (r >= 0)
		r = sd_event_source_set_priority(server->next, SD_EVENT_PRIORITY_IDLE);
	return r < 0 ? r : sd_event_source_set_enabled(server->next, SD_EVENT_OFF);
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
	sd_event_source_disable_unref(server->next);
	for (size_t i = 0; i < sizeof(server->replies) / sizeof(*server->replies); i++)
		sd_json_variant_unref(server->replies[i].json);
	free(server);
}
