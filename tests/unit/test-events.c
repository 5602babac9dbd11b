// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events between two states of an extent, or of addresses whose extents are cut anew.
 * Units of 2 MiB: AT(1, 2) is the span 0x200000-0x5fffff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/state.h"

#define UNIT 0x200000ull
#define AT(first, last) .span = { UNIT * (first), ((last) + 1) * UNIT - 1 }
#define CXL .owner = DAX_OWNER_CXL
#define HMEM .owner = DAX_OWNER_HMEM
#define STRANDED(number) \
	.state = DAX_OWNER_STATE_STRANDED, .reason = DAX_OWNER_REASON_CLAIM_FAILED, \
	.error = -(number)
#define EXTENT(...) (&(struct extent) { __VA_ARGS__ })

/* Sets of one, two and three events */
#define SET1(a) EVENT_BIT(EVENT_##a)
#define SET2(a, b) (SET1(a) | SET1(b))
#define SET3(a, b, c) (SET2(a, b) | SET1(c))

static void events_same_extent_has_none(void **state)
{
	const struct extent *each[] = {
		EXTENT(AT(0, 0)),
		EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_DECIDED),
		EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_CLAIMED),
		EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED),
		EXTENT(AT(0, 0), .state = DAX_OWNER_STATE_RELEASED),
		EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_IDLE),
		EXTENT(AT(0, 0), .state = DAX_OWNER_STATE_WITHHELD),
		EXTENT(AT(0, 0), CXL, STRANDED(EBUSY), .holder = "hmem.0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++)
		assert_int_equal(events_between(each[i], each[i]), 0);
}

static void events_each_step_is_one(void **state)
{
	const struct extent *pending = EXTENT(AT(0, 0)),
			    *decided = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_DECIDED),
			    *claimed = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_CLAIMED),
			    *owned = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED);

	(void)state;
	assert_int_equal(events_between(NULL, pending), 0);
	assert_int_equal(events_between(pending, decided), SET1(DECIDED));
	assert_int_equal(events_between(decided, claimed), SET1(CLAIMED));
	assert_int_equal(events_between(claimed, owned), SET1(OWNED));
	assert_int_equal(events_between(owned, claimed), SET1(UNBOUND));
}

static void events_missed_steps_are_added(void **state)
{
	const struct extent *owned = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED),
			    *stranded = EXTENT(AT(0, 0), CXL, STRANDED(ENODEV)),
			    *decided = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_DECIDED);

	(void)state;
	assert_int_equal(events_between(NULL, owned), SET3(DECIDED, CLAIMED, OWNED));
	assert_int_equal(events_between(decided, owned), SET2(CLAIMED, OWNED));
	assert_int_equal(events_between(stranded, owned), SET3(DECIDED, CLAIMED, OWNED));
	assert_int_equal(events_between(EXTENT(AT(0, 0), .state = DAX_OWNER_STATE_RELEASED), owned),
			 SET3(DECIDED, CLAIMED, OWNED));
}

static void events_new_owner_repeats_steps(void **state)
{
	const struct extent *hmem = EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_OWNED),
			    *cxl = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_CLAIMED);

	(void)state;
	assert_int_equal(events_between(hmem, cxl), SET3(CHANGED, DECIDED, CLAIMED));
	/* a new owner needs a new verdict, also before a claim */
	assert_int_equal(events_between(EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_DECIDED),
					cxl),
			 SET3(CHANGED, DECIDED, CLAIMED));
}

static void events_new_reason_is_decided(void **state)
{
	(void)state;
	assert_int_equal(events_between(EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_OWNED),
					EXTENT(AT(0, 0), .owner = DAX_OWNER_HMEM,
					       .reason = DAX_OWNER_REASON_REGION_PARTIAL,
					       .state = DAX_OWNER_STATE_DECIDED)),
			 SET1(DECIDED));
}

static void events_failure_with_holder_is_conflict(void **state)
{
	const struct extent *owned = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED),
			    *gone = EXTENT(AT(0, 0), CXL, STRANDED(ENODEV)),
			    *busy = EXTENT(AT(0, 0), CXL, STRANDED(EBUSY), .holder = "hmem.0");

	(void)state;
	assert_int_equal(events_between(owned, gone), SET1(STRANDED));
	assert_int_equal(events_between(owned, busy), SET2(CONFLICT, STRANDED));
	assert_int_equal(events_between(gone, busy), SET2(CONFLICT, STRANDED));
	assert_int_equal(events_between(owned, EXTENT(AT(0, 0), .state = DAX_OWNER_STATE_RELEASED)),
			 SET1(RELEASED));
}

/* A withheld extent is neither decided nor stranded, because no driver may have it. */
static void events_withheld_is_one(void **state)
{
	const struct extent *withheld = EXTENT(AT(0, 0), .state = DAX_OWNER_STATE_WITHHELD,
					       .reason = DAX_OWNER_REASON_REGION_NOT_DAX),
			    *owned = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED);

	(void)state;
	assert_int_equal(events_between(NULL, withheld), SET1(WITHHELD));
	assert_int_equal(events_between(owned, withheld), SET1(WITHHELD));
	/* after its region was torn down */
	assert_int_equal(events_between(withheld, owned), SET3(DECIDED, CLAIMED, OWNED));
}

/* An idle extent is claimed, and has no driver on purpose. */
static void events_idle_is_claimed(void **state)
{
	const struct extent *idle = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_IDLE),
			    *owned = EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED);

	(void)state;
	assert_int_equal(events_between(NULL, idle), SET2(DECIDED, CLAIMED));
	assert_int_equal(events_between(EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_CLAIMED),
					idle),
			 0);
	assert_int_equal(events_between(idle, owned), SET1(OWNED));
	assert_int_equal(events_between(owned, idle), SET1(UNBOUND));
}

/* The extent was stranded only because no driver was bound: the verdict and the claim are not new. */
static void events_late_driver_is_owned_only(void **state)
{
	const struct extent *owned =
		EXTENT(AT(0, 0), CXL, .state = DAX_OWNER_STATE_OWNED, .device = "dax0.0");

	(void)state;
	assert_int_equal(events_between(EXTENT(AT(0, 0), CXL, STRANDED(ENODEV), .device = "dax0.0"),
					owned),
			 SET1(OWNED));
	assert_int_equal(events_between(EXTENT(AT(0, 0), CXL, STRANDED(ENODEV)), owned),
			 SET3(DECIDED, CLAIMED, OWNED));
}

static void events_wrong_owner_repeats_owned(void **state)
{
	const struct extent *unknown = EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_OWNED),
			    *wrong = EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_OWNED,
					    .expected = DAX_OWNER_CXL),
			    *right = EXTENT(AT(0, 0), HMEM, .state = DAX_OWNER_STATE_OWNED,
					    .expected = DAX_OWNER_HMEM);

	(void)state;
	assert_int_equal(events_between(unknown, wrong), SET1(OWNED));
	assert_int_equal(events_between(right, wrong), SET1(OWNED));
	assert_int_equal(events_between(wrong, wrong), 0);
	assert_int_equal(events_between(unknown, right), 0);
}

/* --- by address --- */

static void is_map(const struct extent_map *map, size_t n, const struct dax_owner_span *spans)
{
	assert_int_equal(map->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(map->extents[i].span.start, spans[i].start);
		assert_int_equal(map->extents[i].span.end, spans[i].end);
	}
}

#define IS_MAP(map, ...) \
	is_map(map, \
	       sizeof((struct dax_owner_span[]) { __VA_ARGS__ }) / sizeof(struct dax_owner_span), \
	       (struct dax_owner_span[]) { __VA_ARGS__ })
/* clang-format off: an initializer */
#define SPAN(first, last) \
	{ \
		(first) * UNIT, ((last) + 1) * UNIT - 1 \
	}
/* clang-format on */

static unsigned int put(struct extent_map *map, struct extent *extent)
{
	unsigned int events;

	assert_int_equal(extent_map_put(map, extent, &events), 0);
	return events;
}

static void map_put_cuts_and_joins(void **state)
{
	struct extent_map map = {};

	(void)state;
	put(&map, EXTENT(AT(4, 7)));
	put(&map, EXTENT(AT(0, 1)));
	IS_MAP(&map, SPAN(0, 1), SPAN(4, 7));
	put(&map, EXTENT(AT(5, 6)));
	IS_MAP(&map, SPAN(0, 1), SPAN(4, 4), SPAN(5, 6), SPAN(7, 7));
	put(&map, EXTENT(AT(6, 9)));
	IS_MAP(&map, SPAN(0, 1), SPAN(4, 4), SPAN(5, 5), SPAN(6, 9));
	put(&map, EXTENT(AT(0, 9)));
	IS_MAP(&map, SPAN(0, 9));
	put(&map, EXTENT(.span = { 0, UINT64_MAX }));
	put(&map, EXTENT(.span = { UINT64_MAX, UINT64_MAX }));
	IS_MAP(&map, { 0, UINT64_MAX - 1 }, { UINT64_MAX, UINT64_MAX });
	extent_map_free(&map);
}

static void map_cut_alone_has_no_event(void **state)
{
	struct extent_map map = {};

	(void)state;
	put(&map, EXTENT(AT(0, 3), HMEM, .state = DAX_OWNER_STATE_OWNED));
	assert_int_equal(put(&map, EXTENT(AT(0, 1), HMEM, .state = DAX_OWNER_STATE_OWNED)), 0);
	assert_int_equal(put(&map, EXTENT(AT(2, 3), CXL, .state = DAX_OWNER_STATE_CLAIMED)),
			 SET3(CHANGED, DECIDED, CLAIMED));
	assert_int_equal(put(&map, EXTENT(AT(0, 1), HMEM, .state = DAX_OWNER_STATE_OWNED)), 0);
	/* joined: the events of the half that changed */
	assert_int_equal(put(&map, EXTENT(AT(0, 3), HMEM, .state = DAX_OWNER_STATE_OWNED)),
			 SET1(CHANGED) | SET3(DECIDED, CLAIMED, OWNED));
	extent_map_free(&map);
}

static void map_previous_owner_is_kept(void **state)
{
	struct extent now = { AT(1, 1), CXL, .state = DAX_OWNER_STATE_OWNED };
	struct extent_map map = {};

	(void)state;
	put(&map, EXTENT(AT(0, 3), HMEM, .state = DAX_OWNER_STATE_OWNED));
	put(&map, &now);
	assert_int_equal(now.previous, DAX_OWNER_HMEM);
	assert_int_equal(map.extents[1].previous, DAX_OWNER_HMEM);
	now.previous = DAX_OWNER_NONE;
	put(&map, &now);
	assert_int_equal(now.previous, DAX_OWNER_HMEM);
	extent_map_free(&map);
}

static void map_bytes_are_summed(void **state)
{
	struct extent_map map = {};

	(void)state;
	put(&map, EXTENT(AT(0, 1), HMEM, .state = DAX_OWNER_STATE_OWNED));
	put(&map, EXTENT(AT(2, 4), CXL, .state = DAX_OWNER_STATE_OWNED));
	put(&map, EXTENT(AT(5, 5), CXL, STRANDED(EBUSY)));
	assert_int_equal(extent_map_owned_bytes(&map, DAX_OWNER_HMEM), 2 * UNIT);
	assert_int_equal(extent_map_owned_bytes(&map, DAX_OWNER_CXL), 3 * UNIT);
	assert_int_equal(extent_map_bytes(&map, DAX_OWNER_STATE_STRANDED), UNIT);
	extent_map_free(&map);
}

/* --- across a restart --- */

static void state_saved_is_loaded_unchanged(void **state)
{
	char path[] = "/tmp/dax-owner-test-XXXXXX";
	struct state before = { .settled = true,
				.deadline = true,
				.seqnum = 18446744073709551615ull },
		     after;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	assert_int_equal(string_set_add(&before.devices, "dax dax0.0"), 1);
	assert_int_equal(string_set_add(&before.devices, "cxl region0"), 1);
	assert_int_equal(string_set_add(&before.devices, "cxl region0"), 0);
	put(&before.map,
	    EXTENT(AT(0, 1), HMEM, .state = DAX_OWNER_STATE_OWNED, .previous = DAX_OWNER_CXL,
		   .node = 2, .device = "dax0.0", .flags = DAX_OWNER_FLAG_DEADLINE));
	put(&before.map, EXTENT(AT(3, 4), CXL, STRANDED(EBUSY), .node = -1, .holder = "hmem.0"));
	assert_int_equal(state_save(&before, path), 0);
	assert_int_equal(state_load(&after, path), 0);
	assert_true(after.settled);
	assert_true(after.deadline);
	assert_true(after.seqnum == before.seqnum);
	assert_int_equal(after.devices.n, 2);
	assert_true(string_set_has(&after.devices, "cxl region0"));
	assert_true(string_set_remove(&after.devices, "dax dax0.0"));
	assert_false(string_set_remove(&after.devices, "dax dax0.0"));
	assert_int_equal(after.map.n, 2);
	assert_memory_equal(after.map.extents, before.map.extents, 2 * sizeof(struct extent));
	state_free(&before);
	state_free(&after);
	unlink(path);
}

static void state_damaged_is_refused(void **state)
{
	static const char *const texts[] = {
		"nonsense\n",
		"SEQNUM=\n",
		"SEQNUM=7f\n",
		"DAX_OWNER_START=0x0\n",
		"DAX_OWNER_START=0x0\nDAX_OWNER_END=0xfff\nDAX_OWNER_OWNER=me\nDAX_OWNER_STATE=owned\n"
		"DAX_OWNER_REASON=no-region\n",
		"DAX_OWNER_START=0x1000\nDAX_OWNER_END=0xfff\nDAX_OWNER_OWNER=dax_cxl\n"
		"DAX_OWNER_STATE=owned\nDAX_OWNER_REASON=no-region\n",
		"DAX_OWNER_START=0x0g\nDAX_OWNER_END=0xfff\nDAX_OWNER_OWNER=dax_cxl\n"
		"DAX_OWNER_STATE=owned\nDAX_OWNER_REASON=no-region\n",
	};
	char path[] = "/tmp/dax-owner-test-XXXXXX";
	struct state loaded;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(texts[i], file);
		fclose(file);
		assert_true(state_load(&loaded, path) < 0);
		assert_int_equal(loaded.map.n, 0);
	}
	unlink(path);
	assert_int_equal(state_load(&loaded, path), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_same_extent_has_none),
		cmocka_unit_test(events_each_step_is_one),
		cmocka_unit_test(events_missed_steps_are_added),
		cmocka_unit_test(events_new_owner_repeats_steps),
		cmocka_unit_test(events_new_reason_is_decided),
		cmocka_unit_test(events_failure_with_holder_is_conflict),
		cmocka_unit_test(events_withheld_is_one),
		cmocka_unit_test(events_idle_is_claimed),
		cmocka_unit_test(events_late_driver_is_owned_only),
		cmocka_unit_test(events_wrong_owner_repeats_owned),
		cmocka_unit_test(map_put_cuts_and_joins),
		cmocka_unit_test(map_cut_alone_has_no_event),
		cmocka_unit_test(map_previous_owner_is_kept),
		cmocka_unit_test(map_bytes_are_summed),
		cmocka_unit_test(state_saved_is_loaded_unchanged),
		cmocka_unit_test(state_damaged_is_refused),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
