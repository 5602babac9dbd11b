// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prove that CXL's first enumeration is over.
 *
 * The probes of memory devices (cxl_mem) assemble the regions, after the root (cxl_acpi) is
 * bound. wait_for_device_probe() alone does not prove that this has happened:
 *
 * - It does not wait for modules that are not loaded yet.
 * - The probe of a memory device before the root is bound fails. cxl_acpi queues a rescan at
 *   the end of its probe, and the rescan probes the device again. No probe is in flight between
 *   the two.
 * - It has no deadline, and waits for every driver in the system.
 *
 * So this file checks the devices. The first enumeration is over when
 *
 * 1. the CXL root, ACPI0017, is bound or given up;
 * 2. every PCI function of the CXL memory class is bound or given up;
 * 3. every memory device on the CXL bus is bound or given up.
 *
 * If all of them are bound, it is over, whatever other probes are in flight. A device is given
 * up if these three are true, in this order: its driver was live; then every probe in flight
 * ended (wait_for_device_probe()); then the device was still not bound. A memory device needs a
 * fourth: this file has attached it once after the root was bound. The attach also waits for
 * the kernel's rescan if the rescan has locked the device.
 *
 * The probe of a memory device attaches its decoders to their region. The probe that attaches
 * the last decoder also commits and probes the region. So no region is left to wait for when
 * the probes have ended. This file does not wait for accelerators that make regions of their own.
 *
 * A work item, the sweep, checks the devices, because the check may block on a probe that never
 * ends. A caller waits for the result of the sweep, with a deadline. Every event that can change
 * the result queues another sweep. A sweep during which an event arrives proves nothing.
 */
#include <linux/acpi.h>
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/suspend.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../compat/cxl.h"
#include "internal.h"
#include "trace.h"

#define CXL_MEMORY_PROG_IF 0x10
#define CXL_MEMORY_CLASS (PCI_CLASS_MEMORY_CXL << 8 | CXL_MEMORY_PROG_IF)

static DECLARE_WAIT_QUEUE_HEAD(sweep_done);
static atomic_t events = ATOMIC_INIT(0);
static bool enumeration_over;
/* An initial pass waits for the result. Before that, a sweep is not worth its cost. */
static bool awaited;
/* The deadline has passed, so the result is no longer needed */
static bool deadline_passed;
/* The system sleeps or is about to. No driver is probed then, so an unbound device proves nothing. */
static bool suspended;
static bool coldplug_over;

static void sweep(struct work_struct *work);
static DECLARE_WORK(sweep_work, sweep);

static bool is_needed(void)
{
	return READ_ONCE(awaited) && !READ_ONCE(enumeration_over) && !READ_ONCE(deadline_passed);
}

static void note_event(void)
{
	if (!is_needed())
		return;
	atomic_inc(&events);
	queue_work(dax_owner_wq, &sweep_work);
}

/* --- drivers --- */

struct driver_query {
	const char *name;
	bool found;
	bool live;
};

/* The driver list pins @drv, and with it the driver's module, during the call. */
static int query_driver(struct device_driver *drv, void *data)
{
	struct driver_query *query = data;

	if (strcmp(drv->name, query->name))
		return 0;
	query->found = true;
	query->live = !drv->owner || drv->owner->state == MODULE_STATE_LIVE;
	return 1;
}

/*
 * Check whether a driver has been offered every device that existed. It has when the init of its
 * module is over, apart from probes in flight. After userspace has reported the end of coldplug,
 * a driver that is not registered is no longer expected.
 */
static bool was_offered_all(const struct bus_type *bus, const char *name)
{
	struct driver_query query = { .name = name };

	bus_for_each_drv(bus, NULL, &query, query_driver);
	return query.found ? query.live : READ_ONCE(coldplug_over);
}

/* The drivers that have been offered every device, at one moment */
struct turns {
	bool root;
	bool functions;
	bool memdevs;
};

static struct turns read_turns(void)
{
	return (struct turns) {
		.root = was_offered_all(&platform_bus_type, "cxl_acpi"),
		.functions = was_offered_all(&pci_bus_type, "cxl_pci"),
		.memdevs = was_offered_all(&cxl_bus_type, "cxl_mem") &&
			   was_offered_all(&cxl_bus_type, "cxl_port"),
	};
}

/* --- the three parts of the evidence --- */

enum root {
	ROOT_ABSENT, /* the machine has no CXL */
	ROOT_UNBOUND,
	ROOT_BOUND,
};

/*
 * Take the device lock: when it is free after the bind of the root, the driver core has also
 * queued the deferred probes that this bind triggers.
 */
static bool is_bound(struct device *dev)
{
	bool bound;

	device_lock(dev);
	bound = device_is_bound(dev);
	device_unlock(dev);
	return bound;
}

static enum root read_root(void)
{
	enum root root = ROOT_ABSENT;
	struct acpi_device *adev;
	struct device *dev;

	for_each_acpi_dev_match(adev, "ACPI0017", NULL, -1) {
		dev = bus_find_device_by_acpi_dev(&platform_bus_type, adev);
		if (!dev)
			continue;
		root = max(root, is_bound(dev) ? ROOT_BOUND : ROOT_UNBOUND);
		put_device(dev);
	}
	return root;
}

static bool functions_bound(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (pdev->class != CXL_MEMORY_CLASS || device_is_bound(&pdev->dev))
			continue;
		pci_dev_put(pdev);
		return false;
	}
	return true;
}

static int unbound_memdev(struct device *dev, void *data)
{
	return dax_owner_is_type(dev, "cxl_memdev") && !device_is_bound(dev);
}

static bool memdevs_bound(void)
{
	return !bus_for_each_dev(&cxl_bus_type, NULL, NULL, unbound_memdev);
}

/* --- memory devices that were probed before the root was bound --- */

struct attempt {
	struct device *dev;
	struct list_head node;
};

/* The memory devices that a sweep has attached. Only the sweep uses this list, so it has no lock. */
static LIST_HEAD(attempts);

static bool attempted(const struct device *dev)
{
	struct attempt *attempt;

	list_for_each_entry(attempt, &attempts, node)
		if (attempt->dev == dev)
			return true;
	return false;
}

static void forget_attempts(void)
{
	struct attempt *attempt, *next;

	list_for_each_entry_safe(attempt, next, &attempts, node) {
		list_del(&attempt->node);
		put_device(attempt->dev);
		kfree(attempt);
	}
}

/*
 * Attach a memory device, only once per device: a failed probe adds and removes ports, which
 * would queue sweeps for ever.
 */
static int attach_memdev(struct device *dev, void *data)
{
	struct attempt *attempt;

	if (!dax_owner_is_type(dev, "cxl_memdev") || device_is_bound(dev) || attempted(dev))
		return 0;

	attempt = kzalloc(sizeof(*attempt), GFP_KERNEL);
	if (!attempt)
		return -ENOMEM;
	attempt->dev = get_device(dev);
	list_add(&attempt->node, &attempts);

	if (device_attach(dev) < 0)
		dev_dbg(dev, "cannot bind although the CXL root is bound\n");
	return 0;
}

/* Drop all references when the module cannot be loaded. */
static void __init stop_sweeping(void)
{
	cancel_work_sync(&sweep_work);
	forget_attempts();
}

/* --- the sweep --- */

static bool attach_memdevs(void)
{
	return !bus_for_each_dev(&cxl_bus_type, NULL, NULL, attach_memdev);
}

/*
 * Wait for every probe in flight. This includes the probe of a DAX device, which puts memory
 * online. Probes for dax_owner's offers may take minutes, and wait_for_device_probe() cannot be
 * interrupted. So wait idle for these offers first, as long as the result is needed.
 */
static void wait_for_probes(void)
{
	wait_event_idle(sweep_done, !dax_owner_offering() || !is_needed());
	if (is_needed())
		wait_for_device_probe();
}

/* Check whether each device is bound or given up. */
static bool all_bound_or_given_up(void)
{
	const struct turns turns = read_turns();
	enum root root = read_root();

	if (root == ROOT_ABSENT)
		return true;
	if (root == ROOT_BOUND && functions_bound() && memdevs_bound())
		return true;

	wait_for_probes();
	root = read_root();
	if (root != ROOT_BOUND)
		return turns.root;

	/* again, for functions whose probes were deferred until the root was bound */
	wait_for_probes();
	if (!functions_bound() && !turns.functions)
		return false;

	/* out of memory for an attempt: the wait ends at the deadline */
	if (turns.memdevs && !attach_memdevs())
		return false;
	return turns.memdevs || memdevs_bound();
}

static void sweep(struct work_struct *work)
{
	int before = atomic_read(&events);
	bool over;

	if (READ_ONCE(deadline_passed))
		forget_attempts();
	if (!is_needed() || READ_ONCE(suspended))
		return;

	over = all_bound_or_given_up();
	trace_dax_owner_sweep(over, before != atomic_read(&events));
	if (!over || before != atomic_read(&events) || !is_needed())
		return;

	forget_attempts();
	WRITE_ONCE(enumeration_over, true);
	wake_up_all(&sweep_done);
}

/* --- events that can change the result --- */

/* A device that the sweep waits for may appear, be bound, or be removed. */
static bool changes_answer(unsigned long event)
{
	return event == BUS_NOTIFY_ADD_DEVICE || event == BUS_NOTIFY_BOUND_DRIVER ||
	       event == BUS_NOTIFY_REMOVED_DEVICE;
}

static int cxl_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (changes_answer(event) &&
	    (dax_owner_is_type(data, "cxl_memdev") || dax_owner_is_type(data, "cxl_region")))
		note_event();
	return NOTIFY_OK;
}

static int platform_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;

	if (event == BUS_NOTIFY_BOUND_DRIVER && !strcmp(dev->driver->name, "cxl_acpi"))
		note_event();
	return NOTIFY_OK;
}

static int pci_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (changes_answer(event) && to_pci_dev(data)->class == CXL_MEMORY_CLASS)
		note_event();
	return NOTIFY_OK;
}

static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *mod = data;

	if (event == MODULE_STATE_LIVE && !strncmp(mod->name, "cxl_", 4))
		note_event();
	return NOTIFY_OK;
}

/* Stop sweeps while the system sleeps, and queue one afterwards in any case. */
static int pm_event(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		WRITE_ONCE(suspended, true);
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		WRITE_ONCE(suspended, false);
		note_event();
		wake_up_all(&sweep_done);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cxl_bus_nb = { .notifier_call = cxl_bus_event };
static struct notifier_block platform_bus_nb = { .notifier_call = platform_bus_event };
static struct notifier_block pci_bus_nb = { .notifier_call = pci_bus_event };
static struct notifier_block module_nb = { .notifier_call = module_event };
static struct notifier_block pm_nb = { .notifier_call = pm_event };

/**
 * dax_owner_enumeration_init() - register the notifiers that queue sweeps
 *
 * Return: 0; a negative errno, with no notifier registered.
 */
int __init dax_owner_enumeration_init(void)
{
	int rc;

	rc = bus_register_notifier(&cxl_bus_type, &cxl_bus_nb);
	if (rc)
		return rc;
	rc = bus_register_notifier(&platform_bus_type, &platform_bus_nb);
	if (rc)
		goto err_cxl;
	rc = bus_register_notifier(&pci_bus_type, &pci_bus_nb);
	if (rc)
		goto err_platform;
	rc = register_module_notifier(&module_nb);
	if (rc)
		goto err_pci;
	rc = register_pm_notifier(&pm_nb);
	if (rc)
		goto err_module;
	return 0;

err_module:
	unregister_module_notifier(&module_nb);
err_pci:
	bus_unregister_notifier(&pci_bus_type, &pci_bus_nb);
err_platform:
	bus_unregister_notifier(&platform_bus_type, &platform_bus_nb);
err_cxl:
	bus_unregister_notifier(&cxl_bus_type, &cxl_bus_nb);
	stop_sweeping();
	return rc;
}

/**
 * dax_owner_enumeration_exit() - undo dax_owner_enumeration_init() when the module cannot be loaded
 *
 * Context: may sleep; waits for a sweep that has begun.
 */
void __init dax_owner_enumeration_exit(void)
{
	unregister_pm_notifier(&pm_nb);
	unregister_module_notifier(&module_nb);
	bus_unregister_notifier(&pci_bus_type, &pci_bus_nb);
	bus_unregister_notifier(&platform_bus_type, &platform_bus_nb);
	bus_unregister_notifier(&cxl_bus_type, &cxl_bus_nb);
	stop_sweeping();
}

/**
 * dax_owner_coldplug_over() - stop waiting for drivers that are not registered
 *
 * Userspace reports that it has triggered all devices, and so the loads of their modules.
 *
 * Context: any.
 */
void dax_owner_coldplug_over(void)
{
	WRITE_ONCE(coldplug_over, true);
	note_event();
}

/**
 * dax_owner_enumeration_wake() - make dax_owner_await_cxl() call give_up() again
 *
 * Context: any.
 */
void dax_owner_enumeration_wake(void)
{
	wake_up_all(&sweep_done);
}

/* No result counts while the system sleeps: a device that is unbound then may be bound after it. */
static bool is_answered(bool (*give_up)(void))
{
	return give_up() || (!READ_ONCE(suspended) && READ_ONCE(enumeration_over));
}

/**
 * dax_owner_await_cxl() - wait for the end of CXL's first enumeration
 * @give_up: returns true when the caller no longer needs the result; called after each
 *	dax_owner_wake()
 *
 * The wait ends at the latest when the seconds of the module parameter deadline have passed
 * since the first call. A later call does not wait for them again. Time in which the system
 * sleeps does not count.
 *
 * Context: process context with no lock held, one caller at a time; never on a probe
 * path. Sleeps idle.
 * Return: DAX_OWNER_PASS_OVER if enumeration has ended; DAX_OWNER_PASS_DEADLINE if the deadline
 * passed first; DAX_OWNER_PASS_PENDING if @give_up returned true first.
 */
enum dax_owner_pass dax_owner_await_cxl(bool (*give_up)(void))
{
	static u64 deadline;
	u64 now = get_jiffies_64();

	if (!deadline)
		deadline = now + msecs_to_jiffies(dax_owner_deadline_s * MSEC_PER_SEC);

	WRITE_ONCE(awaited, true);
	note_event();
	wait_event_idle_timeout(sweep_done, is_answered(give_up),
				deadline > now ? deadline - now : 0);
	/* if the deadline passed as the system fell asleep, wait until it is awake */
	wait_event_idle(sweep_done, !READ_ONCE(suspended) || give_up());
	if (READ_ONCE(enumeration_over))
		return DAX_OWNER_PASS_OVER;
	if (give_up())
		return DAX_OWNER_PASS_PENDING;
	WRITE_ONCE(deadline_passed, true);
	dax_owner_enumeration_wake();
	queue_work(dax_owner_wq, &sweep_work);
	return DAX_OWNER_PASS_DEADLINE;
}
