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
 * enum check - the exit statuses of monitoring plugins
 * @CHECK_OK: settled, and the owner that the rules give owns every byte
 * @CHECK_WARNING: the wrong driver owns memory, or ownership is not settled during the boot
 * @CHECK_CRITICAL: memory is stranded or at risk, or ownership is not settled after the boot
 * @CHECK_UNKNOWN: the command cannot read ownership
 */
enum check {
	CHECK_OK,
	CHECK_WARNING,
	CHECK_CRITICAL,
	CHECK_UNKNOWN,
};

/**
 * struct check_limits - the conditions of the answer
 * @has_warning: @warning applies
 * @has_critical: @critical applies; without any limit, stranded memory is critical
 * @warning: more stranded bytes are a warning
 * @critical: more stranded bytes are critical
 * @booting: the boot has not ended, so ownership need not be settled yet
 */
struct check_limits {
	bool has_warning;
	bool has_critical;
	u64 warning;
	u64 critical;
	bool booting;
};

bool check_is_booting(void);
enum check check(const struct snapshot *snapshot, const struct check_limits *limits, char *line);

#endif /* DAX_OWNER_CLI_CHECK_H */
