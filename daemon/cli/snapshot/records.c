// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>

#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "cli/snapshot/records.h"

static __attribute__((format(printf, 2, 3))) int match(sd_journal *journal, const char *format, ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return sd_journal_add_match(journal, text, 0);
}

static int match_boot(sd_journal *journal, const sd_id128_t *boot)
{
	return match(journal, "_BOOT_ID=" SD_ID128_FORMAT_STR, SD_ID128_FORMAT_VAL(*boot));
}

/*
 * journald itself sets the field _UID, so no other user can forge these records. journald sets the
 * unit, too, but loses it if a process ends quickly.
 */
static int match_program(sd_journal *journal, const char *name, uid_t uid)
{
	int r = match(journal, "SYSLOG_IDENTIFIER=%s", name);

	if (r >= 0)
		r = match(journal, "_UID=%u", (unsigned int)uid);
	return r < 0 ? r : sd_journal_add_disjunction(journal);
}

static int match_daemon(sd_journal *journal)
{
	const struct passwd *user = getpwnam("dax-owner");
	int r = match_program(journal, "dax-owner-order", 0);

	/* If the user was created again with another ID, the old records do not match. */
	if (r >= 0 && user)
		r = match_program(journal, "dax-ownerd", user->pw_uid);
	return r < 0 ? r : sd_journal_add_conjunction(journal);
}

/* The journal, and the last value that was returned */
struct reading {
	sd_journal *journal;
	char *value;
};

static const char *get(const char *name, void *from)
{
	struct reading *reading = from;
	const void *data;
	size_t len, skip = strlen(name) + 1;

	if (sd_journal_get_data(reading->journal, name, &data, &len) < 0 || len < skip)
		return NULL;
	free(reading->value);
	reading->value = strndup((const char *)data + skip, len - skip);
	return reading->value;
}

static int each(sd_journal *journal, records_fn fn, void *data)
{
	struct reading reading = { .journal = journal };
	int r;

	while ((r = sd_journal_next(journal)) > 0) {
		r = fn(get, &reading, data);
		if (r)
			break;
	}
	free(reading.value);
	return r < 0 ? r : 0;
}

/*
 * Pass only the programs' records, because libraries of a process may write messages of their own.
 */
struct filter {
	records_fn fn;
	void *data;
};

static int take_event(record_get_fn get_field, void *from, void *data)
{
	const struct filter *filter = data;

	return get_field("DAX_OWNER_EVENT", from) ? filter->fn(get_field, from, filter->data) : 0;
}

static int open_journal(sd_journal **journal)
{
	return sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
}

/**
 * records_read() - read the records of dax-ownerd and dax-owner-order
 * @boot: the boot to read, NULL for all
 * @fn: called for each record, in order
 * @data: passed to @fn
 *
 * Return: 0, or a negative errno. A journal that the user may not read appears empty.
 */
int records_read(const sd_id128_t *boot, records_fn fn, void *data)
{
	_cleanup_(sd_journal_closep) sd_journal *journal = NULL;
	struct filter filter = { fn, data };
	int r = open_journal(&journal);

	if (r >= 0)
		r = match_daemon(journal);
	if (r >= 0 && boot)
		r = match_boot(journal, boot);
	return r < 0 ? r : each(journal, take_event, &filter);
}

/**
 * kernel_messages_read() - read the kernel's messages
 * @boot: the boot to read
 * @fn: called for each message, in order
 * @data: passed to @fn
 *
 * Return: as records_read().
 */
int kernel_messages_read(const sd_id128_t *boot, records_fn fn, void *data)
{
	_cleanup_(sd_journal_closep) sd_journal *journal = NULL;
	int r = open_journal(&journal);

	if (r >= 0)
		r = match(journal, "_TRANSPORT=kernel");
	if (r >= 0)
		r = match_boot(journal, boot);
	return r < 0 ? r : each(journal, fn, data);
}
