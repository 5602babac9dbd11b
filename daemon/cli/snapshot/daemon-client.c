// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cli/snapshot/daemon-client.h"
#include "cli/snapshot/daemon-link.h"
#include "cli/snapshot/snapshot.h"
#include "daemon/server.h"
#include "model/state.h"

#if HAVE_VARLINK

#define SOCKET STATE_DIRECTORY "/" SERVER_SOCKET

/* The words of an array, for example flags, separated by blanks */
static const char *join_words(sd_json_variant *words, struct daemon_reading *reading)
{
	size_t used = 0;

	*reading->value = '\0';
	for (size_t i = 0; used < sizeof(reading->value) && i < sd_json_variant_elements(words); i++)
		used += (size_t)snprintf(reading->value + used, sizeof(reading->value) - used,
					 "%s%s", used ? " " : "",
					 sd_json_variant_string(sd_json_variant_by_index(words, i)) ?:
						 "");
	return reading->value;
}

static const char *text_of(sd_json_variant *value, struct daemon_reading *reading)
{
	if (sd_json_variant_is_string(value))
		return sd_json_variant_string(value);
	if (sd_json_variant_is_unsigned(value)) {
		snprintf(reading->value, sizeof(reading->value), "%" PRIu64,
			 sd_json_variant_unsigned(value));
		return reading->value;
	}
	if (sd_json_variant_is_integer(value)) {
		snprintf(reading->value, sizeof(reading->value), "%" PRIi64,
			 sd_json_variant_integer(value));
		return reading->value;
	}
	return sd_json_variant_is_array(value) ? join_words(value, reading) : "";
}

/**
 * daemon_get() - return the value of a property of an extent; an extent_get_fn
 * @name: in capital letters: START is the member "start" of the JSON
 * @from: a struct daemon_reading
 *
 * Return: the value, valid until the next call; NULL if there is no such member.
 */
const char *daemon_get(const char *name, void *from)
{
	struct daemon_reading *reading = from;
	sd_json_variant *value;
	char key[32];
	size_t len;

	for (len = 0; name[len] && len < sizeof(key) - 1; len++)
		key[len] = (char)tolower(name[len]);
	key[len] = '\0';
	value = sd_json_variant_by_key(reading->json, key);
	return value ? text_of(value, reading) : NULL;
}

static int take_extents(sd_json_variant *extents, struct extent_map *map)
{
	int r = 0;

	for (size_t i = 0; !r && i < sd_json_variant_elements(extents); i++) {
		struct daemon_reading reading = { .json = sd_json_variant_by_index(extents, i) };
		struct extent extent;
		unsigned int events;

		r = extent_read(&extent, daemon_get, &reading);
		if (!r)
			r = extent.hidden ? extent_map_append_hidden(map, &extent) :
					    extent_map_put(map, &extent, &events);
	}
	return r == -EINVAL || r == -ERANGE ? -EPROTO : r;
}

/**
 * daemon_take_ledger() - read the extents from a reply of the daemon
 * @reply: of type Ledger
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -EPROTO if the reply is not valid; -ENOMEM.
 */
int daemon_take_ledger(sd_json_variant *reply, struct snapshot *snapshot, struct extent_map *map)
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

/**
 * daemon_connect() - connect to dax-ownerd
 * @link: set to the connection, which the caller releases
 *
 * Return: not negative; -ENOENT if the daemon does not run; another negative errno.
 */
int daemon_connect(sd_varlink **link)
{
	int r = sd_varlink_connect_address(link, SOCKET);

	return r == -ECONNREFUSED ? -ENOENT : r;
}

/*
 * Call a method. The connection owns @reply.
 *
 * Return: as snapshot_read_daemon(), but not negative instead of 0; -ETIME after the timeout of the
 * connection.
 */
static int call(sd_varlink *link, const char *method, sd_json_variant **reply)
{
	const char *error = NULL;
	int r = sd_varlink_call(link, method, NULL, reply, &error);

	if (r < 0)
		/* The daemon has stopped during the call. */
		return r == -ECONNRESET ? -ENOENT : r;
	return error ? -EPROTO : 0;
}

/*
 * List the extents. A daemon that works replies at once.
 *
 * Return: as call(), but -EHOSTDOWN instead of -ETIME.
 */
static int list(sd_varlink *link, sd_json_variant **reply)
{
	int r = sd_varlink_set_relative_timeout(link, DAEMON_REPLY_US);

	if (r >= 0)
		r = call(link, "io.daxowner.List", reply);
	return r == -ETIME ? -EHOSTDOWN : r;
}

/**
 * snapshot_read_daemon() - read the extents from dax-ownerd
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -ENOENT if the daemon does not run; -EHOSTDOWN if it does not reply within
 * %DAEMON_REPLY_US; -EPROTO if its reply is not valid; another negative errno.
 */
int snapshot_read_daemon(struct snapshot *snapshot, struct extent_map *map)
{
	_cleanup_(sd_varlink_unrefp) sd_varlink *link = NULL;
	sd_json_variant *reply;
	int r = daemon_connect(&link);

	if (r >= 0)
		r = list(link, &reply);
	return r < 0 ? r : daemon_take_ledger(reply, snapshot, map);
}

/**
 * daemon_client_settle() - wait until dax-ownerd reports that ownership is settled
 * @timeout_us: in µs
 *
 * The function first tests whether the daemon replies, because a daemon that hangs would not be
 * noticed before @timeout_us.
 *
 * Return: 0; -ETIME after @timeout_us; otherwise as snapshot_read_daemon().
 */
int daemon_client_settle(uint64_t timeout_us)
{
	_cleanup_(sd_varlink_unrefp) sd_varlink *link = NULL;
	sd_json_variant *reply;
	int r = daemon_connect(&link);

	if (r >= 0)
		r = list(link, &reply);
	/* The library takes 0 as its own default timeout. */
	if (r >= 0)
		r = sd_varlink_set_relative_timeout(link, timeout_us ?: 1000);
	if (r >= 0)
		r = call(link, "io.daxowner.Settle", &reply);
	return r;
}

#else

int snapshot_read_daemon(struct snapshot *snapshot, struct extent_map *map)
{
	(void)snapshot;
	(void)map;
	return -ENOENT;
}

int daemon_client_settle(uint64_t timeout_us)
{
	(void)timeout_us;
	return -ENOENT;
}

#endif
