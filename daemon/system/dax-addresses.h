/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses of a DAX device. /proc/iomem has only the part that its driver has reserved: kmem reserves
 * whole memory blocks.
 */
#ifndef DAX_OWNER_SYSTEM_DAX_ADDRESSES_H
#define DAX_OWNER_SYSTEM_DAX_ADDRESSES_H

#include "verdict.h"

/* Where DAX devices are */
#define DAX_ADDRESSES_DEVICES "/sys/bus/dax/devices"

void dax_addresses_around(const char *devices, const char *name, struct dax_owner_span *span);

#endif /* DAX_OWNER_SYSTEM_DAX_ADDRESSES_H */
