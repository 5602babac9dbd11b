// SPDX-License-Identifier: GPL-2.0-only
/*
 * The evidence of CXL regions: what is committed, and what of it dax_cxl can have.
 *
 * A committed region decodes its addresses, so they belong to it, whatever its kind.
 * dax_cxl can have those that have a DAX region, a device that the CXL core adds below
 * a RAM region as it is probed. Regions of persistent memory and of accelerators have
 * none: their memory belongs to other drivers. Regions that failed to assemble are not
 * committed: they are no evidence that CXL can reach the memory.
 */
#include <linux/device.h>
#include <linux/kmod.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "internal.h"
#include "region_facts.h"

static bool is_region(const struct device *dev)
{
	return dax_owner_is_type(dev, "cxl_region");
}

static bool is_dax_region(const struct device *dev)
{
	return dax_owner_is_type(dev, "cxl_dax_region");
}

static int is_dax_region_child(struct device *dev, void *data)
{
	return is_dax_region(dev);
}

static bool has_dax_region(struct device *region)
{
	return device_for_each_child(region, NULL, is_dax_region_child);
}

/*
 * Under dax_owner_lock: dax_cxl can have every region on the bus, as of the last decision, and
 * every region was committed and bound. So no region can have been committed since, and none
 * bars bytes: the driver of a bound region is unbound when it is decommitted, which is
 * noticed. One without a driver is decommitted without a notice.
 */
static bool none_bars;

struct collection {
	struct dax_owner_region *regions;
	size_t nr;
	size_t room;
	bool may_bar;
};

static struct dax_owner_region *collection_add(struct collection *c)
{
	struct dax_owner_region *more;

	if (c->nr == c->room) {
		size_t room = max(2 * c->room, 16);

		more = kvrealloc(c->regions, array_size(room, sizeof(*more)), GFP_KERNEL);
		if (!more)
			return NULL;
		c->regions = more;
		c->room = room;
	}
	return &c->regions[c->nr++];
}

static int collect(struct device *dev, void *data)
{
	struct dax_owner_span span, held;
	struct dax_owner_region *region;
	struct collection *c = data;
	int rc;

	if (!is_region(dev))
		return 0;
	rc = dax_owner_region_read(dev, &span);
	c->may_bar |= !rc || !READ_ONCE(dev->driver);
	if (rc <= 0)
		return rc;

	region = collection_add(c);
	if (!region)
		return -ENOMEM;
	*region = (struct dax_owner_region) { .span = span };
	region->held = dax_owner_cxl_holds(&span);
	region->blocked = dax_owner_hmem_holds(&span, &held);
	region->no_dax = !has_dax_region(dev);
	c->may_bar |= region->no_dax;
	return 0;
}

/**
 * dax_owner_regions_get() - gather the committed regions, as facts for the verdict
 * @regions: set to an array in the order dax_owner_decide() wants, @relinquished not
 *	computed; the caller frees it with kvfree()
 * @nr: set to its length
 *
 * A RAM region between its commit and the end of its probe has no DAX region yet and is
 * counted as one that dax_cxl cannot have; once it has one, dax_cxl claims it.
 *
 * Context: dax_owner_lock held, may sleep; takes the CXL core's region lock for reading.
 * Return: 0; -ENOMEM or -EINTR, with @regions NULL and @nr 0.
 */
int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr)
{
	struct collection c = { };
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	rc = bus_for_each_dev(&cxl_bus_type, NULL, &c, collect);
	if (rc) {
		kvfree(c.regions);
		c = (struct collection) { };
	}
	sort(c.regions, c.nr, sizeof(*c.regions), dax_owner_region_cmp, NULL);
	none_bars = !rc && !c.may_bar;
	*regions = c.regions;
	*nr = c.nr;
	return rc;
}

struct bar {
	const struct device *own;
	struct dax_owner_span span;
};

static int collect_no_dax(struct device *dev, void *data)
{
	struct dax_owner_span region;
	struct bar *bar = data;
	int rc;

	if (!is_region(dev) || dev == bar->own || has_dax_region(dev))
		return 0;
	rc = dax_owner_region_read(dev, &region);
	if (rc <= 0 || !dax_owner_span_meets(&region, &bar->span))
		return min(rc, 0);
	bar->span = dax_owner_span_common(&region, &bar->span);
	return 1;
}

/**
 * dax_owner_regions_bar() - find addresses of a region that dax_cxl cannot have, as of now
 * @own: a region that does not count, or NULL: the one whose DAX region is being probed, which
 *	is a child of the region only when the probe is over
 * @span: where to look
 * @barred: set to the addresses that a region has of @span
 *
 * For a driver that is about to use what was decided a while ago: other memory may have come
 * online for minutes meanwhile. And for dax_cxl, whose region may share bytes with one that
 * it cannot have. Costs nothing while dax_cxl can have every region.
 *
 * Context: dax_owner_lock held, may sleep; takes the CXL core's region lock for reading.
 * Return: 1 if there is one; 0 if not; -ENOMEM or -EINTR if that could not be found out.
 */
int dax_owner_regions_bar(const struct device *own, const struct dax_owner_span *span,
			  struct dax_owner_span *barred)
{
	struct bar bar = { .own = own, .span = *span };
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	if (none_bars)
		return 0;
	rc = bus_for_each_dev(&cxl_bus_type, NULL, &bar, collect_no_dax);
	*barred = bar.span;
	return rc;
}

/*
 * A device that is being probed is left alone: the probe may put memory online for
 * minutes, and device_attach() would wait for its end, uninterruptibly. Between this look
 * and device_attach() a probe can begin; no exported function closes that gap.
 */
static bool wants_driver(struct device *dev)
{
	bool wants;

	if (!is_dax_region(dev) || !device_trylock(dev))
		return false;
	wants = !dev->driver;
	device_unlock(dev);
	return wants;
}

static int attach(struct device *dev, void *data)
{
	if (wants_driver(dev) && device_attach(dev) < 0)
		dev_dbg(dev, "dax_cxl did not bind\n");
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

	mutex_lock(&dax_owner_lock);
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);
}

static DECLARE_WORK(attach_work, regions_attach);

static void dax_region_gone(struct device *dev)
{
	const struct range *hpa = &to_cxl_dax_region(dev)->hpa_range;
	const struct dax_owner_span span = { hpa->start, hpa->end };

	dax_owner_claims_region_gone(dev, &span,
				     dax_owner_region_decodes(dev->parent, false, &span));
}

/*
 * A region that dax_cxl cannot have. The driver of a region binds only once it is
 * committed; by now it may be decommitted, and its addresses are those it had.
 */
static void region_unbound(struct device *dev)
{
	struct dax_owner_span span;

	if (has_dax_region(dev) || dax_owner_region_span(dev, &span))
		return;
	dax_owner_claims_region_gone(dev, &span, dax_owner_region_decodes(dev, false, &span));
}

/*
 * A region without a driver leaves without another notice. One with a driver leaves the bus
 * before its DAX region does, and a decision in between would take its addresses for free.
 */
static void region_deleted(struct device *dev)
{
	struct dax_owner_span span;

	if (dax_owner_region_span(dev, &span))
		return;
	if (dax_owner_region_read(dev, &span) > 0)
		dax_owner_claims_region_gone(dev, &span,
					     dax_owner_region_decodes(dev, true, &span));
	else
		dax_owner_claims_region_left(&span);
}

/* From now on a region may bar bytes that the ledger does not know of. */
static void region_changed(void)
{
	mutex_lock(&dax_owner_lock);
	none_bars = false;
	mutex_unlock(&dax_owner_lock);
}

static int region_event(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case BUS_NOTIFY_DEL_DEVICE:
		/* before its driver is unbound, while a claim still shows */
		if (is_dax_region(data))
			dax_region_gone(data);
		else if (is_region(data))
			region_deleted(data);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		if (is_dax_region(data))
			dax_region_gone(data);
		/*
		 * The CXL core frees the region's addresses after this, without its lock. A
		 * reader of ours holds dax_owner_lock, and is waited for here.
		 */
		if (is_dax_region(data) || is_region(data))
			region_changed();
		break;
	case BUS_NOTIFY_ADD_DEVICE:
		if (is_region(data))
			region_changed();
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		if (is_region(data)) {
			region_unbound(data);
			region_changed();
		}
		break;
	}
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
 * dax_owner_regions_attach() - offer every DAX region without a driver to dax_cxl again
 *
 * Asynchronous: the caller may hold device locks.
 *
 * Context: dax_owner_lock held: the work ends with it, and cannot end before it has begun.
 */
void dax_owner_regions_attach(void)
{
	lockdep_assert_held(&dax_owner_lock);

	if (queue_work(dax_owner_wq, &attach_work))
		dax_owner_busy_begin();
}
