// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "online.h"

static int block_size(const char *blocks, u64 *size)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/block_size_bytes", blocks);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	return fscanf(file, "%" SCNx64, size) == 1 && *size ? 0 : -EIO;
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

/**
 * online_add() - how much of a span is online
 * @blocks: ONLINE_BLOCKS
 * @span: addresses
 * @online: what there is of them is added to it
 *
 * Return: 0, also on a kernel without hot-added memory; a negative errno.
 */
int online_add(const char *blocks, const struct dax_owner_span *span, struct online *online)
{
	u64 size, number;
	int r;

	r = block_size(blocks, &size);
	if (r)
		return r == -ENOENT ? 0 : r;
	for (number = span->start / size; !r && number <= span->end / size; number++) {
		u64 first = number * size, last = first + size - 1;

		first = first > span->start ? first : span->start;
		last = last < span->end ? last : span->end;
		r = add_block(blocks, number, last - first + 1, online);
	}
	return r;
}

/**
 * online_map() - how much of what somebody owns is online
 * @blocks: ONLINE_BLOCKS
 * @map: extents
 * @online: filled in
 *
 * Return: as online_add().
 */
int online_map(const char *blocks, const struct map *map, struct online *online)
{
	int r = 0;

	*online = (struct online){ };
	for (size_t i = 0; !r && i < map->n; i++)
		if (map->extents[i].state == DAX_OWNER_STATE_OWNED)
			r = online_add(blocks, &map->extents[i].span, online);
	return r;
}
