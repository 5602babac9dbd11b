// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is CXL's first enumeration over? Proven, not hoped for.
 *
 * Regions are assembled in the probe of the memory devices (cxl_mem), once the
 * root (cxl_acpi) is there. wait_for_device_probe() alone does not prove that
 * this has happened:
 *
 * - it knows nothing of modules that are not loaded yet;
 * - a memory device probed before the root was there fails, and is tried again
 *   by a rescan that cxl_acpi queues as it finishes: between the two nothing is
 *   being probed;
 * - it has no deadline.
 *
 * So the evidence is looked at itself. The first enumeration is over when
 *
 * 1. the CXL root, ACPI0017, is bound, or given up;
 * 2. every PCI function of the CXL memory class is bound, or given up;
 * 3. every memory device on the CXL bus is bound, or given up.
 *
 * Given up means: its driver is there and live, every probe in flight has ended
 * (wait_for_device_probe()), and the device is still not bound. A memory device
 * is given up only once we have attached it ourselves after the root was bound,
 * which also waits for the kernel's own rescan when that has it locked.
 *
 * Binding a memory device attaches its decoders to their region, and the last
 * one commits and probes the region, all within that probe: no region is left
 * to wait for.
 *
 * The look is taken by a work item, a sweep, because it may block on a probe
 * that never ends. Whoever waits, waits for its result, with a deadline. Every
 * event that can change the answer starts another sweep. A sweep that was
 * overtaken by an event proves nothing.
 */
#include <linux/acpi.h>
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
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
static bool coldplug_over;

static void sweep(struct work_struct *work);
static DECLARE_WORK(sweep_work, sweep);

static void note_event(void)
{
	if (READ_ONCE(enumeration_over))
		return;
	atomic_inc(&events);
	queue_work(dax_owner_wq, &sweep_work);
}

/* --- drivers --- */

struct driver_query {
	const char *name;
	bool live;
};

/* The driver list pins @drv for the length of the call, and with it its module. */
static int driver_is_live(struct device_driver *drv, void *data)
{
	struct driver_query *query = data;

	if (strcmp(drv->name, query->name))
		return 0;
	query->live = !drv->owner || drv->owner->state == MODULE_STATE_LIVE;
	return 1;
}

/*
 * Has this driver been offered every device there was? It has when its module's
 * init is over. Once userspace says that coldplug is over, a driver that is not
 * there is not coming.
 */
static bool driver_had_its_turn(const struct bus_type *bus, const char *name)
{
	struct driver_query query = { .name = name };

	bus_for_each_drv(bus, NULL, &query, driver_is_live);
	return query.live || READ_ONCE(coldplug_over);
}

/* --- the three parts of the evidence --- */

enum progress {
	UNDER_WAY,	/* may still bind */
	BOUND,		/* all there is, is bound or given up */
	NOT_COMING,	/* no CXL on this machine, or its root was given up */
};

static enum progress root_progress(void)
{
	struct acpi_device *adev = acpi_dev_get_first_match_dev("ACPI0017", NULL, -1);
	enum progress progress = NOT_COMING;
	struct device *dev;

	if (!adev)
		return NOT_COMING;

	dev = bus_find_device_by_acpi_dev(&platform_bus_type, adev);
	if (dev && device_is_bound(dev))
		progress = BOUND;
	else if (dev && !driver_had_its_turn(&platform_bus_type, "cxl_acpi"))
		progress = UNDER_WAY;

	put_device(dev);
	acpi_dev_put(adev);
	return progress;
}

static enum progress functions_progress(void)
{
	bool turn = driver_had_its_turn(&pci_bus_type, "cxl_pci");
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev) {
		if (pdev->class != CXL_MEMORY_CLASS || device_is_bound(&pdev->dev) || turn)
			continue;
		pci_dev_put(pdev);
		return UNDER_WAY;
	}
	return BOUND;
}

static bool is_type(const struct device *dev, const char *name)
{
	return dev->type && dev->type->name && !strcmp(dev->type->name, name);
}

static int memdev_under_way(struct device *dev, void *data)
{
	return is_type(dev, "cxl_memdev") && !device_is_bound(dev);
}

static enum progress memdevs_progress(void)
{
	if (driver_had_its_turn(&cxl_bus_type, "cxl_mem") &&
	    driver_had_its_turn(&cxl_bus_type, "cxl_port"))
		return BOUND;
	return bus_for_each_dev(&cxl_bus_type, NULL, NULL, memdev_under_way) ?
		UNDER_WAY : BOUND;
}

/* --- memory devices that were probed before the root was there --- */

struct attempt {
	struct device *dev;
	struct list_head node;
};

/* Memory devices attached by us already. Touched by the sweep alone. */
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
 * Once per device: a failed probe adds and removes ports, and must not start the
 * next sweep for ever.
 */
static int attach_memdev(struct device *dev, void *data)
{
	struct attempt *attempt;

	if (!is_type(dev, "cxl_memdev") || device_is_bound(dev) || attempted(dev))
		return 0;

	attempt = kzalloc(sizeof(*attempt), GFP_KERNEL);
	if (!attempt)
		return -ENOMEM;
	attempt->dev = get_device(dev);
	list_add(&attempt->node, &attempts);

	if (device_attach(dev) < 0)
		dev_dbg(dev, "still does not bind with the CXL root present\n");
	return 0;
}

/* --- the sweep --- */

static void sweep(struct work_struct *work)
{
	int seen = atomic_read(&events);
	enum progress root;
	bool over;

	if (READ_ONCE(enumeration_over))
		return;

	wait_for_device_probe();
	root = root_progress();
	if (root == BOUND && driver_had_its_turn(&cxl_bus_type, "cxl_mem") &&
	    bus_for_each_dev(&cxl_bus_type, NULL, NULL, attach_memdev))
		return;	/* no memory: the deadline decides */

	over = root == NOT_COMING ||
	       (root == BOUND && functions_progress() == BOUND &&
		memdevs_progress() == BOUND);
	trace_dax_owner_sweep(root == BOUND, over);
	if (!over || seen != atomic_read(&events))
		return;

	forget_attempts();
	WRITE_ONCE(enumeration_over, true);
	wake_up_all(&sweep_done);
}

/* --- what can change the answer --- */

static int cxl_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dev = data;

	if (event == BUS_NOTIFY_DEL_DEVICE && is_type(dev, "cxl_dax_region"))
		dax_owner_claims_region_gone(dev);
	if ((event == BUS_NOTIFY_ADD_DEVICE || event == BUS_NOTIFY_BOUND_DRIVER) &&
	    (is_type(dev, "cxl_memdev") || is_type(dev, "cxl_region")))
		note_event();
	return NOTIFY_OK;
}

static int pci_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if ((event == BUS_NOTIFY_ADD_DEVICE || event == BUS_NOTIFY_BOUND_DRIVER) &&
	    to_pci_dev(data)->class == CXL_MEMORY_CLASS)
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

static struct notifier_block cxl_bus_nb = { .notifier_call = cxl_bus_event };
static struct notifier_block pci_bus_nb = { .notifier_call = pci_bus_event };
static struct notifier_block module_nb = { .notifier_call = module_event };

/**
 * dax_owner_enumeration_init() - start to watch
 *
 * Return: 0 or a negative errno, nothing watched then.
 */
int __init dax_owner_enumeration_init(void)
{
	int rc;

	rc = bus_register_notifier(&cxl_bus_type, &cxl_bus_nb);
	if (rc)
		return rc;
	rc = bus_register_notifier(&pci_bus_type, &pci_bus_nb);
	if (rc)
		goto err_cxl;
	rc = register_module_notifier(&module_nb);
	if (rc)
		goto err_pci;
	return 0;

err_pci:
	bus_unregister_notifier(&pci_bus_type, &pci_bus_nb);
err_cxl:
	bus_unregister_notifier(&cxl_bus_type, &cxl_bus_nb);
	return rc;
}

/**
 * dax_owner_coldplug_over() - userspace has triggered all devices and their modules
 *
 * Drivers that are not there are no longer waited for.
 *
 * Context: any.
 */
void dax_owner_coldplug_over(void)
{
	WRITE_ONCE(coldplug_over, true);
	note_event();
}

/**
 * dax_owner_wake() - make dax_owner_await_cxl() ask again whether to give up
 *
 * Context: any.
 */
void dax_owner_wake(void)
{
	wake_up_all(&sweep_done);
}
EXPORT_SYMBOL_GPL(dax_owner_wake);

/**
 * dax_owner_await_cxl() - wait for the end of CXL's first enumeration
 * @give_up: true when the caller has no use for the answer any more; asked after
 *	each dax_owner_wake()
 *
 * Waits until the module parameter deadline has passed since the first call, at most:
 * who asks again later does not wait again.
 *
 * Context: process context with no lock held, one caller at a time; never on a probe
 * path.
 * Return: DAX_OWNER_PASS_OVER if enumeration has ended, DAX_OWNER_PASS_DEADLINE if it
 * had not in time, DAX_OWNER_PASS_PENDING if @give_up said so first.
 */
enum dax_owner_pass dax_owner_await_cxl(bool (*give_up)(void))
{
	static u64 deadline;
	u64 now = get_jiffies_64();

	if (!deadline)
		deadline = now + msecs_to_jiffies(dax_owner_deadline_s * MSEC_PER_SEC);

	note_event();
	wait_event_timeout(sweep_done, READ_ONCE(enumeration_over) || give_up(),
			   deadline > now ? deadline - now : 0);
	if (READ_ONCE(enumeration_over))
		return DAX_OWNER_PASS_OVER;
	return give_up() ? DAX_OWNER_PASS_PENDING : DAX_OWNER_PASS_DEADLINE;
}
EXPORT_SYMBOL_GPL(dax_owner_await_cxl);
