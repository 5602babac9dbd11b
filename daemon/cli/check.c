// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner check: print one line on ownership and return an exit status, for monitoring plugins
 * and scripts.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/check.h"
#include "cli/command.h"
#include "cli/format/sizes.h"

static enum check judge(const struct snapshot *snapshot)
{
	/* First, because writes overwrite data at this moment. */
	if (snapshot->sums.at_risk)
		return CHECK_AT_RISK;
	/* Before memory is settled, a driver may still claim a stranded extent. */
	if (!snapshot->settled)
		return CHECK_UNSETTLED;
	return snapshot->sums.stranded || snapshot->sums.wrong ? CHECK_WRONG : CHECK_OK;
}

/* The terms that monitoring plugins use for these exit statuses */
static const char *words_of(const struct snapshot *snapshot, enum check answer)
{
	if (snapshot->sums.at_risk)
		return "CRITICAL - data at risk";
	switch (answer) {
	case CHECK_OK:
		return "OK - settled";
	case CHECK_WRONG:
		return "WARNING - settled";
	default:
		return "CRITICAL - not settled";
	}
}

/**
 * check() - print the state of ownership into one line and return it as an exit status
 * @snapshot: the extents and their sums; it has at least one extent
 * @line: buffer of CHECK_LEN bytes, filled in with a sentence, "|", and the numbers
 *
 * Return: the state; never %CHECK_UNKNOWN.
 */
enum check check(const struct snapshot *snapshot, char *line)
{
	char owned[SIZE_TEXT_LEN], wrong[SIZE_TEXT_LEN], stranded[SIZE_TEXT_LEN],
		withheld[SIZE_TEXT_LEN + 16] = "", size[SIZE_TEXT_LEN];
	const struct sums *sums = &snapshot->sums;
	u64 by_drivers = sums->owned[DAX_OWNER_CXL] + sums->owned[DAX_OWNER_HMEM];
	enum check answer = judge(snapshot);

	if (sums->withheld)
		snprintf(withheld, sizeof(withheld), ", %s withheld",
			 size_text_short(size, sums->withheld));
	snprintf(line, CHECK_LEN,
		 "DAX-OWNER %s, %s owned, %s by the wrong driver, %s stranded%s | "
		 "owned=%" PRIu64 "B wrong=%" PRIu64 "B stranded=%" PRIu64 "B withheld=%" PRIu64
		 "B usable=%" PRIu64 "B",
		 words_of(snapshot, answer), size_text_short(owned, by_drivers),
		 size_text_short(wrong, sums->wrong), size_text_short(stranded, sums->stranded),
		 withheld, by_drivers, sums->wrong, sums->stranded, sums->withheld, sums->usable);
	return answer;
}

static int run(int argc, char **argv)
{
	struct snapshot snapshot;
	char line[CHECK_LEN];
	char problem[COMMAND_PROBLEM_LEN];
	enum check answer;
	int r;

	/* Monitoring plugins understand only these statuses, so a usage error returns one, too. */
	argp_err_exit_status = CHECK_UNKNOWN;
	command_no_arguments(argc, argv,
			     "Prints the state in one line, in the form of monitoring plugins. Exit status: 0 "
			     "settled and no memory stranded (withheld memory is not a fault), 1 memory is "
			     "stranded or owned by the wrong driver, 2 not settled, or a driver owns memory that "
			     "must have no driver, 3 unknown.");
	r = snapshot_take(&snapshot);
	if (command_problem(r, &snapshot, problem)) {
		printf("DAX-OWNER UNKNOWN - %s\n", problem);
		if (!r)
			snapshot_free(&snapshot);
		return CHECK_UNKNOWN;
	}
	answer = check(&snapshot, line);
	snapshot_free(&snapshot);
	puts(line);
	return answer;
}

const struct command command_check = { "check", "state in one line, for monitoring", run };
