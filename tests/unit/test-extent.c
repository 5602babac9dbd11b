// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write an extent as properties, read it back, and derive other facts from it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/extent-map.h"

/* Lines of "NAME=VALUE" */
static char written[1024];
static char value[64];

static void write_line(const char *name, const char *text, void *to)
{
	(void)to;
	snprintf(written + strlen(written), sizeof(written) - strlen(written), "%s=%s\n", name,
		 text);
}

static void writes(const struct extent *extent, const char *expected)
{
	*written = '\0';
	extent_write(extent, write_line, NULL);
	assert_string_equal(written, expected);
}

static const char *get(const char *name, void *from)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof(key), "DAX_OWNER_%s=", name);
	at = strstr(from, key);
	if (!at)
		return NULL;
	at += strlen(key);
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\n"), at);
	return value;
}

static int reads(const char *text, struct extent *extent)
{
	return extent_read(extent, get, (void *)text);
}

static const char everything[] =
	"DAX_OWNER_START=0x144000000\nDAX_OWNER_END=0x15fffffff\nDAX_OWNER_SIZE=469762048\n"
	"DAX_OWNER_OWNER=dax_hmem\nDAX_OWNER_PREVIOUS=dax_cxl\nDAX_OWNER_EXPECTED=dax_cxl\n"
	"DAX_OWNER_STATE=idle\nDAX_OWNER_REASON=region-partial\nDAX_OWNER_FLAGS=deadline unsplit\n"
	"DAX_OWNER_DEVICE=dax0.0\nDAX_OWNER_TARGET_NODE=1\nDAX_OWNER_ERROR=-16\nDAX_OWNER_HOLDER=dax_region0\n"
	"DAX_OWNER_USABLE_BYTES=402653184\nDAX_OWNER_BLOCK_LOSS_BYTES=67108864\nDAX_OWNER_DECIDED_US=12345678\n";

static void extent_read_and_written_is_equal(void **state)
{
	struct extent extent;

	(void)state;
	assert_int_equal(reads(everything, &extent), 0);
	assert_int_equal(extent.span.start, 0x144000000);
	assert_int_equal(extent.span.end, 0x15fffffff);
	assert_false(extent.hidden);
	assert_int_equal(extent.state, DAX_OWNER_STATE_IDLE);
	assert_int_equal(extent.flags, DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT);
	assert_int_equal(extent.node, 1);
	assert_int_equal(extent.error, -EBUSY);
	assert_int_equal(extent.usable_bytes, 402653184);
	assert_int_equal(extent.block_loss_bytes, 67108864);
	assert_int_equal(extent.decided_us, 12345678);
	writes(&extent, everything);
}

/* Uevents and replies to users other than root omit the addresses. */
static void extent_without_addresses_is_hidden(void **state)
{
	const char *text = strstr(everything, "DAX_OWNER_SIZE");
	struct extent extent;

	(void)state;
	assert_int_equal(reads(text, &extent), 0);
	assert_true(extent.hidden);
	assert_int_equal(extent_size(&extent), 469762048);
	writes(&extent, text);
}

#define LEAST "DAX_OWNER_OWNER=none\nDAX_OWNER_STATE=withheld\nDAX_OWNER_REASON=region-not-dax\n"

static void extent_missing_property_is_refused(void **state)
{
	struct extent extent;

	(void)state;
	assert_int_equal(reads("DAX_OWNER_SIZE=4096\n" LEAST, &extent), 0);
	assert_int_equal(extent.state, DAX_OWNER_STATE_WITHHELD);
	assert_int_equal(extent.reason, DAX_OWNER_REASON_REGION_NOT_DAX);
	assert_int_equal(extent.node, -1);
	assert_int_equal(extent.decided_us, 0);
	assert_int_equal(reads(LEAST, &extent), -EINVAL);
	assert_int_equal(reads("DAX_OWNER_SIZE=0\n" LEAST, &extent), -EINVAL);
	assert_int_equal(reads("DAX_OWNER_START=0x1000\n" LEAST, &extent), -EINVAL);
	assert_int_equal(reads("DAX_OWNER_START=0x1000\nDAX_OWNER_END=0xfff\n" LEAST, &extent),
			 -EINVAL);
	assert_int_equal(reads("DAX_OWNER_SIZE=4096\nDAX_OWNER_STATE=owned\nDAX_OWNER_REASON=no-region\n",
			       &extent),
			 -EINVAL);
	assert_int_equal(reads("DAX_OWNER_SIZE=4096\nDAX_OWNER_OWNER=none\nDAX_OWNER_STATE=odd\n"
			       "DAX_OWNER_REASON=no-region\n",
			       &extent),
			 -EINVAL);
	assert_int_equal(reads("DAX_OWNER_SIZE=4096\nDAX_OWNER_USABLE_BYTES=x\n" LEAST, &extent),
			 -EINVAL);
	assert_int_equal(reads("DAX_OWNER_SIZE=4096\nDAX_OWNER_ERROR=-2147483648\n" LEAST, &extent),
			 -EINVAL);
}

/* Each reason of the enum, including the last one */
static void extent_each_reason_is_read(void **state)
{
	char text[256];

	(void)state;
	for (int i = 0; strcmp(dax_owner_reason_name(i), "unknown"); i++) {
		struct extent extent;

		snprintf(text, sizeof(text),
			 "DAX_OWNER_SIZE=1\nDAX_OWNER_OWNER=none\nDAX_OWNER_STATE=pending\n"
			 "DAX_OWNER_REASON=%s\n",
			 dax_owner_reason_name(i));
		assert_int_equal(reads(text, &extent), 0);
		assert_int_equal(extent.reason, i);
	}
}

/* A later version may have more flags. */
static void extent_unknown_flag_is_ignored(void **state)
{
	struct extent extent;

	(void)state;
	assert_int_equal(reads("DAX_OWNER_SIZE=1\nDAX_OWNER_FLAGS=odd unsplit\n" LEAST, &extent), 0);
	assert_int_equal(extent.flags, DAX_OWNER_FLAG_UNSPLIT);
	assert_int_equal(extent_next_flag(extent.flags, 0), DAX_OWNER_FLAG_UNSPLIT);
	assert_int_equal(extent_next_flag(extent.flags, DAX_OWNER_FLAG_UNSPLIT), 0);
	assert_int_equal(extent_next_flag(0, 0), 0);
	assert_int_equal(extent_next_flag(3, 1), 2);
}

/* A driver owns memory that the rules give to no driver, so the expected owner "none" is written. */
static void extent_owned_no_dax_is_at_risk(void **state)
{
	struct extent extent = {
		.span = { 0, 4095 },
		.owner = DAX_OWNER_HMEM,
		.state = DAX_OWNER_STATE_OWNED,
		.reason = DAX_OWNER_REASON_REGION_NOT_DAX,
	};

	(void)state;
	assert_true(extent_is_at_risk(&extent) && extent_is_wrong(&extent));
	*written = '\0';
	extent_write(&extent, write_line, NULL);
	assert_non_null(strstr(written, "DAX_OWNER_EXPECTED=none\n"));
	extent.state = DAX_OWNER_STATE_WITHHELD;
	extent.owner = DAX_OWNER_NONE;
	assert_false(extent_is_at_risk(&extent) || extent_is_wrong(&extent));
	extent = (struct extent) { .owner = DAX_OWNER_HMEM,
				   .state = DAX_OWNER_STATE_OWNED,
				   .reason = DAX_OWNER_REASON_NO_REGION };
	assert_false(extent_is_at_risk(&extent) || extent_is_wrong(&extent));
}

static void extent_owned_without_node_lacks_node(void **state)
{
	struct extent extent = { .span = { 0, 4095 }, .state = DAX_OWNER_STATE_OWNED, .node = -1 };

	(void)state;
	assert_true(extent_lacks_node(&extent));
	extent.block_loss_bytes = 4096;
	assert_false(extent_lacks_node(&extent));
	extent.block_loss_bytes = 0;
	extent.node = 1;
	assert_false(extent_lacks_node(&extent));
	extent.node = -1;
	extent.state = DAX_OWNER_STATE_STRANDED;
	assert_false(extent_lacks_node(&extent));
}

/* --- extents whose addresses are not known --- */

static void map_hidden_extents_do_not_meet(void **state)
{
	struct extent extent = { .span = { 0, 4095 }, .hidden = true };
	struct extent_map map = {};

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(extent_map_append_hidden(&map, &extent), 0);
	assert_int_equal(map.n, 3);
	for (size_t i = 0; i < map.n; i++)
		assert_int_equal(extent_size(&map.extents[i]), 4096);
	/* hidden extents do not touch, because touching would reveal an order */
	assert_true(map.extents[1].span.start > map.extents[0].span.end + 1);
	extent.span = (struct dax_owner_span) { 0, ~0ull - 4096 };
	assert_int_equal(extent_map_append_hidden(&map, &extent), -ERANGE);
	assert_int_equal(map.n, 3);
	extent_map_free(&map);
}

/* The rest of a cut extent counts at most as many usable and lost bytes as it has bytes. */
static void map_cut_extent_counts_within_its_size(void **state)
{
	struct extent all = { .span = { 0, 8191 }, .usable_bytes = 6144, .block_loss_bytes = 2048 };
	struct extent half = { .span = { 4096, 8191 }, .usable_bytes = 4096 };
	struct extent_map map = {};
	unsigned int events;

	(void)state;
	assert_int_equal(extent_map_put(&map, &all, &events), 0);
	assert_int_equal(extent_map_put(&map, &half, &events), 0);
	assert_int_equal(map.n, 2);
	assert_int_equal(map.extents[0].usable_bytes, 2048);
	assert_int_equal(map.extents[0].block_loss_bytes, 2048);
	assert_int_equal(extent_map_usable_bytes(&map), 2048 + 4096);
	extent_map_free(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extent_read_and_written_is_equal),
		cmocka_unit_test(extent_without_addresses_is_hidden),
		cmocka_unit_test(extent_missing_property_is_refused),
		cmocka_unit_test(extent_each_reason_is_read),
		cmocka_unit_test(extent_unknown_flag_is_ignored),
		cmocka_unit_test(extent_owned_no_dax_is_at_risk),
		cmocka_unit_test(extent_owned_without_node_lacks_node),
		cmocka_unit_test(map_hidden_extents_do_not_meet),
		cmocka_unit_test(map_cut_extent_counts_within_its_size),
	};

	return cmocka_run_group_tests_name("extent", tests, NULL, NULL);
}
