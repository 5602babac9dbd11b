// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initial pass: a work item that waits for CXL's first enumeration and then decides every
 * range.
 *
 * The probe of the host queues it, once per bind. The ledger records whether the pass is over.
 * The file is not built without dax_cxl, because no range has to wait then.
 *
 * Waits for the pass sleep idle, for the same reason as in host.c: they may last minutes.
 *
 * This file must not know the rules, or how to detect the end of CXL's enumeration.
 */
#include <linux/device.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "internal.h"

/**
 * struct pass_state - the initial pass, protected by dax_owner_lock
 * @host: the device that the work was queued for, pinned until the work has ended; NULL if the
 *	work is neither queued nor running
 * @cancelled: dax_hmem is being unloaded, so the work need not wait any longer
 */
struct pass_state {
	struct device *host;
	bool cancelled;
};

static struct pass_state pass;

static DECLARE_WAIT_QUEUE_HEAD(pass_ended);

/* --- the work --- */

static bool cancelled(void)
{
	return READ_ONCE(pass.cancelled);
}

static void end_pass(struct device *dev, enum dax_owner_pass outcome)
{
	const struct dax_owner_hmem_ops *ops = dax_owner_host_ops(dev);
	int rc;

	/* the host was unbound before the pass could end: the next bind queues another pass */
	if (!ops || outcome == DAX_OWNER_PASS_PENDING)
		return;
	if (outcome == DAX_OWNER_PASS_DEADLINE)
		dev_warn(dev,
			 "CXL enumeration did not end within %u s, deciding on the evidence so far\n",
			 dax_owner_deadline_s);
	rc = dax_owner_decide_all(dev, outcome, ops);
	/* a range that could not be decided is recorded as stranded, and can be arbitrated again */
	if (rc)
		dev_err(dev, "cannot decide the ranges in CXL windows: %d\n", rc);
}

static void run_pass(struct work_struct *work)
{
	struct device *dev = pass.host; /* set before the work was queued */
	enum dax_owner_pass outcome = dax_owner_await_cxl(cancelled);

	/* always 0: a kworker is never interrupted */
	if (!device_lock_interruptible(dev)) {
		end_pass(dev, outcome);
		device_unlock(dev);
	}

	mutex_lock(&dax_owner_lock);
	pass.host = NULL;
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);
	put_device(dev);
	wake_up_all(&pass_ended);
}

static DECLARE_WORK(pass_work, run_pass);

/**
 * dax_owner_pass_waits() - check whether the initial pass is queued or running
 *
 * Context: dax_owner_lock held.
 * Return: true if it is.
 */
bool dax_owner_pass_waits(void)
{
	lockdep_assert_held(&dax_owner_lock);

	return pass.host;
}

/**
 * dax_owner_pass_queue() - queue the decision of all ranges for the end of CXL's enumeration
 * @host: the hmem_platform device, being probed
 *
 * Context: device lock of @host held, dax_owner_pass_waits() is false; takes dax_owner_lock.
 */
void dax_owner_pass_queue(struct device *host)
{
	device_lock_assert(host);

	mutex_lock(&dax_owner_lock);
	dax_owner_busy_begin();
	pass.host = get_device(host);
	mutex_unlock(&dax_owner_lock);
	queue_work(dax_owner_wq, &pass_work);
}

/**
 * dax_owner_wait_for_pass() - wait until no initial pass is queued or running
 * @give_up: returns true when the caller no longer needs to wait; called after each
 *	dax_owner_wake(); NULL: never give up
 *
 * The wait lasts at most for the deadline plus the time that dax_hmem's memory takes to come
 * online.
 *
 * Context: process context with no lock held; never on a probe path. Sleeps idle.
 * Return: true if no pass is queued or running; false if @give_up returned true first.
 */
bool dax_owner_wait_for_pass(bool (*give_up)(void))
{
	wait_event_idle(pass_ended, !READ_ONCE(pass.host) || (give_up && give_up()));
	return !READ_ONCE(pass.host);
}
EXPORT_SYMBOL_GPL(dax_owner_wait_for_pass);

/**
 * dax_owner_wake() - make all waits for the initial pass call give_up() again
 *
 * Context: any.
 */
void dax_owner_wake(void)
{
	wake_up_all(&pass_ended);
	dax_owner_enumeration_wake();
}
EXPORT_SYMBOL_GPL(dax_owner_wake);

/**
 * dax_owner_cancel_pass() - end the wait for CXL, and with it the initial pass
 *
 * dax_hmem calls this during its unload, after the host was unbound. The ranges stay pending
 * until dax_hmem is loaded again.
 *
 * Context: process context; waits for the work.
 */
void dax_owner_cancel_pass(void)
{
	WRITE_ONCE(pass.cancelled, true);
	dax_owner_wake();
	flush_work(&pass_work);
	WRITE_ONCE(pass.cancelled, false);
}
EXPORT_SYMBOL_GPL(dax_owner_cancel_pass);

/**
 * dax_owner_driver_loads() - stop the time of all extents until a driver has registered
 *
 * No extent is overdue until the matching dax_owner_driver_came().
 *
 * Context: process context; takes dax_owner_lock.
 */
void dax_owner_driver_loads(void)
{
	mutex_lock(&dax_owner_lock);
	dax_owner_busy_begin();
	mutex_unlock(&dax_owner_lock);
}
EXPORT_SYMBOL_GPL(dax_owner_driver_loads);

/**
 * dax_owner_driver_came() - undo one dax_owner_driver_loads()
 *
 * Context: process context; takes dax_owner_lock.
 */
void dax_owner_driver_came(void)
{
	mutex_lock(&dax_owner_lock);
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);
}
EXPORT_SYMBOL_GPL(dax_owner_driver_came);
