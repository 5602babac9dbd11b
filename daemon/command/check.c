// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner check: is all well? One line and an exit status, for monitoring plugins and scripts.
 */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>

#include "check.h"
#include "command.h"
#include "human.h"

struct sums {
	u64 owned;
	u64 wrong;
};

static struct sums add_up(const struct snapshot *snapshot)
{
	struct sums sums = { };

	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *extent = &snapshot->holdings[i].extent;

		if (extent->state == EXTENT_OWNED)
			sums.owned += extent_size(extent);
		if (extent_is_wrong(extent))
			sums.wrong += extent_size(extent);
	}
	return sums;
}

static enum check judge(const struct snapshot *snapshot, const struct sums *sums)
{
	/* what is stranded before it is settled may be claimed yet */
	if (!snapshot->settled)
		return CHECK_UNSETTLED;
	return snapshot->stranded_bytes || sums->wrong ? CHECK_WRONG : CHECK_OK;
}

/**
 * check() - is all well?
 * @snapshot: who owns what; there is something
 * @line: filled in, CHECK_LEN bytes: the answer for people, and after "|" for programs
 *
 * Return: the answer, never %CHECK_UNKNOWN.
 */
enum check check(const struct snapshot *snapshot, char *line)
{
	/* in the words that monitoring has for these exit statuses */
	static const char *const words[] = {
		[CHECK_OK] = "OK - settled",
		[CHECK_WRONG] = "WARNING - settled",
		[CHECK_UNSETTLED] = "CRITICAL - not settled",
	};
	char owned[HUMAN_LEN], wrong[HUMAN_LEN], stranded[HUMAN_LEN];
	const struct sums sums = add_up(snapshot);
	enum check answer = judge(snapshot, &sums);

	snprintf(line, CHECK_LEN,
		 "DAX-OWNER %s, %s owned, %s by the wrong driver, %s stranded | "
		 "owned=%" PRIu64 "B wrong=%" PRIu64 "B stranded=%" PRIu64 "B",
		 words[answer], human_short(owned, sums.owned), human_short(wrong, sums.wrong),
		 human_short(stranded, snapshot->stranded_bytes), sums.owned, sums.wrong, snapshot->stranded_bytes);
	return answer;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_failure(state, CHECK_UNKNOWN, 0, "%s: there are no arguments", word);
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.doc = "Is all well? Prints one line in the form of monitoring plugins. Exit status: 0 settled and nothing "
	       "stranded, 1 something stranded or owned by the wrong driver, 2 not settled, 3 cannot tell.",
};

static int run(int argc, char **argv)
{
	struct snapshot snapshot;
	char line[CHECK_LEN];
	enum check answer;

	argp_err_exit_status = CHECK_UNKNOWN;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (command_snapshot(&snapshot)) {
		puts("DAX-OWNER UNKNOWN - cannot tell");
		return CHECK_UNKNOWN;
	}
	answer = check(&snapshot, line);
	snapshot_free(&snapshot);
	puts(line);
	return answer;
}

const struct command command_check = { "check", "is all well? for monitoring", run };
