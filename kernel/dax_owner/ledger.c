// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: one extent for every byte of the Soft Reserved ranges, with a record of its owner
 * and the reason.
 *
 * The extents always partition the ranges, and none is ever lost. If there is no memory for a
 * new extent, the ledger keeps the old cut. If there is none for a class device, the ledger keeps
 * the extent without a device. Both are logged.
 *
 * A lookup takes O(log n) steps. A write takes O(log n) steps for each extent that it changes,
 * because sums over all extents are kept up to date and not computed.
 *
 * This file must not know drivers, windows or regions.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "internal.h"
#include "trace.h"

/* All under dax_owner_lock. Until the ledger is made, the load of the module can still fail. */
bool dax_owner_ledger_made;

static struct rb_root ledger = RB_ROOT;
/* The extents that no driver may get: struct dax_owner_extent.barred */
static struct rb_root released = RB_ROOT;
static struct rb_root withheld = RB_ROOT;
/* Sums over the ledger */
static u64 stranded_bytes;
static size_t nr_in_flight;

/* Extents that are added to sysfs when the batch ends */
static LIST_HEAD(unshown);
static bool batch;

/* The initial pass is over. Without dax_cxl no range waits for it. */
static bool pass_over = !IS_ENABLED(CONFIG_DEV_DAX_CXL);
static bool settled;

#define node_to_extent(n) container_of(n, struct dax_owner_extent, node)

static struct dax_owner_extent *extent_first(const struct dax_owner_span *span)
{
	struct dax_owner_spannode *node = dax_owner_spantree_first(&ledger, span);

	return node ? node_to_extent(node) : NULL;
}

static struct dax_owner_extent *extent_next(const struct dax_owner_extent *extent,
					    const struct dax_owner_span *span)
{
	struct dax_owner_spannode *node = dax_owner_spantree_next(&extent->node, span);

	return node ? node_to_extent(node) : NULL;
}

/* --- sums --- */

static struct rb_root *barred_tree(enum dax_owner_stage stage)
{
	switch (stage) {
	case DAX_OWNER_STAGE_RELEASED:
		return &released;
	case DAX_OWNER_STAGE_WITHHELD:
		return &withheld;
	default:
		return NULL;
	}
}

static void count(struct dax_owner_extent *extent)
{
	enum dax_owner_stage stage = extent->record.stage;
	struct rb_root *barred = barred_tree(stage);

	if (dax_owner_stage_state(stage) == DAX_OWNER_STATE_STRANDED)
		stranded_bytes += dax_owner_span_len(&extent->node.span);
	if (dax_owner_stage_in_flight(stage))
		nr_in_flight++;
	if (barred)
		WARN_ON_ONCE(dax_owner_spantree_insert(barred, &extent->barred));
}

static void uncount(struct dax_owner_extent *extent)
{
	enum dax_owner_stage stage = extent->record.stage;
	struct rb_root *barred = barred_tree(stage);

	if (dax_owner_stage_state(stage) == DAX_OWNER_STATE_STRANDED)
		stranded_bytes -= dax_owner_span_len(&extent->node.span);
	if (dax_owner_stage_in_flight(stage))
		nr_in_flight--;
	if (barred)
		dax_owner_spantree_remove(barred, &extent->barred);
}

/**
 * dax_owner_stranded_bytes() - return the number of stranded bytes
 *
 * Context: dax_owner_lock held.
 * Return: bytes in extents recorded as stranded; extents in flight, released and withheld
 * ones do not count.
 */
u64 dax_owner_stranded_bytes(void)
{
	lockdep_assert_held(&dax_owner_lock);

	return stranded_bytes;
}

/**
 * dax_owner_settled() - check whether ownership is settled
 *
 * Context: any.
 * Return: true if the initial pass is over and no extent is in flight; the value may be outdated
 * when the caller reads it.
 */
bool dax_owner_settled(void)
{
	return READ_ONCE(settled);
}

/**
 * dax_owner_ledger_pass_over() - check whether the initial pass is over
 *
 * Context: dax_owner_lock held.
 * Return: true if it is over, which it stays until the next boot.
 */
bool dax_owner_ledger_pass_over(void)
{
	lockdep_assert_held(&dax_owner_lock);

	return pass_over;
}

/**
 * dax_owner_ledger_end_pass() - record that the initial pass is over, for the rest of this boot
 *
 * Context: dax_owner_lock held.
 * Return: true if it was not over before.
 */
bool dax_owner_ledger_end_pass(void)
{
	const bool first = !pass_over;

	lockdep_assert_held(&dax_owner_lock);

	pass_over = true;
	return first;
}

/* Compute again whether ownership is settled. Return true if that has changed. */
static bool refresh_settled(void)
{
	bool now = pass_over && !nr_in_flight;

	if (now == settled)
		return false;
	WRITE_ONCE(settled, now);
	dax_owner_class_notify_settled();
	trace_dax_owner_settled(now);
	if (now)
		pr_info("settled, %llu bytes stranded\n", stranded_bytes);
	return true;
}

/**
 * dax_owner_ledger_refresh() - compute whether ownership is settled as the initial pass ends
 *
 * If that has changed, this sends a uevent of one extent. Otherwise userspace might get none,
 * because the end of the pass need not change a record.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_refresh(void)
{
	const struct dax_owner_span all = { 0, U64_MAX };
	struct dax_owner_extent *extent;

	lockdep_assert_held(&dax_owner_lock);

	if (!refresh_settled())
		return;
	for (extent = extent_first(&all); extent; extent = extent_next(extent, &all)) {
		if (!extent->published)
			continue;
		kobject_uevent(&extent->dev.kobj, KOBJ_CHANGE);
		return;
	}
}

/* --- lookups --- */

static bool first_in(const struct rb_root *tree, const struct dax_owner_span *span,
		     struct dax_owner_span *found)
{
	struct dax_owner_spannode *node = dax_owner_spantree_first(tree, span);

	lockdep_assert_held(&dax_owner_lock);

	if (node)
		*found = node->span;
	return node;
}

/**
 * dax_owner_ledger_released() - find the first released extent that meets a span
 * @span: the span to search, end inclusive
 * @found: set to the addresses of that extent; untouched if there is none
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_ledger_released(const struct dax_owner_span *span, struct dax_owner_span *found)
{
	return first_in(&released, span, found);
}

/**
 * dax_owner_ledger_withheld() - find the first withheld extent that meets a span
 * @span: the span to search, end inclusive
 * @found: set to the addresses of that extent; untouched if there is none
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_ledger_withheld(const struct dax_owner_span *span, struct dax_owner_span *found)
{
	return first_in(&withheld, span, found);
}

/**
 * dax_owner_ledger_untried() - check whether a part of a span had no driver yet
 * @span: the span to search, end inclusive
 *
 * Context: dax_owner_lock held.
 * Return: true if @span meets an extent that no driver has been bound to, or has refused, since
 * the last verdict of the extent.
 */
bool dax_owner_ledger_untried(const struct dax_owner_span *span)
{
	lockdep_assert_held(&dax_owner_lock);

	for (struct dax_owner_extent *extent = extent_first(span); extent;
	     extent = extent_next(extent, span))
		if (!extent->tried)
			return true;
	return false;
}

/**
 * dax_owner_ledger_decided() - check whether a span was decided for one owner and reason
 * @span: the span to search, end inclusive
 * @owner: the owner
 * @verdict: the reason of the verdict
 *
 * Context: dax_owner_lock held.
 * Return: true if @span meets an extent, and every extent that it meets was decided like that.
 */
bool dax_owner_ledger_decided(const struct dax_owner_span *span, enum dax_owner_owner owner,
			      enum dax_owner_reason verdict)
{
	struct dax_owner_extent *extent = extent_first(span);
	bool found = extent;

	lockdep_assert_held(&dax_owner_lock);

	for (; extent; extent = extent_next(extent, span))
		if (extent->record.owner != owner || extent->record.verdict != verdict)
			return false;
	return found;
}

/* --- extents come and go --- */

static bool is_shown_later(const struct dax_owner_extent *extent)
{
	return !list_empty(&extent->unshown);
}

static void publish(struct dax_owner_extent *extent)
{
	if (!batch)
		dax_owner_extent_publish(extent);
	else if (!is_shown_later(extent))
		list_add_tail(&extent->unshown, &unshown);
}

/**
 * dax_owner_ledger_batch_begin() - begin a batch of changes
 *
 * New extents are not added to sysfs until dax_owner_ledger_batch_end(). Each piece that is cut
 * off a range leaves a new rest, and these intermediate rests are not worth a device.
 *
 * Context: dax_owner_lock held until dax_owner_ledger_batch_end() has returned.
 */
void dax_owner_ledger_batch_begin(void)
{
	lockdep_assert_held(&dax_owner_lock);

	WARN_ON_ONCE(batch);
	batch = true;
}

/**
 * dax_owner_ledger_batch_end() - end a batch and add its new extents to sysfs
 *
 * Context: dax_owner_lock held since dax_owner_ledger_batch_begin(), may sleep.
 */
void dax_owner_ledger_batch_end(void)
{
	struct dax_owner_extent *extent, *next;

	lockdep_assert_held(&dax_owner_lock);

	batch = false;
	list_for_each_entry_safe(extent, next, &unshown, unshown) {
		list_del_init(&extent->unshown);
		dax_owner_extent_publish(extent);
	}
}

/*
 * Insert an extent into the ledger, where no extent may meet it. If it waits for a driver, it
 * inherits the due time of @from.
 */
static void extent_enter(struct dax_owner_extent *extent, struct dax_owner_extent *from)
{
	WARN_ON_ONCE(dax_owner_spantree_insert(&ledger, &extent->node));
	count(extent);
	if (dax_owner_stage_due(extent->record.stage))
		dax_owner_overdue_inherit(extent, from);
}

static void extent_leave(struct dax_owner_extent *extent)
{
	dax_owner_spantree_remove(&ledger, &extent->node);
	uncount(extent);
	list_del_init(&extent->unshown);
	dax_owner_extent_unpublish(extent);
}

/* Free an extent, after extent_leave() and after its due time was inherited. */
static void extent_drop(struct dax_owner_extent *extent)
{
	dax_owner_overdue_set(extent, false);
	dax_owner_extent_put(extent);
}

/* Make an extent for a part of @from, which may be NULL. The caller enters it. */
static struct dax_owner_extent *extent_of(const struct dax_owner_extent *from,
					  const struct dax_owner_span *span)
{
	struct dax_owner_extent *extent = dax_owner_extent_alloc(span, from);

	if (!extent)
		return NULL;
	extent->record.target_node = dax_owner_target_node(span->start);
	dax_owner_record_measure(&extent->record, span, dax_owner_block_size);
	return extent;
}

static void note_tried(struct dax_owner_extent *extent, enum dax_owner_event event)
{
	switch (event) {
	case DAX_OWNER_EVENT_BOUND:
	case DAX_OWNER_EVENT_REFUSE:
		extent->tried = true;
		break;
	case DAX_OWNER_EVENT_PEND:
	case DAX_OWNER_EVENT_DECIDE_HMEM:
	case DAX_OWNER_EVENT_DECIDE_CXL:
		extent->tried = false;
		break;
	default:
		break;
	}
}

/* Replace the record. Return true if a field that userspace can read has changed. */
static bool extent_write(struct dax_owner_extent *extent, const struct dax_owner_record *new)
{
	struct dax_owner_record *old = &extent->record;
	bool moved = old->stage != new->stage;
	bool looks = !dax_owner_record_looks_equal(old, new);

	if (dax_owner_record_equal(old, new))
		return false;

	uncount(extent);
	spin_lock(&extent->lock);
	*old = *new;
	spin_unlock(&extent->lock);
	count(extent);

	if (moved)
		dax_owner_overdue_set(extent, dax_owner_stage_due(new->stage));
	trace_dax_owner_extent(&extent->node.span, new);
	refresh_settled();
	return looks;
}

/* --- cutting --- */

/* Remove the extents that meet @span. The caller drops the lowest and the highest later. */
static void leave_all(const struct dax_owner_span *span, struct dax_owner_extent *lowest,
		      struct dax_owner_extent *highest)
{
	struct dax_owner_extent *extent, *next;

	for (extent = lowest; extent; extent = next) {
		next = extent_next(extent, span);
		extent_leave(extent);
		if (extent != lowest && extent != highest)
			extent_drop(extent);
	}
}

/*
 * Make @span exactly one extent, with the record of the lowest extent there. @span lies within
 * one range. If an extent reaches beyond @span, its part outside @span keeps its record. Extents
 * wholly inside @span are removed. The caller publishes the new extent. Return NULL, with the
 * ledger unchanged, if there is no memory.
 */
static struct dax_owner_extent *carve(const struct dax_owner_span *span)
{
	struct dax_owner_extent *lowest = extent_first(span), *highest = lowest, *extent;
	struct dax_owner_extent *fresh, *low = NULL, *high = NULL;

	for (extent = lowest; extent; extent = extent_next(extent, span))
		highest = extent;

	fresh = extent_of(lowest, span);
	if (!fresh)
		goto err;
	if (lowest && lowest->node.span.start < span->start) {
		low = extent_of(lowest, &(struct dax_owner_span) { lowest->node.span.start,
								   span->start - 1 });
		if (!low)
			goto err;
	}
	if (highest && highest->node.span.end > span->end) {
		high = extent_of(highest,
				 &(struct dax_owner_span) { span->end + 1, highest->node.span.end });
		if (!high)
			goto err;
	}

	leave_all(span, lowest, highest);
	extent_enter(fresh, lowest);
	if (low) {
		extent_enter(low, lowest);
		publish(low);
	}
	if (high) {
		extent_enter(high, highest);
		publish(high);
	}
	if (highest != lowest)
		extent_drop(highest);
	if (lowest)
		extent_drop(lowest);
	return fresh;

err:
	pr_err("cannot record extent %#llx-%#llx: out of memory\n", span->start, span->end);
	if (low)
		dax_owner_extent_put(low);
	if (fresh)
		dax_owner_extent_put(fresh);
	return NULL;
}

/* --- events --- */

/**
 * struct change - an event and its arguments, as applied to each extent
 * @event: the event
 * @args: its arguments; the ledger fills in the fields that differ between extents
 * @dax: the DAX device if @has_dax; NULL: none is left
 * @has_dax: the event sets the DAX device of the extent
 */
struct change {
	enum dax_owner_event event;
	struct dax_owner_args args;
	struct device *dax;
	bool has_dax;
};

/* Compute the record after an event, for an extent with the addresses @part. @extent may be NULL. */
static struct dax_owner_record changed(const struct dax_owner_extent *extent,
				       const struct dax_owner_span *part, struct change *change)
{
	struct dax_owner_record record = {};

	if (extent)
		record = extent->record;
	change->args.extent = *part;
	change->args.target_node = dax_owner_target_node(part->start);
	WARN_ONCE(!dax_owner_record_apply(&record, change->event, &change->args),
		  "dax_owner: %s cannot happen at %s, nothing changed\n",
		  dax_owner_event_name(change->event), dax_owner_stage_name(record.stage));
	return record;
}

/* Write a record, and show the change in sysfs. An unpublished extent was carved for this record. */
static void apply(struct dax_owner_extent *extent, const struct dax_owner_record *record,
		  const struct change *change)
{
	bool looks, fresh = !extent->published;
	struct device *dax = change->has_dax ? change->dax : extent->dax;

	note_tried(extent, change->event);
	looks = extent_write(extent, record);
	dax_owner_extent_relink(extent, record->device[0] ? dax : NULL);
	if (fresh)
		publish(extent);
	else if (looks)
		kobject_uevent(&extent->dev.kobj, KOBJ_CHANGE);
}

static bool is_just(const struct dax_owner_extent *extent, const struct dax_owner_span *span)
{
	return extent->node.span.start == span->start && extent->node.span.end == span->end;
}

/* Apply an event to the part of an extent inside @part. Cut the extent only if its record changes. */
static void edit_extent(struct dax_owner_extent *extent, const struct dax_owner_span *part,
			struct change *change)
{
	struct dax_owner_span piece = dax_owner_span_common(&extent->node.span, part);
	struct dax_owner_record record = changed(extent, &piece, change);

	if (dax_owner_record_equal(&record, &extent->record) &&
	    (!change->has_dax || change->dax == extent->dax)) {
		note_tried(extent, change->event);
		return;
	}
	if (!is_just(extent, &piece) || (!extent->published && !is_shown_later(extent)))
		extent = carve(&piece);
	if (extent)
		apply(extent, &record, change);
}

static void edit_part(const struct dax_owner_span *part, struct change *change)
{
	struct dax_owner_extent *extent = extent_first(part), *next;

	/* the ledger has a gap if there was no memory for an extent */
	if (!extent) {
		extent = carve(part);
		if (extent) {
			struct dax_owner_record record = changed(extent, part, change);

			apply(extent, &record, change);
		}
		return;
	}
	for (; extent; extent = next) {
		next = extent_next(extent, part);
		edit_extent(extent, part, change);
	}
}

/* True for events after which the record of an extent does not depend on the one before. */
static bool unites(enum dax_owner_event event)
{
	switch (event) {
	case DAX_OWNER_EVENT_PEND:
	case DAX_OWNER_EVENT_DECIDE_HMEM:
	case DAX_OWNER_EVENT_DECIDE_CXL:
	case DAX_OWNER_EVENT_WITHHOLD:
	case DAX_OWNER_EVENT_STRAND:
	case DAX_OWNER_EVENT_CLAIM_CXL:
	case DAX_OWNER_EVENT_REGION_GONE:
	case DAX_OWNER_EVENT_REGION_BARRED:
		return true;
	default:
		return false;
	}
}

/*
 * Check whether @part can be one extent after an event: all of it has the same record then, and
 * it does not belong to several claims. If so, set @record to that record.
 */
static bool becomes_one(const struct dax_owner_span *part, struct change *change,
			struct dax_owner_record *record)
{
	struct dax_owner_extent *extent = extent_first(part);

	if (!unites(change->event))
		return false;
	*record = changed(extent, part, change);
	if (dax_owner_stage_held(record->stage) && change->event != DAX_OWNER_EVENT_CLAIM_CXL)
		return false;
	for (; extent; extent = extent_next(extent, part)) {
		/* a part that the event does not change may stay different: then @part is not one extent */
		if (dax_owner_stage_next(extent->record.stage, change->event) != (int)record->stage)
			return false;
	}
	return true;
}

static void set_part(const struct dax_owner_span *part, struct change *change)
{
	struct dax_owner_extent *extent = extent_first(part);
	struct dax_owner_record record;

	if (!becomes_one(part, change, &record)) {
		edit_part(part, change);
		return;
	}
	/* a device that could not be added cannot be added again, so carve a new extent */
	if (!extent || !is_just(extent, part) || (!extent->published && !is_shown_later(extent)))
		extent = carve(part);
	if (extent)
		apply(extent, &record, change);
}

/* Return the index of the lowest range that ends at or behind an address. Ranges are disjoint. */
static size_t range_from(u64 address)
{
	size_t low = 0, high = dax_owner_nr_ranges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dax_owner_ranges[middle].span.end < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

typedef void (*part_fn)(const struct dax_owner_span *part, struct change *change);

static void in_each_range(const struct dax_owner_span *span, part_fn fn, struct change *change)
{
	lockdep_assert_held(&dax_owner_lock);

	change->args.block_size = dax_owner_block_size;
	change->args.now_us = div_u64(ktime_get_boottime_ns(), NSEC_PER_USEC);

	for (size_t i = range_from(span->start); i < dax_owner_nr_ranges; i++) {
		const struct dax_owner_span *range = &dax_owner_ranges[i].span;
		struct dax_owner_span part;

		if (!dax_owner_span_meets(range, span))
			break;
		part = dax_owner_span_common(range, span);
		fn(&part, change);
	}
}

/**
 * dax_owner_ledger_set() - record an event that makes a span of addresses one extent
 * @span: the addresses, end inclusive; nothing is recorded for bytes outside the ranges
 * @event: a verdict, a claim or the end of a region
 * @args: the arguments of the event
 *
 * Afterwards the part of @span in each range is one extent. If the event leads to different
 * records there, this function acts as dax_owner_ledger_edit(). An extent that could not be added
 * to sysfs before is replaced by a new one, which is added now.
 *
 * If there is no memory to cut a range, its records do not change, and that is logged.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_set(const struct dax_owner_span *span, enum dax_owner_event event,
			  const struct dax_owner_args *args)
{
	struct change change = { .event = event, .args = *args };

	in_each_range(span, set_part, &change);
}

/**
 * dax_owner_ledger_edit() - record an event for each extent of a span and keep them apart
 * @span: the addresses, end inclusive; an extent that reaches beyond is cut if the event changes it
 * @event: the event
 * @args: the arguments of the event
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_edit(const struct dax_owner_span *span, enum dax_owner_event event,
			   const struct dax_owner_args *args)
{
	struct change change = { .event = event, .args = *args };

	in_each_range(span, edit_part, &change);
}

/**
 * dax_owner_ledger_device() - record an event of the DAX device of a claim
 * @span: the addresses of the claim, end inclusive
 * @event: the event, DAX_OWNER_EVENT_DEVICE to DAX_OWNER_EVENT_REFUSE
 * @args: the arguments of the event; the name of the device is filled in
 * @dax: the device, which is in sysfs and stays there while dax_owner_lock is held; NULL if no
 *	DAX device is left
 *
 * The symlink "device" of each extent leads to @dax afterwards.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_device(const struct dax_owner_span *span, enum dax_owner_event event,
			     const struct dax_owner_args *args, struct device *dax)
{
	struct change change = { .event = event, .args = *args, .dax = dax, .has_dax = true };

	change.args.device = dax ? dev_name(dax) : NULL;
	in_each_range(span, edit_part, &change);
}
