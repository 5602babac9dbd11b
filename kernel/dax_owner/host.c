// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host: the hmem_platform device while dax_hmem is bound to it, and the requests to
 * decide a range of it again.
 *
 * dax_owner calls dax_hmem only under the device lock of the host, and only after it has
 * checked that dax_hmem is bound. While that lock is held, dax_hmem can neither be unbound nor
 * unloaded.
 *
 * A request is a work item, so that the requesting task can be interrupted while it waits. The
 * work waits for the device lock interruptibly. On a large machine it takes minutes to put memory
 * online, and a task that sleeps uninterruptibly for two minutes is reported as hung. A kworker
 * gets no signals, so its wait always ends with the lock taken.
 *
 * This file must not know the rules.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "internal.h"

/**
 * struct host_state - the host, protected by dax_owner_lock
 * @dev: the host while dax_hmem is bound to it, else NULL
 * @ops: the operations of dax_hmem while @dev is set, else NULL
 */
struct host_state {
	struct device *dev;
	const struct dax_owner_hmem_ops *ops;
};

static struct host_state host;

/**
 * dax_owner_host_ops() - return the operations of dax_hmem
 * @dev: a device
 *
 * Context: device lock of @dev held, and the result is valid as long as it is held; takes
 * dax_owner_lock.
 * Return: the operations; NULL if dax_hmem is not bound to @dev.
 */
const struct dax_owner_hmem_ops *dax_owner_host_ops(struct device *dev)
{
	const struct dax_owner_hmem_ops *ops;

	device_lock_assert(dev);

	mutex_lock(&dax_owner_lock);
	ops = host.dev == dev ? host.ops : NULL;
	mutex_unlock(&dax_owner_lock);
	return ops;
}

/* --- binding --- */

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
	if (dax_owner_pass_waits()) {
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

/**
 * dax_owner_bind_host() - decide the ranges that need not wait, queue the initial pass for others
 * @dev: the hmem_platform device, being probed
 * @ops: offer() is called once for each extent that dax_hmem owns; must stay valid while @dev is
 *	bound
 *
 * If dax_owner_awaits_cxl(), the ranges that meet a CXL window are recorded as pending. The
 * failure of one range does not stop the others.
 *
 * Context: device lock of @dev held; may sleep.
 * Return: 0; -EBUSY while the initial pass of an earlier bind still waits; -ENODEV if dax_hmem is
 * bound to another host; -ENOMEM or -EINTR if no range has to wait and the evidence could not be
 * read. Then nothing is decided.
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

	/* a range that could not be decided now is decided when the pass ends */
	rc = dax_owner_decide_all(dev, DAX_OWNER_PASS_PENDING, ops);
	if (rc)
		dev_warn(dev, "cannot decide the ranges outside CXL windows yet: %d\n", rc);
	dax_owner_pass_queue(dev);
	return 0;
}
EXPORT_SYMBOL_GPL(dax_owner_bind_host);

/* --- one range again --- */

/**
 * struct request - a request to decide one range again
 * @work: decides, so that the requesting task can be interrupted while it waits
 * @users: references of the work, and of the task while it waits; the last one frees the request
 * @done: completed when @rc is set
 * @address: an address of the range
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

	/* NULL if the host was unbound during the wait for its lock; now it cannot be unbound */
	ops = dax_owner_host_ops(dev);
	if (!ops)
		return -ENODEV;
	mutex_lock(&dax_owner_lock);
	over = dax_owner_ledger_pass_over();
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
 * dax_owner_arbitrate_again() - decide one range again, on present evidence
 * @address: an address of the range
 *
 * A DAX device that a driver uses stays with its owner. All other bytes of the range are
 * withdrawn from dax_hmem and decided again. dax_cxl claims its extents asynchronously.
 *
 * Context: process context with no lock held. Sleeps interruptibly.
 * Return: 0; -ENXIO if no range contains @address; -ENODEV if dax_hmem is not bound; -EBUSY if
 * the initial pass is not over; -EINTR if a signal ended the wait, which does not stop the
 * decision; -ENOMEM.
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

	/* TASK_FREEZABLE: a suspend freezes the task in this wait and does not interrupt it */
	if (wait_for_completion_state(&request->done, TASK_INTERRUPTIBLE | TASK_FREEZABLE))
		rc = -EINTR;
	else
		rc = request->rc;
	kref_put(&request->users, request_free);
	return rc;
}
