/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the DAX core's private interface that the modules use.
 *
 * The installed kernel headers lack drivers/dax/bus.h. As for compat/cxl.h, compat/verify
 * compares every declaration with the target kernel's BTF.
 */
#ifndef DAX_OWNER_COMPAT_DAX_H
#define DAX_OWNER_COMPAT_DAX_H

#include <linux/device.h>
#include <linux/range.h>

struct dax_region;
struct dev_dax;
struct dev_pagemap;

/* Flag of a dax_region: kmem binds its devices by default */
#define IORESOURCE_DAX_KMEM BIT(1)

struct dev_dax_data {
	struct dax_region *dax_region;
	struct dev_pagemap *pgmap;
	resource_size_t size;
	int id;
	bool memmap_on_memory;
};

struct dax_region *alloc_dax_region(struct device *parent, int region_id, struct range *range,
				    int target_node, unsigned int align, unsigned long flags);
struct dev_dax *devm_create_dev_dax(struct dev_dax_data *data);

#endif /* DAX_OWNER_COMPAT_DAX_H */
