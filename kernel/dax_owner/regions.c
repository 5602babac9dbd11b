// SPDX-License-Identifier: GPL-2.0-only
/*
 * What CXL has committed.
 *
 * A dax_region device on the CXL bus exists exactly while a RAM region is
 * committed and probed, and carries its addresses. Regions that failed to
 * assemble have none, so they are no evidence that anybody can reach the
 * memory through CXL.
 */
#include <linux/device.h>
#include <linux/kmod.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "../compat/cxl.h"
#include "internal.h"

static bool is_dax_region(const struct device *dev)
{
	return dax_owner_is_type(dev, "cxl_dax_region");
}

static struct dax_owner_span region_span(struct device *dev)
{
	const struct range *hpa = &to_cxl_dax_region(dev)->hpa_range;

	return (struct dax_owner_span) { hpa->start, hpa->end };
}

struct collection {
	struct dax_owner_region *regions;
	size_t nr;
};

static int collect(struct device *dev, void *data)
{
	struct collection *c = data;
	struct dax_owner_region *more, *region;
	struct dax_owner_span held;

	if (!is_dax_region(dev))
		return 0;

	more = krealloc_array(c->regions, c->nr + 1, sizeof(*more), GFP_KERNEL);
	if (!more)
		return -ENOMEM;
	c->regions = more;
	region = &more[c->nr++];
	*region = (struct dax_owner_region) { .span = region_span(dev) };
	region->held = dax_owner_cxl_holds(&region->span);
	region->blocked = dax_owner_hmem_holds(&region->span, &held);
	return 0;
}

/**
 * dax_owner_regions_get() - the committed regions, as facts for the verdict
 * @regions: set to an array in the order dax_owner_prepare() wants, nothing computed; the
 *	caller frees it with kfree()
 * @nr: set to its length
 *
 * Context: dax_owner_lock held, may sleep.
 * Return: 0; -ENOMEM, with @regions NULL and @nr 0.
 */
int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr)
{
	struct collection c = { };
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	rc = bus_for_each_dev(&cxl_bus_type, NULL, &c, collect);
	if (rc) {
		kfree(c.regions);
		c = (struct collection) { };
	}
	sort(c.regions, c.nr, sizeof(*c.regions), dax_owner_region_cmp, NULL);
	*regions = c.regions;
	*nr = c.nr;
	return rc;
}

static int attach(struct device *dev, void *data)
{
	if (is_dax_region(dev) && !device_is_bound(dev) && device_attach(dev) < 0)
		dev_dbg(dev, "dax_cxl did not take it\n");
	return 0;
}

static void regions_attach(struct work_struct *work)
{
	/*
	 * dax_cxl may have been unloaded, or turned away by a claim that is gone
	 * by now. Its alias, not its name: an administrator's blacklist counts.
	 */
	request_module("cxl:t%d", CXL_DEVICE_DAX_REGION);
	bus_for_each_dev(&cxl_bus_type, NULL, NULL, attach);
}

static DECLARE_WORK(attach_work, regions_attach);

static int region_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct dax_owner_span span;

	/* before it is unbound, while a claim still shows; and once it is off the bus */
	if ((event != BUS_NOTIFY_DEL_DEVICE && event != BUS_NOTIFY_REMOVED_DEVICE) ||
	    !is_dax_region(data))
		return NOTIFY_DONE;
	span = region_span(data);
	dax_owner_claims_region_gone(data, &span);
	return NOTIFY_OK;
}

static struct notifier_block region_nb = { .notifier_call = region_event };

/**
 * dax_owner_regions_init() - start to watch for regions that are torn down
 *
 * Return: 0 or a negative errno.
 */
int __init dax_owner_regions_init(void)
{
	return bus_register_notifier(&cxl_bus_type, &region_nb);
}

/**
 * dax_owner_regions_exit() - undo dax_owner_regions_init(), when the module cannot be loaded
 */
void __init dax_owner_regions_exit(void)
{
	bus_unregister_notifier(&cxl_bus_type, &region_nb);
}

/**
 * dax_owner_regions_attach() - let dax_cxl have another look at every region it lacks
 *
 * Asynchronous: the caller may hold device locks.
 *
 * Context: any.
 */
void dax_owner_regions_attach(void)
{
	queue_work(dax_owner_wq, &attach_work);
}
