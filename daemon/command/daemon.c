// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cleanup.h"
#include "daemon.h"
#include "server.h"
#include "snapshot.h"
#include "state.h"

#if HAVE_VARLINK

#include <systemd/sd-varlink.h>

#define SOCKET STATE_DIRECTORY "/" SERVER_SOCKET

/* An extent of the reply, and the value that was asked for last */
struct reading {
	sd_json_variant *json;
	char value[32];
};

static const char *text_of(sd_json_variant *value, struct reading *reading)
{
	if (sd_json_variant_is_string(value))
		return sd_json_variant_string(value);
	if (sd_json_variant_is_integer(value)) {
		snprintf(reading->value, sizeof(reading->value), "%" PRIi64, sd_json_variant_integer(value));
		return reading->value;
	}
	/* flags: there is one */
	if (sd_json_variant_is_array(value) && sd_json_variant_elements(value))
		return text_of(sd_json_variant_by_index(value, 0), reading);
	return "";
}

/* START is "start" there. */
static const char *get(const char *name, void *from)
{
	struct reading *reading = from;
	sd_json_variant *value;
	char key[32];
	size_t len;

	for (len = 0; name[len] && len < sizeof(key) - 1; len++)
		key[len] = (char)tolower(name[len]);
	key[len] = '\0';
	value = sd_json_variant_by_key(reading->json, key);
	return value ? text_of(value, reading) : NULL;
}

static int take_extents(sd_json_variant *extents, struct map *map)
{
	int r = 0;

	for (size_t i = 0; !r && i < sd_json_variant_elements(extents); i++) {
		struct reading reading = { .json = sd_json_variant_by_index(extents, i) };
		struct extent extent;
		unsigned int events;

		r = extent_read(&extent, get, &reading);
		if (!r)
			r = map_put(map, &extent, &events);
	}
	return r == -EINVAL || r == -ERANGE ? -EPROTO : r;
}

static int take_ledger(sd_json_variant *reply, struct snapshot *snapshot, struct map *map)
{
	sd_json_variant *arbiter = sd_json_variant_by_key(reply, "arbiter");
	sd_json_variant *extents = sd_json_variant_by_key(reply, "extents");

	if (!sd_json_variant_is_string(arbiter) || !sd_json_variant_is_array(extents) ||
	    arbiter_parse(sd_json_variant_string(arbiter), &snapshot->arbiter))
		return -EPROTO;
	snapshot->source = SOURCE_DAEMON;
	snapshot->settled = sd_json_variant_boolean(sd_json_variant_by_key(reply, "settled"));
	return take_extents(extents, map);
}

/* --- calls --- */

/* Return: as snapshot_ask_daemon(). */
static int connect_daemon(sd_varlink **link)
{
	int r = sd_varlink_connect_address(link, SOCKET);

	return r == -ECONNREFUSED ? -ENOENT : r;
}

/* @reply is the link's. Return: as snapshot_ask_daemon(). */
static int call(sd_varlink *link, const char *method, sd_json_variant **reply)
{
	const char *error = NULL;
	int r = sd_varlink_call(link, method, NULL, reply, &error);

	if (r < 0)
		/* it has just ended */
		return r == -ECONNRESET ? -ENOENT : r;
	return error ? -EPROTO : 0;
}

/**
 * snapshot_ask_daemon() - what dax-ownerd says
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in
 *
 * Return: 0; -ENOENT if it does not run; -EPROTO if the answer cannot be understood; another
 * negative errno.
 */
int snapshot_ask_daemon(struct snapshot *snapshot, struct map *map)
{
	_cleanup_(sd_varlink_unrefp) sd_varlink *link = NULL;
	sd_json_variant *reply;
	int r = connect_daemon(&link);

	if (r >= 0)
		r = call(link, "io.daxowner.List", &reply);
	return r < 0 ? r : take_ledger(reply, snapshot, map);
}

/**
 * daemon_settle() - wait until dax-ownerd says that ownership is settled
 * @timeout_us: for how long at most, in µs
 *
 * Return: 0; -ETIME if it takes longer; else as snapshot_ask_daemon().
 */
int daemon_settle(uint64_t timeout_us)
{
	_cleanup_(sd_varlink_unrefp) sd_varlink *link = NULL;
	sd_json_variant *reply;
	int r = connect_daemon(&link);

	/* 0 would be the library's own */
	if (r >= 0)
		r = sd_varlink_set_relative_timeout(link, timeout_us ?: 1000);
	if (r >= 0)
		r = call(link, "io.daxowner.Settle", &reply);
	return r;
}

/* --- what it tells by itself --- */

/**
 * struct subscription - to the records of the daemon
 * @varlink: the connection
 * @arbiter: who decides, as the daemon has told
 * @ops: what to do with them
 * @data: passed on to @ops
 */
struct subscription {
	sd_varlink *varlink;
	enum arbiter arbiter;
	const struct daemon_ops *ops;
	void *data;
};

static int pass_ledger(struct subscription *subscription, sd_json_variant *ledger)
{
	struct snapshot now = { };
	struct map map = { };
	int r = take_ledger(ledger, &now, &map);

	if (!r)
		r = snapshot_complete(&now, &map);
	map_free(&map);
	if (r) {
		snapshot_free(&now);
		return r;
	}
	subscription->arbiter = now.arbiter;
	subscription->ops->ledger(&now, subscription->data);
	return 0;
}

/* Names with a blank between two */
static void join(sd_json_variant *names, char *text, size_t len)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; used < len && i < sd_json_variant_elements(names); i++)
		used += (size_t)snprintf(text + used, len - used, "%s%s", used ? " " : "",
					 sd_json_variant_string(sd_json_variant_by_index(names, i)) ?: "");
}

static const char *string_of(sd_json_variant *object, const char *key)
{
	sd_json_variant *value = sd_json_variant_by_key(object, key);

	return value && sd_json_variant_is_string(value) ? sd_json_variant_string(value) : NULL;
}

static int pass_record(const struct subscription *subscription, sd_json_variant *record)
{
	sd_json_variant *stranded = sd_json_variant_by_key(record, "strandedBytes");
	sd_json_variant *settled = sd_json_variant_by_key(record, "settled");
	struct reading reading = { .json = sd_json_variant_by_key(record, "extent") };
	struct change change = {
		.event = string_of(record, "event"),
		.message = string_of(record, "message"),
		.arbiter = subscription->arbiter,
		.subsystem = string_of(record, "subsystem"),
		.device = string_of(record, "device"),
	};
	struct extent extent;
	char regions[256];

	if (!change.event || !change.message || !stranded || !settled)
		return -EPROTO;
	change.stranded_bytes = sd_json_variant_unsigned(stranded);
	change.settled = sd_json_variant_boolean(settled);
	if (reading.json) {
		sd_json_variant *names = sd_json_variant_by_key(reading.json, "regions");

		if (!names || !sd_json_variant_is_array(names) || extent_read(&extent, get, &reading))
			return -EPROTO;
		join(names, regions, sizeof(regions));
		change.regions = regions;
		change.extent = &extent;
	}
	subscription->ops->record(&change, subscription->data);
	return 0;
}

static int on_reply(sd_varlink *varlink, sd_json_variant *reply, const char *error, sd_varlink_reply_flags_t flags,
		    void *data)
{
	struct subscription *subscription = data;
	sd_json_variant *ledger, *record;
	int r = 0;

	(void)varlink;
	/* the connection's own errors are no answers of the daemon */
	if (error)
		r = flags & SD_VARLINK_REPLY_LOCAL ? -ENOENT : -EPROTO;
	if (!r) {
		ledger = sd_json_variant_by_key(reply, "ledger");
		record = sd_json_variant_by_key(reply, "record");
		r = ledger ? pass_ledger(subscription, ledger) : record ? pass_record(subscription, record) : 0;
		if (!r && !(flags & SD_VARLINK_REPLY_CONTINUES))
			r = -EPROTO;
	}
	if (r)
		subscription->ops->ended(r, subscription->data);
	return 0;
}

static int subscribe(struct subscription *subscription, sd_event *event)
{
	int r = connect_daemon(&subscription->varlink);

	if (r < 0)
		return r;
	sd_varlink_set_userdata(subscription->varlink, subscription);
	/* days may pass without a record */
	r = sd_varlink_set_relative_timeout(subscription->varlink, UINT64_MAX);
	if (r >= 0)
		r = sd_varlink_bind_reply(subscription->varlink, on_reply);
	if (r >= 0)
		r = sd_varlink_observe(subscription->varlink, "io.daxowner.Subscribe", NULL);
	if (r >= 0)
		r = sd_varlink_attach_event(subscription->varlink, event, SD_EVENT_PRIORITY_NORMAL);
	return r < 0 ? r : 0;
}

/**
 * daemon_subscribe() - have dax-ownerd tell what happens
 * @subscription: set, to be closed by daemon_unsubscribe(); NULL after an error
 * @event: the loop, which calls @ops
 * @ops: what to do; there as long as the subscription
 * @data: passed on to @ops
 *
 * Return: 0; -ENOENT if it does not run; another negative errno.
 */
int daemon_subscribe(struct subscription **subscription, sd_event *event, const struct daemon_ops *ops, void *data)
{
	struct subscription *made = calloc(1, sizeof(*made));
	int r;

	*subscription = NULL;
	if (!made)
		return -ENOMEM;
	made->ops = ops;
	made->data = data;
	r = subscribe(made, event);
	if (r) {
		daemon_unsubscribe(made);
		return r;
	}
	*subscription = made;
	return 0;
}

/**
 * daemon_unsubscribe() - end
 * @subscription: or NULL
 */
void daemon_unsubscribe(struct subscription *subscription)
{
	if (!subscription)
		return;
	if (subscription->varlink)
		sd_varlink_bind_reply(subscription->varlink, NULL);
	sd_varlink_close_unref(subscription->varlink);
	free(subscription);
}

#else

int daemon_subscribe(struct subscription **subscription, sd_event *event, const struct daemon_ops *ops, void *data)
{
	(void)event;
	(void)ops;
	(void)data;
	*subscription = NULL;
	return -ENOENT;
}

void daemon_unsubscribe(struct subscription *subscription)
{
	(void)subscription;
}

int snapshot_ask_daemon(struct snapshot *snapshot, struct map *map)
{
	(void)snapshot;
	(void)map;
	return -ENOENT;
}

int daemon_settle(uint64_t timeout_us)
{
	(void)timeout_us;
	return -ENOENT;
}

#endif
