// SPDX-License-Identifier: GPL-2.0-only
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <time.h>

#include <systemd/sd-journal.h>

#include "ids.h"
#include "journal.h"

#define MAX_FIELDS 32

/* Said of each record; set once the manager knows */
static enum arbiter current_arbiter;

/* Hears of each record, if there is somebody who does */
static journal_listen_fn listen_fn;
static void *listen_data;

static const struct {
	const char *id;
	const char *name;
	int priority;
} kinds[EVENT_COUNT] = {
	[EVENT_CHANGED] = { ID_CHANGED, "changed", LOG_NOTICE },
	[EVENT_DECIDED] = { ID_DECIDED, "decided", LOG_INFO },
	[EVENT_CLAIMED] = { ID_CLAIMED, "claimed", LOG_INFO },
	[EVENT_OWNED] = { ID_OWNED, "owned", LOG_INFO },
	[EVENT_UNBOUND] = { ID_UNBOUND, "unbound", LOG_NOTICE },
	[EVENT_RELEASED] = { ID_RELEASED, "released", LOG_NOTICE },
	[EVENT_CONFLICT] = { ID_CONFLICT, "conflict", LOG_WARNING },
	[EVENT_STRANDED] = { ID_STRANDED, "stranded", LOG_ERR },
};

/* A record being put together. Fields that no memory is to be had for are left out. */
struct record {
	struct iovec fields[MAX_FIELDS];
	size_t n;
	struct journal_news news;
};

__attribute__((format(printf, 2, 3)))
static void add(struct record *record, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	if (record->n == MAX_FIELDS)
		return;
	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len >= 0)
		record->fields[record->n++] = (struct iovec){ text, (size_t)len };
}

static void add_property(const char *name, const char *value, void *to)
{
	if (*value)
		add(to, "%s=%s", name, value);
}

static void begin(struct record *record, const char *id, int priority, const char *event)
{
	struct timespec now;

	*record = (struct record){ .news.event = event };
	clock_gettime(CLOCK_BOOTTIME, &now);
	add(record, "MESSAGE_ID=%s", id);
	add(record, "PRIORITY=%d", priority);
	add(record, "DAX_OWNER_EVENT=%s", event);
	add(record, "DAX_OWNER_ARBITER=%s", arbiter_name(current_arbiter));
	add(record, "DAX_OWNER_BOOT_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

static const char *message_of(const struct record *record)
{
	static const char message[] = "MESSAGE=";

	for (size_t i = 0; i < record->n; i++)
		if (!strncmp(record->fields[i].iov_base, message, strlen(message)))
			return (const char *)record->fields[i].iov_base + strlen(message);
	return "";
}

/* Sends it and forgets it. Without a journal there is nobody to tell but who listens. */
static void finish(struct record *record)
{
	sd_journal_sendv(record->fields, (int)record->n);
	record->news.message = message_of(record);
	if (listen_fn)
		listen_fn(&record->news, listen_data);
	for (size_t i = 0; i < record->n; i++)
		free(record->fields[i].iov_base);
}

/* 1 GiB, 1.5 GiB, 2 MiB: as much as is needed to tell sizes apart */
static void human(u64 bytes, char *text, size_t len)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
		value /= 1024;
	snprintf(text, len, "%.4g %s", value, units[unit]);
}

static void add_sentence(struct record *record, enum event event, const struct extent *extent)
{
	const char *owner = dax_owner_owner_name(extent->owner);
	const char *reason = dax_owner_reason_name(extent->reason);
	char where[96], size[16];

	human(extent_size(extent), size, sizeof(size));
	snprintf(where, sizeof(where), "0x%" PRIx64 "-0x%" PRIx64 " (%s)",
		 extent->span.start, extent->span.end, size);

	switch (event) {
	case EVENT_CHANGED:
		add(record, "MESSAGE=%s goes from %s to %s", where,
		    dax_owner_owner_name(extent->previous), owner);
		return;
	case EVENT_DECIDED:
		/* without our modules, whoever has it already */
		if (extent->expected != DAX_OWNER_NONE)
			owner = dax_owner_owner_name(extent->expected);
		add(record, "MESSAGE=%s is for %s: %s%s", where, owner, reason,
		    extent->flags & DAX_OWNER_FLAG_DEADLINE ? " (deadline)" : "");
		return;
	case EVENT_CLAIMED:
		add(record, "MESSAGE=%s claimed by %s", where, owner);
		return;
	case EVENT_OWNED:
		if (extent_is_wrong(extent))
			add(record, "MESSAGE=%s owned by %s as %s, should be %s's: %s", where, owner,
			    extent->device, dax_owner_owner_name(extent->expected), reason);
		else
			add(record, "MESSAGE=%s owned by %s as %s", where, owner,
			    *extent->device ? extent->device : "a DAX device");
		return;
	case EVENT_UNBOUND:
		add(record, "MESSAGE=%s has no driver any more, %s keeps %s", where, owner,
		    *extent->device ? extent->device : "it");
		return;
	case EVENT_RELEASED:
		add(record, "MESSAGE=%s released: its CXL region is gone", where);
		return;
	case EVENT_CONFLICT:
		add(record, "MESSAGE=%s not to be had for %s: held by %s", where, owner,
		    *extent->holder ? extent->holder : "somebody else");
		return;
	case EVENT_STRANDED:
		add(record, "MESSAGE=%s stranded, nobody has it: %s", where,
		    extent->error ? strerror(-extent->error) : reason);
		return;
	case EVENT_COUNT:
		break;
	}
}

/**
 * journal_listen() - have somebody hear of each record
 * @fn: called after a record was made; must not make one; NULL to end
 * @data: passed on to @fn
 */
void journal_listen(journal_listen_fn fn, void *data)
{
	listen_fn = fn;
	listen_data = data;
}

/**
 * journal_by() - whose decisions later records are about
 * @arbiter: named in each of them
 */
void journal_by(enum arbiter arbiter)
{
	current_arbiter = arbiter;
}

/**
 * journal_arbiter() - record who decides on this kernel
 * @arbiter: who; as for journal_by()
 */
void journal_arbiter(enum arbiter arbiter)
{
	static const char *const sentences[] = {
		[ARBITER_NONE] = "this kernel has no driver for Soft Reserved memory",
		[ARBITER_LEGACY] = "the kernel's own drivers decide, in no order of their own",
		[ARBITER_NATIVE] = "the kernel's own drivers decide",
		[ARBITER_DAX_OWNER] = "dax_owner decides",
	};
	struct record record;

	journal_by(arbiter);
	begin(&record, ID_ARBITER, LOG_INFO, "arbiter");
	add(&record, "MESSAGE=%s", sentences[arbiter]);
	finish(&record);
}

/**
 * journal_extent() - record what happened to an extent
 * @event: what
 * @extent: the extent as it is now
 * @regions: the CXL regions that meet it, separated by blanks, "" for none
 */
void journal_extent(enum event event, const struct extent *extent, const char *regions)
{
	int priority = kinds[event].priority;
	struct record record;

	if (event == EVENT_OWNED && extent_is_wrong(extent))
		priority = LOG_WARNING;
	begin(&record, kinds[event].id, priority, kinds[event].name);
	record.news.extent = extent;
	add_sentence(&record, event, extent);
	extent_write(extent, add_property, &record);
	add(&record, "DAX_OWNER_SIZE=%" PRIu64, extent_size(extent));
	add_property("DAX_OWNER_REGIONS", regions, &record);
	finish(&record);
}

/**
 * journal_deadline() - record that CXL's enumeration was not waited for any longer
 */
void journal_deadline(void)
{
	struct record record;

	begin(&record, ID_DEADLINE, LOG_WARNING, "deadline");
	add(&record, "MESSAGE=CXL's enumeration did not end in time, ownership was decided on the evidence so far");
	finish(&record);
}

/**
 * journal_settled() - record that who owns what will not change by itself any more
 * @settled: the summary
 */
void journal_settled(const struct journal_settled *settled)
{
	char cxl[16], hmem[16], stranded[16];
	struct record record;

	human(settled->cxl_bytes, cxl, sizeof(cxl));
	human(settled->hmem_bytes, hmem, sizeof(hmem));
	human(settled->stranded_bytes, stranded, sizeof(stranded));
	begin(&record, ID_SETTLED, settled->stranded_bytes ? LOG_WARNING : LOG_INFO, "settled");
	add(&record, "MESSAGE=settled: dax_cxl has %s, dax_hmem %s, stranded %s", cxl, hmem, stranded);
	add(&record, "DAX_OWNER_EXTENTS=%zu", settled->extents);
	add(&record, "DAX_OWNER_CXL_BYTES=%" PRIu64, settled->cxl_bytes);
	add(&record, "DAX_OWNER_HMEM_BYTES=%" PRIu64, settled->hmem_bytes);
	add(&record, "DAX_OWNER_STRANDED_BYTES=%" PRIu64, settled->stranded_bytes);
	add(&record, "DAX_OWNER_ONLINE_BYTES=%" PRIu64, settled->online_bytes);
	finish(&record);
}

/**
 * journal_device() - record that a CXL region or a DAX device came or went
 * @action: as in the uevent: "add", "bind", "unbind", "remove"
 * @subsystem: "cxl" or "dax"
 * @name: of the device
 */
void journal_device(const char *action, const char *subsystem, const char *name)
{
	struct record record;

	begin(&record, ID_DEVICE, LOG_INFO, action);
	record.news.subsystem = subsystem;
	record.news.device = name;
	add(&record, "MESSAGE=%s device %s: %s", subsystem, name, action);
	add(&record, "DAX_OWNER_SUBSYSTEM=%s", subsystem);
	add(&record, "DAX_OWNER_DEVICE=%s", name);
	finish(&record);
}

/**
 * journal_held() - record that dax_cxl is kept back
 */
void journal_held(void)
{
	struct record record;

	begin(&record, ID_HELD, LOG_INFO, "held");
	add(&record, "MESSAGE=dax_cxl waits for the end of dax_hmem's initial pass");
	finish(&record);
}

/**
 * journal_ordered() - record that dax_cxl is not kept back any more
 */
void journal_ordered(void)
{
	struct record record;

	begin(&record, ID_ORDERED, LOG_INFO, "ordered");
	add(&record, "MESSAGE=dax_cxl comes after dax_hmem");
	finish(&record);
}

/**
 * journal_missed() - record that changes may have gone unnoticed
 * @why: a clause; what is different now is recorded next
 */
void journal_missed(const char *why)
{
	struct record record;

	begin(&record, ID_MISSED, LOG_WARNING, "missed");
	add(&record, "MESSAGE=%s: changes may have been missed, what is different now follows", why);
	finish(&record);
}

/**
 * journal_config() - record a line of the configuration that is not understood
 * @file: its path
 * @line: its number
 * @what: what is wrong with it
 *
 * A config_bad_fn.
 */
void journal_config(const char *file, unsigned int line, const char *what)
{
	struct record record;

	begin(&record, ID_CONFIG, LOG_WARNING, "config");
	add(&record, "MESSAGE=%s:%u: %s; ignored", file, line, what);
	add(&record, "CONFIG_FILE=%s", file);
	add(&record, "CONFIG_LINE=%u", line);
	finish(&record);
}

/**
 * journal_failure() - record that the daemon itself could not do something
 * @error: negative errno
 * @what: a clause, "cannot …"
 */
void journal_failure(int error, const char *what)
{
	struct record record;

	begin(&record, ID_FAILURE, LOG_ERR, "failure");
	add(&record, "MESSAGE=%s: %s", what, strerror(-error));
	add(&record, "ERRNO=%d", -error);
	finish(&record);
}
