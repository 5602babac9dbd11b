// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include <systemd/sd-id128.h>

#include "base/key-value.h"
#include "cli/snapshot/change.h"
#include "cli/snapshot/journal-record.h"
#include "model/record-kinds.h"

#define MAX_FIELDS 32

/* Strings "NAME=value", as in the journal */
struct fields {
	char *fields[MAX_FIELDS];
	size_t n;
	bool failed;
};

static __attribute__((format(printf, 3, 4))) void add(struct fields *fields, const char *name,
						      const char *format, ...)
{
	va_list args;
	char *value;
	int len;

	va_start(args, format);
	len = vasprintf(&value, format, args);
	va_end(args);
	if (len < 0 || fields->n == MAX_FIELDS) {
		fields->failed = true;
		return;
	}
	if (asprintf(&fields->fields[fields->n], "%s=%s", name, value) < 0)
		fields->failed = true;
	else
		fields->n++;
	free(value);
}

static void add_property(const char *name, const char *value, void *to)
{
	if (value && *value)
		add(to, name, "%s", value);
}

static const char *get(const char *name, void *from)
{
	const struct fields *fields = from;
	const char *value = NULL;

	for (size_t i = 0; !value && i < fields->n; i++)
		value = key_value(fields->fields[i], name);
	return value;
}

static int priority_of(const struct change *change)
{
	if (!strcmp(change->event, record_kind(RECORD_SETTLED)->event))
		return settled_priority(change->stranded_bytes);
	for (enum event event = 0; change->extent && event < EVENT_COUNT; event++)
		if (!strcmp(change->event, event_name(event)))
			return event_priority(event, change->extent);
	for (enum record_type type = 0; type < RECORD_COUNT; type++) {
		const struct record_kind *kind = record_kind(type);

		if (kind->event && !strcmp(change->event, kind->event))
			return kind->priority;
	}
	return record_kind(RECORD_DEVICE)->priority;
}

static void add_circumstances(struct fields *fields, const struct change *change)
{
	struct timespec now;
	sd_id128_t boot;

	clock_gettime(CLOCK_BOOTTIME, &now);
	add(fields, "DAX_OWNER_EVENT", "%s", change->event);
	add(fields, "MESSAGE", "%s", change->message);
	add(fields, "PRIORITY", "%d", priority_of(change));
	if (sd_id128_get_boot(&boot) >= 0)
		add(fields, "_BOOT_ID", SD_ID128_FORMAT_STR, SD_ID128_FORMAT_VAL(boot));
	add(fields, "DAX_OWNER_BOOT_USEC", "%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	add(fields, "DAX_OWNER_ARBITER", "%s", arbiter_name(change->arbiter));
	add(fields, "DAX_OWNER_SETTLED", "%d", change->settled);
	add(fields, "DAX_OWNER_STRANDED_BYTES", "%" PRIu64, change->stranded_bytes);
	add_property("DAX_OWNER_SOURCE", change->source, fields);
}

static void add_subject(struct fields *fields, const struct change *change)
{
	if (change->extent) {
		extent_write(change->extent, add_property, fields);
		add_property("DAX_OWNER_REGIONS", change->regions, fields);
	}
	if (change->online) {
		add(fields, "DAX_OWNER_ONLINE_BYTES", "%" PRIu64, change->online->online);
		add(fields, "DAX_OWNER_OFFLINE_BYTES", "%" PRIu64, change->online->offline);
	}
	if (change->device) {
		add_property("DAX_OWNER_SUBSYSTEM", change->subsystem, fields);
		add_property("DAX_OWNER_DEVICE", change->device, fields);
	}
}

/**
 * change_print() - print a change in one line
 * @change: the change, with the present time
 * @json: print JSON in the form of docs/schema/monitor.json, instead of text
 * @file: receives the line
 *
 * Return: 0, or -ENOMEM.
 */
int change_print(const struct change *change, bool json, FILE *file)
{
	struct fields fields = {};
	int r = 0;

	add_circumstances(&fields, change);
	add_subject(&fields, change);
	if (fields.failed)
		r = -ENOMEM;
	else if (json)
		r = record_print_json(get, &fields, file);
	else
		record_print(get, &fields, file);
	for (size_t i = 0; i < fields.n; i++)
		free(fields.fields[i]);
	return r;
}
