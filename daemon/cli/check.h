/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of ownership as an exit status of a monitoring plugin. check() is a pure function of a
 * snapshot: it reads nothing.
 */
#ifndef DAX_OWNER_CLI_CHECK_H
#define DAX_OWNER_CLI_CHECK_H

#include "cli/snapshot/snapshot.h"

#define CHECK_LEN 512

/**
 * enum check - the state of ownership, and the exit status
 * @CHECK_OK: settled, and the owner that the rules give owns every byte
 * @CHECK_WRONG: settled, and memory is stranded or owned by the wrong driver
 * @CHECK_UNSETTLED: ownership is not settled yet
 * @CHECK_AT_RISK: a driver has memory that no driver may have; the same exit status
 * @CHECK_UNKNOWN: the command cannot read ownership
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
