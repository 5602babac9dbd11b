// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explanation as text: a paragraph for each extent, and one for the unusual facts of the
 * machine.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain/explanation.h"
#include "cli/explain/advice.h"
#include "cli/format/sizes.h"
#include "cli/format/times.h"
#include "model/explain.h"

/* The format of a label; its text follows on the same line. */
#define LABEL "  %-10s "

static __attribute__((format(printf, 3, 4))) void line(FILE *file, const char *label,
						       const char *format, ...)
{
	va_list args;

	fprintf(file, LABEL, label);
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fputc('\n', file);
}

static void span_line(FILE *file, const char *label, const struct dax_owner_span *span,
		      const char *what)
{
	char size[SIZE_TEXT_LEN];

	line(file, label, "0x%" PRIx64 "-0x%" PRIx64 " %s%s", span->start, span->end,
	     size_text_short(size, span->end - span->start + 1), what);
}

/*
 * Join the extents that touch into their range, because the snapshot does not hold the ranges that
 * firmware has marked.
 */
static struct dax_owner_span range_of(const struct snapshot *snapshot, const struct extent *extent)
{
	struct dax_owner_span range = extent->span;

	for (size_t i = snapshot->n; i-- > 0;)
		if (snapshot->entries[i].extent.span.end + 1 == range.start)
			range.start = snapshot->entries[i].extent.span.start;
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->entries[i].extent.span.start == range.end + 1)
			range.end = snapshot->entries[i].extent.span.end;
	return range;
}

static void print_head(const struct snapshot_extent *entry, FILE *file)
{
	const struct extent *extent = &entry->extent;
	char size[SIZE_TEXT_LEN], online[SIZE_TEXT_LEN];

	if (!extent->hidden)
		fprintf(file, "0x%" PRIx64 "-0x%" PRIx64 ", ", extent->span.start, extent->span.end);
	fprintf(file, "%s: %s", size_text_short(size, extent_size(extent)),
		dax_owner_state_name(extent->state));
	if (extent->owner != DAX_OWNER_NONE)
		fprintf(file, "%s %s", extent->state == DAX_OWNER_STATE_OWNED ? " by" : ", for",
			dax_owner_owner_name(extent->owner));
	if (*extent->device)
		fprintf(file, ", %s%s%s", extent->device,
			*entry->driver ? " under " : " without driver", entry->driver);
	if (extent->node >= 0)
		fprintf(file, ", node %d", extent->node);
	if (extent->state == DAX_OWNER_STATE_OWNED && !strcmp(entry->driver, "kmem") &&
	    !extent->hidden)
		fprintf(file, ", %s online", size_text_short(online, entry->online.online));
	fputc('\n', file);
}

static void print_windows(const struct machine *machine, const struct dax_owner_span *range,
			  FILE *file)
{
	bool any = false;

	if (!machine->windows_known) {
		line(file, "window", "%s",
		     machine->cedt_damaged ? "not known, the CEDT is invalid" :
		     machine->has_cedt     ? "shown only to root" :
					     "none, because there is no CEDT");
		return;
	}
	for (size_t i = 0; i < machine->windows.n; i++) {
		if (!dax_owner_span_meets(&machine->windows.spans[i], range))
			continue;
		span_line(file, "window", &machine->windows.spans[i], "");
		any = true;
	}
	if (!any)
		line(file, "window", "none meets the range");
}

static void print_regions(const struct machine *machine, const struct dax_owner_span *range,
			  FILE *file)
{
	bool any = false;

	for (size_t i = 0; i < machine->topology.n_regions; i++) {
		const struct topology_region *region = &machine->topology.regions[i];

		if (region->span.end < region->span.start ||
		    !dax_owner_span_meets(&region->span, range))
			continue;
		span_line(file, region->name, &region->span,
			  !region->committed ? ", not committed" :
			  region->pmem       ? ", committed, pmem" :
			  !region->bound     ? ", committed, disabled" :
			  region->dax        ? ", committed" :
					       ", committed, no DAX region");
		any = true;
	}
	if (!any)
		line(file, "region", "none meets the range");
}

/* The memory devices that are behind the extent, not those behind the rest of the range */
static void print_devices(const struct topology *topology, const struct extent *extent, FILE *file)
{
	for (size_t i = 0; i < topology->n_memdevs; i++) {
		const struct topology_memdev *memdev = &topology->memdevs[i];

		if (!topology_serves(topology, memdev, &extent->span))
			continue;
		line(file, "device", "%s  serial %s, %s", memdev->name,
		     *memdev->serial ? memdev->serial : "not known", memdev->slot);
	}
}

static void print_addresses(const struct question *question, const struct extent *extent, FILE *file)
{
	const struct dax_owner_span range = range_of(question->snapshot, extent);

	if (extent->hidden) {
		line(file, "range", "shown only to root, like windows and regions");
		return;
	}
	span_line(file, "range", &range, ", Soft Reserved");
	print_windows(question->machine, &range, file);
	print_regions(question->machine, &range, file);
	print_devices(&question->machine->topology, extent, file);
}

/* Print the usable bytes, unless the whole extent is usable. */
static void print_usable(const struct extent *extent, u64 block_size, FILE *file)
{
	char usable[SIZE_TEXT_LEN], size[SIZE_TEXT_LEN], loss[SIZE_TEXT_LEN], block[SIZE_TEXT_LEN];

	if (!extent_is_claimed(extent) || extent->usable_bytes == extent_size(extent))
		return;
	if (extent_lacks_node(extent)) {
		line(file, "usable",
		     "0: the firmware's tables name no NUMA node; use the device as devdax");
		return;
	}
	line(file, "usable", "%s of %s: %s lie in no whole memory block%s%s",
	     size_text_short(usable, extent->usable_bytes),
	     size_text_short(size, extent_size(extent)),
	     size_text_short(loss, extent->block_loss_bytes), block_size ? " of " : "",
	     block_size ? size_text_short(block, block_size) : "");
}

static void print_evidence(const struct question *question, const struct snapshot_extent *entry,
			   FILE *file)
{
	const struct extent *extent = &entry->extent;
	char decided[TIMESPAN_LEN];

	print_addresses(question, extent, file);
	print_usable(extent, question->machine->block_size, file);
	if (extent->error)
		line(file, "error", "%s%s%s", strerror(-extent->error),
		     *extent->holder ? ", already claimed by " : "", extent->holder);
	if (extent->decided_us)
		line(file, "decided", "%s after boot", timespan_text(decided, extent->decided_us));
}

static void print_finding(const char *what, const char *command, void *file)
{
	line(file, "", "%s.", what);
	if (advice_takes_memory(command))
		line(file, "warning",
		     "The command takes the memory away from programs that use it.");
	if (*command)
		line(file, "", "    %s", command);
}

static void print_sentence(const char *label, const char *text, FILE *file)
{
	line(file, label, "%s.", text);
}

static void print_holding(const struct question *question, const struct snapshot_extent *entry,
			  FILE *file)
{
	char text[EXPLAIN_LEN];

	print_head(entry, file);
	print_evidence(question, entry, file);
	explain_rule(&entry->extent, question->machine->block_size, text);
	print_sentence("why", text, file);
	explain_change(&entry->extent, text);
	print_sentence("otherwise", text, file);
	advice_on_extent(entry, question->machine, question->snapshot->arbiter, print_finding, file);
	fputc('\n', file);
}

/* Advice on the machine has a heading, which is printed before the first sentence. */
struct heading {
	FILE *file;
	bool printed;
};

static void print_of_machine(const char *what, const char *command, void *data)
{
	struct heading *heading = data;

	if (!heading->printed)
		fputs("Unusual facts of this machine\n", heading->file);
	heading->printed = true;
	print_finding(what, command, heading->file);
}

/**
 * explanation_print() - print the explanation as text
 * @question: the extents to explain
 * @file: receives the text
 */
void explanation_print(const struct question *question, FILE *file)
{
	const struct snapshot *snapshot = question->snapshot;
	struct heading heading = { .file = file };

	for (size_t i = 0; i < question->n; i++)
		print_holding(question, &question->entries[i], file);
	advice_on_machine(question->machine, snapshot->arbiter, print_of_machine, &heading);
	fprintf(file, "%sSource: %s; arbiter of this kernel, %s: %s.\n", heading.printed ? "\n" : "",
		source_name(snapshot->source), snapshot->kernel, arbiter_name(snapshot->arbiter));
}
