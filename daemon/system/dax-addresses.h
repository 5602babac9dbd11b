/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses of a DAX device. /proc/iomem lists only the part that the driver has reserved,
 * because kmem reserves whole memory blocks.
 */
#ifndef DAX_OWNER_SYSTEM_DAX_ADDRESSES_H
#define DAX_OWNER_SYSTEM_DAX_ADDRESSES_H

#include "verdict.h"

/* Directory of the devices on the DAX bus */
#define DAX_ADDRESSES_DEVICES "/sys/bus/dax/devices"

void dax_addresses_around(const char *devices, const char *name, struct dax_owner_span *span);

#endif /* DAX_OWNER_SYSTEM_DAX_ADDRESSES_H */
