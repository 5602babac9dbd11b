// SPDX-License-Identifier: GPL-2.0-only
/*
 * The facts from firmware. They are read once, at the first load, and never change:
 *
 * - the CXL windows, from the CFMWS structures of the ACPI CEDT (CXL 3.1, 9.18.1.3). They are
 *   not read from iomem, because iomem has windows only after cxl_acpi is loaded. A dax_hmem
 *   that is loaded earlier must defer, too;
 * - the edges at which a DAX device must be cut: those of the windows, and those of NUMA nodes,
 *   from the SRAT;
 * - the Soft Reserved ranges, each cut at the hmem targets (one per HMAT/SRAT memory target). The
 *   in-tree dax_hmem drops a tail of a range that no target covers. Here such a tail is a range
 *   of its own.
 */
#include <linux/acpi.h>
#include <linux/dax.h>
#include <linux/ioport.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "../compat/soft_reserve.h"
#include "cedt.h"
#include "edges.h"
#include "internal.h"
#include "srat.h"

struct dax_owner_range *dax_owner_ranges;
size_t dax_owner_nr_ranges;
struct dax_owner_span *dax_owner_windows;
size_t dax_owner_nr_windows;
u64 *dax_owner_edges;
size_t dax_owner_nr_edges;

/* A list of spans that grows while firmware is being read */
struct span_list {
	struct dax_owner_span *spans;
	size_t n;
};

/* The hmem targets, ascending and disjoint: a copy of the kernel's own resource tree of them */
static struct span_list targets __initdata;
static bool hmem_present;

static int __init add_span(struct span_list *list, u64 start, u64 end)
{
	struct dax_owner_span *more;

	more = krealloc_array(list->spans, list->n + 1, sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	list->spans = more;
	list->spans[list->n++] = (struct dax_owner_span) { start, end };
	return 0;
}

/* --- tables --- */

typedef enum dax_owner_table_error (*open_fn)(struct dax_owner_table *table, const void *bytes,
					      size_t len);
typedef bool (*next_fn)(struct dax_owner_table *table, struct dax_owner_entry *entry);

static void __init read_entries(const char *name, struct dax_owner_table *table, next_fn next,
				struct span_list *list)
{
	struct dax_owner_entry entry;

	while (next(table, &entry)) {
		if (entry.error)
			pr_warn("%s: entry %u at offset %#zx skipped: %s\n", name, entry.index,
				entry.offset, dax_owner_table_error_text(entry.error));
		else if (entry.has_span)
			list->spans[list->n++] = entry.span;
	}
}

/*
 * Read the spans of a firmware table into @list, which the caller frees with kvfree(). If the
 * table is absent or malformed, @list stays empty and 0 is returned.
 */
static int __init read_table(const char *name, open_fn open, next_fn next, struct span_list *list)
{
	enum dax_owner_table_error error;
	struct acpi_table_header *header;
	struct dax_owner_table table;
	int rc = 0;

	if (acpi_disabled || ACPI_FAILURE(acpi_get_table((char *)name, 0, &header)))
		return 0;

	error = open(&table, header, header->length);
	if (error) {
		pr_warn("%s skipped: %s\n", name, dax_owner_table_error_text(error));
		goto out;
	}
	list->spans =
		kvcalloc(DAX_OWNER_TABLE_MAX_SPANS(table.end), sizeof(*list->spans), GFP_KERNEL);
	if (list->spans)
		read_entries(name, &table, next, list);
	else
		rc = -ENOMEM;
out:
	acpi_put_table(header);
	return rc;
}

/* Keep the edges at which the node changes: SRAT may describe one node in several pieces. */
static size_t __init keep_node_edges(u64 *edges, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (edges[i] && phys_to_target_node(edges[i] - 1) != phys_to_target_node(edges[i]))
			edges[kept++] = edges[i];
	return kept;
}

static int __init read_edges(void)
{
	struct span_list memory = {};
	size_t n;
	int rc;

	rc = read_table(ACPI_SIG_SRAT, dax_owner_srat_open, dax_owner_srat_next, &memory);
	if (rc)
		return rc;

	dax_owner_edges = kvcalloc(2 * (memory.n + dax_owner_nr_windows) + 1,
				   sizeof(*dax_owner_edges), GFP_KERNEL);
	if (dax_owner_edges) {
		n = dax_owner_edges_add(dax_owner_edges, 0, memory.spans, memory.n);
		n = keep_node_edges(dax_owner_edges, n);
		n = dax_owner_edges_add(dax_owner_edges, n, dax_owner_windows, dax_owner_nr_windows);
		dax_owner_nr_edges = dax_owner_edges_unique(dax_owner_edges, n);
	} else {
		rc = -ENOMEM;
	}
	kvfree(memory.spans);
	return rc;
}

static int __init read_windows(void)
{
	struct span_list windows = {};
	int rc = 0;

	/* without dax_cxl no other driver competes, so no range has to wait for a window */
	if (IS_ENABLED(CONFIG_DEV_DAX_CXL))
		rc = read_table(ACPI_SIG_CEDT, dax_owner_cedt_open, dax_owner_cedt_next, &windows);
	dax_owner_windows = windows.spans;
	dax_owner_nr_windows = dax_owner_spans_unique(windows.spans, windows.n);
	return rc;
}

/* --- ranges --- */

static int __init add_target(struct device *host, int node, const struct resource *res)
{
	return add_span(&targets, res->start, res->end);
}

/*
 * Add a range, cut to whole 2 MiB pages, because only these can become a DAX device. The other
 * bytes get no owner, and a message is logged.
 */
static int __init keep_range(u64 start, u64 end)
{
	u64 first = ALIGN(start, DAX_OWNER_ALIGN);
	u64 past = ALIGN_DOWN(end + 1, DAX_OWNER_ALIGN);
	struct dax_owner_range *more;

	/* no memory is there, and past the last byte the sums below would wrap */
	if (end > U64_MAX - DAX_OWNER_ALIGN) {
		pr_warn("Soft Reserved %#llx-%#llx ignored: it ends beyond any memory\n", start,
			end);
		return 0;
	}
	if (first != start || past != end + 1)
		pr_info("Soft Reserved %#llx-%#llx is not 2 MiB aligned: only whole 2 MiB pages are usable\n",
			start, end);
	if (first >= past)
		return 0;

	more = krealloc_array(dax_owner_ranges, dax_owner_nr_ranges + 1, sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	dax_owner_ranges = more;
	dax_owner_ranges[dax_owner_nr_ranges++] = (struct dax_owner_range) {
		.span = { first, past - 1 },
	};
	return 0;
}

static int __init keep_tail(u64 start, u64 end)
{
	pr_info("Soft Reserved %#llx-%#llx is in no hmem target\n", start, end);
	return keep_range(start, end);
}

/* Return the index of the first target that ends at @start or above. */
static size_t __init first_target(u64 start)
{
	size_t low = 0, high = targets.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (targets.spans[middle].end < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int __init cut_at_targets(const struct dax_owner_span *whole)
{
	u64 next = whole->start;
	int rc = 0;

	for (size_t i = first_target(whole->start); i < targets.n && !rc; i++) {
		struct dax_owner_span part;

		if (!dax_owner_span_meets(&targets.spans[i], whole))
			break;
		part = dax_owner_span_common(&targets.spans[i], whole);
		if (part.start > next)
			rc = keep_tail(next, part.start - 1);
		if (!rc)
			rc = keep_range(part.start, part.end);
		if (part.end == whole->end)
			return rc;
		next = part.end + 1;
	}
	return rc ? rc : keep_tail(next, whole->end);
}

static int __init add_soft_reserved(struct resource *res, void *soft_reserved)
{
	return add_span(soft_reserved, res->start, res->end);
}

/*
 * Fill dax_owner_ranges, ascending and disjoint. The kernel's trees may list an entry inside
 * another entry, too, so overlaps are removed.
 */
static int __init read_ranges(void)
{
	struct span_list soft_reserved = {};
	size_t n;
	int rc;

	rc = walk_hmem_resources(NULL, add_target);
	hmem_present = targets.n;
	if (!rc && targets.n)
		rc = compat_walk_soft_reserve(&soft_reserved, add_soft_reserved);
	/* a walk that finds no entry returns -EINVAL: that is no failure */
	if (rc != -ENOMEM)
		rc = 0;

	n = dax_owner_spans_disjoint(soft_reserved.spans, soft_reserved.n);
	for (size_t i = 0; i < n && !rc; i++)
		rc = cut_at_targets(&soft_reserved.spans[i]);
	kfree(soft_reserved.spans);
	kfree(targets.spans);
	return rc;
}

/**
 * dax_owner_hmem_present() - check whether the kernel has an hmem_platform device
 *
 * Return: true if it has; false if no memory target was registered at boot, because no memory is
 * Soft Reserved or because of device_hmem.disable. Then dax_hmem is never probed, and there is
 * no initial pass to wait for.
 */
bool dax_owner_hmem_present(void)
{
	return hmem_present;
}

/**
 * dax_owner_target_node() - find the NUMA node that a piece of a range belongs to when online
 * @start: first byte of the piece, which no edge of dax_owner_edges cuts
 *
 * A piece has a node, a range may have several: firmware merges ranges that touch, and each CXL
 * window can be a node of its own.
 *
 * If firmware names no node, the piece has none. The hmem target cannot help: its node is that of
 * its first byte, or comes from the SRAT, which this function uses, too.
 * memory_add_physaddr_to_nid() cannot help either: it returns the first node of the machine for
 * every unknown address. kmem would put the memory there, among memory of another speed, and no
 * memory policy could separate the two. So kmem does not get a piece with NUMA_NO_NODE. The
 * piece can still be used as a devdax device.
 *
 * Context: any.
 * Return: a node, or NUMA_NO_NODE.
 */
int dax_owner_target_node(u64 start)
{
	return phys_to_target_node(start);
}

/**
 * dax_owner_firmware_free() - free windows, edges and ranges when the module cannot be loaded
 */
void __init dax_owner_firmware_free(void)
{
	kfree(dax_owner_ranges);
	kvfree(dax_owner_edges);
	kvfree(dax_owner_windows);
}

/**
 * dax_owner_firmware_init() - read windows, edges and ranges from firmware's tables
 *
 * Return: 0; -ENOMEM, with everything freed.
 */
int __init dax_owner_firmware_init(void)
{
	int rc = read_windows();

	if (!rc)
		rc = read_edges();
	if (!rc)
		rc = read_ranges();
	if (rc) {
		dax_owner_firmware_free();
		return rc;
	}

	pr_info("%zu CXL windows, %zu Soft Reserved ranges\n", dax_owner_nr_windows,
		dax_owner_nr_ranges);
	return 0;
}
