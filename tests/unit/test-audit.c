// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of dax-owner audit and the form of its lines, without a journal.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "cli/format/times.h"
#include "cli/snapshot/boots.h"
#include "cli/snapshot/journal-record.h"

#define SECOND 1000000ull
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* 2026-03-01 12:30:00 UTC */
#define NOW (1772368200 * SECOND)

/* --- time spans --- */

static void timespan_text_is_as_systemd_prints_it(void **state)
{
	char text[TIMESPAN_LEN];

	(void)state;
	assert_string_equal(timespan_text(text, 0), "0");
	assert_string_equal(timespan_text(text, 7), "7us");
	assert_string_equal(timespan_text(text, 12000), "12ms");
	assert_string_equal(timespan_text(text, 12034), "12.034ms");
	assert_string_equal(timespan_text(text, 2 * SECOND), "2s");
	assert_string_equal(timespan_text(text, 1500000), "1.500s");
	assert_string_equal(timespan_text(text, 12000034), "12.000034s");
	assert_string_equal(timespan_text(text, 2 * MINUTE), "2min");
	assert_string_equal(timespan_text(text, 5 * MINUTE + 3 * SECOND), "5min 3s");
	assert_string_equal(timespan_text(text, 8 * DAY + 2 * HOUR), "1w 1d 2h");
}

static void parses_span(const char *text, uint64_t expected)
{
	uint64_t usec = 1;

	assert_int_equal(timespan_parse(text, &usec), 0);
	assert_int_equal(usec, expected);
}

static void timespan_of_any_form_is_parsed(void **state)
{
	(void)state;
	parses_span("0", 0);
	parses_span("90", 90 * SECOND);
	parses_span("5min 3s", 5 * MINUTE + 3 * SECOND);
	parses_span("5min3s", 5 * MINUTE + 3 * SECOND);
	parses_span(" 2 hours ", 2 * HOUR);
	parses_span("1.5s", 1500000);
	parses_span("1w 1d", 8 * DAY);
	parses_span("20ms", 20000);
}

static void timespan_that_is_wrong_is_refused(void **state)
{
	static const char *const wrong[] = { "", " ", "s", "-1", "5 parsecs", "1,5s", "min 5" };
	uint64_t usec;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(timespan_parse(wrong[i], &usec), -EINVAL);
	assert_int_equal(timespan_parse("99999999999999999999", &usec), -ERANGE);
	assert_int_equal(timespan_parse("18446744073709551615w", &usec), -ERANGE);
}

/* --- points in time --- */

static void parses_time(const char *text, uint64_t expected)
{
	uint64_t usec = 1;

	assert_int_equal(timestamp_parse(text, NOW, &usec), 0);
	assert_int_equal(usec, expected);
}

static void timestamp_of_any_form_is_parsed(void **state)
{
	const uint64_t today = NOW - 12 * HOUR - 30 * MINUTE;

	(void)state;
	parses_time("now", NOW);
	parses_time("today", today);
	parses_time("yesterday", today - DAY);
	parses_time("tomorrow", today + DAY);
	parses_time("-1h", NOW - HOUR);
	parses_time("+5min", NOW + 5 * MINUTE);
	parses_time("1h 30min ago", NOW - HOUR - 30 * MINUTE);
	parses_time("@1772368200", NOW);
	parses_time("2026-02-28", today - DAY);
	parses_time("2026-02-28 12:30", NOW - DAY);
	parses_time("2026-02-28T12:30:05", NOW - DAY + 5 * SECOND);
	parses_time("12:30", NOW);
	parses_time("12:30:07", NOW + 7 * SECOND);
	parses_time("2026-03-01 12:30 UTC", NOW);
}

static void timestamp_local_and_utc_differ(void **state)
{
	(void)state;
	setenv("TZ", "XXX-2", 1);
	tzset();
	parses_time("14:30", NOW);
	parses_time("12:30 UTC", NOW);
	setenv("TZ", "UTC", 1);
	tzset();
}

static void timestamp_that_is_wrong_is_refused(void **state)
{
	static const char *const wrong[] = { "", "then", "2026-13-01", "12:30x", "5min", " ago" };
	uint64_t usec;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(timestamp_parse(wrong[i], NOW, &usec), -EINVAL);
}

/* --- boots --- */

static sd_id128_t id_of(uint8_t number)
{
	return (sd_id128_t) { .bytes = { number } };
}

static void boot_word_has_id_or_offset(void **state)
{
	struct boot_word word;

	(void)state;
	assert_int_equal(boot_word_parse("-1", &word), 0);
	assert_false(word.by_id);
	assert_int_equal(word.offset, -1);
	assert_int_equal(boot_word_parse("+2", &word), 0);
	assert_int_equal(word.offset, 2);
	assert_int_equal(boot_word_parse("0100000000000000000000000000000f", &word), 0);
	assert_true(word.by_id);
	assert_int_equal(word.id.bytes[15], 15);
	assert_int_equal(boot_word_parse("", &word), -EINVAL);
	assert_int_equal(boot_word_parse("-1x", &word), -EINVAL);
	assert_int_equal(boot_word_parse("99999999999", &word), -EINVAL);
}

static void chooses(const struct boot *boots, size_t n, int offset, uint8_t number)
{
	const sd_id128_t running = id_of(9);
	sd_id128_t id;

	assert_int_equal(boots_choose(boots, n, &running, offset, &id), 0);
	assert_int_equal(id.bytes[0], number);
}

static void boot_offset_counts_from_running_boot(void **state)
{
	const struct boot boots[] = { { id_of(1), 1 }, { id_of(2), 2 }, { id_of(9), 3 } };
	const sd_id128_t running = id_of(9);
	sd_id128_t id;

	(void)state;
	/* The running boot counts also if the journal has no entry of it yet. */
	for (size_t n = 2; n <= 3; n++) {
		chooses(boots, n, 0, 9);
		chooses(boots, n, -1, 2);
		chooses(boots, n, -2, 1);
		chooses(boots, n, 1, 1);
		chooses(boots, n, 3, 9);
		assert_int_equal(boots_choose(boots, n, &running, -3, &id), -ENOENT);
		assert_int_equal(boots_choose(boots, n, &running, 4, &id), -ENOENT);
	}
	assert_int_equal(boots_choose(NULL, 0, &running, -1, &id), -ENOENT);
}

/* --- lines --- */

/* A record: its boot, and its time in µs */
struct made_up {
	const char *boot;
	const char *usec;
};

static const char *get(const char *name, void *from)
{
	const struct made_up *record = from;

	if (!strcmp(name, "_BOOT_ID"))
		return record->boot;
	if (!strcmp(name, RECORD_REALTIME))
		return record->usec;
	if (!strcmp(name, "DAX_OWNER_EVENT"))
		return "owned";
	return strcmp(name, "MESSAGE") ? NULL : "dax0.0 is owned";
}

static void record_line_has_local_date(void **state)
{
	struct made_up records[] = {
		{ "aaaa", "1772368200000000" },
		{ "aaaa", "1772368201999999" },
		{ "bbbb", "1772625600000000" },
	};
	char last[RECORD_BOOT_LEN] = "", *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < 3; i++)
		record_print_dated(get, &records[i], last, file);
	fclose(file);
	assert_string_equal(text, "Mar 01 12:30:00 owned     dax0.0 is owned\n"
				  "Mar 01 12:30:01 owned     dax0.0 is owned\n"
				  "-- Boot bbbb --\n"
				  "Mar 04 12:00:00 owned     dax0.0 is owned\n");
	free(text);
}

static void record_json_has_realtime(void **state)
{
	struct made_up record = { "aaaa", "1772368200000000" };
	struct json_object *json = record_json(get, &record);

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_object_get_int64(json_object_object_get(json, "realtime_us")),
			 1772368200000000);
	json_object_put(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timespan_text_is_as_systemd_prints_it),
		cmocka_unit_test(timespan_of_any_form_is_parsed),
		cmocka_unit_test(timespan_that_is_wrong_is_refused),
		cmocka_unit_test(timestamp_of_any_form_is_parsed),
		cmocka_unit_test(timestamp_local_and_utc_differ),
		cmocka_unit_test(timestamp_that_is_wrong_is_refused),
		cmocka_unit_test(boot_word_has_id_or_offset),
		cmocka_unit_test(boot_offset_counts_from_running_boot),
		cmocka_unit_test(record_line_has_local_date),
		cmocka_unit_test(record_json_has_realtime),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
