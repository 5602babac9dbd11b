// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "cli/report/summary.h"
#include "cli/snapshot/extent-table.h"

static void put_owners(const struct summary *summary, FILE *file)
{
	const struct snapshot *snapshot = summary->snapshot;

	if (summary->known) {
		fprintf(file, "arbiter:  %s\n", arbiter_name(snapshot->arbiter));
		fprintf(file, "settled:  %s\n", snapshot->settled ? "yes" : "no");
		fprintf(file, "stranded: %" PRIu64 " bytes\n", snapshot->sums.stranded);
		fprintf(file, "source:   %s\n", source_name(snapshot->source));
	}
	fputc('\n', file);
	if (*summary->problem)
		fprintf(file, "%s\n", summary->problem);
	if (summary->known && snapshot->n &&
	    extent_table_print(&(struct extent_table) {}, snapshot, file))
		fputs("cannot print the table: out of memory\n", file);
}

/**
 * summary_print() - print the summary of a report
 * @summary: its content
 * @file: receives the text
 */
void summary_print(const struct summary *summary, FILE *file)
{
	struct tm tm;
	char when[32] = "?";

	if (gmtime_r(&summary->when, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fputs("dax-owner report, version " VERSION "\n\n", file);
	fprintf(file, "made:     %s\n", when);
	fprintf(file, "kernel:   %s\n", summary->kernel);
	fprintf(file, "masked:   %s\n",
		summary->masked ?
			"yes: <serial-1> and similar words replace the names of machine, people and parts" :
			"no: the report contains serial numbers, names and addresses");
	put_owners(summary, file);
	fprintf(file, "\nnot in this report:\n%s",
		*summary->missing ? summary->missing : "nothing is missing\n");
}
