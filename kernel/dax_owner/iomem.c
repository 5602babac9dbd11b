// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keep the "Soft Reserved" entries of /proc/iomem in agreement with the owners.
 *
 * The entries are above the addresses that dax_hmem has claimed, and absent from those that
 * dax_cxl has claimed. So a region can be torn down and made again at the same address. Older
 * kernels insert the entries at boot and never change them. Newer ones insert none
 * (compat/soft_reserve.h). This file makes the entries the same on both.
 *
 * It also finds the pieces of the address space that can be reserved as a whole.
 *
 * After the load of this module the tree is only an output. firmware.c keeps the ranges that
 * firmware marked.
 */
#include <linux/ioport.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../compat/soft_reserve.h"
#include "internal.h"

/**
 * struct entry - a "Soft Reserved" entry of the iomem tree
 * @res: the resource in the tree: @own, or the one that the kernel inserted at boot
 * @own: the resource, if this module inserted it
 * @node: in entries, with the addresses
 *
 * The kernel owns a resource from boot. This module never frees it, and never uses it again after
 * its removal.
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

/* Insert @entry, or free it if that fails. @entry is in no tree. */
static void entry_insert(struct entry *entry)
{
	if (insert_resource(&iomem_resource, entry->res)) {
		pr_warn("cannot insert %pR into iomem: it crosses another entry\n", entry->res);
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
 * dax_owner_iomem_hide() - remove "Soft Reserved" from a span
 * @span: the addresses, end inclusive, for example those that dax_cxl has claimed
 *
 * Entries that reach beyond @span are cut. If there is no memory for the cut, the whole entry is
 * removed. A missing entry harms no owner, but an extra one keeps kmem from reserving the region.
 *
 * Context: dax_owner_lock held; may sleep.
 */
void dax_owner_iomem_hide(const struct dax_owner_span *span)
{
	struct entry *low = NULL, *high = NULL;
	struct dax_owner_spannode *node;

	lockdep_assert_held(&dax_owner_lock);

	/* entries are disjoint: only the first can begin before @span, only the last can end after it */
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
 * dax_owner_iomem_show() - insert "Soft Reserved" above a span
 * @span: the addresses that dax_hmem has claimed, end inclusive; they lie within, or equal, every
 *	entry that they meet
 *
 * Context: dax_owner_lock held, before anything inside @span is reserved; may sleep.
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
		pr_warn("cannot show %#llx-%#llx in iomem: out of memory\n", span->start, span->end);
}

/**
 * dax_owner_iomem_release() - update iomem after a claim of dax_hmem has ended
 * @span: the addresses of the claim, end inclusive
 *
 * On a kernel that inserts the ranges at boot, the entries stay, because the in-tree dax_hmem of
 * such a kernel claims only what is in iomem. On other kernels they are removed.
 *
 * Context: dax_owner_lock held; may sleep.
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
 * End a reservation. release_mem_region() would drop entries that were inserted inside it
 * meanwhile, for example a CXL region that is just being made. remove_resource() gives them to
 * the parent.
 */
static void unreserve(struct resource *res)
{
	remove_resource(res);
	kfree(res);
}

/* A "Soft Reserved" entry from boot and its parent, as they were under the tree's lock */
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

/* Fill @query with the first such entry in @span. */
static bool query_boot_entry(const struct dax_owner_span *span, struct boot_query *query)
{
	return walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM, span->start, span->end,
				   query, note_boot_entry) == 1;
}

/*
 * Find the kernel's own entry that @query describes, if it is the only child of @around.
 *
 * A search of the tree returns copies of entries, not the entries. An entry between @around and
 * the wanted one may be a region, which can be freed at any moment. So only these two may be
 * read. The caller has inserted @around, which is ours, directly around the wanted entry, if the
 * tree permits that. Then the wanted entry is the only child of @around. The parent in the copy,
 * read under the tree's lock, proves this if the child pointer of @around is the same before and
 * after the search.
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
 * Find the entry if it lies below another one of the same span, which is a window or a region. A
 * reservation inside the wanted entry has this entry as its parent. So reservations of the first
 * and the last page have the same parent, which is neither @around nor the parent in the copy.
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
	/* keep our own search from taking it for an entry from boot */
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
 * dax_owner_iomem_init() - take over the entries that the kernel inserted at boot
 *
 * Called once, after the ranges are read and before anything is claimed.
 *
 * Context: may sleep; takes dax_owner_lock.
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
 * dax_owner_iomem_reservable() - measure how many bytes of a span can be reserved as one piece
 * @span: DAX_OWNER_ALIGN aligned, end inclusive; must not cross the edge of a CXL window, because
 *	a window that is inserted during a test reservation would permanently be widened around it
 *
 * kmem and device_dax cannot reserve a DAX device that crosses the edge of any iomem entry, such
 * as a window or a region, committed or not. This function does not collect the edges. It makes
 * the same reservation as the driver will, as a test. A piece that can be reserved has no edge
 * inside, and so no shorter piece has one. Therefore bisection finds the longest piece.
 *
 * Context: may sleep. The result is valid until another driver changes the tree. A result that
 * has become wrong makes a claim fail, and that failure is recorded.
 * Return: bytes from the start of @span, a multiple of DAX_OWNER_ALIGN; 0 if not even the first
 * DAX_OWNER_ALIGN bytes can be reserved.
 */
u64 dax_owner_iomem_reservable(const struct dax_owner_span *span)
{
	u64 good = 1, bad = dax_owner_span_len(span) / DAX_OWNER_ALIGN + 1;

	if (!reservable(span->start, DAX_OWNER_ALIGN))
		return 0;
	/* usually there is no edge at all */
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

/*
 * Check whether a busy entry has the first page of @rest. If so, set @busy to the part of @rest
 * that this entry has.
 */
static bool begins_busy(const struct dax_owner_span *rest, struct dax_owner_span *busy)
{
	return walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_MEM | IORESOURCE_BUSY, rest->start,
				   rest->end, busy, note_span) == 1 &&
	       busy->start == rest->start;
}

/**
 * dax_owner_iomem_blocked() - measure how many bytes of a span cannot be reserved at all
 * @span: DAX_OWNER_ALIGN aligned, end inclusive; dax_owner_iomem_reservable() returns 0 for it
 *
 * One step passes a whole busy entry, whatever its size: TiBs of another driver cost as much as a
 * page. If no entry is busy, the edge of an entry is in the way.
 *
 * Context: may sleep.
 * Return: bytes from the start of @span to the first address where a reservation succeeds, a
 * multiple of DAX_OWNER_ALIGN; the length of @span if none does.
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
