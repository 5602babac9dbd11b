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

#include "daemon/journal.h"
#include "model/messages.h"
#include "model/record-kinds.h"

#define MAX_FIELDS 32

/* A record under construction; on out-of-memory, and beyond MAX_FIELDS, a field is left out */
struct record {
	const struct journal *journal;
	struct iovec fields[MAX_FIELDS];
	size_t n;
	struct journal_record news;
};

static __attribute__((format(printf, 2, 3))) void add(struct record *record, const char *format, ...)
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
		record->fields[record->n++] = (struct iovec) { text, (size_t)len };
}

static void add_property(const char *name, const char *value, void *to)
{
	if (*value)
		add(to, "%s=%s", name, value);
}

/* @event: the value of DAX_OWNER_EVENT=, @kind->event unless the kind has none */
static void begin_event(struct record *record, const struct journal *journal,
			const struct record_kind *kind, const char *event, int priority)
{
	struct timespec now;

	*record = (struct record) { .journal = journal, .news.event = event };
	clock_gettime(CLOCK_BOOTTIME, &now);
	add(record, "MESSAGE_ID=%s", kind->id);
	add(record, "PRIORITY=%d", priority);
	add(record, "DAX_OWNER_EVENT=%s", event);
	add(record, "DAX_OWNER_ARBITER=%s", arbiter_name(journal->arbiter));
	add(record, "DAX_OWNER_BOOT_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

static void begin(struct record *record, const struct journal *journal, enum record_type type)
{
	const struct record_kind *kind = record_kind(type);

	begin_event(record, journal, kind, kind->event, kind->priority);
}

static const char *message_of(const struct record *record)
{
	static const char message[] = "MESSAGE=";

	for (size_t i = 0; i < record->n; i++)
		if (!strncmp(record->fields[i].iov_base, message, strlen(message)))
			return (const char *)record->fields[i].iov_base + strlen(message);
	return "";
}

/*
 * Send the record to the journal, pass it to the listener and free its fields. A failure to send is
 * ignored, so that the listener gets the record without a journal as well.
 */
static void finish(struct record *record)
{
	sd_journal_sendv(record->fields, (int)record->n);
	record->news.message = message_of(record);
	if (record->journal->listen)
		record->journal->listen(&record->news, record->journal->data);
	for (size_t i = 0; i < record->n; i++)
		free(record->fields[i].iov_base);
}

/**
 * journal_arbiter() - record the arbiter of this kernel
 * @journal: the journal, whose arbiter the record names
 * @untested: true if the modules of dax_owner are untested on this kernel
 */
void journal_arbiter(const struct journal *journal, bool untested)
{
	const struct record_kind *kind = record_kind(RECORD_ARBITER);
	const enum arbiter arbiter = journal->arbiter;
	struct record record;

	begin_event(&record, journal, kind, kind->event, untested ? LOG_NOTICE : kind->priority);
	add(&record, "MESSAGE=%s%s", message_arbiter(arbiter),
	    untested ? "; " MODULES_UNTESTED_TEXT : "");
	if (arbiter == ARBITER_DAX_OWNER)
		add(&record, "DAX_OWNER_TESTED=%d", !untested);
	finish(&record);
}

/**
 * journal_extent() - record an event of an extent
 * @journal: the journal
 * @event: the event
 * @extent: the extent after the event
 * @regions: names of the CXL regions that overlap it, separated by blanks; "" for none
 * @serials: serial numbers of the memory devices behind it, as region_serials() returns them
 * @withheld_by: those of them that dax_cxl cannot claim, as regions_withholding() describes them
 */
void journal_extent(const struct journal *journal, enum event event, const struct extent *extent,
		    const char *regions, const char *serials, const char *withheld_by)
{
	char sentence[MESSAGE_LEN];
	struct record record;

	begin_event(&record, journal, event_kind(event), event_name(event),
		    event_priority(event, extent));
	record.news.extent = extent;
	record.news.kind = event;
	record.news.withheld_by = withheld_by;
	message_event(event, extent, withheld_by, sentence);
	add(&record, "MESSAGE=%s", sentence);
	extent_write(extent, add_property, &record);
	add_property("DAX_OWNER_REGIONS", regions, &record);
	add_property("DAX_OWNER_SERIALS", serials, &record);
	finish(&record);
}

/**
 * journal_deadline() - record that enumeration did not end before the deadline
 * @journal: the journal
 */
void journal_deadline(const struct journal *journal)
{
	struct record record;

	begin(&record, journal, RECORD_DEADLINE);
	add(&record, "MESSAGE=%s", message_deadline());
	finish(&record);
}

/**
 * journal_settled() - record that ownership is settled
 * @journal: the journal
 * @settled: the numbers for the record
 */
void journal_settled(const struct journal *journal, const struct journal_settled *settled)
{
	const struct record_kind *kind = record_kind(RECORD_SETTLED);
	char sentence[MESSAGE_LEN];
	struct record record;

	message_settled(settled->cxl_bytes, settled->hmem_bytes, settled->stranded_bytes,
			settled->usable_bytes, sentence);
	begin_event(&record, journal, kind, kind->event, settled_priority(settled->stranded_bytes));
	add(&record, "MESSAGE=%s", sentence);
	add(&record, "DAX_OWNER_EXTENTS=%zu", settled->extents);
	add(&record, "DAX_OWNER_CXL_BYTES=%" PRIu64, settled->cxl_bytes);
	add(&record, "DAX_OWNER_HMEM_BYTES=%" PRIu64, settled->hmem_bytes);
	add(&record, "DAX_OWNER_STRANDED_BYTES=%" PRIu64, settled->stranded_bytes);
	add(&record, "DAX_OWNER_USABLE_BYTES=%" PRIu64, settled->usable_bytes);
	add(&record, "DAX_OWNER_ONLINE_BYTES=%" PRIu64, settled->online_bytes);
	finish(&record);
}

/**
 * journal_empty() - record that the machine is empty and the daemon ends
 * @journal: the journal
 */
void journal_empty(const struct journal *journal)
{
	struct record record;

	begin(&record, journal, RECORD_EMPTY);
	add(&record, "MESSAGE=%s", message_empty());
	finish(&record);
}

/**
 * journal_device() - record that a CXL region or a DAX device was added or removed
 * @journal: the journal
 * @action: the action as in the uevent: "add", "bind", "unbind", "remove"
 * @subsystem: "cxl" or "dax"
 * @name: name of the device
 */
void journal_device(const struct journal *journal, const char *action, const char *subsystem,
		    const char *name)
{
	const struct record_kind *kind = record_kind(RECORD_DEVICE);
	char sentence[MESSAGE_LEN];
	struct record record;

	message_device(action, subsystem, name, sentence);
	begin_event(&record, journal, kind, action, kind->priority);
	record.news.subsystem = subsystem;
	record.news.device = name;
	add(&record, "MESSAGE=%s", sentence);
	add(&record, "DAX_OWNER_SUBSYSTEM=%s", subsystem);
	add(&record, "DAX_OWNER_DEVICE=%s", name);
	finish(&record);
}

/**
 * journal_held() - record that dax_cxl is held
 * @journal: the journal
 */
void journal_held(const struct journal *journal)
{
	struct record record;

	begin(&record, journal, RECORD_HELD);
	add(&record, "MESSAGE=%s", message_held());
	finish(&record);
}

/**
 * journal_ordered() - record that dax_cxl is no longer held
 * @journal: the journal
 */
void journal_ordered(const struct journal *journal)
{
	struct record record;

	begin(&record, journal, RECORD_ORDERED);
	add(&record, "MESSAGE=%s", message_ordered());
	finish(&record);
}

/**
 * journal_modules() - record why the modules of dax_owner are installed and not in use
 * @journal: the journal
 * @modules: the reason; without a reason, there is no record
 * @release: release of the running kernel
 */
void journal_modules(const struct journal *journal, enum modules modules, const char *release)
{
	const char *sentence = modules_message(modules);
	char command[MODULES_COMMAND_LEN];
	struct record record;

	if (!*sentence)
		return;
	modules_command(modules, release, command);
	begin(&record, journal, RECORD_MODULES);
	add(&record, "MESSAGE=%s", sentence);
	add_property("DAX_OWNER_COMMAND", command, &record);
	add(&record, "DAX_OWNER_KERNEL=%s", release);
	finish(&record);
}

/**
 * journal_missed() - record that earlier changes may be missing from the journal
 * @journal: the journal
 * @cause: the cause, a clause
 *
 * The caller records the differences next.
 */
void journal_missed(const struct journal *journal, const char *cause)
{
	char sentence[MESSAGE_LEN];
	struct record record;

	message_missed(cause, sentence);
	begin(&record, journal, RECORD_MISSED);
	add(&record, "MESSAGE=%s", sentence);
	finish(&record);
}

/**
 * journal_config() - record a line of the configuration that is not understood
 * @journal: the journal
 * @file: path of the file
 * @line: number of the line, from 1
 * @what: the error
 */
void journal_config(const struct journal *journal, const char *file, unsigned int line,
		    const char *what)
{
	char sentence[MESSAGE_CONFIG_LEN];
	struct record record;

	message_config(file, line, what, sentence);
	begin(&record, journal, RECORD_CONFIG);
	add(&record, "MESSAGE=%s", sentence);
	add(&record, "CONFIG_FILE=%s", file);
	add(&record, "CONFIG_LINE=%u", line);
	finish(&record);
}

/**
 * journal_failure() - record a failure of the daemon itself
 * @journal: the journal
 * @error: a negative errno
 * @what: the failed action, a clause "cannot …"
 */
void journal_failure(const struct journal *journal, int error, const char *what)
{
	char sentence[MESSAGE_LEN];
	struct record record;

	message_failure(error, what, sentence);
	begin(&record, journal, RECORD_FAILURE);
	add(&record, "MESSAGE=%s", sentence);
	add(&record, "ERRNO=%d", -error);
	finish(&record);
}

/**
 * journal_failure_once() - record the first of several failures of a repeated action
 * @journal: the journal
 * @failed: the action failed last time; the caller keeps the value, false at first
 * @error: result of the action now: 0, or a negative errno
 * @what: the action that failed, "cannot ..."
 */
void journal_failure_once(const struct journal *journal, bool *failed, int error, const char *what)
{
	if (error && !*failed)
		journal_failure(journal, error, what);
	*failed = error;
}
