// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner metrics: print ownership in numbers, for the textfile collector of Prometheus's node
 * exporter. The format is OpenMetrics text, with only those types that the exporter's older parser
 * knows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/format/user-file.h"
#include "cli/metrics.h"

static void head(FILE *file, const char *name, const char *unit, const char *help)
{
	fprintf(file, "# TYPE dax_owner_%s gauge\n", name);
	if (unit)
		fprintf(file, "# UNIT dax_owner_%s %s\n", name, unit);
	fprintf(file, "# HELP dax_owner_%s %s\n", name, help);
}

/*
 * Print the label that names an extent: its first byte, or its index in address order where
 * addresses are hidden. All other facts of an extent are labels of one metric only, because a fact
 * that changes would begin a new series of each metric.
 */
static void put_name(FILE *file, size_t number, const struct extent *extent)
{
	if (extent->hidden)
		fprintf(file, "extent=\"%zu\"", number);
	else
		fprintf(file, "extent=\"0x%" PRIx64 "\"", extent->span.start);
}

/* The labels need no escapes, because this project and the kernel define all their values. */
static void put_info(FILE *file, size_t number, const struct snapshot_extent *entry)
{
	const struct extent *extent = &entry->extent;

	fputs("dax_owner_extent_info{", file);
	put_name(file, number, extent);
	if (!extent->hidden)
		fprintf(file, ",end=\"0x%" PRIx64 "\"", extent->span.end);
	fprintf(file,
		",owner=\"%s\",state=\"%s\",reason=\"%s\",device=\"%s\",driver=\"%s\",target_node=\"%d\"} 1\n",
		dax_owner_owner_name(extent->owner), dax_owner_state_name(extent->state),
		dax_owner_reason_name(extent->reason), extent->device, entry->driver, extent->node);
}

static void put_infos(FILE *file, const struct snapshot *snapshot)
{
	head(file, "extent_info", NULL, "The facts of an extent of Soft Reserved memory; always 1.");
	for (size_t i = 0; i < snapshot->n; i++)
		put_info(file, i, &snapshot->entries[i]);
}

static void put_sum(FILE *file, const char *name, const char *help, u64 value)
{
	head(file, name, "bytes", help);
	fprintf(file, "dax_owner_%s %" PRIu64 "\n", name, value);
}

static u64 size_of(const struct snapshot_extent *entry)
{
	return extent_size(&entry->extent);
}

static u64 usable_of(const struct snapshot_extent *entry)
{
	return entry->extent.usable_bytes;
}

static u64 loss_of(const struct snapshot_extent *entry)
{
	return entry->extent.block_loss_bytes;
}

static u64 online_of(const struct snapshot_extent *entry)
{
	return entry->online.online;
}

static void put_extents(FILE *file, const struct snapshot *snapshot, const char *name,
			const char *help, u64 (*value)(const struct snapshot_extent *entry))
{
	head(file, name, "bytes", help);
	for (size_t i = 0; i < snapshot->n; i++) {
		const struct snapshot_extent *entry = &snapshot->entries[i];

		fprintf(file, "dax_owner_%s{", name);
		put_name(file, i, &entry->extent);
		fprintf(file, "} %" PRIu64 "\n", value(entry));
	}
}

/**
 * metrics_print() - print a snapshot as OpenMetrics text
 * @snapshot: the extents and their sums; it may have no extent
 * @file: receives the text
 */
void metrics_print(const struct snapshot *snapshot, FILE *file)
{
	const struct sums *sums = &snapshot->sums;

	head(file, "arbiter", NULL, "The arbiter of this kernel; always 1.");
	fprintf(file, "dax_owner_arbiter{arbiter=\"%s\",kernel=\"%s\",source=\"%s\"} 1\n",
		arbiter_name(snapshot->arbiter), snapshot->kernel, source_name(snapshot->source));
	head(file, "settled", NULL, "1 if ownership is settled.");
	fprintf(file, "dax_owner_settled %d\n", snapshot->settled);
	put_sum(file, "stranded_bytes", "Soft Reserved memory that is stranded: no driver owns it.",
		sums->stranded);
	put_sum(file, "wrong_bytes", "Soft Reserved memory that the wrong driver owns.",
		sums->wrong);
	put_sum(file, "withheld_bytes",
		"Soft Reserved memory that no driver may own: a CXL region that is not for DAX, or is disabled, "
		"decodes it.",
		sums->withheld);
	put_sum(file, "at_risk_bytes",
		"Soft Reserved memory that a driver owns although no driver may own it.",
		sums->at_risk);
	put_sum(file, "usable_bytes", "Soft Reserved memory that can be system memory.",
		sums->usable);
	head(file, "owned_bytes", "bytes", "Soft Reserved memory that a driver owns.");
	for (enum dax_owner_owner owner = DAX_OWNER_CXL; owner <= DAX_OWNER_HMEM; owner++)
		fprintf(file, "dax_owner_owned_bytes{owner=\"%s\"} %" PRIu64 "\n",
			dax_owner_owner_name(owner), sums->owned[owner]);
	put_infos(file, snapshot);
	put_extents(file, snapshot, "extent_bytes", "Size of an extent of Soft Reserved memory.",
		    size_of);
	put_extents(file, snapshot, "extent_usable_bytes",
		    "Bytes of an extent that can be system memory.", usable_of);
	put_extents(file, snapshot, "extent_block_loss_bytes",
		    "Bytes of an extent that lie in no whole memory block.", loss_of);
	if (!snapshot->hidden)
		put_extents(file, snapshot, "online_bytes",
			    "Bytes of an extent that are system memory in use.", online_of);
	fputs("# EOF\n", file);
}

/* --- command --- */

#define OPTION_OUTPUT 256

static const struct argp_option options[] = {
	{ "output", OPTION_OUTPUT, "FILE", 0,
	  "Replace FILE in one step, so that a collector never reads a part of it", 0 },
	{},
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	const char **file = state->input;

	if (key != OPTION_OUTPUT)
		return ARGP_ERR_UNKNOWN;
	*file = word;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Prints metrics in the OpenMetrics text format.\v"
	       "For the node exporter, FILE is in the directory of its textfile collector and ends with .prom; "
	       "dax-owner-metrics.timer writes it regularly.",
};

static int write_file(const struct snapshot *snapshot, const char *path)
{
	_cleanup_(freep) char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	int r;

	if (!file)
		return command_fail(EX_OSERR, "out of memory");
	metrics_print(snapshot, file);
	if (fclose(file))
		return command_fail(EX_OSERR, "out of memory");
	r = user_file_write(path, text);
	if (r == -EEXIST)
		return command_fail(EX_CANTCREAT, "cannot write %s: not a regular file", path);
	return r ? command_fail(EX_CANTCREAT, "cannot write %s: %s", path, strerror(-r)) : 0;
}

/* Without Soft Reserved memory, the sums are 0: a collector takes missing metrics for a failure. */
static int run(int argc, char **argv, const char *root)
{
	struct snapshot snapshot;
	const char *file = NULL;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &file);
	status = command_take_snapshot(root, &snapshot);
	if (status)
		return status;
	if (file)
		status = write_file(&snapshot, file);
	else
		metrics_print(&snapshot, stdout);
	snapshot_free(&snapshot);
	return status;
}

const struct command command_metrics = { "metrics",
					 "metrics for monitoring, in the OpenMetrics text format",
					 run, true };
