// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: for every byte of the Soft Reserved ranges, one extent with a
 * record of who owns it and why.
 *
 * The extents always partition the ranges. They are never lost: when memory
 * for a new extent or its class device cannot be had, the ledger keeps the
 * old cut, or an extent userspace cannot see, and says so in the log.
 *
 * This file knows nothing of drivers, windows or regions.
 */
#include <linux/idr.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "internal.h"
#include "trace.h"

LIST_HEAD(dax_owner_ledger);
/* Under dax_owner_lock. Before that nothing is recorded: loading the module may yet fail */
bool dax_owner_ledger_made;

static DEFINE_IDA(extent_ida);
static bool settled;

static const char *const state_names[] = {
	[DAX_OWNER_STATE_PENDING] = "pending",
	[DAX_OWNER_STATE_DECIDED] = "decided",
	[DAX_OWNER_STATE_CLAIMED] = "claimed",
	[DAX_OWNER_STATE_OWNED] = "owned",
	[DAX_OWNER_STATE_RELEASED] = "released",
	[DAX_OWNER_STATE_STRANDED] = "stranded",
};

const char *dax_owner_state_name(enum dax_owner_state state)
{
	return state_names[state];
}

/**
 * dax_owner_extent_snapshot() - copy an extent's record
 * @extent: the extent
 * @record: filled in, consistent in itself
 *
 * Context: any; needs no lock. Safe in sysfs and uevent callbacks, which must
 * not take dax_owner_lock because the ledger removes class devices under it.
 */
void dax_owner_extent_snapshot(struct dax_owner_extent *extent,
			       struct dax_owner_record *record)
{
	spin_lock(&extent->lock);
	*record = extent->record;
	spin_unlock(&extent->lock);
}

/**
 * dax_owner_record_fail() - nobody has the extent, and this is why
 * @record: to change
 * @error: negative errno
 */
void dax_owner_record_fail(struct dax_owner_record *record, int error)
{
	record->state = DAX_OWNER_STATE_STRANDED;
	record->reason = DAX_OWNER_REASON_CLAIM_FAILED;
	record->error = error;
}

/* Is the driver that shall have this extent still on its way? */
static bool record_in_flight(const struct dax_owner_record *record)
{
	switch (record->state) {
	case DAX_OWNER_STATE_PENDING:
	case DAX_OWNER_STATE_DECIDED:
		return true;
	case DAX_OWNER_STATE_CLAIMED:
		return !record->idle;
	case DAX_OWNER_STATE_OWNED:
	case DAX_OWNER_STATE_RELEASED:
	case DAX_OWNER_STATE_STRANDED:
		return false;
	}
	return false;
}

/**
 * dax_owner_settled() - is the initial pass over and no claim in flight?
 *
 * Context: any; a value that may be outdated when it is looked at.
 */
bool dax_owner_settled(void)
{
	return READ_ONCE(settled);
}

/* Find out anew whether ownership is settled. True if that has changed. */
static bool refresh_settled(void)
{
	struct dax_owner_extent *extent;
	bool now = dax_owner_pass_over();

	list_for_each_entry(extent, &dax_owner_ledger, node)
		if (record_in_flight(&extent->record))
			now = false;

	if (now == settled)
		return false;
	WRITE_ONCE(settled, now);
	trace_dax_owner_settled(now);
	if (now)
		pr_info("settled, %llu bytes stranded\n", dax_owner_stranded_bytes());
	return true;
}

/**
 * dax_owner_ledger_refresh() - the initial pass is over: is ownership settled with it?
 *
 * Tells so with a uevent of one extent, for no record may have changed.
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_ledger_refresh(void)
{
	struct dax_owner_extent *extent;

	lockdep_assert_held(&dax_owner_lock);

	if (!refresh_settled())
		return;
	list_for_each_entry(extent, &dax_owner_ledger, node) {
		if (!extent->published)
			continue;
		kobject_uevent(&extent->dev.kobj, KOBJ_CHANGE);
		return;
	}
}

/**
 * dax_owner_stranded_bytes() - bytes of the ledger that nobody has and nobody is to have
 *
 * Context: dax_owner_lock held.
 * Return: bytes in extents recorded as stranded; extents in flight and released
 * ones do not count.
 */
u64 dax_owner_stranded_bytes(void)
{
	struct dax_owner_extent *extent;
	u64 bytes = 0;

	lockdep_assert_held(&dax_owner_lock);

	list_for_each_entry(extent, &dax_owner_ledger, node)
		if (extent->record.state == DAX_OWNER_STATE_STRANDED)
			bytes += dax_owner_span_len(&extent->span);
	return bytes;
}

/**
 * dax_owner_ledger_released() - the first extent in a span that its CXL region left
 * @span: where to look
 * @released: set to the bounds of that extent
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_ledger_released(const struct dax_owner_span *span,
			       struct dax_owner_span *released)
{
	struct dax_owner_extent *extent;

	lockdep_assert_held(&dax_owner_lock);

	list_for_each_entry(extent, &dax_owner_ledger, node) {
		if (extent->record.state != DAX_OWNER_STATE_RELEASED ||
		    !dax_owner_span_meets(&extent->span, span))
			continue;
		*released = extent->span;
		return true;
	}
	return false;
}

static void extent_release(struct device *dev)
{
	struct dax_owner_extent *extent = to_extent(dev);

	if (extent->id >= 0)
		ida_free(&extent_ida, extent->id);
	kfree(extent);
}

static struct dax_owner_extent *extent_alloc(const struct dax_owner_span *span)
{
	struct dax_owner_extent *extent = kzalloc(sizeof(*extent), GFP_KERNEL);

	if (!extent)
		return NULL;

	extent->span = *span;
	spin_lock_init(&extent->lock);
	INIT_LIST_HEAD(&extent->node);
	device_initialize(&extent->dev);
	extent->dev.class = &dax_owner_class;
	extent->dev.release = extent_release;
	extent->id = ida_alloc(&extent_ida, GFP_KERNEL);
	return extent;
}

/* Show the extent in the class; failing that, the ledger has it all the same. */
static void extent_publish(struct dax_owner_extent *extent)
{
	int rc = extent->id;

	if (rc >= 0)
		rc = dev_set_name(&extent->dev, "extent%d", extent->id);
	if (!rc)
		rc = device_add(&extent->dev);
	if (rc)
		pr_err("extent %#llx-%#llx is not in sysfs: %d\n",
		       extent->span.start, extent->span.end, rc);
	else
		extent->published = true;
}

/* Drop the ledger's reference; userspace may hold on to the device a little longer. */
static void extent_drop(struct dax_owner_extent *extent)
{
	list_del_init(&extent->node);
	if (extent->published)
		device_del(&extent->dev);
	put_device(&extent->dev);
}

static void extent_insert(struct dax_owner_extent *extent)
{
	struct dax_owner_extent *next;

	list_for_each_entry(next, &dax_owner_ledger, node)
		if (next->span.start > extent->span.start)
			break;
	list_add_tail(&extent->node, &next->node);
}

/*
 * Give the drivers time to come for what was decided. What is still without claim
 * or driver when the deadline has passed once more is recorded as stranded; a
 * driver that comes later still makes it owned.
 */
static void arm_overdue(void);

/*
 * Replace the record, if it differs, and tell. A verdict that stays the same keeps its date,
 * and, when it is merely acted upon, the flags it was given with.
 */
static void extent_write(struct dax_owner_extent *extent,
			 const struct dax_owner_record *record, bool tell)
{
	struct dax_owner_record new = *record;
	struct dax_owner_record *old = &extent->record;

	new.previous = old->owner == new.owner ? old->previous : old->owner;
	if (old->decided_us && old->owner == new.owner && old->verdict == new.verdict) {
		new.decided_us = old->decided_us;
		if (new.state != DAX_OWNER_STATE_DECIDED)
			new.flags = old->flags;
	}

	if (!memcmp(&new, old, sizeof(new)))
		return;

	spin_lock(&extent->lock);
	*old = new;
	spin_unlock(&extent->lock);

	trace_dax_owner_extent(&extent->span, &new);
	refresh_settled();
	if (record_in_flight(&new) && new.state != DAX_OWNER_STATE_PENDING)
		arm_overdue();
	if (tell && extent->published)
		kobject_uevent(&extent->dev.kobj, KOBJ_CHANGE);
}

/*
 * Make @span, which lies within one range, exactly one extent. What extents
 * that it cuts keep outside of it keeps its record. Extents wholly inside go.
 */
static struct dax_owner_extent *ledger_carve(const struct dax_owner_span *span)
{
	struct dax_owner_extent *extent, *next, *low = NULL, *high = NULL, *fresh;

	fresh = extent_alloc(span);
	if (!fresh)
		goto err;

	list_for_each_entry(extent, &dax_owner_ledger, node) {
		if (!dax_owner_span_meets(&extent->span, span))
			continue;
		fresh->record = extent->record;
		if (extent->span.start < span->start) {
			low = extent_alloc(&(struct dax_owner_span) {
				extent->span.start, span->start - 1 });
			if (!low)
				goto err;
			low->record = extent->record;
		}
		if (extent->span.end > span->end) {
			high = extent_alloc(&(struct dax_owner_span) {
				span->end + 1, extent->span.end });
			if (!high)
				goto err;
			high->record = extent->record;
		}
	}

	list_for_each_entry_safe(extent, next, &dax_owner_ledger, node)
		if (dax_owner_span_meets(&extent->span, span))
			extent_drop(extent);

	extent_insert(fresh);
	if (low) {
		extent_insert(low);
		extent_publish(low);
	}
	if (high) {
		extent_insert(high);
		extent_publish(high);
	}
	return fresh;

err:
	pr_err("no memory to record extent %#llx-%#llx\n", span->start, span->end);
	if (low)
		put_device(&low->dev);
	if (fresh)
		put_device(&fresh->dev);
	return NULL;
}

static struct dax_owner_extent *ledger_find(const struct dax_owner_span *span)
{
	struct dax_owner_extent *extent;

	list_for_each_entry(extent, &dax_owner_ledger, node)
		if (extent->span.start == span->start && extent->span.end == span->end)
			return extent;
	return NULL;
}

/**
 * dax_owner_ledger_set() - record one owner for a span of addresses
 * @span: the addresses; where it lies outside the ranges, nothing is recorded
 * @record: what to record; target_node is filled in from the range, previous from
 *	what the ledger said before
 *
 * Afterwards the part of @span in each range is one extent. One that could not be shown in
 * sysfs before is made anew, to be shown now.
 *
 * Without memory to cut a range its records stay as they are, which is logged.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_set(const struct dax_owner_span *span,
			  const struct dax_owner_record *record)
{
	lockdep_assert_held(&dax_owner_lock);

	for (size_t i = 0; i < dax_owner_nr_ranges; i++) {
		const struct dax_owner_range *range = &dax_owner_ranges[i];
		struct dax_owner_record mine = *record;
		struct dax_owner_extent *extent, *fresh = NULL;
		struct dax_owner_span part;

		if (!dax_owner_span_meets(&range->span, span))
			continue;

		part = dax_owner_span_common(&range->span, span);
		mine.target_node = dax_owner_target_node(range, part.start);
		extent = ledger_find(&part);
		/* a device that could not be added is not tried again, a new one is */
		if (!extent || !extent->published)
			fresh = ledger_carve(&part);
		if (fresh) {
			extent_write(fresh, &mine, false);
			extent_publish(fresh);
		} else if (extent) {
			extent_write(extent, &mine, true);
		}
	}
}

/* Make @piece, which lies within one extent or in none, an extent, and nothing else of it. */
static void cut_out(const struct dax_owner_range *range, const struct dax_owner_span *piece)
{
	struct dax_owner_extent *extent = ledger_carve(piece);

	if (!extent)
		return;
	extent->record.target_node = dax_owner_target_node(range, piece->start);
	extent_publish(extent);
}

/**
 * dax_owner_ledger_cut() - let extents end where a span does
 * @span: what is about to be edited
 *
 * No record changes. The extents of a claim do end there, unless there was no memory for
 * it when the verdict was recorded.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_cut(const struct dax_owner_span *span)
{
	lockdep_assert_held(&dax_owner_lock);

	for (size_t i = 0; i < dax_owner_nr_ranges; i++) {
		const struct dax_owner_range *range = &dax_owner_ranges[i];
		struct dax_owner_extent *extent, *next;
		struct dax_owner_span part, piece;
		bool none = true;

		if (!dax_owner_span_meets(&range->span, span))
			continue;
		part = dax_owner_span_common(&range->span, span);
		list_for_each_entry_safe(extent, next, &dax_owner_ledger, node) {
			if (!dax_owner_span_meets(&extent->span, &part))
				continue;
			none = false;
			piece = dax_owner_span_common(&extent->span, &part);
			if (piece.start != extent->span.start || piece.end != extent->span.end)
				cut_out(range, &piece);
		}
		if (none)
			cut_out(range, &part);
	}
}

/**
 * dax_owner_ledger_edit() - change records in place
 * @span: which extents: those wholly inside it
 * @edit: changes a copy of a record; no change, no uevent
 * @arg: passed on to @edit
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_ledger_edit(const struct dax_owner_span *span,
			   dax_owner_edit_fn edit, const void *arg)
{
	struct dax_owner_extent *extent;

	lockdep_assert_held(&dax_owner_lock);

	list_for_each_entry(extent, &dax_owner_ledger, node) {
		struct dax_owner_record record = extent->record;

		if (extent->span.start < span->start || extent->span.end > span->end)
			continue;
		edit(&record, arg);
		extent_write(extent, &record, true);
	}
}

/* No driver came for it in all that time: that memory is nobody's. */
static void edit_overdue(struct dax_owner_record *record, const void *arg)
{
	if (record->state == DAX_OWNER_STATE_PENDING || !record_in_flight(record))
		return;
	dax_owner_record_fail(record, -ENODEV);
}

static void ledger_overdue(struct work_struct *work)
{
	const struct dax_owner_span all = { 0, U64_MAX };

	mutex_lock(&dax_owner_lock);
	/* armed again while we waited for the lock: what is in flight now has time */
	if (!delayed_work_pending(to_delayed_work(work)))
		dax_owner_ledger_edit(&all, edit_overdue, NULL);
	mutex_unlock(&dax_owner_lock);
}

static DECLARE_DELAYED_WORK(overdue_work, ledger_overdue);

static void arm_overdue(void)
{
	mod_delayed_work(dax_owner_wq, &overdue_work,
			 msecs_to_jiffies(dax_owner_deadline_s * MSEC_PER_SEC));
}
