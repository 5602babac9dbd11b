// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

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

/* Return: the time at which journald received the entry, as text. */
static const char *get_time(struct reading *reading)
{
	uint64_t usec;

	if (sd_journal_get_realtime_usec(reading->journal, &usec) < 0)
		return NULL;
	free(reading->value);
	if (asprintf(&reading->value, "%" PRIu64, usec) < 0)
		reading->value = NULL;
	return reading->value;
}

static const char *get(const char *name, void *from)
{
	struct reading *reading = from;
	const void *data;
	size_t len, skip = strlen(name) + 1;

	if (!strcmp(name, RECORD_REALTIME))
		return get_time(reading);
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

static int open_journal(sd_journal **journal)
{
	return sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
}

/*
 * Only the programs' records have this field: libraries of a process may write messages of their
 * own.
 */
static bool is_record(sd_journal *journal)
{
	const void *data;
	size_t len;

	return sd_journal_get_data(journal, "DAX_OWNER_EVENT", &data, &len) >= 0;
}

/* Return: 1 at the next record, or the previous one; 0 if there is none; a negative errno. */
static int step(sd_journal *journal, bool back)
{
	int r;

	do
		r = back ? sd_journal_previous(journal) : sd_journal_next(journal);
	while (r > 0 && !is_record(journal));
	return r;
}

/* Return: true if the record at the journal's position is between since and until. */
static bool is_in_time(const struct records_query *query, sd_journal *journal)
{
	uint64_t usec;

	return sd_journal_get_realtime_usec(journal, &usec) >= 0 && usec >= query->since &&
	       usec <= query->until;
}

static int seek_end(const struct records_query *query, sd_journal *journal)
{
	return query->until == RECORDS_NO_LIMIT ?
		       sd_journal_seek_tail(journal) :
		       sd_journal_seek_realtime_usec(journal, query->until + 1);
}

static int seek_start(const struct records_query *query, sd_journal *journal)
{
	return query->since ? sd_journal_seek_realtime_usec(journal, query->since) :
			      sd_journal_seek_head(journal);
}

/*
 * Go back by the number of lines. Return: 1 at the first record to pass on; 0 before it; a negative
 * errno.
 */
static int seek_lines(const struct records_query *query, sd_journal *journal)
{
	int r = seek_end(query, journal);

	/* A position behind the last entry is none: begin with the last record, and leave it out. */
	if (r >= 0 && !query->lines)
		r = step(journal, true);
	if (r >= 0 && !query->lines)
		return 0;
	for (size_t i = 0; r >= 0 && i < query->lines; i++) {
		r = step(journal, true);
		if (!r)
			return seek_start(query, journal) ?: 0;
		if (r > 0 && !is_in_time(query, journal))
			return 0;
	}
	return r < 0 ? r : 1;
}

/* Wait until the journal changes. Return: 0, also after a rotation; -EPIPE without a reader. */
static int wait_for_more(const struct records_query *query, sd_journal *journal)
{
	struct pollfd fds[] = { { .fd = sd_journal_get_fd(journal) }, { .fd = query->reader } };
	struct timespec now;
	uint64_t due, usec;
	int r, timeout = -1;

	if (fds[0].fd < 0)
		return fds[0].fd;
	fds[0].events = (short)sd_journal_get_events(journal);
	if (sd_journal_get_timeout(journal, &due) > 0 && due != UINT64_MAX) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		usec = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
		timeout = due > usec ? (int)((due - usec) / 1000) + 1 : 0;
	}
	if (poll(fds, 2, timeout) < 0)
		return -errno;
	if (fds[1].revents & (POLLERR | POLLHUP))
		return -EPIPE;
	r = sd_journal_process(journal);
	return r < 0 ? r : 0;
}

/* Return: 1 at a record; 0 at the end; a negative errno. */
static int step_or_wait(const struct records_query *query, sd_journal *journal)
{
	int r = step(journal, query->reverse);

	while (!r && query->follow) {
		r = wait_for_more(query, journal);
		if (r == -EPIPE)
			return 0;
		if (!r)
			r = step(journal, false);
	}
	return r;
}

static int pass_on(const struct records_query *query, sd_journal *journal, bool at, records_fn fn,
		   void *data)
{
	struct reading reading = { .journal = journal };
	size_t n = 0;
	int r = 1;

	for (;; at = false) {
		if (query->reverse && n++ == query->lines)
			break;
		if (!at)
			r = step_or_wait(query, journal);
		if (r <= 0 || !is_in_time(query, journal))
			break;
		r = fn(get, &reading, data);
		if (r)
			break;
	}
	free(reading.value);
	return r < 0 ? r : 0;
}

/**
 * records_query() - read the records of dax-ownerd and dax-owner-order that a query chooses
 * @query: the records, and their order
 * @fn: called for each record
 * @data: passed to @fn
 *
 * Return: 0, or a negative errno. A journal that the user may not read appears empty.
 */
int records_query(const struct records_query *query, records_fn fn, void *data)
{
	_cleanup_(sd_journal_closep) sd_journal *journal = NULL;
	bool at = false;
	int r = open_journal(&journal);

	if (r >= 0 && query->follow)
		r = sd_journal_get_fd(journal);
	if (r >= 0)
		r = match_daemon(journal);
	if (r >= 0 && query->boot)
		r = match_boot(journal, query->boot);
	if (r < 0)
		return r;
	if (query->reverse)
		r = seek_end(query, journal);
	else if (query->lines == RECORDS_ALL)
		r = seek_start(query, journal);
	else {
		r = seek_lines(query, journal);
		at = r > 0;
	}
	return r < 0 ? r : pass_on(query, journal, at, fn, data);
}

/**
 * records_read() - read the records of dax-ownerd and dax-owner-order
 * @boot: the boot to read, NULL for all
 * @fn: called for each record, in order
 * @data: passed to @fn
 *
 * Return: as records_query().
 */
int records_read(const sd_id128_t *boot, records_fn fn, void *data)
{
	const struct records_query query = { .boot = boot,
					     .until = RECORDS_NO_LIMIT,
					     .lines = RECORDS_ALL };

	return records_query(&query, fn, data);
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
