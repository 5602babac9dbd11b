/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first page of a report, for people.
 */
#ifndef DAX_OWNER_CLI_REPORT_SUMMARY_H
#define DAX_OWNER_CLI_REPORT_SUMMARY_H

#include <stdio.h>
#include <time.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct summary - the content of the page
 * @when: in seconds since 1970
 * @kernel: release of the kernel
 * @masked: the report is masked
 * @known: @snapshot is filled in
 * @snapshot: the extents, if @known
 * @problem: why the snapshot is not usable, "" if it is
 * @missing: the list of missing files and reasons, a line each
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
