// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the facts about one CXL region from its device.
 *
 * The CXL core keeps the state and the addresses of a region in a private structure, under a
 * lock that no module can take. The region can be decommitted and its resource freed at any
 * moment. The region's sysfs attributes take that lock, so the facts are read through them. The
 * attributes belong to the device's type. Their names and texts are ABI
 * (Documentation/ABI/testing/sysfs-bus-cxl), so this works on every kernel.
 */
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "internal.h"
#include "region_facts.h"

/* Limit for reading again when the region has changed meanwhile */
#define READ_TRIES 3

/*
 * Find an attribute of a device's type by its name; NULL if there is none. Every attribute of a
 * device is a struct device_attribute.
 */
static struct device_attribute *type_attribute(const struct device *dev, const char *name)
{
	const struct attribute_group **groups = dev->type->groups;

	for (; groups && *groups; groups++)
		for (struct attribute **attr = (*groups)->attrs; attr && *attr; attr++)
			if (!strcmp((*attr)->name, name))
				return container_of(*attr, struct device_attribute, attr);
	return NULL;
}

/* Read the number that the sysfs file @name has. @page is a scratch page of the caller. */
static int read_number(struct device *dev, const char *name, char *page, u64 *value)
{
	struct device_attribute *attr = type_attribute(dev, name);
	ssize_t len;

	if (!attr || !attr->show)
		return -ENOENT;
	/* -EINTR: the caller has a signal pending and the region's lock is taken */
	len = attr->show(dev, attr, page);
	if (len < 0)
		return len;
	return kstrtou64(page, 0, value);
}

static char *alloc_page_text(void)
{
	return (char *)get_zeroed_page(GFP_KERNEL);
}

static void free_page_text(char *page)
{
	free_page((unsigned long)page);
}

static int read_once(struct device *dev, char *page, struct dax_owner_span *span)
{
	u64 commit, again, start, size;
	int rc;

	rc = read_number(dev, "commit", page, &commit);
	if (!rc && !commit)
		return 0;
	if (!rc)
		rc = read_number(dev, "resource", page, &start);
	if (!rc)
		rc = read_number(dev, "size", page, &size);
	/* check that the region was not decommitted, or committed elsewhere, between the readings */
	if (!rc)
		rc = read_number(dev, "commit", page, &commit);
	if (!rc)
		rc = read_number(dev, "resource", page, &again);
	if (rc)
		return rc;
	if (!commit || again != start)
		return -EAGAIN;
	/* kernels from 7.4 on allow decoders of size zero: they decode nothing */
	if (!size || start + size - 1 < start)
		return 0;
	*span = (struct dax_owner_span) { start, start + size - 1 };
	return 1;
}

/**
 * dax_owner_region_span() - read the addresses of a region, committed or not
 * @dev: a device of type "cxl_region", pinned by the caller
 * @span: set to the addresses, end inclusive; untouched after an error
 *
 * Context: as dax_owner_region_read().
 * Return: 0; -ENOENT if the region has no addresses; -ENOMEM; -EINTR as dax_owner_region_read().
 */
int dax_owner_region_span(struct device *dev, struct dax_owner_span *span)
{
	char *page = alloc_page_text();
	u64 start, size;
	int rc;

	if (!page)
		return -ENOMEM;
	rc = read_number(dev, "resource", page, &start);
	if (!rc)
		rc = read_number(dev, "size", page, &size);
	free_page_text(page);
	if (!rc && (!size || start + size - 1 < start))
		rc = -ENOENT;
	if (!rc)
		*span = (struct dax_owner_span) { start, start + size - 1 };
	return rc;
}

/**
 * dax_owner_region_read() - read whether a region is committed, and its addresses
 * @dev: a device of type "cxl_region", pinned by the caller
 * @span: set to the addresses, end inclusive, if the region is committed; else untouched
 *
 * Context: may sleep; takes the CXL core's region lock for reading.
 * Return: 1 if the region is committed and has addresses; 0 if not, or if it changed during each
 * of several readings; -ENOMEM; -EINTR if a signal is pending and the lock is not free.
 */
int dax_owner_region_read(struct device *dev, struct dax_owner_span *span)
{
	char *page = alloc_page_text();
	int rc = -EAGAIN;

	if (!page)
		return -ENOMEM;
	for (int i = 0; rc == -EAGAIN && i < READ_TRIES; i++)
		rc = read_once(dev, page, span);
	free_page_text(page);
	/* still changing: each change is followed by an event, which leads to another reading */
	return rc == -EAGAIN ? 0 : rc;
}

/*
 * Check whether a device has a sysfs file. A device that is being deleted has none by the time
 * its driver is released.
 */
static bool has_file(const struct device *dev, const char *name)
{
	struct kernfs_node *node = sysfs_get_dirent(dev->kobj.sd, name);

	sysfs_put(node);
	return node;
}

struct decoder_query {
	const struct dax_owner_span *span;
	char *page;
};

static int locked_decoder(struct device *dev, void *data)
{
	struct decoder_query *query = data;
	u64 start, size, locked;

	if (!dax_owner_is_type(dev, "cxl_decoder_endpoint") &&
	    !dax_owner_is_type(dev, "cxl_decoder_switch"))
		return 0;
	if (read_number(dev, "locked", query->page, &locked) || !locked ||
	    read_number(dev, "start", query->page, &start) ||
	    read_number(dev, "size", query->page, &size) || !size)
		return 0;
	return dax_owner_span_meets(query->span,
				    &(struct dax_owner_span) { start, start + size - 1 });
}

/*
 * Check whether a region is locked. Newer kernels have an attribute of the region for this. On
 * older ones, read the attributes of its decoders.
 */
static bool locked(struct device *dev, const struct dax_owner_span *span, char *page)
{
	struct decoder_query query = { .span = span, .page = page };
	u64 value;

	if (!read_number(dev, "locked", page, &value))
		return value;
	return bus_for_each_dev(&cxl_bus_type, NULL, &query, locked_decoder);
}

/**
 * dax_owner_region_decodes() - check whether a region's addresses still decode without its driver
 * @dev: a device of type "cxl_region", pinned by the caller, whose driver is being released or
 *	that is being deleted
 * @deleted: the device is being deleted, so its attribute commit no longer counts
 * @span: the addresses of the region, end inclusive
 *
 * A region that only lost its driver stays committed. A locked region keeps its decoders, also
 * when its device is deleted.
 *
 * Context: may sleep; takes the CXL core's region lock for reading.
 * Return: true if they decode; false if not, or if that cannot be read.
 */
bool dax_owner_region_decodes(struct device *dev, bool deleted, const struct dax_owner_span *span)
{
	char *page = alloc_page_text();
	bool decodes = false;
	u64 commit;

	if (!page)
		return false;
	if (!deleted && has_file(dev, "commit"))
		decodes = !read_number(dev, "commit", page, &commit) && commit;
	if (!decodes)
		decodes = locked(dev, span, page);
	free_page_text(page);
	return decodes;
}
