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
 * @node: in entries, with the addresses
 *
 * An entry of boot, once removed, is never used again; it is the kernel's to free.
 */
struct entry {
	struct resource *res;
	struct resource own;
	struct dax_owner_spannode node;
};

#define to_entry(n) container_of(n, struct entry, node)

/* Under dax_owner_lock */
static struct rb_root entries = RB_ROOT;

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
	entry->node.span = (struct dax_owner_span) { start, end };
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
	dax_owner_spantree_insert(&entries, &entry->node);
}

static void entry_remove(struct entry *entry)
{
	remove_resource(entry->res);
	dax_owner_spantree_remove(&entries, &entry->node);
	kfree(entry);
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
	struct entry *low = NULL, *high = NULL;
	struct dax_owner_spannode *node;

	lockdep_assert_held(&dax_owner_lock);

	/* entries are disjoint: only the first can begin before @span, only the last end after it */
	while ((node = dax_owner_spantree_first(&entries, span))) {
		if (node->span.start < span->start)
			low = entry_alloc(node->span.start, span->start - 1);
		if (node->span.end > span->end)
			high = entry_alloc(span->end + 1, node->span.end);
		entry_remove(to_entry(node));
	}
	if (low)
		entry_insert(low);
	if (high)
		entry_insert(high);
}

/**
 * dax_owner_iomem_show() - put "Soft Reserved" above a span
 * @span: what dax_hmem has claimed; lies within or equals every entry it meets
 *
 * Context: dax_owner_lock held, before anything inside @span is reserved.
 */
void dax_owner_iomem_show(const struct dax_owner_span *span)
{
	struct dax_owner_spannode *node;
	struct entry *entry;

	lockdep_assert_held(&dax_owner_lock);

	node = dax_owner_spantree_first(&entries, span);
	if (node && node->span.start <= span->start && node->span.end >= span->end)
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

/* A "Soft Reserved" entry of boot and its parent, as the tree's lock shows them. */
struct boot_query {
	struct dax_owner_span span;
	const struct resource *parent;
};

static int note_boot_entry(struct resource *res, void *arg)
{
	struct boot_query *query = arg;

	query->span = (struct dax_owner_span) { res->start, res->end };
	query->parent = res->parent;
	return 1;
}

/* Describe the first such entry in @span. */
static bool query_boot_entry(const struct dax_owner_span *span, struct boot_query *query)
{
	return walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM, span->start, span->end,
				   query, note_boot_entry) == 1;
}

/*
 * Find the kernel's own entry that @query describes. A search of the tree yields copies.
 * An entry between it and ours may be a region, which can be freed at any moment, so only
 * the two ends may be read. Therefore an entry of ours is inserted right around it, if the
 * tree permits that: then it is our only child. The copy's parent, read under the tree's
 * lock, proves this if our child pointer is the same before and after the search.
 */
static struct resource *boot_entry_below(struct entry *around, const struct boot_query *query)
{
	struct resource *child = READ_ONCE(around->own.child);
	struct boot_query now;

	if (!query_boot_entry(&query->span, &now) || now.parent != &around->own)
		return NULL;
	return READ_ONCE(around->own.child) == child ? child : NULL;
}

/*
 * The entry lies below another one of the same span, a window or a region. A reservation
 * inside the entry then has the entry as parent. So reservations of its first and last page
 * have the same parent, which is neither of the two entries around it.
 */
static struct resource *boot_entry_above(struct entry *around, const struct boot_query *query)
{
	struct resource *first = reserve(query->span.start, PAGE_SIZE);
	struct resource *last = reserve(query->span.end - PAGE_SIZE + 1, PAGE_SIZE);
	struct resource *found = NULL;

	if (first && last && first->parent == last->parent && first->parent != &around->own &&
	    first->parent != query->parent)
		found = first->parent;
	if (last)
		unreserve(last);
	if (first)
		unreserve(first);
	return found;
}

static struct resource *boot_entry(const struct dax_owner_span *span)
{
	struct boot_query query;
	struct resource *found;
	struct entry *around;

	if (!query_boot_entry(span, &query))
		return NULL;
	around = entry_alloc(query.span.start, query.span.end);
	if (!around)
		return NULL;
	/* so that our own search does not take it for a boot entry */
	around->own.name = KBUILD_MODNAME;
	around->own.desc = IORES_DESC_NONE;
	if (insert_resource(&iomem_resource, &around->own)) {
		kfree(around);
		return NULL;
	}
	found = boot_entry_below(around, &query) ?: boot_entry_above(around, &query);
	remove_resource(&around->own);
	kfree(around);
	return found;
}

static int take_over(struct resource *res, void *arg)
{
	const struct dax_owner_span span = { res->start, res->end };
	struct entry *entry = entry_alloc(span.start, span.end);

	if (entry)
		entry->res = boot_entry(&span);
	if (!entry || !entry->res) {
		pr_warn("cannot take over Soft Reserved %#llx-%#llx, it stays in iomem\n",
			span.start, span.end);
		kfree(entry);
		return 0;
	}
	dax_owner_spantree_insert(&entries, &entry->node);
	return 0;
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
	walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM, 0, -1, NULL, take_over);
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

static int note_span(struct resource *res, void *arg)
{
	*(struct dax_owner_span *)arg = (struct dax_owner_span) { res->start, res->end };
	return 1;
}

/* Is the first page of @rest busy? Then @busy is the part of @rest that the same entry has. */
static bool begins_busy(const struct dax_owner_span *rest, struct dax_owner_span *busy)
{
	return walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_MEM | IORESOURCE_BUSY,
				   rest->start, rest->end, busy, note_span) == 1 &&
	       busy->start == rest->start;
}

/**
 * dax_owner_iomem_blocked() - how much of a span cannot be reserved at all
 * @span: DAX_OWNER_ALIGN aligned, and dax_owner_iomem_reservable() says 0 of it
 *
 * Steps over each busy entry at once, however large it is: TiBs that another driver has
 * are no more work than a page. Where no entry is busy, the edge of one is in the way.
 *
 * Context: may sleep.
 * Return: bytes from the start of @span up to where something can be reserved again, a
 * multiple of DAX_OWNER_ALIGN.
 */
u64 dax_owner_iomem_blocked(const struct dax_owner_span *span)
{
	struct dax_owner_span rest = *span, busy;

	do {
		u64 past = rest.start + DAX_OWNER_ALIGN;

		if (begins_busy(&rest, &busy))
			past = ALIGN(busy.end + 1, DAX_OWNER_ALIGN);
		if (past > rest.end)
			return dax_owner_span_len(span);
		rest.start = past;
	} while (!reservable(rest.start, DAX_OWNER_ALIGN));
	return rest.start - span->start;
}
