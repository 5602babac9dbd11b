// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host and the initial pass: all state of both.
 *
 * The host is the hmem_platform device while dax_hmem is bound to it. The probe of the host
 * decides the ranges that need not wait, and queues the initial pass for the others. The
 * initial pass is a work item that waits for CXL's first enumeration and then decides every
 * range. The end of the pass is recorded here for the whole boot, because this module is
 * never unloaded.
 *
 * The work runs in this module and calls dax_hmem only under the device lock of the host,
 * after it has seen that the host is bound: while that lock is held, dax_hmem can neither
 * be unbound nor unloaded.
 *
 * Waits in here are interruptible or idle: putting memory online takes minutes on a large
 * machine, and a task that sleeps uninterruptibly for two is reported as hung. A kworker
 * has no signals, so that an interruptible wait of the work always ends with the lock.
 *
 * arbitrate.c makes the decisions, enumeration.c waits for CXL.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "internal.h"
#include "trace.h"

/**
 * struct host_state - the host and the initial pass; under dax_owner_lock
 * @dev: the host while dax_hmem is bound to it, or NULL
 * @ops: of dax_hmem, while @dev is set
 * @waiting: the device the work was queued for, pinned until the work has ended; NULL
 *	when it is not queued
 * @cancelled: dax_hmem is being unloaded, the work has nothing to wait for
 * @over: the initial pass is over, for the rest of this boot
 */
struct host_state {
	struct device *dev;
	const struct dax_owner_hmem_ops *ops;
	struct device *waiting;
	bool cancelled;
	bool over;
};

static struct host_state host;

static DECLARE_WAIT_QUEUE_HEAD(pass_ended);

/**
 * dax_owner_pass_over() - check whether the initial pass is over
 *
 * Context: dax_owner_lock held.
 */
bool dax_owner_pass_over(void)
{
	lockdep_assert_held(&dax_owner_lock);

	return host.over;
}

/**
 * dax_owner_pass_set_over() - record that the initial pass is over
 *
 * Context: dax_owner_lock held.
 * Return: true if it was not before.
 */
bool dax_owner_pass_set_over(void)
{
	const bool first = !host.over;

	lockdep_assert_held(&dax_owner_lock);

	host.over = true;
	return first;
}

/* The operations of dax_hmem if it is bound to @dev; with the device lock held they stay valid. */
static const struct dax_owner_hmem_ops *bound_ops(struct device *dev)
{
	const struct dax_owner_hmem_ops *ops;

	device_lock_assert(dev);

	mutex_lock(&dax_owner_lock);
	ops = host.dev == dev ? host.ops : NULL;
	mutex_unlock(&dax_owner_lock);
	return ops;
}

/* --- the work --- */

static bool cancelled(void)
{
	return READ_ONCE(host.cancelled);
}

static void end_pass(struct device *dev, enum dax_owner_pass pass)
{
	const struct dax_owner_hmem_ops *ops = bound_ops(dev);
	int rc;

	/* unbound before the pass could end: the next binding queues another one */
	if (!ops || pass == DAX_OWNER_PASS_PENDING)
		return;
	if (pass == DAX_OWNER_PASS_DEADLINE)
		dev_warn(dev, "CXL enumeration did not end within %u s, deciding on the evidence so far\n",
			 dax_owner_deadline_s);
	rc = dax_owner_decide_all(dev, pass, ops);
	/* what could not be decided is recorded as stranded, and can be arbitrated again */
	if (rc)
		dev_err(dev, "cannot decide the ranges in CXL windows: %d\n", rc);
}

static void run_pass(struct work_struct *work)
{
	struct device *dev = host.waiting;	/* set before the work was queued */
	enum dax_owner_pass pass = dax_owner_await_cxl(cancelled);

	/* always 0: a kworker is never interrupted */
	if (!device_lock_interruptible(dev)) {
		end_pass(dev, pass);
		device_unlock(dev);
	}

	mutex_lock(&dax_owner_lock);
	host.waiting = NULL;
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);
	put_device(dev);
	wake_up_all(&pass_ended);
}

static DECLARE_WORK(pass_work, run_pass);

/**
 * dax_owner_wait_for_pass() - wait until no initial pass is queued or running
 * @give_up: true when the caller has no use for the end any more; asked after each
 *	dax_owner_wake(); may be NULL
 *
 * At most for the deadline and as long as dax_hmem's memory takes to come online.
 *
 * Context: process context with no lock held; never on a probe path. Sleeps idle.
 * Return: true if none is, false if @give_up returned true first.
 */
bool dax_owner_wait_for_pass(bool (*give_up)(void))
{
	wait_event_idle(pass_ended, !READ_ONCE(host.waiting) || (give_up && give_up()));
	return !READ_ONCE(host.waiting);
}
EXPORT_SYMBOL_GPL(dax_owner_wait_for_pass);

/**
 * dax_owner_wake() - make waits ask again whether to give up
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
 * For dax_hmem as it is unloaded, when it is bound to no host any more. The ranges stay
 * pending until it is loaded again.
 *
 * Context: process context; waits for the work.
 */
void dax_owner_cancel_pass(void)
{
	WRITE_ONCE(host.cancelled, true);
	dax_owner_wake();
	flush_work(&pass_work);
	WRITE_ONCE(host.cancelled, false);
}
EXPORT_SYMBOL_GPL(dax_owner_cancel_pass);

/**
 * dax_owner_driver_loads() - expect a driver that is about to register
 *
 * What is decided for it is not overdue until the matching dax_owner_driver_came().
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
 * dax_owner_driver_came() - end what dax_owner_driver_loads() began
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

/* --- the host --- */

static void unbind_host(void *dev)
{
	mutex_lock(&dax_owner_lock);
	host.dev = NULL;
	host.ops = NULL;
	mutex_unlock(&dax_owner_lock);
}

static int bind_host(struct device *dev, const struct dax_owner_hmem_ops *ops)
{
	int rc = 0;

	mutex_lock(&dax_owner_lock);
	if (host.waiting) {
		rc = -EBUSY;
	} else if (host.dev) {
		rc = -ENODEV;
	} else {
		host.dev = dev;
		host.ops = ops;
	}
	mutex_unlock(&dax_owner_lock);
	return rc ?: devm_add_action_or_reset(dev, unbind_host, dev);
}

static void queue_pass(struct device *dev)
{
	mutex_lock(&dax_owner_lock);
	dax_owner_busy_begin();
	host.waiting = get_device(dev);
	mutex_unlock(&dax_owner_lock);
	queue_work(dax_owner_wq, &pass_work);
}

/**
 * dax_owner_bind_host() - decide what need not wait, queue the initial pass for the rest
 * @dev: the hmem_platform device, being probed
 * @ops: offer() is called once for each extent that is dax_hmem's; must stay valid while
 *	@dev is bound
 *
 * Ranges that dax_owner_awaits_cxl() speaks of are recorded as pending. One range's
 * failure never stops the others.
 *
 * Context: device lock of @dev held; may sleep.
 * Return: 0; -EBUSY while the initial pass of an earlier binding still waits; -ENODEV if
 * dax_hmem is bound to another host; -ENOMEM or -EINTR if no range has to wait and the
 * evidence could not be gathered: nothing is decided then.
 */
int dax_owner_bind_host(struct device *dev, const struct dax_owner_hmem_ops *ops)
{
	int rc;

	device_lock_assert(dev);

	rc = bind_host(dev, ops);
	if (rc)
		return rc;
	if (!dax_owner_awaits_cxl())
		return dax_owner_decide_all(dev, DAX_OWNER_PASS_OVER, ops);

	/* what could not be decided now is decided when the pass ends */
	rc = dax_owner_decide_all(dev, DAX_OWNER_PASS_PENDING, ops);
	if (rc)
		dev_warn(dev, "cannot decide the ranges outside CXL windows yet: %d\n", rc);
	queue_pass(dev);
	return 0;
}
EXPORT_SYMBOL_GPL(dax_owner_bind_host);

/* --- one range again --- */

/**
 * struct request - one range to be decided again
 * @work: does it, so that the task that asks can be interrupted while it waits
 * @users: the work, and the task while it waits
 * @done: @rc is the outcome
 * @address: any of the range's
 * @rc: 0 or a negative errno
 */
struct request {
	struct work_struct work;
	struct kref users;
	struct completion done;
	u64 address;
	int rc;
};

static void request_free(struct kref *users)
{
	kfree(container_of(users, struct request, users));
}

static int decide_again(struct device *dev, u64 address)
{
	const struct dax_owner_hmem_ops *ops;
	bool over;

	/* not if it was unbound while we waited for it; from here on it cannot be */
	ops = bound_ops(dev);
	if (!ops)
		return -ENODEV;
	mutex_lock(&dax_owner_lock);
	over = dax_owner_pass_over();
	mutex_unlock(&dax_owner_lock);
	return over ? dax_owner_decide_range(dev, address, ops) : -EBUSY;
}

static struct device *get_host(void)
{
	struct device *dev;

	mutex_lock(&dax_owner_lock);
	dev = get_device(host.dev);
	mutex_unlock(&dax_owner_lock);
	return dev;
}

static void run_request(struct work_struct *work)
{
	struct request *request = container_of(work, struct request, work);
	struct device *dev = get_host();

	request->rc = -ENODEV;
	if (dev) {
		request->rc = device_lock_interruptible(dev);
		if (!request->rc) {
			request->rc = decide_again(dev, request->address);
			device_unlock(dev);
		}
		put_device(dev);
	}
	complete(&request->done);
	kref_put(&request->users, request_free);
}

/**
 * dax_owner_arbitrate_again() - decide one range anew, on present evidence
 * @address: any of the range's
 *
 * What a driver of the DAX bus uses stays with its owner; all else of the range is taken
 * back and decided. What becomes dax_cxl's is claimed asynchronously.
 *
 * Context: process context with no lock held. Sleeps interruptibly.
 * Return: 0; -ENXIO if no range has @address; -ENODEV if dax_hmem is not bound; -EBUSY if
 * the initial pass is not over; -EINTR if a signal ended the wait, which does not stop
 * the decision; -ENOMEM.
 */
int dax_owner_arbitrate_again(u64 address)
{
	struct request *request;
	int rc;

	if (!dax_owner_range_at(address))
		return -ENXIO;
	request = kzalloc(sizeof(*request), GFP_KERNEL);
	if (!request)
		return -ENOMEM;

	INIT_WORK(&request->work, run_request);
	kref_init(&request->users);
	kref_get(&request->users);
	init_completion(&request->done);
	request->address = address;
	queue_work(dax_owner_wq, &request->work);

	/* the freezer of a suspend leaves the task where it is, instead of interrupting it */
	if (wait_for_completion_state(&request->done, TASK_INTERRUPTIBLE | TASK_FREEZABLE))
		rc = -EINTR;
	else
		rc = request->rc;
	kref_put(&request->users, request_free);
	return rc;
}
