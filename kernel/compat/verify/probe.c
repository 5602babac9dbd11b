// SPDX-License-Identifier: GPL-2.0-only
/*
 * List the private kernel interfaces that compat/ declares, with one line for each fact that the
 * modules rely on. This file is compiled with the target's headers and never linked. btfcheck
 * reads the records and compares them with the target's BTF.
 */
#include "../cxl.h"
#include "../dax.h"
#include "layout.h"

LAYOUT_STRUCT_HEAD(cxl_region);
LAYOUT_MEMBER(cxl_region, dev, struct device);
LAYOUT_MEMBER(cxl_region, id, int);

LAYOUT_STRUCT(cxl_dax_region);
LAYOUT_MEMBER(cxl_dax_region, dev, struct device);
LAYOUT_MEMBER(cxl_dax_region, cxlr, struct cxl_region *);
LAYOUT_MEMBER(cxl_dax_region, hpa_range, struct range);

LAYOUT_STRUCT(cxl_driver);
LAYOUT_MEMBER(cxl_driver, name, const char *);
LAYOUT_MEMBER(cxl_driver, probe, int (*)(struct device *));
LAYOUT_MEMBER(cxl_driver, remove, void (*)(struct device *));
#ifdef HAVE_CXL_DRIVER_ADD_DPORT
LAYOUT_MEMBER(cxl_driver, add_dport, struct cxl_dport *(*)(struct cxl_port *, struct device *));
#endif
LAYOUT_MEMBER(cxl_driver, drv, struct device_driver);
LAYOUT_MEMBER(cxl_driver, id, int);

#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
LAYOUT_CONSTANT(CXL_DEVICE_DAX_REGION);
#endif

LAYOUT_FUNCTION(__cxl_driver_register, int(struct cxl_driver *, struct module *, const char *));
LAYOUT_FUNCTION(cxl_driver_unregister, void(struct cxl_driver *));
LAYOUT_FUNCTION(to_cxl_dax_region, struct cxl_dax_region *(struct device *));

LAYOUT_STRUCT(dev_dax_data);
LAYOUT_MEMBER(dev_dax_data, dax_region, struct dax_region *);
LAYOUT_MEMBER(dev_dax_data, pgmap, struct dev_pagemap *);
LAYOUT_MEMBER(dev_dax_data, size, resource_size_t);
LAYOUT_MEMBER(dev_dax_data, id, int);
LAYOUT_MEMBER(dev_dax_data, memmap_on_memory, bool);

LAYOUT_FUNCTION(alloc_dax_region, struct dax_region *(struct device *, int, struct range *, int,
						      unsigned int, unsigned long));
LAYOUT_FUNCTION(devm_create_dev_dax, struct dev_dax *(struct dev_dax_data *));
