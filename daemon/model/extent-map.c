// SPDX-License-Identifier: GPL-2.0-only
/*
 * The extent map. The file must not know where extents come from.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/extent-map.h"

/**
 * extent_map_free() - free all extents of a map
 * @map: the map; empty afterwards, and ready for use
 */
void extent_map_free(struct extent_map *map)
{
	free(map->extents);
	*map = (struct extent_map) {};
}

/*
 * Append the bytes @start to @end, inclusive, of @extent to @map, which has room for them. A cut
 * does not give the usable bytes of a piece, so the function only limits them to the size of the
 * piece. The exact number comes with the next version of that piece.
 */
static void append(struct extent_map *map, const struct extent *extent, u64 start, u64 end)
{
	struct extent *piece = &map->extents[map->n++];
	u64 size = end - start + 1;

	*piece = *extent;
	piece->span = (struct dax_owner_span) { start, end };
	if (size && piece->block_loss_bytes > size)
		piece->block_loss_bytes = size;
	if (size && piece->usable_bytes > size - piece->block_loss_bytes)
		piece->usable_bytes = size - piece->block_loss_bytes;
}

/* Return: the index of the first extent that does not end before @address. */
static size_t lower_bound(const struct extent_map *map, u64 address)
{
	size_t low = 0, high = map->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->extents[middle].span.end < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int insert(struct extent_map *map, size_t i, const struct extent *extent)
{
	struct extent *more = reallocarray(map->extents, map->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	map->extents = more;
	memmove(&more[i + 1], &more[i], (map->n - i) * sizeof(*more));
	more[i] = *extent;
	map->n++;
	return 0;
}

/*
 * Return: the events between @old and @extent, which have addresses in common. Sets the previous
 * owner of @extent if it has none.
 */
static unsigned int follow(const struct extent *old, struct extent *extent)
{
	unsigned int events = events_between(old, extent);

	if (extent->previous == DAX_OWNER_NONE)
		extent->previous = old->owner == extent->owner ? old->previous : old->owner;
	return events;
}

static int cut(struct extent_map *map, struct extent *extent, unsigned int *events);

/**
 * extent_map_put() - insert an extent and return the events it implies
 * @map: the map
 * @extent: the extent; the map keeps a copy, which replaces all earlier extents at its addresses.
 *	If its previous owner is DAX_OWNER_NONE, the function sets it from the replaced extents.
 * @events: set to the events of all its parts, a set of EVENT_BIT()
 *
 * Return: 0; -ENOMEM, and the map is unchanged.
 */
int extent_map_put(struct extent_map *map, struct extent *extent, unsigned int *events)
{
	const struct dax_owner_span *span = &extent->span;
	size_t i = lower_bound(map, span->start);
	struct extent *old = &map->extents[i];

	/* the two usual cases: a new extent, or the same addresses as before */
	if (i == map->n || old->span.start > span->end) {
		*events = events_between(NULL, extent);
		return insert(map, i, extent);
	}
	if (old->span.start == span->start && old->span.end == span->end) {
		*events = follow(old, extent);
		*old = *extent;
		return 0;
	}
	return cut(map, extent, events);
}

/* Do the work of extent_map_put() for an extent that overlaps others and equals none. */
static int cut(struct extent_map *map, struct extent *extent, unsigned int *events)
{
	const struct dax_owner_span *span = &extent->span;
	/* @extent cuts at most one extent into three; each other extent is copied at most once */
	struct extent_map next = { .extents = calloc(map->n + 2, sizeof(*next.extents)) };
	bool placed = false;

	if (!next.extents)
		return -ENOMEM;

	*events = 0;
	for (size_t i = 0; i < map->n; i++) {
		const struct extent *old = &map->extents[i];

		if (dax_owner_span_meets(&old->span, span))
			*events |= follow(old, extent);
		if (old->span.start < span->start)
			append(&next, old, old->span.start,
			       old->span.end < span->start ? old->span.end : span->start - 1);
		if (old->span.end <= span->end)
			continue;
		if (!placed)
			append(&next, extent, span->start, span->end);
		placed = true;
		append(&next, old, old->span.start > span->end ? old->span.start : span->end + 1,
		       old->span.end);
	}
	if (!placed)
		append(&next, extent, span->start, span->end);

	free(map->extents);
	*map = next;
	return 0;
}

/**
 * extent_map_append_hidden() - append an extent whose addresses are not known
 * @map: a map of such extents only, in the order of their insertion
 * @extent: hidden extent; the function moves its span behind all others, so that no two spans touch
 *
 * Return: 0; -ENOMEM; -ERANGE if the extents together exceed 64-bit addresses.
 */
int extent_map_append_hidden(struct extent_map *map, struct extent *extent)
{
	u64 start = map->n ? map->extents[map->n - 1].span.end + 2 : 0,
	    end = start + extent_size(extent) - 1;
	unsigned int events;

	if (end < start || (map->n && start < 2))
		return -ERANGE;
	extent->span = (struct dax_owner_span) { start, end };
	return extent_map_put(map, extent, &events);
}

/**
 * extent_map_at() - find the extent that contains an address
 * @map: the map
 * @address: address of a byte
 *
 * Return: the extent, owned by the map and valid until the map changes; NULL if there is none.
 */
const struct extent *extent_map_at(const struct extent_map *map, u64 address)
{
	size_t i = lower_bound(map, address);

	return i < map->n && map->extents[i].span.start <= address ? &map->extents[i] : NULL;
}

/**
 * extent_map_bytes() - count the bytes of all extents in a state
 * @map: the map
 * @state: the state
 *
 * Return: number of bytes.
 */
u64 extent_map_bytes(const struct extent_map *map, enum dax_owner_state state)
{
	u64 bytes = 0;

	for (size_t i = 0; i < map->n; i++)
		if (map->extents[i].state == state)
			bytes += extent_size(&map->extents[i]);
	return bytes;
}

/**
 * extent_map_owned_bytes() - count the bytes of an owner's extents in the state owned
 * @map: the map
 * @owner: the owner
 *
 * Return: number of bytes.
 */
u64 extent_map_owned_bytes(const struct extent_map *map, enum dax_owner_owner owner)
{
	u64 bytes = 0;

	for (size_t i = 0; i < map->n; i++)
		if (map->extents[i].state == DAX_OWNER_STATE_OWNED && map->extents[i].owner == owner)
			bytes += extent_size(&map->extents[i]);
	return bytes;
}

/**
 * extent_map_usable_bytes() - count the usable bytes of all extents
 * @map: the map
 *
 * Return: number of bytes.
 */
u64 extent_map_usable_bytes(const struct extent_map *map)
{
	u64 bytes = 0;

	for (size_t i = 0; i < map->n; i++)
		bytes += map->extents[i].usable_bytes;
	return bytes;
}
