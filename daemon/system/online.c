// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the states of memory blocks from sysfs, and count bytes by state.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "system/online.h"

DEFINE_CLEANUP(DIR *, closedir)

/* Of more memory blocks than that, the directory is read */
#define MAX_TRIES 4096

/**
 * online_block_size() - read the size of a memory block
 * @blocks: path of the memory blocks: ONLINE_BLOCKS
 * @size: set to the number of bytes
 *
 * Return: 0; -ENOENT on a kernel without hot-added memory; -EIO if the value is not a power of two;
 * another negative errno.
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

/* Add @bytes to the count of the state of memory block @number. A missing block counts nowhere. */
static int add_block(const char *blocks, u64 number, u64 bytes, struct online *online)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX], state[16] = "";

	snprintf(path, sizeof(path), "%s/memory%" PRIu64 "/state", blocks, number);
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	/* the read fails if the block was removed after fopen() */
	if (fscanf(file, "%15s", state) != 1)
		return 0;
	if (!strcmp(state, "online"))
		online->online += bytes;
	else
		online->offline += bytes;
	return 0;
}

/* The memory blocks to count, and the bytes of each state so far */
struct count {
	const char *blocks;
	u64 block_size;
	const struct dax_owner_span *within;
	const struct dax_owner_span *span;
	struct online *online;
};

/* Add the part of a memory block that is in the span, unless the block exceeds the DAX device. */
static int add_part(const struct count *count, u64 number)
{
	u64 first = number * count->block_size, last = first + count->block_size - 1;

	if (first < count->within->start || last > count->within->end)
		return 0;
	first = first > count->span->start ? first : count->span->start;
	last = last < count->span->end ? last : count->span->end;
	return add_block(count->blocks, number, last - first + 1, count->online);
}

/* Add the memory blocks that exist, because the numbers are too many to try each of them. */
static int add_existing(const struct count *count)
{
	_cleanup_(closedirp) DIR *all = opendir(count->blocks);
	const struct dirent *entry;
	u64 number;
	int r = 0;

	if (!all)
		return -errno;
	while (!r && (entry = readdir(all)))
		if (sscanf(entry->d_name, "memory%" SCNu64, &number) == 1 &&
		    number >= count->span->start / count->block_size &&
		    number <= count->span->end / count->block_size)
			r = add_part(count, number);
	return r;
}

/**
 * online_add() - count the online and offline bytes of a span
 * @blocks: path of the memory blocks: ONLINE_BLOCKS
 * @within: addresses of the DAX device, inclusive. The function ignores a block that exceeds them,
 *	because such a block is ordinary memory.
 * @span: the addresses to count, inclusive
 * @online: the function adds the bytes to these counts
 *
 * Return: 0, also on a kernel without hot-added memory; a negative errno.
 */
int online_add(const char *blocks, const struct dax_owner_span *within,
	       const struct dax_owner_span *span, struct online *online)
{
	struct count count = { .blocks = blocks, .within = within, .span = span, .online = online };
	u64 first, last;
	int r = online_block_size(blocks, &count.block_size);

	if (r)
		return r == -ENOENT ? 0 : r;
	first = span->start / count.block_size;
	last = span->end / count.block_size;
	if (last - first >= MAX_TRIES)
		return add_existing(&count);
	for (u64 i = 0; !r && i <= last - first; i++)
		r = add_part(&count, first + i);
	return r;
}

static bool is_same_device(const struct extent *a, const struct extent *b)
{
	return *a->device && !strcmp(a->device, b->device);
}

/**
 * online_device_addresses() - find the addresses of an extent's DAX device
 * @map: the extent map with all extents
 * @i: index of the extent
 *
 * A DAX device can have several extents, which touch each other.
 *
 * Return: the addresses of the extent and of all extents of the same device that touch, inclusive.
 */
struct dax_owner_span online_device_addresses(const struct extent_map *map, size_t i)
{
	const struct extent *extents = map->extents;
	struct dax_owner_span span = extents[i].span;

	for (size_t at = i; at-- > 0 && is_same_device(&extents[at], &extents[i]) &&
			    extents[at].span.end + 1 == span.start;)
		span.start = extents[at].span.start;
	for (size_t at = i + 1; at < map->n && is_same_device(&extents[at], &extents[i]) &&
				extents[at].span.start == span.end + 1;
	     at++)
		span.end = extents[at].span.end;
	return span;
}

/**
 * online_map() - count the online and offline bytes of all owned extents
 * @blocks: path of the memory blocks: ONLINE_BLOCKS
 * @map: the extent map
 * @online: set to the counts
 *
 * Return: the result of online_add().
 */
int online_map(const char *blocks, const struct extent_map *map, struct online *online)
{
	int r = 0;

	*online = (struct online) {};
	for (size_t i = 0; !r && i < map->n; i++) {
		const struct dax_owner_span device = online_device_addresses(map, i);

		if (map->extents[i].state == DAX_OWNER_STATE_OWNED)
			r = online_add(blocks, &device, &map->extents[i].span, online);
	}
	return r;
}
