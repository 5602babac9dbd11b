// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules one by one, each with the layout of addresses that shows it. Units
 * of 0x1000 bytes: range(2, 5) is the span 0x2000-0x5fff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "verdict.h"

#define UNIT 0x1000ull
#define MAX 16

#define SPAN(first, last) ((struct dax_owner_span){ (first) * UNIT, ((last) + 1) * UNIT - 1 })
#define REGION(first, last) ((struct dax_owner_region){ .span = SPAN(first, last) })
#define HELD(first, last) ((struct dax_owner_region){ .span = SPAN(first, last), .held = true })
#define GIVEN_UP(first, last)							\
	((struct dax_owner_region){ .span = SPAN(first, last), .relinquished = true })

/* The facts of a test: a window over everything, no region, initial pass over */
struct bench {
	struct dax_owner_span window;
	struct dax_owner_region regions[8];
	struct dax_owner_facts facts;
	struct dax_owner_verdict out[MAX];
	ssize_t n;
};

static void setup(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->window = SPAN(0, 999);
	b->facts = (struct dax_owner_facts){
		.windows = &b->window,
		.nr_windows = 1,
		.regions = b->regions,
		.policy = DAX_OWNER_POLICY_WHOLE,
		.pass = DAX_OWNER_PASS_OVER,
	};
}

static void add(struct bench *b, struct dax_owner_region region)
{
	b->regions[b->facts.nr_regions++] = region;
}

static void decide(struct bench *b, struct dax_owner_span range)
{
	b->n = dax_owner_decide(&range, &b->facts, b->out, MAX);
}

static void is_extent(const struct dax_owner_verdict *v, struct dax_owner_span span,
		      enum dax_owner_owner owner, enum dax_owner_reason reason, size_t region,
		      unsigned int flags)
{
	assert_int_equal(v->span.start, span.start);
	assert_int_equal(v->span.end, span.end);
	assert_string_equal(dax_owner_owner_name(v->owner), dax_owner_owner_name(owner));
	assert_string_equal(dax_owner_reason_name(v->reason), dax_owner_reason_name(reason));
	assert_int_equal(v->region, region);
	assert_int_equal(v->flags, flags);
}

#define IS_CXL(b, i, span, region)						\
	is_extent(&(b)->out[i], span, DAX_OWNER_CXL,				\
		  DAX_OWNER_REASON_REGION_COVERS, region, 0)
#define IS_HMEM(b, i, span, why)						\
	is_extent(&(b)->out[i], span, DAX_OWNER_HMEM, DAX_OWNER_REASON_##why,	\
		  DAX_OWNER_NO_INDEX, 0)

static void outside_window_is_hmems_at_once(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.window = SPAN(10, 19);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	decide(&b, SPAN(0, 9));		/* ends where the window begins */
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), OUTSIDE_WINDOW);

	decide(&b, SPAN(20, 29));	/* begins where it ends */
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(20, 29), OUTSIDE_WINDOW);

	b.facts.pass = DAX_OWNER_PASS_DEADLINE;	/* did not wait, so nothing to flag */
	decide(&b, SPAN(20, 29));
	IS_HMEM(&b, 0, SPAN(20, 29), OUTSIDE_WINDOW);

	b.facts.nr_windows = 0;
	b.facts.windows = NULL;
	decide(&b, SPAN(10, 19));
	IS_HMEM(&b, 0, SPAN(10, 19), OUTSIDE_WINDOW);
}

static void outside_window_a_held_region_stays(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.nr_windows = 0;
	add(&b, HELD(2, 3));
	add(&b, REGION(6, 7));		/* not held: no window, no CXL */
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_HMEM(&b, 0, SPAN(0, 1), OUTSIDE_WINDOW);
	IS_CXL(&b, 1, SPAN(2, 3), 0);
	IS_HMEM(&b, 2, SPAN(4, 9), OUTSIDE_WINDOW);
}

static void one_byte_in_a_window_awaits(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	b.window = (struct dax_owner_span){ 10 * UNIT - 1, 20 * UNIT };
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	is_extent(&b.out[0], SPAN(0, 9), DAX_OWNER_NONE, DAX_OWNER_REASON_AWAITING_CXL,
		  DAX_OWNER_NO_INDEX, 0);
}

static void pending_waits_even_when_covered(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	add(&b, REGION(0, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	is_extent(&b.out[0], SPAN(0, 9), DAX_OWNER_NONE, DAX_OWNER_REASON_AWAITING_CXL,
		  DAX_OWNER_NO_INDEX, 0);

	b.regions[0] = HELD(0, 3);	/* what CXL holds does not wait */
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(0, 3), 0);
	is_extent(&b.out[1], SPAN(4, 9), DAX_OWNER_NONE, DAX_OWNER_REASON_AWAITING_CXL,
		  DAX_OWNER_NO_INDEX, 0);
}

static void region_covers(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, SPAN(0, 9), 0);

	decide(&b, SPAN(2, 5));		/* the extent is the range's part only */
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, SPAN(2, 5), 0);
}

static void adjacent_regions_cover_together(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 4));
	add(&b, REGION(5, 9));
	decide(&b, SPAN(1, 8));
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(1, 4), 0);
	IS_CXL(&b, 1, SPAN(5, 8), 1);
}

static void overlapping_regions_share_by_order(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 5));
	add(&b, REGION(0, 7));
	add(&b, REGION(2, 3));		/* wholly inside: gets nothing */
	add(&b, REGION(4, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_CXL(&b, 0, SPAN(0, 5), 0);
	IS_CXL(&b, 1, SPAN(6, 7), 1);
	IS_CXL(&b, 2, SPAN(8, 9), 3);
}

static void one_byte_short_is_partial(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 9));
	b.regions[0].span.end--;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);

	b.regions[0] = REGION(0, 9);
	b.regions[0].span.start++;
	decide(&b, SPAN(0, 9));
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);

	b.regions[0] = REGION(0, 4);	/* one byte between two */
	add(&b, REGION(5, 9));
	b.regions[1].span.start++;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);
}

static void partial_whole_gives_all_to_hmem(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);
}

static void partial_whole_keeps_what_is_held(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, HELD(3, 5));
	add(&b, REGION(7, 8));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_HMEM(&b, 0, SPAN(0, 2), REGION_PARTIAL);
	IS_CXL(&b, 1, SPAN(3, 5), 0);
	IS_HMEM(&b, 2, SPAN(6, 9), REGION_PARTIAL);
}

static void partial_split_cuts(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	add(&b, REGION(3, 5));
	add(&b, REGION(8, 20));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 4);
	IS_HMEM(&b, 0, SPAN(0, 2), REGION_PARTIAL);
	IS_CXL(&b, 1, SPAN(3, 5), 0);
	IS_HMEM(&b, 2, SPAN(6, 7), REGION_PARTIAL);
	IS_CXL(&b, 3, SPAN(8, 9), 1);
}

static void no_region(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	decide(&b, SPAN(5, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(5, 9), NO_REGION);

	add(&b, REGION(0, 4));		/* touches, does not meet */
	add(&b, REGION(10, 12));
	decide(&b, SPAN(5, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(5, 9), NO_REGION);
}

static void blocked_region_is_not_to_be_had(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, (struct dax_owner_region){ .span = SPAN(0, 9), .blocked = true });
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);

	b.regions[0].held = true;
	decide(&b, SPAN(0, 9));
	IS_CXL(&b, 0, SPAN(0, 9), 0);
}

static void blocked_region_takes_others_along(void **state)
{
	const struct dax_owner_span ranges[] = { SPAN(0, 3), SPAN(5, 9) };
	struct dax_owner_region regions[] = {
		{ .span = SPAN(0, 1), .blocked = true }, REGION(2, 7), REGION(8, 9),
	};

	(void)state;
	/* the first range is not covered, so neither is the second */
	dax_owner_relinquish(ranges, 2, regions, 3, DAX_OWNER_POLICY_WHOLE);
	assert_true(regions[1].relinquished);
	assert_true(regions[2].relinquished);
}

static void relinquished_region_still_meets(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, GIVEN_UP(0, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);

	b.regions[0].held = true;	/* what is held is never given up */
	decide(&b, SPAN(0, 9));
	IS_CXL(&b, 0, SPAN(0, 9), 0);
}

static void deadline_flags_what_it_decided(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_DEADLINE;
	decide(&b, SPAN(0, 9));
	is_extent(&b.out[0], SPAN(0, 9), DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION,
		  DAX_OWNER_NO_INDEX, DAX_OWNER_FLAG_DEADLINE);

	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	add(&b, REGION(0, 4));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 2);
	is_extent(&b.out[0], SPAN(0, 4), DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, 0,
		  DAX_OWNER_FLAG_DEADLINE);
	is_extent(&b.out[1], SPAN(5, 9), DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL,
		  DAX_OWNER_NO_INDEX, DAX_OWNER_FLAG_DEADLINE);
}

static void edges_of_the_address_space(void **state)
{
	const struct dax_owner_span all = { 0, UINT64_MAX };
	struct bench b;

	(void)state;
	setup(&b);
	b.window = all;
	add(&b, (struct dax_owner_region){ .span = all });
	decide(&b, all);
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, all, 0);

	/* The first and the last byte are each a region of their own */
	b.regions[0].span = (struct dax_owner_span){ 0, 0 };
	add(&b, (struct dax_owner_region){ .span = { UINT64_MAX, UINT64_MAX } });
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	decide(&b, all);
	assert_int_equal(b.n, 3);
	IS_CXL(&b, 0, ((struct dax_owner_span){ 0, 0 }), 0);
	IS_HMEM(&b, 1, ((struct dax_owner_span){ 1, UINT64_MAX - 1 }), REGION_PARTIAL);
	IS_CXL(&b, 2, ((struct dax_owner_span){ UINT64_MAX, UINT64_MAX }), 1);

	/* Two that meet just below the top cover it */
	b.facts.policy = DAX_OWNER_POLICY_WHOLE;
	b.regions[0].span = (struct dax_owner_span){ 0, UINT64_MAX - 1 };
	decide(&b, all);
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 1, ((struct dax_owner_span){ UINT64_MAX, UINT64_MAX }), 1);
}

static void bad_input_is_refused(void **state)
{
	struct dax_owner_span backwards = { 5, 4 };
	struct dax_owner_span range = SPAN(0, 9);
	struct bench b;

	(void)state;
	setup(&b);
	assert_int_equal(dax_owner_decide(&backwards, &b.facts, b.out, MAX), -EINVAL);

	add(&b, REGION(5, 6));
	add(&b, REGION(2, 3));
	decide(&b, range);		/* not in order */
	assert_int_equal(b.n, -EINVAL);

	qsort(b.regions, 2, sizeof(b.regions[0]), dax_owner_region_cmp);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	decide(&b, range);
	assert_int_equal(b.n, DAX_OWNER_MAX_VERDICTS(2));
	assert_int_equal(dax_owner_decide(&range, &b.facts, b.out, 4), -ENOSPC);
	assert_int_equal(dax_owner_decide(&range, &b.facts, NULL, 0), -ENOSPC);
}

static void empty_spans_meet_nothing(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, (struct dax_owner_region){ .span = { 5 * UNIT, 4 * UNIT }, .held = true });
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), NO_REGION);

	b.window = (struct dax_owner_span){ 5 * UNIT, 4 * UNIT };
	decide(&b, SPAN(0, 9));
	IS_HMEM(&b, 0, SPAN(0, 9), OUTSIDE_WINDOW);
}

/*
 * Ranges  [0   ][1   ]    [2 ]
 * Regions [0 ][1   ]      [2 ]
 * Range 1 has a hole at its end: region 1 cannot be had, so range 0 is not
 * covered, so region 0 is given up. Range 2 is none of their business.
 */
static void relinquishing_goes_along_the_chain(void **state)
{
	const struct dax_owner_span ranges[] = { SPAN(10, 14), SPAN(0, 3), SPAN(4, 7) };
	struct dax_owner_region regions[] = { REGION(0, 1), REGION(2, 5), REGION(10, 14) };

	(void)state;
	dax_owner_relinquish(ranges, 3, regions, 3, DAX_OWNER_POLICY_WHOLE);
	assert_true(regions[0].relinquished);
	assert_true(regions[1].relinquished);
	assert_false(regions[2].relinquished);

	/* Held regions stay; and what only they cover stays covered */
	regions[1].held = true;
	dax_owner_relinquish(ranges, 3, regions, 3, DAX_OWNER_POLICY_WHOLE);
	assert_false(regions[0].relinquished);
	assert_false(regions[1].relinquished);

	/* Computed anew each time, and never under split */
	regions[1].held = false;
	regions[2].relinquished = true;
	dax_owner_relinquish(ranges, 3, regions, 3, DAX_OWNER_POLICY_SPLIT);
	assert_false(regions[0].relinquished);
	assert_false(regions[1].relinquished);
	assert_false(regions[2].relinquished);
}

static void region_beyond_its_range_is_not_relinquished(void **state)
{
	const struct dax_owner_span ranges[] = { SPAN(2, 5) };
	struct dax_owner_region regions[] = { REGION(0, 9), REGION(20, 29) };

	(void)state;
	dax_owner_relinquish(ranges, 1, regions, 2, DAX_OWNER_POLICY_WHOLE);
	assert_false(regions[0].relinquished);	/* the rest of it is nobody's range */
	assert_false(regions[1].relinquished);	/* meets no range at all */
}

static void region_order(void **state)
{
	struct dax_owner_region a = REGION(1, 5), b = REGION(1, 6), c = REGION(2, 3);
	struct dax_owner_region top = { .span = { UINT64_MAX, UINT64_MAX } };

	(void)state;
	assert_true(dax_owner_region_cmp(&a, &b) < 0);
	assert_true(dax_owner_region_cmp(&b, &a) > 0);
	assert_true(dax_owner_region_cmp(&b, &c) < 0);
	assert_true(dax_owner_region_cmp(&top, &a) > 0);
	assert_true(dax_owner_region_cmp(&a, &top) < 0);
	assert_int_equal(dax_owner_region_cmp(&a, &a), 0);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_NONE), "none");
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_CXL), "dax_cxl");
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_HMEM), "dax_hmem");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_OUTSIDE_WINDOW), "outside-window");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_AWAITING_CXL), "awaiting-cxl");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_REGION_COVERS), "region-covers");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_REGION_PARTIAL), "region-partial");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_NO_REGION), "no-region");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_CLAIM_FAILED), "claim-failed");
	assert_string_equal(dax_owner_reason_name((enum dax_owner_reason)99), "unknown");
	assert_string_equal(dax_owner_owner_name((enum dax_owner_owner)99), "unknown");
	assert_string_equal(dax_owner_policy_name((enum dax_owner_policy)99), "unknown");
}

static void policies_by_name(void **state)
{
	static const char *const wrong[] = { "", "\n", "who", "wholes", "whole\n\n", "whole ",
					     "Whole", "splitwhole", "0" };
	enum dax_owner_policy policy = DAX_OWNER_POLICY_WHOLE;
	size_t i;

	(void)state;
	assert_int_equal(dax_owner_policy_parse("split", &policy), 0);
	assert_string_equal(dax_owner_policy_name(policy), "split");
	assert_int_equal(dax_owner_policy_parse("whole\n", &policy), 0);
	assert_string_equal(dax_owner_policy_name(policy), "whole");

	policy = DAX_OWNER_POLICY_SPLIT;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(dax_owner_policy_parse(wrong[i], &policy), -EINVAL);
	assert_int_equal(dax_owner_policy_parse(NULL, &policy), -EINVAL);
	assert_int_equal(policy, DAX_OWNER_POLICY_SPLIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outside_window_is_hmems_at_once),
		cmocka_unit_test(outside_window_a_held_region_stays),
		cmocka_unit_test(one_byte_in_a_window_awaits),
		cmocka_unit_test(pending_waits_even_when_covered),
		cmocka_unit_test(region_covers),
		cmocka_unit_test(adjacent_regions_cover_together),
		cmocka_unit_test(overlapping_regions_share_by_order),
		cmocka_unit_test(one_byte_short_is_partial),
		cmocka_unit_test(partial_whole_gives_all_to_hmem),
		cmocka_unit_test(partial_whole_keeps_what_is_held),
		cmocka_unit_test(partial_split_cuts),
		cmocka_unit_test(no_region),
		cmocka_unit_test(blocked_region_is_not_to_be_had),
		cmocka_unit_test(blocked_region_takes_others_along),
		cmocka_unit_test(relinquished_region_still_meets),
		cmocka_unit_test(deadline_flags_what_it_decided),
		cmocka_unit_test(edges_of_the_address_space),
		cmocka_unit_test(bad_input_is_refused),
		cmocka_unit_test(empty_spans_meet_nothing),
		cmocka_unit_test(relinquishing_goes_along_the_chain),
		cmocka_unit_test(region_beyond_its_range_is_not_relinquished),
		cmocka_unit_test(region_order),
		cmocka_unit_test(names),
		cmocka_unit_test(policies_by_name),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
