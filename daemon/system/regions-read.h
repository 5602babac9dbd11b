/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the committed CXL regions.
 */
#ifndef DAX_OWNER_SYSTEM_REGIONS_READ_H
#define DAX_OWNER_SYSTEM_REGIONS_READ_H

#include "model/regions.h"

/* Directory of the devices on the CXL bus */
#define REGIONS_DIRECTORY "/sys/bus/cxl/devices"

bool regions_name_is_valid(const char *name);
int regions_read(struct regions *regions, const char *directory);

#endif /* DAX_OWNER_SYSTEM_REGIONS_READ_H */
