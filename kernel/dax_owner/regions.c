// SPDX-License-Identifier: GPL-2.0-only
/*
 * The evidence of CXL regions: the committed ones, and those of them that dax_cxl can have.
 *
 * A committed region decodes its addresses, so they belong to it, whatever its kind. dax_cxl can
 * have the regions with a DAX region. The CXL core adds this device below a RAM region during the
 * region's probe. Regions of persistent memory and of accelerators have none, because their
 * memory belongs to other drivers. Regions that failed to assemble are not committed. They do not
 * prove that CXL can reach the memory.
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
 * True if no region can bar bytes. Protected by dax_owner_lock.
 *
 * It is set if, at the last decision, every region on the bus was committed, had a DAX region and
 * was bound. No region that was there can have been committed since. A notice clears it when a
 * region is added, removed or unbound, or when a DAX region is removed. The decommit of a bound
 * region unbinds its driver, so it sends a notice. The decommit of a region without a driver sends
 * none, so one such region keeps this false.
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
 * dax_owner_regions_get() - list the committed regions, as facts for the verdict
 * @regions: set to an array in the order of dax_owner_region_cmp(), without the fields that
 *	dax_owner_prepare() computes; the caller owns it and frees it with kvfree()
 * @nr: set to the number of elements in @regions
 *
 * Between its commit and the end of its probe, a RAM region has no DAX region yet. It counts as a
 * region that dax_cxl cannot have. When it gets its DAX region, dax_cxl claims it.
 *
 * Context: dax_owner_lock held, may sleep; takes the CXL core's region lock for reading.
 * Return: 0; -ENOMEM or -EINTR, with @regions NULL and @nr 0.
 */
int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr)
{
	struct collection c = {};
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	rc = bus_for_each_dev(&cxl_bus_type, NULL, &c, collect);
	if (rc) {
		kvfree(c.regions);
		c = (struct collection) {};
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
 * dax_owner_regions_bar() - find bytes of a span that a region bars at present
 * @own: a region that does not count, or NULL. It is the region whose DAX region is being probed,
 *	because the DAX region becomes a child of the region only when that probe is over.
 * @span: the span to search, end inclusive
 * @barred: set to the bytes of @span that a region decodes which dax_cxl cannot have
 *
 * A claim needs this for two reasons. The verdict may be minutes old, because other memory came
 * online meanwhile. And the region that dax_cxl claims may share bytes with a region that dax_cxl
 * cannot have. The function returns at once while dax_cxl can have every region.
 *
 * Context: dax_owner_lock held, may sleep; takes the CXL core's region lock for reading.
 * Return: 1 if a region bars bytes; 0 if not; -ENOMEM or -EINTR if a region could not be read.
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
 * Check whether a DAX region has no driver and is not being probed. A probe may put memory online
 * for minutes, and device_attach() would wait uninterruptibly for its end. A probe can still
 * begin between this check and device_attach(), and no exported function closes that gap.
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
	 * dax_cxl may have been unloaded, or its claim may have failed because of a claim that has
	 * ended. Load it by its alias, not by its name, because an administrator's blacklist counts.
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
 * Record that a region without a DAX region lost its driver. The driver of a region binds only
 * after the commit. The region may be decommitted by now, and still has the same addresses.
 */
static void region_unbound(struct device *dev)
{
	struct dax_owner_span span;

	if (has_dax_region(dev) || dax_owner_region_span(dev, &span))
		return;
	dax_owner_claims_region_gone(dev, &span, dax_owner_region_decodes(dev, false, &span));
}

/*
 * Record that a region is being deleted. For a region without a driver this is the only notice.
 * A region with a driver leaves the bus before its DAX region does, and a decision between the
 * two would treat its addresses as free.
 */
static void region_deleted(struct device *dev)
{
	struct dax_owner_span span;

	if (dax_owner_region_span(dev, &span))
		return;
	if (dax_owner_region_read(dev, &span) > 0)
		dax_owner_claims_region_gone(dev, &span, dax_owner_region_decodes(dev, true, &span));
	else
		dax_owner_claims_region_left(&span);
}

/* Make the next claim read the regions, because one may bar bytes that the ledger has not recorded. */
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
		/* before the driver is unbound, while the claim still exists */
		if (is_dax_region(data))
			dax_region_gone(data);
		else if (is_region(data))
			region_deleted(data);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		if (is_dax_region(data))
			dax_region_gone(data);
		/*
		 * After this notice the CXL core frees the region's addresses, without its lock.
		 * Our readers hold dax_owner_lock. region_changed() takes that lock, so the notice
		 * waits for them.
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
 * dax_owner_regions_init() - register the notifier for regions that appear or are torn down
 *
 * Return: 0; a negative errno, with no notifier registered.
 */
int __init dax_owner_regions_init(void)
{
	return bus_register_notifier(&cxl_bus_type, &region_nb);
}

/**
 * dax_owner_regions_exit() - undo dax_owner_regions_init() when the module cannot be loaded
 */
void __init dax_owner_regions_exit(void)
{
	bus_unregister_notifier(&cxl_bus_type, &region_nb);
}

/**
 * dax_owner_regions_attach() - offer every DAX region without a driver to dax_cxl again
 *
 * A work item does this, because the caller may hold device locks. No extent is overdue until the
 * work has ended.
 *
 * Context: dax_owner_lock held. The end of the work takes this lock, so its dax_owner_busy_end()
 * cannot run before the dax_owner_busy_begin() of this function.
 */
void dax_owner_regions_attach(void)
{
	lockdep_assert_held(&dax_owner_lock);

	if (queue_work(dax_owner_wq, &attach_work))
		dax_owner_busy_begin();
}
