/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count the bytes of a span that are online as system memory. The kernel hot-adds memory in memory
 * blocks of one size, each of which is online or offline. See the kernel's
 * Documentation/admin-guide/mm/memory-hotplug.rst.
 */
#ifndef DAX_OWNER_SYSTEM_ONLINE_H
#define DAX_OWNER_SYSTEM_ONLINE_H

#include "model/extent-map.h"

/* Directory of the memory blocks; every user may read it */
#define ONLINE_BLOCKS "/sys/devices/system/memory"

/**
 * struct online - counts of bytes in memory blocks
 * @online: bytes in use as system memory
 * @offline: bytes that were added as system memory and are not in use
 *
 * Other memory, such as a DAX device with the driver device_dax, counts as neither.
 */
struct online {
	u64 online;
	u64 offline;
};

int online_block_size(const char *blocks, u64 *size);
int online_add(const char *blocks, const struct dax_owner_span *within,
	       const struct dax_owner_span *span, struct online *online);
struct dax_owner_span online_device_addresses(const struct extent_map *map, size_t i);
int online_map(const char *blocks, const struct extent_map *map, struct online *online);

#endif /* DAX_OWNER_SYSTEM_ONLINE_H */
