/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The extent map: extents that never overlap, in ascending order of their addresses.
 *
 * The ledger can cut a range anew, so that extents do not correspond one to one. The map therefore
 * compares by address: it compares a new extent with all extents at the same addresses.
 */
#ifndef DAX_OWNER_MODEL_EXTENT_MAP_H
#define DAX_OWNER_MODEL_EXTENT_MAP_H

#include "model/events.h"

/**
 * struct extent_map - extents in the order of their addresses
 * @extents: array of @n extents, ascending, owned by the map
 * @n: number of extents
 */
struct extent_map {
	struct extent *extents;
	size_t n;
};

void extent_map_free(struct extent_map *map);
int extent_map_put(struct extent_map *map, struct extent *extent, unsigned int *events);
int extent_map_append_hidden(struct extent_map *map, struct extent *extent);
const struct extent *extent_map_at(const struct extent_map *map, u64 address);
u64 extent_map_bytes(const struct extent_map *map, enum dax_owner_state state);
u64 extent_map_usable_bytes(const struct extent_map *map);
u64 extent_map_owned_bytes(const struct extent_map *map, enum dax_owner_owner owner);

#endif /* DAX_OWNER_MODEL_EXTENT_MAP_H */
