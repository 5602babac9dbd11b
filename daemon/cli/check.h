/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is all well? As a pure function, in the words of monitoring plugins.
 */
#ifndef DAX_OWNER_CLI_CHECK_H
#define DAX_OWNER_CLI_CHECK_H

#include "cli/snapshot/snapshot.h"

#define CHECK_LEN 512

/**
 * enum check - the answer, and exit status
 * @CHECK_OK: settled, and every byte is owned by whom the rules say
 * @CHECK_WRONG: something is stranded, or another driver has it than should
 * @CHECK_UNSETTLED: nothing is wrong yet, but not all is decided
 * @CHECK_AT_RISK: a driver has memory that is for no driver; the same exit status
 * @CHECK_UNKNOWN: it cannot be told
 */
enum check {
	CHECK_OK,
	CHECK_WRONG,
	CHECK_UNSETTLED,
	CHECK_AT_RISK = CHECK_UNSETTLED,
	CHECK_UNKNOWN,
};

enum check check(const struct snapshot *snapshot, char *line);

#endif /* DAX_OWNER_CLI_CHECK_H */
