// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner metrics: who owns what, in numbers, for the textfile collector of Prometheus's node
 * exporter. OpenMetrics text, of which only the types that the exporter's older parser knows, too.
 */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "metrics.h"

static void head(FILE *file, const char *name, const char *unit, const char *help)
{
	fprintf(file, "# TYPE dax_owner_%s gauge\n", name);
	if (unit)
		fprintf(file, "# UNIT dax_owner_%s %s\n", name, unit);
	fprintf(file, "# HELP dax_owner_%s %s\n", name, help);
}

/* Which one it is about; the words of all its labels are the project's own, and need no escapes */
static void put_extent(FILE *file, const char *name, const struct holding *holding, u64 value)
{
	const struct extent *extent = &holding->extent;

	fprintf(file, "dax_owner_%s{start=\"0x%" PRIx64 "\",end=\"0x%" PRIx64 "\",owner=\"%s\",state=\"%s\","
		"reason=\"%s\",device=\"%s\",driver=\"%s\",node=\"%d\"} %" PRIu64 "\n",
		name, extent->span.start, extent->span.end, dax_owner_owner_name(extent->owner),
		dax_owner_state_name(extent->state), dax_owner_reason_name(extent->reason), extent->device,
		holding->driver, extent->node, value);
}

/**
 * metrics_print() - in numbers
 * @snapshot: who owns what; there may be nothing
 * @file: where to
 */
void metrics_print(const struct snapshot *snapshot, FILE *file)
{
	head(file, "arbiter", NULL, "Who decides on this kernel; always 1.");
	fprintf(file, "dax_owner_arbiter{arbiter=\"%s\",kernel=\"%s\",source=\"%s\"} 1\n",
		arbiter_name(snapshot->arbiter), snapshot->kernel, source_name(snapshot->source));
	head(file, "settled", NULL, "1 if what nobody does by hand will not change any more.");
	fprintf(file, "dax_owner_settled %d\n", snapshot->settled);
	head(file, "stranded_bytes", "bytes", "Soft Reserved memory that nobody has.");
	fprintf(file, "dax_owner_stranded_bytes %" PRIu64 "\n", snapshot->sums.stranded);
	head(file, "wrong_bytes", "bytes", "Soft Reserved memory that another driver has than should.");
	fprintf(file, "dax_owner_wrong_bytes %" PRIu64 "\n", snapshot->sums.wrong);
	head(file, "owned_bytes", "bytes", "Soft Reserved memory that a driver has.");
	for (enum dax_owner_owner owner = DAX_OWNER_CXL; owner <= DAX_OWNER_HMEM; owner++)
		fprintf(file, "dax_owner_owned_bytes{owner=\"%s\"} %" PRIu64 "\n", dax_owner_owner_name(owner),
			snapshot->sums.owned[owner]);
	head(file, "extent_bytes", "bytes", "Size of an extent of Soft Reserved memory.");
	for (size_t i = 0; i < snapshot->n; i++)
		put_extent(file, "extent_bytes", &snapshot->holdings[i], extent_size(&snapshot->holdings[i].extent));
	head(file, "online_bytes", "bytes", "How much of an extent is system memory in use.");
	for (size_t i = 0; i < snapshot->n; i++)
		put_extent(file, "online_bytes", &snapshot->holdings[i], snapshot->holdings[i].online.online);
	fputs("# EOF\n", file);
}

static int run(int argc, char **argv)
{
	struct snapshot snapshot;
	int status;

	command_no_arguments(argc, argv,
			     "Prints numbers in OpenMetrics text form.\v"
			     "For the node exporter, in the directory of its textfile collector: dax-owner metrics >new && "
			     "mv new dax-owner.prom");
	status = command_snapshot(&snapshot);
	if (status)
		return status;
	metrics_print(&snapshot, stdout);
	snapshot_free(&snapshot);
	return 0;
}

const struct command command_metrics = { "metrics", "numbers for monitoring, in OpenMetrics text form", run };
