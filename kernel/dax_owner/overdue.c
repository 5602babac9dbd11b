// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strand the extents that have waited too long for a driver.
 *
 * An extent that was decided or claimed becomes stranded if no driver comes within the deadline.
 * A driver that comes later still makes it owned. Each extent has its own time, which starts
 * when the extent begins to wait. Changes of other extents do not postpone it.
 *
 * Two events postpone it. An extent is not overdue while its own driver works on it, which may
 * put memory online for minutes. No extent is overdue between dax_owner_busy_begin() and
 * dax_owner_busy_end(). After that, each extent has its full time again.
 *
 * All extents have the same time. So they become overdue in the order in which they began to
 * wait, and a queue is enough.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include "internal.h"

/* All under dax_owner_lock: extents in the order of their due times */
static LIST_HEAD(queue);
static unsigned int busy;
/* In jiffies; no extent is due before this time */
static u64 not_before;

static void check_overdue(struct work_struct *work);
static DECLARE_DELAYED_WORK(overdue_work, check_overdue);

static u64 allowance(void)
{
	return msecs_to_jiffies(dax_owner_deadline_s * MSEC_PER_SEC);
}

static struct dax_owner_extent *first_in_queue(void)
{
	return list_first_entry_or_null(&queue, struct dax_owner_extent, queued);
}

static u64 due(const struct dax_owner_extent *extent)
{
	return max(extent->due, not_before);
}

/* Arm the work for the first extent. A work that is armed already runs no later: due times only grow. */
static void arm(void)
{
	struct dax_owner_extent *extent = first_in_queue();
	u64 now = get_jiffies_64();

	if (busy || !extent)
		return;
	queue_delayed_work(dax_owner_wq, &overdue_work, due(extent) > now ? due(extent) - now : 0);
}

/**
 * dax_owner_overdue_set() - begin or stop waiting for an extent's driver
 * @extent: the extent
 * @wait: true: begin, and start its time now, even if it already waits; false: stop
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_overdue_set(struct dax_owner_extent *extent, bool wait)
{
	lockdep_assert_held(&dax_owner_lock);

	list_del_init(&extent->queued);
	if (!wait)
		return;
	extent->due = get_jiffies_64() + allowance();
	list_add_tail(&extent->queued, &queue);
	arm();
}

/**
 * dax_owner_overdue_inherit() - give a new extent the due time of the extent it was cut from
 * @extent: the new extent, which does not wait yet
 * @from: the extent it was cut from; if it is NULL or does not wait, the time of @extent starts now
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_overdue_inherit(struct dax_owner_extent *extent, struct dax_owner_extent *from)
{
	lockdep_assert_held(&dax_owner_lock);

	if (!from || list_empty(&from->queued)) {
		dax_owner_overdue_set(extent, true);
		return;
	}
	extent->due = from->due;
	list_add(&extent->queued, &from->queued);
}

/**
 * dax_owner_busy_begin() - stop the time of all extents while other work goes on
 *
 * Such work is: offers are made one after the other; regions are attached; a driver puts memory
 * online for the first time, and other devices wait for that driver. No extent is overdue until
 * the matching dax_owner_busy_end(). Calls nest.
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_busy_begin(void)
{
	lockdep_assert_held(&dax_owner_lock);

	busy++;
}

/**
 * dax_owner_busy_end() - undo one dax_owner_busy_begin()
 *
 * After the last one, every extent that waits has its full time again.
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_busy_end(void)
{
	lockdep_assert_held(&dax_owner_lock);

	if (WARN_ON_ONCE(!busy))
		return;
	if (--busy)
		return;
	not_before = get_jiffies_64() + allowance();
	arm();
}

static void check_overdue(struct work_struct *work)
{
	const struct dax_owner_args none = {};
	struct dax_owner_extent *extent;
	u64 now;

	mutex_lock(&dax_owner_lock);
	now = get_jiffies_64();
	while (!busy && (extent = first_in_queue()) && due(extent) <= now) {
		struct dax_owner_span span = extent->node.span;

		if (dax_owner_claim_in_progress(&span)) {
			dax_owner_overdue_set(extent, true);
			continue;
		}
		/* the event takes it out of the queue, too; do it first, so that this loop ends anyway */
		dax_owner_overdue_set(extent, false);
		dax_owner_ledger_edit(&span, DAX_OWNER_EVENT_OVERDUE, &none);
	}
	arm();
	mutex_unlock(&dax_owner_lock);
}
