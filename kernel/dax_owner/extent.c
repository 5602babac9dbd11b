// SPDX-License-Identifier: GPL-2.0-only
/*
 * An extent as an object: its memory, its class device, its link to the DAX device.
 *
 * This file must not interpret the record of an extent, or know its place in the ledger.
 */
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"

/**
 * dax_owner_extent_snapshot() - copy the record of an extent
 * @extent: the extent
 * @record: filled in, all fields from the same moment
 *
 * Context: any; takes the extent's spinlock and needs no other lock. sysfs and uevent callbacks
 * can call it. They must not take dax_owner_lock, because the ledger removes class devices under
 * it.
 */
void dax_owner_extent_snapshot(struct dax_owner_extent *extent, struct dax_owner_record *record)
{
	spin_lock(&extent->lock);
	*record = extent->record;
	spin_unlock(&extent->lock);
}

static void extent_release(struct device *dev)
{
	kfree(to_extent(dev));
}

/**
 * dax_owner_extent_alloc() - allocate an extent that is not in the ledger and not in sysfs
 * @span: its addresses, end inclusive
 * @from: extent to copy the record from; NULL: the record is all zeros
 *
 * Context: dax_owner_lock held; may sleep.
 * Return: the extent, for dax_owner_extent_put() to free; NULL if out of memory.
 */
struct dax_owner_extent *dax_owner_extent_alloc(const struct dax_owner_span *span,
						const struct dax_owner_extent *from)
{
	struct dax_owner_extent *extent = kzalloc(sizeof(*extent), GFP_KERNEL);

	lockdep_assert_held(&dax_owner_lock);

	if (!extent)
		return NULL;

	extent->node.span = *span;
	extent->barred.span = *span;
	spin_lock_init(&extent->lock);
	INIT_LIST_HEAD(&extent->queued);
	INIT_LIST_HEAD(&extent->unshown);
	device_initialize(&extent->dev);
	extent->dev.class = &dax_owner_class;
	extent->dev.release = extent_release;
	if (from) {
		extent->record = from->record;
		extent->tried = from->tried;
		extent->dax = get_device(from->dax);
	}
	return extent;
}

/**
 * dax_owner_extent_put() - drop an extent that is not in the ledger and not published
 * @extent: the extent; its memory is freed when userspace has closed the last file of its device
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_extent_put(struct dax_owner_extent *extent)
{
	lockdep_assert_held(&dax_owner_lock);

	put_device(extent->dax);
	extent->dax = NULL;
	put_device(&extent->dev);
}

static void add_link(struct dax_owner_extent *extent)
{
	if (!extent->published || !extent->dax)
		return;
	extent->linked = !sysfs_create_link(&extent->dev.kobj, &extent->dax->kobj, "device");
	if (!extent->linked)
		dev_warn(&extent->dev, "cannot link to %s in sysfs\n", dev_name(extent->dax));
}

static void remove_link(struct dax_owner_extent *extent)
{
	if (extent->linked)
		sysfs_remove_link(&extent->dev.kobj, "device");
	extent->linked = false;
}

/**
 * dax_owner_extent_relink() - point the symlink "device" to a DAX device
 * @extent: the extent
 * @dax: the device, in sysfs; NULL: remove the link
 *
 * The extent keeps a reference on @dax. dax_bus.c changes the link before the device leaves
 * sysfs. There is one exception. When the claiming device is being unbound, its claim can no
 * longer be found as the DAX device goes. Then the link dangles until the claim ends a moment
 * later.
 *
 * No reference outlives the claim. So none outlives dax.ko, whose code releases the device,
 * because the claiming driver pins dax.ko.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_extent_relink(struct dax_owner_extent *extent, struct device *dax)
{
	lockdep_assert_held(&dax_owner_lock);

	if (extent->dax == dax)
		return;
	remove_link(extent);
	put_device(extent->dax);
	extent->dax = get_device(dax);
	add_link(extent);
}

/**
 * dax_owner_extent_publish() - add the class device of an extent to sysfs
 * @extent: the extent, with its record
 *
 * After a failure the extent stays in the ledger without a device, and the failure is logged.
 *
 * Context: dax_owner_lock held, may sleep.
 */
void dax_owner_extent_publish(struct dax_owner_extent *extent)
{
	/* under dax_owner_lock */
	static u64 next;
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	/* no number is used twice, because userspace may identify an extent by its name alone */
	rc = dev_set_name(&extent->dev, "extent%llu", next++);
	if (!rc) {
		/* the uevent is sent below, when the link exists, too */
		dev_set_uevent_suppress(&extent->dev, true);
		rc = device_add(&extent->dev);
	}
	if (rc) {
		pr_err("cannot add extent %#llx-%#llx to sysfs: %d\n", extent->node.span.start,
		       extent->node.span.end, rc);
		return;
	}
	extent->published = true;
	add_link(extent);
	dev_set_uevent_suppress(&extent->dev, false);
	kobject_uevent(&extent->dev.kobj, KOBJ_ADD);
}

/**
 * dax_owner_extent_unpublish() - remove the class device of an extent from sysfs
 * @extent: the extent, published or not
 *
 * Context: dax_owner_lock held, may sleep; waits for readers of its attributes.
 */
void dax_owner_extent_unpublish(struct dax_owner_extent *extent)
{
	lockdep_assert_held(&dax_owner_lock);

	remove_link(extent);
	if (extent->published)
		device_del(&extent->dev);
	extent->published = false;
}
