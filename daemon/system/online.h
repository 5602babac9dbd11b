/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of a span of addresses is online as system memory. The kernel hot-adds memory in
 * blocks of one size, each of which is online or not. See the kernel's
 * Documentation/admin-guide/mm/memory-hotplug.rst.
 */
#ifndef DAX_OWNER_SYSTEM_ONLINE_H
#define DAX_OWNER_SYSTEM_ONLINE_H

#include "model/extent-map.h"

/* Where the kernel lists the blocks; readable for everybody */
#define ONLINE_BLOCKS "/sys/devices/system/memory"

/**
 * struct online - bytes of system memory
 * @online: in use as such
 * @offline: added, and not in use
 *
 * What is not system memory at all, such as a device under device_dax, is neither.
 */
struct online {
	u64 online;
	u64 offline;
};

int online_block_size(const char *blocks, u64 *size);
int online_add(const char *blocks, const struct dax_owner_span *within, const struct dax_owner_span *span,
	       struct online *online);
struct dax_owner_span online_device(const struct extent_map *map, size_t i);
int online_map(const char *blocks, const struct extent_map *map, struct online *online);

#endif /* DAX_OWNER_SYSTEM_ONLINE_H */
