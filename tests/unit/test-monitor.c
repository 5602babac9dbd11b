// SPDX-License-Identifier: GPL-2.0-only
/*
 * The changes that dax-owner monitor finds between two snapshots, and how it prints them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "cli/snapshot/changes.h"

#define GIB (1ull << 30)

/* "EVENT: MESSAGE", a line for each change since the last check */
static char reported[4096];

static void note(const struct change *change, void *data)
{
	size_t used = strlen(reported);

	(void)data;
	snprintf(reported + used, sizeof(reported) - used, "%s: %s\n", change->event,
		 change->message);
}

static void assert_reported(const char *expected)
{
	assert_string_equal(reported, expected);
	*reported = '\0';
}

static int setup(void **state)
{
	static struct changes changes;

	changes = (struct changes) { .fn = note };
	*state = &changes;
	*reported = '\0';
	return 0;
}

static int teardown(void **state)
{
	changes_free(*state);
	return 0;
}

static struct snapshot_extent piece(u64 start, u64 end, enum dax_owner_owner owner,
				    enum dax_owner_state state)
{
	struct snapshot_extent entry = {
		.extent = {
			.span = { start * GIB, end * GIB - 1 },
			.owner = owner,
			.state = state,
			.reason = owner == DAX_OWNER_CXL ? DAX_OWNER_REASON_REGION_COVERS : DAX_OWNER_REASON_NO_REGION,
			.node = -1,
		},
	};

	if (state == DAX_OWNER_STATE_CLAIMED || state == DAX_OWNER_STATE_OWNED)
		strcpy(entry.extent.device, "dax0.0");
	if (state == DAX_OWNER_STATE_OWNED)
		strcpy(entry.driver, "kmem");
	return entry;
}

/* Give a snapshot of @n extents to @changes */
static void is_now(struct changes *changes, enum source source, bool settled,
		   const struct snapshot_extent *entries, size_t n, const char *region)
{
	struct snapshot now = {
		.source = source, .arbiter = ARBITER_DAX_OWNER, .settled = settled, .n = n
	};

	now.entries = calloc(n + 1, sizeof(*now.entries));
	memcpy(now.entries, entries, n * sizeof(*entries));
	if (region) {
		now.regions.regions = calloc(1, sizeof(*now.regions.regions));
		now.regions.n = 1;
		now.regions.regions->span = (struct dax_owner_span) { 16 * GIB, 17 * GIB - 1 };
		strcpy(now.regions.regions->name, region);
	}
	snapshot_add_up(&now);
	assert_int_equal(changes_take(changes, &now), 0);
}

static void one_is_now(struct changes *changes, struct snapshot_extent entry)
{
	is_now(changes, SOURCE_LEDGER, true, &entry, 1, NULL);
}

static void changes_first_snapshot_lists_all(void **state)
{
	struct snapshot_extent entries[] = {
		piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED),
		piece(17, 18, DAX_OWNER_HMEM, DAX_OWNER_STATE_STRANDED),
		piece(18, 19, DAX_OWNER_NONE, DAX_OWNER_STATE_PENDING),
	};

	entries[2].extent.reason = DAX_OWNER_REASON_AWAITING_CXL;
	is_now(*state, SOURCE_LEDGER, false, entries, 3, "region0");
	assert_reported(
		"source: reports from the ledger: dax_owner decides; ownership is not settled, stranded 1 GiB\n"
		"now: 0x400000000-0x43fffffff (1 GiB): owned by dax_cxl as dax0.0\n"
		"now: 0x440000000-0x47fffffff (1 GiB): stranded: no driver owns it: no-region\n"
		"now: 0x480000000-0x4bfffffff (1 GiB): pending: awaiting-cxl\n");
	/* the same snapshot again has no change */
	is_now(*state, SOURCE_LEDGER, false, entries, 3, "region0");
	assert_reported("");
}

static void changes_each_step_is_reported(void **state)
{
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_DECIDED));
	*reported = '\0';
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED));
	assert_reported("claimed: 0x400000000-0x43fffffff (1 GiB): claimed by dax_cxl\n"
			"owned: 0x400000000-0x43fffffff (1 GiB): owned by dax_cxl as dax0.0\n");
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_CLAIMED));
	assert_reported(
		"unbound: 0x400000000-0x43fffffff (1 GiB): driver unbound from dax0.0; dax_cxl keeps the claim\n");
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_STRANDED));
	assert_reported(
		"stranded: 0x400000000-0x43fffffff (1 GiB): stranded: no driver owns it: region-covers\n");
	one_is_now(*state, piece(16, 17, DAX_OWNER_HMEM, DAX_OWNER_STATE_CLAIMED));
	assert_reported(
		"changed: 0x400000000-0x43fffffff (1 GiB): owner changed from dax_cxl to dax_hmem\n"
		"decided: 0x400000000-0x43fffffff (1 GiB): decided for dax_hmem: no-region\n"
		"claimed: 0x400000000-0x43fffffff (1 GiB): claimed by dax_hmem\n");
}

static void changes_cut_alone_is_not_reported(void **state)
{
	struct snapshot_extent two[] = {
		piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED),
		piece(17, 18, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED),
	};

	one_is_now(*state, piece(16, 18, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED));
	*reported = '\0';
	is_now(*state, SOURCE_LEDGER, true, two, 2, NULL);
	assert_reported("");
	two[1] = piece(17, 18, DAX_OWNER_CXL, DAX_OWNER_STATE_RELEASED);
	is_now(*state, SOURCE_LEDGER, true, two, 2, NULL);
	assert_reported(
		"released: 0x440000000-0x47fffffff (1 GiB): released: its CXL region was torn down\n");
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED));
	assert_reported("gone: 0x440000000-0x47fffffff (1 GiB): no longer reported\n");
	/* the gone addresses are reported once */
	one_is_now(*state, piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED));
	assert_reported("");
}

static void changes_gone_at_top_of_address_space_is_reported(void **state)
{
	struct snapshot_extent all = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	struct snapshot_extent middle = piece(17, 18, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);

	all.extent.span.end = ~0ull;
	one_is_now(*state, all);
	*reported = '\0';
	one_is_now(*state, all);
	assert_reported("");
	one_is_now(*state, middle);
	assert_reported("gone: 0x400000000-0x43fffffff (1 GiB): no longer reported\n"
			"gone: 0x480000000-0xffffffffffffffff (16 EiB): no longer reported\n");
}

static void changes_use_is_reported(void **state)
{
	struct snapshot_extent entry = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);

	one_is_now(*state, entry);
	*reported = '\0';
	entry.online.online = GIB / 2;
	one_is_now(*state, entry);
	assert_reported("online: 0x400000000-0x43fffffff (1 GiB): 512 MiB online, 0 B offline\n");
	strcpy(entry.driver, "device_dax");
	one_is_now(*state, entry);
	assert_reported(
		"driver: 0x400000000-0x43fffffff (1 GiB): driver of dax0.0 changed from kmem to device_dax\n");
}

static void changes_regions_are_added_and_removed(void **state)
{
	struct snapshot_extent entry = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);

	is_now(*state, SOURCE_LEDGER, true, &entry, 1, "region0");
	*reported = '\0';
	is_now(*state, SOURCE_LEDGER, true, &entry, 1, "region1");
	assert_reported("remove: cxl device region0: remove\n"
			"add: cxl device region1: add\n");
}

static void changes_settled_and_source_are_reported(void **state)
{
	struct snapshot_extent entry = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);

	is_now(*state, SOURCE_LEDGER, false, &entry, 1, NULL);
	*reported = '\0';
	is_now(*state, SOURCE_LEDGER, true, &entry, 1, NULL);
	assert_reported(
		"settled: ownership is settled: dax_cxl owns 1 GiB, dax_hmem owns 0 B, stranded 0 B, usable 0 B\n");
	is_now(*state, SOURCE_DAEMON, true, &entry, 1, NULL);
	assert_reported(
		"source: reports from dax-ownerd: dax_owner decides; ownership is settled, stranded 0 B\n");
}

static struct snapshot_extent hidden_piece(u64 start, u64 end, enum dax_owner_state state)
{
	struct snapshot_extent entry = piece(start, end, DAX_OWNER_HMEM, state);

	entry.extent.hidden = true;
	return entry;
}

static void hidden_are_now(struct changes *changes, enum source source,
			   const struct snapshot_extent *entries, size_t n)
{
	struct snapshot now = { .source = source,
				.arbiter = ARBITER_DAX_OWNER,
				.settled = true,
				.hidden = true,
				.n = n };

	now.entries = calloc(n + 1, sizeof(*now.entries));
	memcpy(now.entries, entries, n * sizeof(*entries));
	snapshot_add_up(&now);
	assert_int_equal(changes_take(changes, &now), 0);
}

/* Snapshots without addresses can be compared only if they were cut in the same way. */
static void changes_hidden_cut_anew_lists_all(void **state)
{
	struct snapshot_extent two[] = { hidden_piece(0, 1, DAX_OWNER_STATE_OWNED),
					 hidden_piece(2, 4, DAX_OWNER_STATE_CLAIMED) };
	struct snapshot_extent three[] = {
		hidden_piece(0, 1, DAX_OWNER_STATE_OWNED),
		hidden_piece(2, 3, DAX_OWNER_STATE_OWNED),
		hidden_piece(4, 5, DAX_OWNER_STATE_STRANDED),
	};

	hidden_are_now(*state, SOURCE_LEDGER, two, 2);
	assert_reported(
		"source: reports from the ledger: dax_owner decides; ownership is settled, stranded 0 B\n"
		"now: 1 GiB: owned by dax_hmem as dax0.0\n"
		"now: 2 GiB: claimed by dax_hmem\n");
	two[1] = hidden_piece(2, 4, DAX_OWNER_STATE_OWNED);
	hidden_are_now(*state, SOURCE_LEDGER, two, 2);
	assert_reported("owned: 2 GiB: owned by dax_hmem as dax0.0\n");
	/* cut anew: all extents are listed, because they cannot be compared */
	hidden_are_now(*state, SOURCE_LEDGER, three, 3);
	assert_reported("now: 1 GiB: owned by dax_hmem as dax0.0\n"
			"now: 1 GiB: owned by dax_hmem as dax0.0\n"
			"now: 1 GiB: stranded: no driver owns it: no-region\n");
	/* the same number of extents, but other sizes */
	three[1] = hidden_piece(2, 4, DAX_OWNER_STATE_OWNED);
	hidden_are_now(*state, SOURCE_LEDGER, three, 3);
	assert_reported("now: 1 GiB: owned by dax_hmem as dax0.0\n"
			"now: 2 GiB: owned by dax_hmem as dax0.0\n"
			"now: 1 GiB: stranded: no driver owns it: no-region\n");
	three[1] = hidden_piece(2, 3, DAX_OWNER_STATE_OWNED);
	/* another source may list the extents in another order */
	hidden_are_now(*state, SOURCE_DAEMON, three, 3);
	assert_reported(
		"source: reports from dax-ownerd: dax_owner decides; ownership is settled, stranded 1 GiB\n"
		"now: 1 GiB: owned by dax_hmem as dax0.0\n"
		"now: 1 GiB: owned by dax_hmem as dax0.0\n"
		"now: 1 GiB: stranded: no driver owns it: no-region\n");
}

static void changes_noted_extent_is_not_reported(void **state)
{
	struct snapshot_extent before = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_CLAIMED);
	struct snapshot_extent after = piece(16, 17, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	struct extent extent = after.extent;

	one_is_now(*state, before);
	*reported = '\0';
	assert_int_equal(changes_note(*state, &extent), 0);
	one_is_now(*state, after);
	assert_reported("");
}

/* --- printing --- */

static char *printed(const struct change *change, bool json)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	assert_int_equal(change_print(change, json, file), 0);
	fclose(file);
	return text;
}

static void change_print_text_has_event_and_message(void **state)
{
	struct change change = { .event = "owned", .message = "it is", .stranded_bytes = 1 };
	char *text = printed(&change, false);

	(void)state;
	assert_int_equal(*text, '[');
	assert_string_equal(strchr(text, ']'), "] owned     it is\n");
	free(text);
}

static void is(struct json_object *json, const char *member, const char *expected)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, member, &value)) {
		assert_null(expected);
		return;
	}
	assert_non_null(expected);
	assert_string_equal(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN), expected);
}

static void change_print_json_has_all_fields(void **state)
{
	struct snapshot_extent entry = piece(16, 17, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
	struct online online = { .online = GIB };
	struct change change = {
		.event = "owned",
		.message = "it is",
		.arbiter = ARBITER_NATIVE,
		.settled = true,
		.stranded_bytes = 4096,
		.extent = &entry.extent,
		.regions = "region0 region1",
		.online = &online,
	};
	struct json_object *json;
	char *text;

	(void)state;
	/* the same priority as in the journal */
	entry.extent.expected = DAX_OWNER_CXL;
	text = printed(&change, true);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json = json_tokener_parse(text);
	free(text);
	is(json, "schema", "1");
	is(json, "event", "\"owned\"");
	is(json, "priority", "4");
	is(json, "arbiter", "\"native\"");
	is(json, "settled", "true");
	is(json, "stranded_bytes", "4096");
	is(json, "start", "\"0x400000000\"");
	is(json, "end", "\"0x43fffffff\"");
	is(json, "size", "1073741824");
	is(json, "owner", "\"dax_hmem\"");
	is(json, "expected", "\"dax_cxl\"");
	is(json, "regions", "[\"region0\",\"region1\"]");
	is(json, "online_bytes", "1073741824");
	is(json, "device", "\"dax0.0\"");
	is(json, "error", "0");
	is(json, "subsystem", NULL);
	is(json, "source", NULL);
	json_object_put(json);
}

static void change_print_json_of_device_has_no_extent(void **state)
{
	struct change change = {
		.event = "add", .message = "it is", .subsystem = "cxl", .device = "region0"
	};
	char *text = printed(&change, true);
	struct json_object *json = json_tokener_parse(text);

	(void)state;
	is(json, "event", "\"add\"");
	is(json, "priority", "6");
	is(json, "subsystem", "\"cxl\"");
	is(json, "device", "\"region0\"");
	is(json, "settled", "false");
	is(json, "start", NULL);
	json_object_put(json);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(changes_first_snapshot_lists_all, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_each_step_is_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_cut_alone_is_not_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_gone_at_top_of_address_space_is_reported,
						setup, teardown),
		cmocka_unit_test_setup_teardown(changes_use_is_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_regions_are_added_and_removed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(changes_settled_and_source_are_reported, setup,
						teardown),
		cmocka_unit_test_setup_teardown(changes_hidden_cut_anew_lists_all, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_noted_extent_is_not_reported, setup,
						teardown),
		cmocka_unit_test(change_print_text_has_event_and_message),
		cmocka_unit_test(change_print_json_has_all_fields),
		cmocka_unit_test(change_print_json_of_device_has_no_extent),
	};

	return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
