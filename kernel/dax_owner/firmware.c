// SPDX-License-Identifier: GPL-2.0-only
/*
 * What firmware said, gathered once at the first load and never changed:
 *
 * - the CXL windows, from the CFMWS structures of the ACPI CEDT (CXL 3.1,
 *   9.18.1.3). From the table, not from iomem: that has windows only once
 *   cxl_acpi is loaded, and a dax_hmem that comes first must defer as well;
 * - the Soft Reserved ranges, each cut at the hmem targets (one per HMAT/SRAT
 *   memory target), which give it its NUMA node. A tail of a range that no
 *   target covers would be dropped by dax_hmem in the kernel; here it is a
 *   range of its own.
 */
#include <linux/acpi.h>
#include <linux/dax.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "../compat/soft_reserve.h"
#include "internal.h"

struct dax_owner_range *dax_owner_ranges;
size_t dax_owner_nr_ranges;
struct dax_owner_span *dax_owner_windows;
size_t dax_owner_nr_windows;

/* The hmem targets, ascending: copies of the kernel's own resource tree of them */
static struct dax_owner_range *targets __initdata;
static size_t nr_targets;

static int __init add_window(union acpi_subtable_headers *header, void *arg,
			     const unsigned long end)
{
	const struct acpi_cedt_cfmws *cfmws = (void *)header;
	struct dax_owner_span *more;
	int *rc = arg;

	if ((unsigned long)header + sizeof(*cfmws) > end || !cfmws->window_size ||
	    cfmws->base_hpa + cfmws->window_size - 1 < cfmws->base_hpa) {
		pr_warn("CEDT: malformed CFMWS ignored\n");
		return 0;
	}

	more = krealloc_array(dax_owner_windows, dax_owner_nr_windows + 1,
			      sizeof(*more), GFP_KERNEL);
	if (!more) {
		*rc = -ENOMEM;
		return *rc;
	}
	dax_owner_windows = more;
	dax_owner_windows[dax_owner_nr_windows++] = (struct dax_owner_span) {
		.start = cfmws->base_hpa,
		.end = cfmws->base_hpa + cfmws->window_size - 1,
	};
	return 0;
}

static int __init add_target(struct device *host, int node, const struct resource *res)
{
	struct dax_owner_range *more;

	more = krealloc_array(targets, nr_targets + 1, sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	targets = more;
	targets[nr_targets++] = (struct dax_owner_range) {
		.span = { res->start, res->end },
		.target_node = node,
	};
	return 0;
}

/* Only whole 2 MiB pages can become a DAX device; the rest is said, not owned. */
static int __init keep_range(u64 start, u64 end, int node)
{
	u64 first = ALIGN(start, DAX_OWNER_ALIGN);
	u64 past = ALIGN_DOWN(end + 1, DAX_OWNER_ALIGN);
	struct dax_owner_range *more;

	/* no such address exists, and nothing below could count past it */
	if (end > U64_MAX - DAX_OWNER_ALIGN) {
		pr_warn("Soft Reserved %#llx-%#llx is not an address range, ignored\n", start, end);
		return 0;
	}
	if (first != start || past != end + 1)
		pr_info("Soft Reserved %#llx-%#llx is not 2 MiB aligned, the odd ends are unusable\n",
			start, end);
	if (first >= past)
		return 0;

	more = krealloc_array(dax_owner_ranges, dax_owner_nr_ranges + 1,
			      sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	dax_owner_ranges = more;
	dax_owner_ranges[dax_owner_nr_ranges++] = (struct dax_owner_range) {
		.span = { first, past - 1 },
		.target_node = node,
	};
	return 0;
}

static int __init keep_tail(u64 start, u64 end)
{
	pr_info("Soft Reserved %#llx-%#llx is in no hmem target\n", start, end);
	return keep_range(start, end, NUMA_NO_NODE);
}

static int __init add_soft_reserved(struct resource *res, void *arg)
{
	const struct dax_owner_span whole = { res->start, res->end };
	u64 next = whole.start;
	int rc = 0;

	for (size_t i = 0; i < nr_targets && !rc; i++) {
		struct dax_owner_span part;

		if (!dax_owner_span_meets(&targets[i].span, &whole))
			continue;
		part = dax_owner_span_common(&targets[i].span, &whole);
		if (part.start > next)
			rc = keep_tail(next, part.start - 1);
		if (!rc)
			rc = keep_range(part.start, part.end, targets[i].target_node);
		next = part.end + 1;
	}
	if (!rc && next <= whole.end)
		rc = keep_tail(next, whole.end);
	return rc;
}

/**
 * dax_owner_hmem_present() - does the kernel have an hmem_platform device?
 *
 * Return: false where no memory target was registered at boot: nothing is Soft
 * Reserved, or device_hmem.disable was given. dax_hmem is then never probed and there
 * is no initial pass to wait for.
 */
bool dax_owner_hmem_present(void)
{
	return nr_targets;
}

/**
 * dax_owner_target_node() - the NUMA node a piece of a range belongs to when online
 * @range: the range
 * @start: first byte of the piece
 *
 * Of the piece, not of the range: each CXL window can be a node of its own, and the
 * hmem target knows only that of its first byte. kmem refuses a device without a node,
 * so the last resort is the one that memory hotplug would choose.
 *
 * Return: a node, NUMA_NO_NODE never.
 */
int dax_owner_target_node(const struct dax_owner_range *range, u64 start)
{
	int node = phys_to_target_node(start);

	if (node == NUMA_NO_NODE)
		node = range->target_node;
	if (node == NUMA_NO_NODE)
		node = memory_add_physaddr_to_nid(start);
	return node;
}

/**
 * dax_owner_firmware_free() - forget what was gathered, when the module cannot be loaded
 */
void __init dax_owner_firmware_free(void)
{
	kfree(dax_owner_ranges);
	kfree(dax_owner_windows);
}

/**
 * dax_owner_firmware_init() - gather windows and ranges
 *
 * Return: 0; -ENOMEM, with nothing gathered.
 */
int __init dax_owner_firmware_init(void)
{
	int rc = 0;

	/* without dax_cxl nobody competes: no window, no deferral */
	if (IS_ENABLED(CONFIG_DEV_DAX_CXL))
		acpi_table_parse_cedt(ACPI_CEDT_TYPE_CFMWS, add_window, &rc);
	if (!rc)
		rc = walk_hmem_resources(NULL, add_target);
	if (!rc && nr_targets)
		rc = compat_walk_soft_reserve(NULL, add_soft_reserved);
	kfree(targets);

	if (rc == -ENOMEM) {
		dax_owner_firmware_free();
		return rc;
	}

	pr_info("%zu CXL windows, %zu Soft Reserved ranges\n",
		dax_owner_nr_windows, dax_owner_nr_ranges);
	return 0;
}
