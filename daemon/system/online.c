// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "system/online.h"

/**
 * online_block_size() - read how large a memory block is
 * @blocks: ONLINE_BLOCKS
 * @size: set to the number of bytes
 *
 * Return: 0; -ENOENT on a kernel without hot-added memory; -EIO if it is no size of a block; another
 * negative errno.
 */
int online_block_size(const char *blocks, u64 *size)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/block_size_bytes", blocks);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	return fscanf(file, "%" SCNx64, size) == 1 && *size && !(*size & (*size - 1)) ? 0 : -EIO;
}

/* Adds @bytes of the block of that number to what its state is. */
static int add_block(const char *blocks, u64 number, u64 bytes, struct online *online)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX], state[16] = "";

	snprintf(path, sizeof(path), "%s/memory%" PRIu64 "/state", blocks, number);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	/* gone while we look */
	if (fscanf(file, "%15s", state) != 1)
		return 0;
	if (!strcmp(state, "online"))
		online->online += bytes;
	else
		online->offline += bytes;
	return 0;
}

static bool is_within(const struct dax_owner_span *within, u64 first, u64 last)
{
	return within->start <= first && last <= within->end;
}

/**
 * online_add() - count how much of a span is online
 * @blocks: ONLINE_BLOCKS
 * @within: the addresses of its DAX device: a block that reaches beyond them is ordinary memory
 * @span: addresses
 * @online: what there is of them is added to it
 *
 * Return: 0, also on a kernel without hot-added memory; a negative errno.
 */
int online_add(const char *blocks, const struct dax_owner_span *within, const struct dax_owner_span *span,
	       struct online *online)
{
	u64 size, number;
	int r;

	r = online_block_size(blocks, &size);
	if (r)
		return r == -ENOENT ? 0 : r;
	for (number = span->start / size; !r && number <= span->end / size; number++) {
		u64 first = number * size, last = first + size - 1;

		if (!is_within(within, first, last))
			continue;
		first = first > span->start ? first : span->start;
		last = last < span->end ? last : span->end;
		r = add_block(blocks, number, last - first + 1, online);
	}
	return r;
}

static bool is_same_device(const struct extent *a, const struct extent *b)
{
	return *a->device && !strcmp(a->device, b->device);
}

/**
 * online_device() - find the addresses that a DAX device has around an extent of its
 * @map: all extents
 * @i: the extent
 *
 * A device may be over several extents, which touch.
 *
 * Return: the addresses of the extent and of those next to it that are of the same device.
 */
struct dax_owner_span online_device(const struct extent_map *map, size_t i)
{
	const struct extent *extents = map->extents;
	struct dax_owner_span span = extents[i].span;

	for (size_t at = i; at-- > 0 && is_same_device(&extents[at], &extents[i]) &&
			    extents[at].span.end + 1 == span.start;)
		span.start = extents[at].span.start;
	for (size_t at = i + 1; at < map->n && is_same_device(&extents[at], &extents[i]) &&
				extents[at].span.start == span.end + 1; at++)
		span.end = extents[at].span.end;
	return span;
}

/**
 * online_map() - count how much of what a driver owns is online
 * @blocks: ONLINE_BLOCKS
 * @map: extents
 * @online: filled in
 *
 * Return: as online_add().
 */
int online_map(const char *blocks, const struct extent_map *map, struct online *online)
{
	int r = 0;

	*online = (struct online){ };
	for (size_t i = 0; !r && i < map->n; i++) {
		const struct dax_owner_span device = online_device(map, i);

		if (map->extents[i].state == DAX_OWNER_STATE_OWNED)
			r = online_add(blocks, &device, &map->extents[i].span, online);
	}
	return r;
}
