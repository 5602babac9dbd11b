/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the CXL core's private interface that the modules use.
 *
 * The installed kernel headers lack drivers/cxl/cxl.h. So this file declares the few parts of it
 * that the modules need. compat/verify compares every declaration with the target kernel's BTF
 * before a module is built.
 */
#ifndef DAX_OWNER_COMPAT_CXL_H
#define DAX_OWNER_COMPAT_CXL_H

#include <linux/device.h>
#include <linux/module.h>
#include <linux/range.h>

#include "compat_config.h"

struct cxl_port;
struct cxl_dport;

/* Only the first members are declared, so the modules must not allocate or copy it. */
struct cxl_region {
	struct device dev;
	int id;
};

/* One exists for each committed RAM region, from commit to tear-down. */
struct cxl_dax_region {
	struct device dev;
	struct cxl_region *cxlr;
	struct range hpa_range;
};

struct cxl_driver {
	const char *name;
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
#ifdef HAVE_CXL_DRIVER_ADD_DPORT
	struct cxl_dport *(*add_dport)(struct cxl_port *port, struct device *dport_dev);
#endif
	struct device_driver drv;
	int id;
};

#define CXL_DEVICE_DAX_REGION 8

extern const struct bus_type cxl_bus_type;

int __cxl_driver_register(struct cxl_driver *cxl_drv, struct module *owner, const char *modname);
void cxl_driver_unregister(struct cxl_driver *cxl_drv);
struct cxl_dax_region *to_cxl_dax_region(struct device *dev);

#endif /* DAX_OWNER_COMPAT_CXL_H */
