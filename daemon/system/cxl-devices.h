/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the CXL memory devices and their drivers.
 */
#ifndef DAX_OWNER_SYSTEM_CXL_DEVICES_H
#define DAX_OWNER_SYSTEM_CXL_DEVICES_H

#include "model/enumeration.h"

int cxl_devices_read(const char *root, struct cxl_devices *devices);

#endif /* DAX_OWNER_SYSTEM_CXL_DEVICES_H */
