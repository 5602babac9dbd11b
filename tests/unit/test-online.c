// SPDX-License-Identifier: GPL-2.0-only
/*
 * Online and offline bytes of memory blocks of 2 MiB each, in a temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.h"
#include "system/online.h"

#define BLOCK 0x200000ull

static void put_block(unsigned int number, const char *state)
{
	char path[256];

	snprintf(path, sizeof(path), "memory%u/state", number);
	put(path, state);
}

static int begin(void **state)
{
	if (make_directory(state))
		return -1;
	put("block_size_bytes", "200000\n");
	/* blocks 0, 1 and 6 do not exist */
	put_block(2, "online\n");
	put_block(3, "offline\n");
	put_block(4, "going-offline\n");
	put_block(5, "online\n");
	return 0;
}

static const struct dax_owner_span all = { 0, ~0ull };

static struct online look(u64 start, u64 bytes)
{
	struct online online = {};

	assert_int_equal(online_add(directory, &all,
				    &(struct dax_owner_span) { start, start + bytes - 1 }, &online),
			 0);
	return online;
}

static void online_whole_blocks_are_counted(void **state)
{
	struct online online = look(0, 8 * BLOCK);

	(void)state;
	assert_int_equal(online.online, 2 * BLOCK);
	assert_int_equal(online.offline, 2 * BLOCK);
}

static void online_absent_blocks_are_neither(void **state)
{
	struct online online = look(0, 2 * BLOCK);

	(void)state;
	assert_int_equal(online.online, 0);
	assert_int_equal(online.offline, 0);
}

static void online_parts_of_blocks_are_counted(void **state)
{
	struct online online;

	(void)state;
	/* the last byte of block 2 and the first byte of block 3 */
	online = look(3 * BLOCK - 1, 2);
	assert_int_equal(online.online, 1);
	assert_int_equal(online.offline, 1);
	/* a part of block 2 */
	online = look(2 * BLOCK + 4096, 8192);
	assert_int_equal(online.online, 8192);
	assert_int_equal(online.offline, 0);
}

static void online_map_counts_owned_extents(void **state)
{
	struct extent extents[] = {
		{ .span = { 2 * BLOCK, 3 * BLOCK - 1 }, .state = DAX_OWNER_STATE_OWNED },
		{ .span = { 3 * BLOCK, 4 * BLOCK - 1 }, .state = DAX_OWNER_STATE_OWNED },
		{ .span = { 4 * BLOCK, 6 * BLOCK - 1 }, .state = DAX_OWNER_STATE_CLAIMED },
	};
	const struct extent_map map = { extents, 3 };
	struct online online = { 1, 1 };

	(void)state;
	assert_int_equal(online_map(directory, &map, &online), 0);
	assert_int_equal(online.online, BLOCK);
	assert_int_equal(online.offline, BLOCK);
}

/* A block that begins before the device is not the device's memory. */
static void online_blocks_beyond_device_do_not_count(void **state)
{
	const struct dax_owner_span device = { 2 * BLOCK + BLOCK / 2, 6 * BLOCK - 1 };
	struct online online = {};

	(void)state;
	assert_int_equal(online_add(directory, &device, &device, &online), 0);
	assert_int_equal(online.online, BLOCK);
	assert_int_equal(online.offline, 2 * BLOCK);
}

/* Two extents of one device, whose border lies in a block, and an extent of the next device */
static void online_extents_share_blocks_of_device(void **state)
{
	struct extent extents[] = {
		{ .span = { 2 * BLOCK, 3 * BLOCK + 4095 },
		  .state = DAX_OWNER_STATE_OWNED,
		  .device = "dax0.0" },
		{ .span = { 3 * BLOCK + 4096, 5 * BLOCK + 4095 },
		  .state = DAX_OWNER_STATE_OWNED,
		  .device = "dax0.0" },
		{ .span = { 5 * BLOCK + 4096, 6 * BLOCK - 1 },
		  .state = DAX_OWNER_STATE_OWNED,
		  .device = "dax1.0" },
	};
	const struct extent_map map = { extents, 3 };
	struct dax_owner_span device;
	struct online online;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		device = online_device_addresses(&map, i);
		assert_int_equal(device.start, 2 * BLOCK);
		assert_int_equal(device.end, 5 * BLOCK + 4095);
	}
	device = online_device_addresses(&map, 2);
	assert_int_equal(device.start, 5 * BLOCK + 4096);
	assert_int_equal(online_map(directory, &map, &online), 0);
	assert_int_equal(online.online, BLOCK);
	assert_int_equal(online.offline, 2 * BLOCK);
}

static void online_without_blocks_is_zero(void **state)
{
	struct online online = {};

	(void)state;
	assert_int_equal(online_add("/nowhere", &all, &(struct dax_owner_span) { 0, 8 * BLOCK },
				    &online),
			 0);
	assert_int_equal(online.online, 0);
	assert_int_equal(online.offline, 0);
}

/* A copy of a machine can have a block size of one byte. */
static void online_small_blocks_are_counted_at_once(void **state)
{
	struct online online = {};

	(void)state;
	put("block_size_bytes", "1\n");
	assert_int_equal(online_add(directory, &all, &all, &online), 0);
	assert_int_equal(online.online, 2);
	assert_int_equal(online.offline, 2);
	/* memory2 is outside */
	assert_int_equal(online_add(directory, &all, &(struct dax_owner_span) { 3, ~0ull }, &online),
			 0);
	assert_int_equal(online.online, 3);
	assert_int_equal(online.offline, 4);
}

static void online_bad_block_size_is_refused(void **state)
{
	struct online online = {};

	(void)state;
	put("block_size_bytes", "300000\n");
	assert_int_equal(online_add(directory, &all, &(struct dax_owner_span) { 0, 8 * BLOCK },
				    &online),
			 -EIO);
	put("block_size_bytes", "0\n");
	assert_int_equal(online_add(directory, &all, &(struct dax_owner_span) { 0, 8 * BLOCK },
				    &online),
			 -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(online_whole_blocks_are_counted),
		cmocka_unit_test(online_absent_blocks_are_neither),
		cmocka_unit_test(online_parts_of_blocks_are_counted),
		cmocka_unit_test(online_map_counts_owned_extents),
		cmocka_unit_test(online_blocks_beyond_device_do_not_count),
		cmocka_unit_test(online_extents_share_blocks_of_device),
		cmocka_unit_test(online_without_blocks_is_zero),
		/* must be last, because they change the block size */
		cmocka_unit_test(online_small_blocks_are_counted_at_once),
		cmocka_unit_test(online_bad_block_size_is_refused),
	};

	return cmocka_run_group_tests_name("online", tests, begin, remove_directory);
}
