// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/format/times.h"

#define MSEC UINT64_C(1000)
#define SECOND (1000 * MSEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

/* --- time spans --- */

/* Print @rest, which is less than a minute, in @unit with the digits of the unit's parts. */
static int print_rest(char *text, size_t len, uint64_t rest)
{
	const uint64_t unit = rest >= SECOND ? SECOND : MSEC;
	const char *name = rest >= SECOND ? "s" : "ms";

	if (rest < MSEC)
		return snprintf(text, len, "%" PRIu64 "us", rest);
	if (!(rest % unit))
		return snprintf(text, len, "%" PRIu64 "%s", rest / unit, name);
	if (unit == SECOND && !(rest % MSEC))
		return snprintf(text, len, "%" PRIu64 ".%03" PRIu64 "s", rest / unit,
				rest % unit / MSEC);
	return snprintf(text, len, "%" PRIu64 ".%0*" PRIu64 "%s", rest / unit,
			unit == SECOND ? 6 : 3, rest % unit, name);
}

/**
 * timespan_text() - format a time span as systemd does: 5min 3s
 * @text: the caller's buffer, filled in
 * @usec: the time span in microseconds
 *
 * Return: @text.
 */
const char *timespan_text(char text[TIMESPAN_LEN], uint64_t usec)
{
	static const struct {
		uint64_t usec;
		const char *name;
	} units[] = { { WEEK, "w" }, { DAY, "d" }, { HOUR, "h" }, { MINUTE, "min" } };
	int n = 0;

	if (!usec) {
		snprintf(text, TIMESPAN_LEN, "0");
		return text;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (usec < units[i].usec)
			continue;
		n += snprintf(text + n, (size_t)(TIMESPAN_LEN - n), "%s%" PRIu64 "%s", n ? " " : "",
			      usec / units[i].usec, units[i].name);
		usec %= units[i].usec;
	}
	if (usec && n)
		text[n++] = ' ';
	if (usec)
		print_rest(text + n, (size_t)(TIMESPAN_LEN - n), usec);
	return text;
}

/* Return: the unit that @text begins with, without a name a second; 0 if the name is unknown. */
static uint64_t take_unit(const char **text)
{
	static const struct {
		const char *names;
		uint64_t usec;
	} units[] = {
		{ " usec us ", 1 },
		{ " msec ms ", MSEC },
		{ " seconds second sec s ", SECOND },
		{ " minutes minute min m ", MINUTE },
		{ " hours hour hr h ", HOUR },
		{ " days day d ", DAY },
		{ " weeks week w ", WEEK },
	};
	char name[16];
	int len = 0;

	while (isalpha((unsigned char)(*text)[len]))
		len++;
	if (!len)
		return SECOND;
	if (snprintf(name, sizeof(name), " %.*s ", len, *text) >= (int)sizeof(name))
		return 0;
	*text += len;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strstr(units[i].names, name))
			return units[i].usec;
	return 0;
}

/* Parse the digits behind a decimal point. Return: their value, in parts of a @unit. */
static uint64_t take_fraction(const char **text, uint64_t *parts)
{
	uint64_t value = 0;

	for (*parts = 1; isdigit((unsigned char)**text); (*text)++) {
		if (*parts >= 1000000)
			continue;
		value = value * 10 + (uint64_t)(**text - '0');
		*parts *= 10;
	}
	return value;
}

/* Parse a number and its unit, and add them to @sum. */
static int take_part(const char **text, uint64_t *sum)
{
	uint64_t number = 0, fraction = 0, parts = 1, unit, value;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	for (; isdigit((unsigned char)**text); (*text)++)
		if (__builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(**text - '0'), &number))
			return -ERANGE;
	if (**text == '.') {
		(*text)++;
		fraction = take_fraction(text, &parts);
	}
	*text += strspn(*text, " ");
	unit = take_unit(text);
	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(number, unit, &value) ||
	    __builtin_add_overflow(value, fraction * unit / parts, &value) ||
	    __builtin_add_overflow(*sum, value, sum))
		return -ERANGE;
	return 0;
}

/**
 * timespan_parse() - parse a time span: 90, 1.5s, 5min 3s
 * @text: numbers with units; a number without a unit is in seconds
 * @usec: filled in with the time span in microseconds
 *
 * Return: 0; -EINVAL if @text is no time span; -ERANGE for more than 64 bits.
 */
int timespan_parse(const char *text, uint64_t *usec)
{
	uint64_t sum = 0;
	int r = -EINVAL;

	text += strspn(text, " ");
	while (*text) {
		r = take_part(&text, &sum);
		if (r)
			return r;
		text += strspn(text, " ");
	}
	if (!r)
		*usec = sum;
	return r;
}

/* --- points in time --- */

static bool take_suffix(char *text, const char *suffix)
{
	size_t len = strlen(text), skip = strlen(suffix);

	if (len <= skip || strcmp(text + len - skip, suffix))
		return false;
	text[len - skip] = '\0';
	return true;
}

/* Return: 0; -EINVAL if @text is no time relative to @now. */
static int parse_relative(char *text, uint64_t now, uint64_t *usec)
{
	bool before = *text == '-' || take_suffix(text, " ago");
	uint64_t span;
	int r;

	if (!before && *text != '+')
		return -EINVAL;
	r = timespan_parse(text + (*text == '-' || *text == '+'), &span);
	if (r)
		return r;
	if (before)
		*usec = span < now ? now - span : 0;
	else if (__builtin_add_overflow(now, span, usec))
		return -ERANGE;
	return 0;
}

/* Set @tm to the first second of today, or of another day. */
static void set_day(struct tm *tm, int days)
{
	tm->tm_mday += days;
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
}

static bool parse_day(const char *text, struct tm *tm)
{
	static const char *const names[] = { "yesterday", "today", "tomorrow" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]))
			continue;
		set_day(tm, i - 1);
		return true;
	}
	return false;
}

/* Parse a date, a time of today, or both; without a time, the first second of the day. */
static bool parse_date(const char *text, const struct tm *today, struct tm *tm)
{
	static const char *const formats[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d",          "%H:%M:%S",          "%H:%M"
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		const char *end;

		*tm = *today;
		set_day(tm, 0);
		end = strptime(text, formats[i], tm);
		if (end && !*end)
			return true;
	}
	return false;
}

static int parse_calendar(char *text, uint64_t now, uint64_t *usec)
{
	bool utc = take_suffix(text, " UTC");
	time_t seconds = (time_t)(now / SECOND);
	struct tm today, tm;

	if (utc)
		gmtime_r(&seconds, &today);
	else
		localtime_r(&seconds, &today);
	tm = today;
	if (!parse_day(text, &tm) && !parse_date(text, &today, &tm))
		return -EINVAL;
	tm.tm_isdst = -1;
	seconds = utc ? timegm(&tm) : mktime(&tm);
	if (seconds < 0)
		return -ERANGE;
	*usec = (uint64_t)seconds * SECOND;
	return 0;
}

/**
 * timestamp_parse() - parse a point in time: 2026-01-05 12:00, yesterday, -1h, 5min ago, @1767614400
 * @text: the point in time, in local time unless it ends with UTC
 * @now: the present time in microseconds since 1970
 * @usec: filled in with the point in time in microseconds since 1970
 *
 * Return: 0; -EINVAL if @text is no point in time; -ERANGE if it is too early or too late.
 */
int timestamp_parse(const char *text, uint64_t now, uint64_t *usec)
{
	char copy[64];
	int r;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	if (!strcmp(copy, "now")) {
		*usec = now;
		return 0;
	}
	if (*copy == '@')
		return timespan_parse(copy + 1, usec);
	r = parse_relative(copy, now, usec);
	return r == -EINVAL ? parse_calendar(copy, now, usec) : r;
}
