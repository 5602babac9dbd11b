// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initial pass: the work item that waits for CXL's first enumeration and
 * then has every range decided.
 *
 * It is queued by the probe of hmem_platform, once per binding, and decides
 * under the device lock of it. If the device was unbound before the work ran, it
 * gives up. dax_cxl flushes it before it registers its driver.
 *
 * What is decided is not known here, nor how CXL is waited for.
 */
#include <linux/device.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "dax_hmem.h"

static struct workqueue_struct *dax_hmem_wq;

/**
 * struct initial_pass - the work that waits for CXL
 * @work: runs at most once per binding of the host
 * @host: the hmem_platform device, pinned from queueing until the work has ended
 * @driver: ours, for @host may have another one by then (driver_override)
 * @in_flight: queued or running; under the device lock of the host
 * @exiting: the module is being unloaded, there is nothing to wait for
 */
struct initial_pass {
	struct work_struct work;
	struct device *host;
	const struct device_driver *driver;
	bool in_flight;
	bool exiting;
};

static struct initial_pass initial_pass;

static bool exiting(void)
{
	return READ_ONCE(initial_pass.exiting);
}

static void run_initial_pass(struct work_struct *work)
{
	struct device *host = initial_pass.host;
	enum dax_owner_pass pass = dax_owner_await_cxl(exiting);

	device_lock(host);
	/* gives up if the host was unbound; until then a rebind is refused */
	if (host->driver == initial_pass.driver && pass != DAX_OWNER_PASS_PENDING)
		dax_owner_end_initial_pass(host, pass, &hmem_ops);
	initial_pass.in_flight = false;
	device_unlock(host);
	put_device(host);
}

/**
 * dax_hmem_flush_work() - wait until dax_hmem has dispositioned all its ranges
 *
 * As long as the deadline of dax_owner, at most. For dax_cxl, which needs this symbol
 * and so this module.
 *
 * Context: process context; never on a probe path.
 */
void dax_hmem_flush_work(void)
{
	flush_workqueue(dax_hmem_wq);
}
EXPORT_SYMBOL_GPL(dax_hmem_flush_work);

/**
 * initial_pass_in_flight() - is the work queued or running?
 *
 * Context: device lock of the host held.
 */
bool initial_pass_in_flight(void)
{
	return initial_pass.in_flight;
}

/**
 * initial_pass_queue() - have the ranges decided once CXL's enumeration is over
 * @host: the hmem_platform device, being probed
 *
 * Context: device lock of @host held, initial_pass_in_flight() is false.
 */
void initial_pass_queue(struct device *host)
{
	device_lock_assert(host);

	initial_pass.in_flight = true;
	initial_pass.host = get_device(host);
	initial_pass.driver = host->driver;
	queue_work(dax_hmem_wq, &initial_pass.work);
}

/**
 * initial_pass_init() - get CXL's enumeration on its way, before anything waits for it
 *
 * Return: 0 or -ENOMEM.
 */
int __init initial_pass_init(void)
{
	request_module("cxl_acpi");
	request_module("cxl_pci");

	INIT_WORK(&initial_pass.work, run_initial_pass);
	dax_hmem_wq = alloc_ordered_workqueue("dax_hmem", 0);
	return dax_hmem_wq ? 0 : -ENOMEM;
}

/**
 * initial_pass_exit() - end the wait, and with it the work
 *
 * To be called when nothing can queue it any more.
 */
void initial_pass_exit(void)
{
	WRITE_ONCE(initial_pass.exiting, true);
	dax_owner_wake();
	destroy_workqueue(dax_hmem_wq);
}
