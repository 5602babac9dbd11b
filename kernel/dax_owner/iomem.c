// SPDX-License-Identifier: GPL-2.0-only
/*
 * "Soft Reserved" in /proc/iomem, kept true to the owner.
 *
 * Present above what dax_hmem has; absent from what dax_cxl has, so that a
 * region can be torn down and made again at the same address. Older kernels
 * insert the entries at boot and never touch them again; newer ones never
 * insert any (compat/soft_reserve.h). Both are brought to the same picture.
 *
 * Also here: what piece of the address space can be reserved at once.
 *
 * From the moment this module is loaded the tree is an output. What firmware
 * said is in firmware.c.
 */
#include <linux/ioport.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat/soft_reserve.h"
#include "internal.h"

/**
 * struct entry - a "Soft Reserved" entry of the iomem tree
 * @res: the resource in the tree: &own, or the kernel's own from boot
 * @own: the resource, where it is ours
 * @node: in entries
 *
 * An entry of boot, once removed, is never used again; it is the kernel's to free.
 */
struct entry {
	struct resource *res;
	struct resource own;
	struct list_head node;
};

/* Under dax_owner_lock */
static LIST_HEAD(entries);

static struct dax_owner_span entry_span(const struct entry *entry)
{
	return (struct dax_owner_span) { entry->res->start, entry->res->end };
}

static struct entry *entry_alloc(u64 start, u64 end)
{
	struct entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return NULL;
	entry->own = (struct resource) {
		.name = "Soft Reserved",
		.start = start,
		.end = end,
		.flags = IORESOURCE_MEM,
		.desc = IORES_DESC_SOFT_RESERVED,
	};
	entry->res = &entry->own;
	return entry;
}

/* Consumes @entry, which is not in the tree. */
static void entry_insert(struct entry *entry)
{
	if (insert_resource(&iomem_resource, entry->res)) {
		pr_warn("cannot insert %pR into iomem, it crosses another entry\n",
			entry->res);
		kfree(entry);
		return;
	}
	list_add_tail(&entry->node, &entries);
}

/**
 * dax_owner_iomem_hide() - take "Soft Reserved" off a span
 * @span: what dax_cxl has claimed
 *
 * Entries that reach beyond @span are cut. If memory for the cut is not to be had,
 * the entry goes as a whole: an entry too few hides nothing from its owner, one too
 * many keeps kmem from reserving the region.
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_iomem_hide(const struct dax_owner_span *span)
{
	struct entry *entry, *next, *low, *high;
	LIST_HEAD(cut);

	lockdep_assert_held(&dax_owner_lock);

	list_for_each_entry_safe(entry, next, &entries, node) {
		struct dax_owner_span old = entry_span(entry);

		if (!dax_owner_span_meets(&old, span))
			continue;
		low = old.start < span->start ?
			entry_alloc(old.start, span->start - 1) : NULL;
		high = old.end > span->end ?
			entry_alloc(span->end + 1, old.end) : NULL;

		remove_resource(entry->res);
		list_del(&entry->node);
		kfree(entry);
		if (low)
			list_add_tail(&low->node, &cut);
		if (high)
			list_add_tail(&high->node, &cut);
	}

	list_for_each_entry_safe(entry, next, &cut, node) {
		list_del(&entry->node);
		entry_insert(entry);
	}
}

/**
 * dax_owner_iomem_show() - put "Soft Reserved" above a span
 * @span: what dax_hmem has claimed; lies within or equals every entry it meets
 *
 * Context: dax_owner_lock held, before anything inside @span is reserved.
 */
void dax_owner_iomem_show(const struct dax_owner_span *span)
{
	struct entry *entry;

	lockdep_assert_held(&dax_owner_lock);

	list_for_each_entry(entry, &entries, node)
		if (entry->res->start <= span->start && entry->res->end >= span->end)
			return;

	dax_owner_iomem_hide(span);
	entry = entry_alloc(span->start, span->end);
	if (entry)
		entry_insert(entry);
	else
		pr_warn("no memory to show %#llx-%#llx in iomem\n",
			span->start, span->end);
}

/**
 * dax_owner_iomem_release() - dax_hmem let go of a span
 * @span: what it had
 *
 * Where the kernel itself shows the ranges from boot on, they stay: the in-tree
 * dax_hmem of such a kernel claims nothing that is not there.
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_iomem_release(const struct dax_owner_span *span)
{
	if (!compat_soft_reserve_in_iomem())
		dax_owner_iomem_hide(span);
}

static struct resource *reserve(u64 start, u64 len)
{
	return request_mem_region(start, len, KBUILD_MODNAME);
}

/*
 * Not release_mem_region(): that drops what was inserted inside meanwhile, a CXL
 * region that is just being made for one. This hands it to the parent.
 */
static void unreserve(struct resource *res)
{
	remove_resource(res);
	kfree(res);
}

/*
 * Find the kernel's own entry around @span. The tree can be searched, but a
 * search yields copies. What can be had is a new entry inside, and with it the
 * way up: the entries sought were made at boot and are removed by nobody but us.
 * What lies between may be a region, and the tree's lock is not within reach: this
 * runs once, as the module is loaded, and relies on no region being torn down then.
 */
static struct resource *boot_entry(const struct dax_owner_span *span)
{
	struct resource *probe = NULL, *up;

	for (u64 at = span->start; !probe && at < span->end; at += DAX_OWNER_ALIGN) {
		probe = reserve(at, PAGE_SIZE);
		cond_resched();
	}
	if (!probe)
		return NULL;

	for (up = probe->parent; up && up != &iomem_resource; up = up->parent)
		if (up->desc == IORES_DESC_SOFT_RESERVED &&
		    !(up->flags & (IORESOURCE_BUSY | IORESOURCE_SYSRAM)))
			break;
	unreserve(probe);
	return up == &iomem_resource ? NULL : up;
}

static bool boot_entry_known(const struct resource *res)
{
	struct entry *entry;

	list_for_each_entry(entry, &entries, node)
		if (entry->res == res)
			return true;
	return false;
}

/**
 * dax_owner_iomem_init() - take over the entries the kernel made at boot
 *
 * Once, after the ranges are known and before anything is claimed.
 */
void __init dax_owner_iomem_init(void)
{
	if (!compat_soft_reserve_in_iomem())
		return;

	mutex_lock(&dax_owner_lock);
	for (size_t i = 0; i < dax_owner_nr_ranges; i++) {
		struct resource *res = boot_entry(&dax_owner_ranges[i].span);
		struct entry *entry;

		if (!res || boot_entry_known(res))
			continue;
		entry = kzalloc(sizeof(*entry), GFP_KERNEL);
		if (!entry) {
			pr_warn("no memory to take over %pR\n", res);
			continue;
		}
		entry->res = res;
		list_add_tail(&entry->node, &entries);
	}
	mutex_unlock(&dax_owner_lock);
}

static bool reservable(u64 start, u64 len)
{
	struct resource *res = reserve(start, len);

	if (res)
		unreserve(res);
	cond_resched();
	return res;
}

/**
 * dax_owner_iomem_reservable() - how much of a span can be reserved as one piece
 * @span: DAX_OWNER_ALIGN aligned, does not cross the edge of a CXL window: a window
 *	inserted meanwhile would be widened for good to hold what we ask with
 *
 * A DAX device cannot be reserved by kmem or device_dax when it crosses the edge of
 * any iomem entry: a window, a region whether committed or not, anything. Rather than
 * collecting the edges this asks what the driver will ask. A piece that can be
 * reserved has no edge in it, so neither has any shorter one: bisection finds the
 * longest.
 *
 * Context: may sleep. The answer holds as long as nobody changes the tree; a wrong one
 * makes a claim fail, which is recorded.
 * Return: bytes from the start of @span, a multiple of DAX_OWNER_ALIGN; 0 if not even
 * the first DAX_OWNER_ALIGN bytes can be reserved.
 */
u64 dax_owner_iomem_reservable(const struct dax_owner_span *span)
{
	u64 good = 1, bad = dax_owner_span_len(span) / DAX_OWNER_ALIGN + 1;

	if (!reservable(span->start, DAX_OWNER_ALIGN))
		return 0;
	/* most often there is no edge at all */
	if (reservable(span->start, dax_owner_span_len(span)))
		return dax_owner_span_len(span);

	while (bad - good > 1) {
		u64 try = good + (bad - good) / 2;

		if (reservable(span->start, try * DAX_OWNER_ALIGN))
			good = try;
		else
			bad = try;
	}
	return good * DAX_OWNER_ALIGN;
}

/**
 * dax_owner_iomem_blocked() - how much of a span cannot be reserved at all
 * @span: DAX_OWNER_ALIGN aligned, and dax_owner_iomem_reservable() says 0 of it
 *
 * Context: may sleep.
 * Return: bytes from the start of @span up to where something can be reserved again, a
 * multiple of DAX_OWNER_ALIGN.
 */
u64 dax_owner_iomem_blocked(const struct dax_owner_span *span)
{
	u64 len = DAX_OWNER_ALIGN;

	while (len < dax_owner_span_len(span) &&
	       !reservable(span->start + len, DAX_OWNER_ALIGN))
		len += DAX_OWNER_ALIGN;
	return min(len, dax_owner_span_len(span));
}
