/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of each address: extents that never overlap, in ascending order.
 *
 * A ledger may cut a range in other ways than before. What happened is a matter of
 * addresses, not of extents: the map compares what is put into it with what it had there.
 */
#ifndef DAX_OWNER_MODEL_EXTENT_MAP_H
#define DAX_OWNER_MODEL_EXTENT_MAP_H

#include "model/events.h"

/**
 * struct extent_map - extents by address
 * @extents: ascending, @n of them, owned by the map
 * @n: how many
 */
struct extent_map {
	struct extent *extents;
	size_t n;
};

void extent_map_free(struct extent_map *map);
int extent_map_put(struct extent_map *map, struct extent *extent, unsigned int *events);
int extent_map_put_quietly(struct extent_map *map, struct extent *extent);
const struct extent *extent_map_at(const struct extent_map *map, u64 address);
u64 extent_map_bytes(const struct extent_map *map, enum dax_owner_state state);
u64 extent_map_usable_bytes(const struct extent_map *map);
u64 extent_map_owned_bytes(const struct extent_map *map, enum dax_owner_owner owner);

#endif /* DAX_OWNER_MODEL_EXTENT_MAP_H */
