// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner check: print one line on ownership and return an exit status, for monitoring plugins
 * and scripts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include "base/cleanup.h"
#include "cli/check.h"
#include "cli/command.h"
#include "cli/format/sizes.h"

#define OPTION_WARNING 'w'
#define OPTION_CRITICAL 'c'
#define OPTION_ALLOW_NONE 256

/* The longest wait for systemd's answer, in µs: a monitoring system gives up after ten seconds. */
#define BUS_TIMEOUT (2 * 1000 * 1000)

/* The exit status, and the words that monitoring plugins and this command use for it */
struct answer {
	enum check status;
	const char *words;
};

static enum check judge_stranded(u64 stranded, const struct check_limits *limits)
{
	bool any = limits->has_warning || limits->has_critical;

	if (any ? limits->has_critical && stranded > limits->critical : stranded > 0)
		return CHECK_CRITICAL;
	return limits->has_warning && stranded > limits->warning ? CHECK_WARNING : CHECK_OK;
}

static struct answer judge(const struct snapshot *snapshot, const struct check_limits *limits)
{
	enum check stranded = judge_stranded(snapshot->sums.stranded, limits);

	/* First, because writes overwrite data at this moment. */
	if (snapshot->sums.at_risk)
		return (struct answer) { CHECK_CRITICAL, "CRITICAL - data at risk" };
	/* Before memory is settled, a driver may still claim a stranded extent. */
	if (!snapshot->settled && limits->booting)
		return (struct answer) { CHECK_WARNING, "WARNING - not settled during boot" };
	if (!snapshot->settled)
		return (struct answer) { CHECK_CRITICAL, "CRITICAL - not settled" };
	if (stranded == CHECK_CRITICAL)
		return (struct answer) { stranded, "CRITICAL - memory is stranded" };
	if (stranded == CHECK_WARNING)
		return (struct answer) { stranded, "WARNING - memory is stranded" };
	if (snapshot->sums.wrong)
		return (struct answer) { CHECK_WARNING, "WARNING - memory has the wrong driver" };
	return (struct answer) { CHECK_OK, "OK - settled" };
}

/* Format ";WARNING;CRITICAL", which monitoring systems draw beside the number. */
static void put_limits(const struct check_limits *limits, char text[SIZE_TEXT_LEN])
{
	bool any = limits->has_warning || limits->has_critical;
	int n = snprintf(text, SIZE_TEXT_LEN, ";");

	if (limits->has_warning)
		n += snprintf(text + n, (size_t)(SIZE_TEXT_LEN - n), "%" PRIu64, limits->warning);
	if (limits->has_critical || !any)
		snprintf(text + n, (size_t)(SIZE_TEXT_LEN - n), ";%" PRIu64,
			 any ? limits->critical : 0);
}

/**
 * check() - print the state of ownership into one line and return it as an exit status
 * @snapshot: the extents and their sums; it has at least one extent
 * @limits: the conditions of the answer
 * @line: buffer of CHECK_LEN bytes, filled in with a sentence, "|", and the numbers
 *
 * Return: the state; never %CHECK_UNKNOWN.
 */
enum check check(const struct snapshot *snapshot, const struct check_limits *limits, char *line)
{
	char owned[SIZE_TEXT_LEN], wrong[SIZE_TEXT_LEN], stranded[SIZE_TEXT_LEN],
		withheld[SIZE_TEXT_LEN + 16] = "", size[SIZE_TEXT_LEN], marks[SIZE_TEXT_LEN];
	const struct sums *sums = &snapshot->sums;
	u64 by_drivers = sums->owned[DAX_OWNER_CXL] + sums->owned[DAX_OWNER_HMEM];
	struct answer answer = judge(snapshot, limits);

	if (sums->withheld)
		snprintf(withheld, sizeof(withheld), ", %s withheld",
			 size_text_short(size, sums->withheld));
	put_limits(limits, marks);
	snprintf(line, CHECK_LEN,
		 "DAX-OWNER %s, %s owned, %s by the wrong driver, %s stranded%s | "
		 "owned=%" PRIu64 "B wrong=%" PRIu64 "B stranded=%" PRIu64 "B%s withheld=%" PRIu64
		 "B usable=%" PRIu64 "B",
		 answer.words, size_text_short(owned, by_drivers),
		 size_text_short(wrong, sums->wrong), size_text_short(stranded, sums->stranded),
		 withheld, by_drivers, sums->wrong, sums->stranded, marks, sums->withheld,
		 sums->usable);
	return answer.status;
}

/* --- command --- */

static const struct argp_option options[] = {
	{ "warning", OPTION_WARNING, "SIZE", 0,
	  "Warning if more memory is stranded: bytes, or 512M, 1.5G", 0 },
	{ "critical", OPTION_CRITICAL, "SIZE", 0,
	  "Critical if more memory is stranded; default without --warning: 0", 0 },
	{ "allow-none", OPTION_ALLOW_NONE, NULL, 0, "OK if there is no Soft Reserved memory", 0 },
	{},
};

/**
 * struct request - the command line of dax-owner check
 * @limits: the conditions of the answer
 * @allow_none: no Soft Reserved memory is OK
 */
struct request {
	struct check_limits limits;
	bool allow_none;
};

static u64 parse_size(struct argp_state *state, const char *word)
{
	u64 bytes = 0;

	if (size_parse(word, &bytes))
		argp_failure(state, argp_err_exit_status, 0,
			     "%s: must be a size such as 0, 512M or 1.5G", word);
	return bytes;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_WARNING:
		request->limits.has_warning = true;
		request->limits.warning = parse_size(state, word);
		return 0;
	case OPTION_CRITICAL:
		request->limits.has_critical = true;
		request->limits.critical = parse_size(state, word);
		return 0;
	case OPTION_ALLOW_NONE:
		request->allow_none = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Prints the state in one line, in the form of monitoring plugins.\v"
	       "Exit status: 0 ownership is settled, and no more memory is stranded than the limits allow; "
	       "1 the wrong driver owns memory, more memory is stranded than --warning allows, or ownership is "
	       "not settled while the system boots; 2 more memory is stranded than --critical allows, "
	       "ownership is not settled after the boot, or a driver owns memory that no driver may own; "
	       "3 unknown. Withheld memory is not a fault.",
};

/**
 * check_is_booting() - ask systemd whether the system boots
 *
 * Return: true while systemd starts units; false also if it does not answer within two seconds.
 */
bool check_is_booting(void)
{
	_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
	_cleanup_(freep) char *its_state = NULL;

	if (sd_booted() <= 0 || sd_bus_open_system(&bus) < 0)
		return false;
	sd_bus_set_method_call_timeout(bus, BUS_TIMEOUT);
	if (sd_bus_get_property_string(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
				       "org.freedesktop.systemd1.Manager", "SystemState", NULL,
				       &its_state) < 0)
		return false;
	return !strcmp(its_state, "initializing") || !strcmp(its_state, "starting");
}

static enum check run_check(struct request *request, const char *root)
{
	struct snapshot snapshot;
	char line[CHECK_LEN];
	char problem[COMMAND_PROBLEM_LEN];
	enum check answer;
	int r = snapshot_take(root, &snapshot);

	if (!r && !snapshot.n && snapshot.settled && request->allow_none) {
		snapshot_free(&snapshot);
		puts("DAX-OWNER OK - no Soft Reserved memory");
		return CHECK_OK;
	}
	if (command_problem(r, &snapshot, problem)) {
		printf("DAX-OWNER UNKNOWN - %s\n", problem);
		if (!r)
			snapshot_free(&snapshot);
		return CHECK_UNKNOWN;
	}
	request->limits.booting = !snapshot.settled &&
				  (*root ? snapshot.booting : check_is_booting());
	answer = check(&snapshot, &request->limits, line);
	snapshot_free(&snapshot);
	puts(line);
	return answer;
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = {};

	/* Monitoring plugins understand only these statuses, so a usage error returns one, too. */
	argp_err_exit_status = CHECK_UNKNOWN;
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	return run_check(&request, root);
}

const struct command command_check = { "check", "state in one line, for monitoring", run, true };
