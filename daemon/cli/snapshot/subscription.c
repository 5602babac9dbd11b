// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subscription to dax-ownerd: the daemon sends the ledger once, and then each record.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/snapshot/daemon-client.h"
#include "cli/snapshot/daemon-link.h"

#if HAVE_VARLINK

/**
 * struct subscription - a subscription to the daemon's records
 * @varlink: the connection
 * @arbiter: the arbiter, from the daemon's ledger
 * @ops: the callbacks, the caller's
 * @data: passed to @ops
 */
struct subscription {
	sd_varlink *varlink;
	enum arbiter arbiter;
	const struct daemon_client_ops *ops;
	void *data;
};

static int pass_ledger(struct subscription *subscription, sd_json_variant *ledger)
{
	struct snapshot now = {};
	struct extent_map map = {};
	int r = daemon_take_ledger(ledger, &now, &map);

	if (!r)
		r = snapshot_complete("", &now, &map);
	extent_map_free(&map);
	if (r) {
		snapshot_free(&now);
		return r;
	}
	/* Days may pass without a record. */
	sd_varlink_set_relative_timeout(subscription->varlink, UINT64_MAX);
	subscription->arbiter = now.arbiter;
	subscription->ops->ledger(&now, subscription->data);
	return 0;
}

/* Return: the names with a blank between two, which the caller frees; NULL without memory. */
static char *join(sd_json_variant *names)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	for (size_t i = 0; file && i < sd_json_variant_elements(names); i++)
		fprintf(file, "%s%s", i ? " " : "",
			sd_json_variant_string(sd_json_variant_by_index(names, i)) ?: "");
	if (file)
		fclose(file);
	return text;
}

static const char *string_of(sd_json_variant *object, const char *key)
{
	sd_json_variant *value = sd_json_variant_by_key(object, key);

	return value && sd_json_variant_is_string(value) ? sd_json_variant_string(value) : NULL;
}

static int pass_record(const struct subscription *subscription, sd_json_variant *record)
{
	sd_json_variant *stranded = sd_json_variant_by_key(record, "stranded_bytes");
	sd_json_variant *settled = sd_json_variant_by_key(record, "settled");
	struct daemon_reading reading = { .json = sd_json_variant_by_key(record, "extent") };
	struct change change = {
		.event = string_of(record, "event"),
		.message = string_of(record, "message"),
		.arbiter = subscription->arbiter,
		.subsystem = string_of(record, "subsystem"),
		.device = string_of(record, "device"),
	};
	_cleanup_(freep) char *regions = NULL;
	struct extent extent;

	if (!change.event || !change.message || !stranded || !settled)
		return -EPROTO;
	change.stranded_bytes = sd_json_variant_unsigned(stranded);
	change.settled = sd_json_variant_boolean(settled);
	if (reading.json) {
		sd_json_variant *names = sd_json_variant_by_key(reading.json, "regions");

		if (!names || !sd_json_variant_is_array(names) ||
		    extent_read(&extent, daemon_get, &reading))
			return -EPROTO;
		regions = join(names);
		if (!regions)
			return -ENOMEM;
		change.regions = regions;
		change.extent = &extent;
	}
	subscription->ops->record(&change, subscription->data);
	return 0;
}

/* The library reports its own errors as local: the timeout, and that the daemon has stopped. */
static int error_of(const char *error, sd_varlink_reply_flags_t flags)
{
	if (!(flags & SD_VARLINK_REPLY_LOCAL))
		return -EPROTO;
	return strcmp(error, SD_VARLINK_ERROR_TIMEOUT) ? -ENOENT : -EHOSTDOWN;
}

static int on_reply(sd_varlink *varlink, sd_json_variant *reply, const char *error,
		    sd_varlink_reply_flags_t flags, void *data)
{
	struct subscription *subscription = data;
	sd_json_variant *ledger, *record;
	int r = error ? error_of(error, flags) : 0;

	(void)varlink;
	if (!r) {
		ledger = sd_json_variant_by_key(reply, "ledger");
		record = sd_json_variant_by_key(reply, "record");
		r = ledger ? pass_ledger(subscription, ledger) :
		    record ? pass_record(subscription, record) :
			     0;
		if (!r && !(flags & SD_VARLINK_REPLY_CONTINUES))
			r = -EPROTO;
	}
	if (r)
		subscription->ops->ended(r, subscription->data);
	return 0;
}

static int subscribe(struct subscription *subscription, sd_event *event)
{
	int r = daemon_connect(&subscription->varlink);

	if (r < 0)
		return r;
	sd_varlink_set_userdata(subscription->varlink, subscription);
	/* The ledger comes at once. */
	r = sd_varlink_set_relative_timeout(subscription->varlink, DAEMON_REPLY_US);
	if (r >= 0)
		r = sd_varlink_bind_reply(subscription->varlink, on_reply);
	if (r >= 0)
		r = sd_varlink_observe(subscription->varlink, "io.daxowner.Subscribe", NULL);
	if (r >= 0)
		r = sd_varlink_attach_event(subscription->varlink, event, SD_EVENT_PRIORITY_NORMAL);
	return r < 0 ? r : 0;
}

/**
 * daemon_client_subscribe() - subscribe to the records of dax-ownerd
 * @subscription: set; the caller ends it with daemon_client_unsubscribe(); NULL after an error
 * @event: the event loop, which calls @ops
 * @ops: the callbacks; they must live as long as the subscription
 * @data: passed to @ops
 *
 * Return: 0; -ENOENT if the daemon does not run; another negative errno.
 */
int daemon_client_subscribe(struct subscription **subscription, sd_event *event,
			    const struct daemon_client_ops *ops, void *data)
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
		daemon_client_unsubscribe(made);
		return r;
	}
	*subscription = made;
	return 0;
}

/**
 * daemon_client_unsubscribe() - end a subscription and release it
 * @subscription: may be NULL
 */
void daemon_client_unsubscribe(struct subscription *subscription)
{
	if (!subscription)
		return;
	if (subscription->varlink)
		sd_varlink_bind_reply(subscription->varlink, NULL);
	sd_varlink_close_unref(subscription->varlink);
	free(subscription);
}

#else

int daemon_client_subscribe(struct subscription **subscription, sd_event *event,
			    const struct daemon_client_ops *ops, void *data)
{
	(void)event;
	(void)ops;
	(void)data;
	*subscription = NULL;
	return -ENOENT;
}

void daemon_client_unsubscribe(struct subscription *subscription)
{
	(void)subscription;
}

#endif
