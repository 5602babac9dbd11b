/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a report begins with: a screen for people.
 */
#ifndef DAX_OWNER_CLI_REPORT_SUMMARY_H
#define DAX_OWNER_CLI_REPORT_SUMMARY_H

#include <stdio.h>
#include <time.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct summary - what is in it
 * @when: seconds since 1970
 * @kernel: its release
 * @masked: whether the report is
 * @known: whether somebody could tell who owns what
 * @snapshot: who owns what, if @known
 * @problem: what is wrong with @snapshot, "" if nothing is
 * @missing: what is not in the report, and why: a line each
 */
struct summary {
	time_t when;
	const char *kernel;
	bool masked;
	bool known;
	const struct snapshot *snapshot;
	const char *problem;
	const char *missing;
};

void summary_print(const struct summary *summary, FILE *file);

#endif /* DAX_OWNER_CLI_REPORT_SUMMARY_H */
