// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules one by one, each with a layout of addresses that it applies to. Units
 * of 0x1000 bytes: range(2, 5) is the span 0x2000-0x5fff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reach.h"
#include "verdict.h"

#define UNIT 0x1000ull
#define MAX 16

#define SPAN(first, last) ((struct dax_owner_span) { UNIT * (first), ((last) + 1) * UNIT - 1 })
#define REGION(first, last) ((struct dax_owner_region) { .span = SPAN(first, last) })
#define HELD(first, last) ((struct dax_owner_region) { .span = SPAN(first, last), .held = true })
#define BLOCKED(first, last) \
	((struct dax_owner_region) { .span = SPAN(first, last), .blocked = true })
#define NO_DAX(first, last) \
	((struct dax_owner_region) { .span = SPAN(first, last), .no_dax = true })
#define CASE(first, last) ((struct dax_owner_case) { .span = SPAN(first, last) })

/* The facts of a test: a window over all addresses, no region, the initial pass is over */
struct bench {
	struct dax_owner_span window;
	struct dax_owner_region regions[8];
	struct dax_owner_case cases[8];
	struct dax_owner_facts facts;
	struct dax_owner_verdict out[MAX];
	ssize_t n;
};

static void setup(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->window = SPAN(0, 999);
	b->facts = (struct dax_owner_facts) {
		.windows = &b->window,
		.nr_windows = 1,
		.regions = b->regions,
		.cases = b->cases,
		.policy = DAX_OWNER_POLICY_WHOLE,
		.pass = DAX_OWNER_PASS_OVER,
	};
}

static void add(struct bench *b, struct dax_owner_region region)
{
	b->regions[b->facts.nr_regions++] = region;
}

static void add_case(struct bench *b, struct dax_owner_span range)
{
	b->cases[b->facts.nr_cases++] = (struct dax_owner_case) { .span = range };
}

/* Decide one of several ranges */
static void decide_case(struct bench *b, size_t which)
{
	assert_int_equal(dax_owner_prepare(&b->facts), 0);
	b->n = dax_owner_decide(&b->cases[which], &b->facts, b->out, MAX);
}

/* Decide the only range */
static void decide(struct bench *b, struct dax_owner_span range)
{
	b->facts.nr_cases = 0;
	add_case(b, range);
	decide_case(b, 0);
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

#define IS_CXL(b, i, span, region) \
	is_extent(&(b)->out[i], span, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, region, 0)
#define IS_HMEM(b, i, span, why) \
	is_extent(&(b)->out[i], span, DAX_OWNER_HMEM, DAX_OWNER_REASON_##why, DAX_OWNER_NO_INDEX, 0)
#define IS_WITHHELD(b, i, span, region) \
	is_extent(&(b)->out[i], span, DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, region, 0)
#define IS_PENDING(b, i, span) \
	is_extent(&(b)->out[i], span, DAX_OWNER_NONE, DAX_OWNER_REASON_AWAITING_CXL, \
		  DAX_OWNER_NO_INDEX, 0)

static void verdict_range_outside_window_goes_to_hmem_at_once(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.window = SPAN(10, 19);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	decide(&b, SPAN(0, 9)); /* ends where the window begins */
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), OUTSIDE_WINDOW);

	decide(&b, SPAN(20, 29)); /* begins where it ends */
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(20, 29), OUTSIDE_WINDOW);

	b.facts.pass =
		DAX_OWNER_PASS_DEADLINE; /* a range outside the windows did not wait: no flag */
	decide(&b, SPAN(20, 29));
	IS_HMEM(&b, 0, SPAN(20, 29), OUTSIDE_WINDOW);

	b.facts.nr_windows = 0;
	b.facts.windows = NULL;
	decide(&b, SPAN(10, 19));
	IS_HMEM(&b, 0, SPAN(10, 19), OUTSIDE_WINDOW);
}

static void verdict_outside_window_keeps_held_region(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.nr_windows = 0;
	add(&b, HELD(2, 3));
	add(&b, REGION(6, 7)); /* not held: no window, no CXL */
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_HMEM(&b, 0, SPAN(0, 1), OUTSIDE_WINDOW);
	IS_CXL(&b, 1, SPAN(2, 3), 0);
	IS_HMEM(&b, 2, SPAN(4, 9), OUTSIDE_WINDOW);
}

static void verdict_one_byte_in_window_awaits_cxl(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	b.window = (struct dax_owner_span) { 10 * UNIT - 1, 20 * UNIT };
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_PENDING(&b, 0, SPAN(0, 9));
}

static void verdict_pending_pass_leaves_covered_range_undecided(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	add(&b, REGION(0, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_PENDING(&b, 0, SPAN(0, 9));

	b.regions[0] = HELD(0, 3); /* bytes that dax_cxl holds do not wait */
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(0, 3), 0);
	IS_PENDING(&b, 1, SPAN(4, 9));
}

static void verdict_region_covers_gives_cxl(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, SPAN(0, 9), 0);

	decide(&b, SPAN(2, 5)); /* the extent is the range's part only */
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, SPAN(2, 5), 0);
}

static void verdict_adjacent_regions_cover_together(void **state)
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

static void verdict_overlapping_regions_share_by_order(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 5));
	add(&b, REGION(0, 7));
	add(&b, REGION(2, 3)); /* wholly inside: gets nothing */
	add(&b, REGION(4, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_CXL(&b, 0, SPAN(0, 5), 0);
	IS_CXL(&b, 1, SPAN(6, 7), 1);
	IS_CXL(&b, 2, SPAN(8, 9), 3);
}

static void verdict_region_one_byte_short_is_partial(void **state)
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

	b.regions[0] = REGION(0, 4); /* one byte between two */
	add(&b, REGION(5, 9));
	b.regions[1].span.start++;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);
}

static void verdict_partial_with_whole_gives_all_to_hmem(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);
}

static void verdict_partial_with_whole_keeps_held_region(void **state)
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

static void verdict_partial_with_split_cuts_range(void **state)
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

static void verdict_no_region_gives_hmem(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	decide(&b, SPAN(5, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(5, 9), NO_REGION);

	add(&b, REGION(0, 4)); /* touches, does not meet */
	add(&b, REGION(10, 12));
	decide(&b, SPAN(5, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(5, 9), NO_REGION);
}

static void verdict_blocked_region_is_not_claimed(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, (struct dax_owner_region) { .span = SPAN(0, 9), .blocked = true });
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), REGION_PARTIAL);

	b.regions[0].held = true;
	decide(&b, SPAN(0, 9));
	IS_CXL(&b, 0, SPAN(0, 9), 0);
}

static void verdict_blocked_region_relinquishes_others(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add_case(&b, SPAN(0, 3));
	add_case(&b, SPAN(5, 9));
	add(&b, BLOCKED(0, 1));
	add(&b, REGION(2, 7));
	add(&b, REGION(8, 9));
	/* the first range is not covered, so neither is the second */
	decide_case(&b, 1);
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(5, 9), REGION_PARTIAL);
	assert_true(b.regions[1].relinquished);
	assert_true(b.regions[2].relinquished);
}

static void verdict_deadline_sets_flag(void **state)
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

static void verdict_edges_of_address_space_are_decided(void **state)
{
	const struct dax_owner_span all = { 0, UINT64_MAX };
	struct bench b;

	(void)state;
	setup(&b);
	b.window = all;
	add(&b, (struct dax_owner_region) { .span = all });
	decide(&b, all);
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, all, 0);

	/* The first and the last byte are each a region of their own */
	b.regions[0].span = (struct dax_owner_span) { 0, 0 };
	add(&b, (struct dax_owner_region) { .span = { UINT64_MAX, UINT64_MAX } });
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	decide(&b, all);
	assert_int_equal(b.n, 3);
	IS_CXL(&b, 0, ((struct dax_owner_span) { 0, 0 }), 0);
	IS_HMEM(&b, 1, ((struct dax_owner_span) { 1, UINT64_MAX - 1 }), REGION_PARTIAL);
	IS_CXL(&b, 2, ((struct dax_owner_span) { UINT64_MAX, UINT64_MAX }), 1);

	/* Two that meet just below the top cover it */
	b.facts.policy = DAX_OWNER_POLICY_WHOLE;
	b.regions[0].span = (struct dax_owner_span) { 0, UINT64_MAX - 1 };
	decide(&b, all);
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 1, ((struct dax_owner_span) { UINT64_MAX, UINT64_MAX }), 1);
}

static void verdict_bad_input_is_refused(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add_case(&b, (struct dax_owner_span) { 5, 4 });
	assert_int_equal(dax_owner_prepare(&b.facts), -EINVAL);
	b.cases[0] = CASE(5, 9);
	assert_int_equal(dax_owner_decide(&b.cases[0], &b.facts, b.out, MAX), -EINVAL);
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_int_equal(dax_owner_decide(&b.cases[0], &b.facts, b.out, MAX), 1);

	add_case(&b, SPAN(0, 4)); /* ranges not in order */
	assert_int_equal(dax_owner_prepare(&b.facts), -EINVAL);
	b.cases[1] = CASE(10, 12); /* ranges overlap by a byte */
	b.cases[1].span.start--;
	assert_int_equal(dax_owner_prepare(&b.facts), -EINVAL);
	assert_int_equal(dax_owner_decide(&b.cases[0], &b.facts, b.out, MAX), -EINVAL);
	b.cases[1] = CASE(10, 12);
	assert_int_equal(dax_owner_prepare(&b.facts), 0);

	b.facts.block_size = 3;
	assert_int_equal(dax_owner_prepare(&b.facts), -EINVAL);
	b.facts.block_size = 0;

	add(&b, REGION(5, 6));
	add(&b, REGION(2, 3));
	assert_int_equal(dax_owner_prepare(&b.facts), -EINVAL);
	qsort(b.regions, 2, sizeof(b.regions[0]), dax_owner_region_cmp);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, DAX_OWNER_MAX_VERDICTS(2));
	assert_int_equal(dax_owner_decide(&b.cases[0], &b.facts, b.out, 4), -ENOSPC);
	assert_int_equal(dax_owner_decide(&b.cases[0], &b.facts, NULL, 0), -ENOSPC);
}

static void verdict_empty_spans_meet_nothing(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, (struct dax_owner_region) { .span = { 5 * UNIT, 4 * UNIT }, .held = true });
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), NO_REGION);

	b.regions[0].held = false;
	b.regions[0].no_dax = true;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 9), NO_REGION);

	b.window = (struct dax_owner_span) { 5 * UNIT, 4 * UNIT };
	decide(&b, SPAN(0, 9));
	IS_HMEM(&b, 0, SPAN(0, 9), OUTSIDE_WINDOW);
}

static void verdict_span_of_size_zero_is_empty(void **state)
{
	const struct dax_owner_span spans[] = {
		dax_owner_span_sized(0, 0),
		dax_owner_span_sized(UNIT, 0),
		dax_owner_span_sized(UINT64_MAX, 0),
	};
	const struct dax_owner_span last = dax_owner_span_sized(UINT64_MAX, 1);
	const struct dax_owner_span all = { 0, UINT64_MAX };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_false(dax_owner_span_meets(&spans[i], &all));
	assert_int_equal(last.start, UINT64_MAX);
	assert_int_equal(last.end, UINT64_MAX);
	assert_int_equal(dax_owner_span_sized(UNIT, UNIT).end, 2 * UNIT - 1);
}

/* ---- regions that dax_cxl cannot claim ---- */

static void verdict_no_dax_region_is_withheld(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, NO_DAX(0, 9));
	decide(&b, SPAN(0, 9)); /* all of it: nothing is left to decide */
	assert_int_equal(b.n, 1);
	IS_WITHHELD(&b, 0, SPAN(0, 9), 0);

	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_WITHHELD(&b, 0, SPAN(0, 9), 0);

	decide(&b, SPAN(8, 12)); /* the other bytes meet no region */
	assert_int_equal(b.n, 2);
	IS_WITHHELD(&b, 0, SPAN(8, 9), 0);
	IS_HMEM(&b, 1, SPAN(10, 12), NO_REGION);
}

static void verdict_adjacent_no_dax_regions_are_separate_extents(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, NO_DAX(0, 4));
	add(&b, NO_DAX(3, 6));
	add(&b, NO_DAX(7, 9));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_WITHHELD(&b, 0, SPAN(0, 4), 0);
	IS_WITHHELD(&b, 1, SPAN(5, 6), 1);
	IS_WITHHELD(&b, 2, SPAN(7, 9), 2);
}

static void verdict_no_dax_bytes_count_as_covered(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 4));
	add(&b, NO_DAX(5, 9));
	decide(&b, SPAN(0, 9)); /* RAM and pmem under one range */
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(0, 4), 0);
	IS_WITHHELD(&b, 1, SPAN(5, 9), 1);

	decide(&b, SPAN(0, 10)); /* regions cover the other bytes in part */
	assert_int_equal(b.n, 3);
	IS_HMEM(&b, 0, SPAN(0, 4), REGION_PARTIAL);
	IS_WITHHELD(&b, 1, SPAN(5, 9), 1);
	IS_HMEM(&b, 2, SPAN(10, 10), REGION_PARTIAL);
}

static void verdict_no_dax_outside_window_is_withheld(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.nr_windows = 0;
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	add(&b, NO_DAX(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_HMEM(&b, 0, SPAN(0, 2), OUTSIDE_WINDOW);
	IS_WITHHELD(&b, 1, SPAN(3, 5), 0);
	IS_HMEM(&b, 2, SPAN(6, 9), OUTSIDE_WINDOW);
}

static void verdict_no_dax_with_pending_pass_is_pending(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.pass = DAX_OWNER_PASS_PENDING;
	add(&b, NO_DAX(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_PENDING(&b, 0, SPAN(0, 9));

	b.facts.pass = DAX_OWNER_PASS_DEADLINE;
	decide(&b, SPAN(3, 5));
	assert_int_equal(b.n, 1);
	is_extent(&b.out[0], SPAN(3, 5), DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, 0,
		  DAX_OWNER_FLAG_DEADLINE);
}

static void verdict_held_no_dax_region_stays_held(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, NO_DAX(0, 9));
	b.regions[0].held = true;
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 1);
	IS_CXL(&b, 0, SPAN(0, 9), 0);
}

static void verdict_held_bytes_precede_no_dax(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, NO_DAX(0, 9));
	add(&b, HELD(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_WITHHELD(&b, 0, SPAN(0, 2), 0);
	IS_CXL(&b, 1, SPAN(3, 5), 1);
	IS_WITHHELD(&b, 2, SPAN(6, 9), 0);
	assert_true(b.cases[0].met);
}

static void verdict_held_bytes_precede_claimable_region(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 9));
	add(&b, HELD(3, 5));
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 3);
	IS_CXL(&b, 0, SPAN(0, 2), 0);
	IS_CXL(&b, 1, SPAN(3, 5), 1);
	IS_CXL(&b, 2, SPAN(6, 9), 0);
}

static void verdict_region_overlapping_no_dax_is_not_claimed(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 5));
	add(&b, NO_DAX(5, 9));
	b.regions[1].span.start = 6 * UNIT - 1; /* one byte */
	decide(&b, SPAN(0, 4));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 4), REGION_PARTIAL);
	assert_true(b.regions[0].relinquished);

	b.regions[1].span.start = 6 * UNIT; /* none */
	decide(&b, SPAN(0, 4));
	IS_CXL(&b, 0, SPAN(0, 4), 0);

	b.regions[0] = NO_DAX(0, 5); /* from below */
	b.regions[1] = REGION(5, 9);
	decide(&b, SPAN(6, 9));
	IS_HMEM(&b, 0, SPAN(6, 9), REGION_PARTIAL);

	b.regions[0] = REGION(0, 5); /* held: keeps its bytes */
	b.regions[0].held = true;
	b.regions[1] = NO_DAX(4, 9);
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(0, 5), 0);
	IS_WITHHELD(&b, 1, SPAN(6, 9), 1);
}

static void verdict_region_under_no_dax_does_not_meet(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, NO_DAX(0, 5));
	add(&b, REGION(2, 5));
	decide(&b, SPAN(0, 9)); /* it has none of the other bytes */
	assert_int_equal(b.n, 2);
	IS_WITHHELD(&b, 0, SPAN(0, 5), 0);
	IS_HMEM(&b, 1, SPAN(6, 9), NO_REGION);

	b.regions[1] = REGION(2, 6);
	decide(&b, SPAN(0, 9));
	assert_int_equal(b.n, 2);
	IS_HMEM(&b, 1, SPAN(6, 9), REGION_PARTIAL);
}

/* ---- ranges that fall ---- */

/*
 * Ranges  [0   ][1   ]    [2 ]
 * Regions [0 ][1   ]      [2 ]
 * Range 1 has a hole at its end, so region 1 is relinquished. Then range 0 is not
 * covered, so region 0 is relinquished, too. Range 2 stays, because it meets neither.
 */
static void verdict_chain_of_ranges_is_relinquished(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add_case(&b, SPAN(0, 3));
	add_case(&b, SPAN(4, 7));
	add_case(&b, SPAN(10, 14));
	add(&b, REGION(0, 1));
	add(&b, REGION(2, 5));
	add(&b, REGION(10, 14));
	b.regions[2].relinquished = true; /* computed anew each time */
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_true(b.regions[0].relinquished);
	assert_true(b.regions[1].relinquished);
	assert_false(b.regions[2].relinquished);
	assert_true(b.cases[0].fallen);
	assert_true(b.cases[1].fallen);
	assert_false(b.cases[2].fallen);

	/* A held region stays, and so do the bytes that it covers */
	b.regions[1].held = true;
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_false(b.regions[0].relinquished);
	assert_false(b.regions[1].relinquished);
	b.regions[1].held = false;

	/* Under policy split no range falls because of a hole, while the block size is not known */
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_false(b.regions[0].relinquished);
	assert_false(b.regions[1].relinquished);
	assert_false(b.regions[2].relinquished);
	assert_false(b.cases[1].fallen);
}

static void verdict_relinquished_region_stays_in_index(void **state)
{
	const unsigned int any = DAX_OWNER_KIND_BIT(DAX_OWNER_NR_KINDS) - 1;
	struct bench b;

	(void)state;
	setup(&b);
	add_case(&b, SPAN(0, 3));
	add(&b, REGION(0, 1));
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_true(b.regions[0].relinquished);
	assert_int_equal(dax_owner_reach_find(b.regions, 1, 0, any, b.regions[0].span.start), 0);
}

static void verdict_region_beyond_its_range_is_not_relinquished(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	add(&b, REGION(0, 9));
	add(&b, REGION(20, 29));
	decide(&b, SPAN(2, 5));
	assert_false(b.regions[0].relinquished); /* the rest of it is in no range */
	assert_false(b.regions[1].relinquished); /* meets no range at all */
}

/* A range of 8 units, 4 units a block: blocks 0-3 and 4-7 */
static void verdict_split_without_whole_block_falls(void **state)
{
	const unsigned int unsplit = DAX_OWNER_FLAG_UNSPLIT;
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add(&b, REGION(0, 3));
	decide(&b, SPAN(0, 7)); /* the rest is one block */
	assert_int_equal(b.n, 2);
	IS_CXL(&b, 0, SPAN(0, 3), 0);
	IS_HMEM(&b, 1, SPAN(4, 7), REGION_PARTIAL);

	b.regions[0].span.end++; /* the rest is a byte less */
	decide(&b, SPAN(0, 7));
	assert_int_equal(b.n, 1);
	is_extent(&b.out[0], SPAN(0, 7), DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL,
		  DAX_OWNER_NO_INDEX, unsplit);
	assert_true(b.regions[0].relinquished);

	b.regions[0] = REGION(4, 7); /* the rest is below the region */
	decide(&b, SPAN(0, 7));
	assert_int_equal(b.n, 2);
	b.regions[0].span.start--;
	decide(&b, SPAN(0, 7));
	assert_int_equal(b.n, 1);
	assert_true(b.cases[0].fallen);

	b.facts.block_size = 0; /* not known: no rule about blocks */
	decide(&b, SPAN(0, 7));
	assert_int_equal(b.n, 2);

	b.facts.block_size = 4 * UNIT;
	b.facts.policy = DAX_OWNER_POLICY_WHOLE; /* whole is never split: no flag */
	decide(&b, SPAN(0, 7));
	assert_int_equal(b.n, 1);
	IS_HMEM(&b, 0, SPAN(0, 7), REGION_PARTIAL);
}

/* Blocks lie at multiples of their size: 4 units from 2 to 5 are none */
static void verdict_blocks_lie_at_multiples_of_their_size(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add(&b, REGION(0, 1));
	add(&b, REGION(8, 9));
	b.regions[1].span.start = 6 * UNIT;
	decide(&b, SPAN(0, 9));
	assert_true(b.cases[0].fallen);
	b.regions[1] = REGION(8, 9); /* 2 to 7 have the block 4 to 7 */
	decide(&b, SPAN(0, 9));
	assert_false(b.cases[0].fallen);
	assert_int_equal(b.n, 3);
}

static void verdict_unsplit_keeps_held_and_withheld(void **state)
{
	const unsigned int flags = DAX_OWNER_FLAG_UNSPLIT | DAX_OWNER_FLAG_DEADLINE;
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.pass = DAX_OWNER_PASS_DEADLINE;
	b.facts.block_size = 4 * UNIT;
	add(&b, HELD(0, 3));
	add(&b, REGION(4, 6));
	add(&b, NO_DAX(8, 9));
	decide(&b, SPAN(0, 9)); /* unit 7 has no block */
	assert_int_equal(b.n, 3);
	is_extent(&b.out[0], SPAN(0, 3), DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, 0, flags);
	is_extent(&b.out[1], SPAN(4, 7), DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL,
		  DAX_OWNER_NO_INDEX, flags);
	is_extent(&b.out[2], SPAN(8, 9), DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, 2, flags);

	b.facts.pass = DAX_OWNER_PASS_PENDING; /* not decided: nothing to flag */
	decide(&b, SPAN(4, 9));
	assert_int_equal(b.n, 1);
	IS_PENDING(&b, 0, SPAN(4, 9));
}

/* Withheld bytes end a part: units 4 to 6 and 9 to 11 are two parts */
static void verdict_withheld_bytes_end_a_part(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add(&b, REGION(0, 3));
	add(&b, NO_DAX(7, 8));
	decide(&b, SPAN(0, 11));
	assert_true(b.cases[0].fallen);

	b.regions[1].no_dax = false; /* the bytes of a claimable region end a part, too */
	decide(&b, SPAN(0, 11));
	assert_true(b.cases[0].fallen);

	b.regions[1].blocked = true; /* the bytes of a blocked region do not */
	decide(&b, SPAN(0, 11));
	assert_false(b.cases[0].fallen);
}

/* Small ranges that no region meets are not split, so there is nothing to flag. */
static void verdict_small_range_without_region_does_not_fall(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add(&b, NO_DAX(2, 3));
	decide(&b, SPAN(0, 2));
	assert_false(b.cases[0].fallen);
	assert_int_equal(b.n, 2);
	IS_HMEM(&b, 0, SPAN(0, 1), NO_REGION);
	IS_WITHHELD(&b, 1, SPAN(2, 2), 0);
}

/*
 * Blocks   [0  ][4  ][8  ][12 ]
 * Ranges   [0      6][7     13]
 * Regions  [0   4]      [10  13]  one more: [6 9]
 * Range 0 has no whole block in 5, so it falls, and regions 0-4 and 6-9 are relinquished. Then no
 * region covers 7-9 of range 1, which have no whole block, so range 1 falls, too.
 */
static void verdict_chain_of_ranges_falls_with_split(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add_case(&b, SPAN(0, 6));
	add_case(&b, SPAN(7, 13));
	add(&b, REGION(0, 4));
	add(&b, REGION(6, 9));
	add(&b, REGION(10, 13));
	decide_case(&b, 1);
	assert_true(b.cases[0].fallen);
	assert_true(b.cases[1].fallen);
	assert_true(b.regions[2].relinquished);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.out[0].flags, DAX_OWNER_FLAG_UNSPLIT);
}

/*
 * Blocks   [0  ][4  ][8  ]
 * Ranges   [0  3][4     11]
 * Regions  [0][2   5]  [10 11]
 * Range 0 has no block in 1, so it falls and region 2-5 is relinquished. Range 1 falls in the same
 * round, because 6-9 have no block: a round judges all ranges by the state before it. Judged after
 * range 0, range 1 would stand, because 4-9 have a block.
 */
static void verdict_ranges_of_a_round_are_judged_by_same_state(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add_case(&b, SPAN(0, 3));
	add_case(&b, SPAN(4, 11));
	add(&b, REGION(0, 0));
	add(&b, REGION(2, 5));
	add(&b, REGION(10, 11));
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	assert_true(b.cases[0].fallen);
	assert_true(b.cases[1].fallen);
	assert_true(b.regions[2].relinquished);
}

/* As before, but regions cover range 1 at first. Its part is then 4-7, a whole block, so it stands. */
static void verdict_part_grown_into_whole_block_stands(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add_case(&b, SPAN(0, 3));
	add_case(&b, SPAN(4, 11));
	add(&b, REGION(0, 0));
	add(&b, REGION(2, 7));
	add(&b, REGION(8, 11));
	decide_case(&b, 1);
	assert_true(b.cases[0].fallen);
	assert_false(b.cases[1].fallen);
	assert_int_equal(b.n, 2);
	IS_HMEM(&b, 0, SPAN(4, 7), REGION_PARTIAL);
	IS_CXL(&b, 1, SPAN(8, 11), 2);
}

static void verdict_blocks_at_top_of_address_space_count(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.window = (struct dax_owner_span) { 0, UINT64_MAX };
	b.facts.policy = DAX_OWNER_POLICY_SPLIT;
	b.facts.block_size = 4 * UNIT;
	add(&b, (struct dax_owner_region) {
			.span = { UINT64_MAX - 8 * UNIT + 1, UINT64_MAX - 4 * UNIT } });
	decide(&b, (struct dax_owner_span) { UINT64_MAX - 8 * UNIT + 1, UINT64_MAX });
	assert_int_equal(b.n, 2);
	b.regions[0].span.end++;
	decide(&b, (struct dax_owner_span) { UINT64_MAX - 8 * UNIT + 1, UINT64_MAX });
	assert_int_equal(b.n, 1);
	assert_true(b.cases[0].fallen);
}

/* ---- windows ---- */

static void verdict_unordered_overlapping_windows_count(void **state)
{
	const struct dax_owner_span windows[] = {
		SPAN(30, 39), SPAN(0, 4), SPAN(2, 12), SPAN(2, 12), { 9, 3 }, SPAN(32, 33),
	};
	static const bool in[] = { true, true, false, true, false };
	struct bench b;
	size_t i;

	(void)state;
	setup(&b);
	b.facts.windows = windows;
	b.facts.nr_windows = sizeof(windows) / sizeof(windows[0]);
	for (i = 0; i < 5; i++)
		add_case(&b, SPAN(i * 10, i * 10 + 9));
	assert_int_equal(dax_owner_prepare(&b.facts), 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(b.cases[i].in_window, in[i]);
}

static void region_cmp_orders_by_start_then_end(void **state)
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

static void names_of_values_are_returned(void **state)
{
	(void)state;
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_NONE), "none");
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_CXL), "dax_cxl");
	assert_string_equal(dax_owner_owner_name(DAX_OWNER_HMEM), "dax_hmem");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_OUTSIDE_WINDOW),
			    "outside-window");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_AWAITING_CXL), "awaiting-cxl");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_REGION_COVERS), "region-covers");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_REGION_PARTIAL),
			    "region-partial");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_NO_REGION), "no-region");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_REGION_NOT_DAX),
			    "region-not-dax");
	assert_string_equal(dax_owner_reason_name(DAX_OWNER_REASON_CLAIM_FAILED), "claim-failed");
	assert_string_equal(dax_owner_reason_name((enum dax_owner_reason)99), "unknown");
	assert_string_equal(dax_owner_owner_name((enum dax_owner_owner)99), "unknown");
	assert_string_equal(dax_owner_policy_name((enum dax_owner_policy)99), "unknown");
}

static void policy_parse_accepts_names_only(void **state)
{
	static const char *const wrong[] = { "",       "\n",    "who",        "wholes", "whole\n\n",
					     "whole ", "Whole", "splitwhole", "0" };
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

static void flags_parse_accepts_names_only(void **state)
{
	static const char *const texts[] = { "", "deadline", "unsplit", "deadline unsplit" };
	unsigned int flags = 7, i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_string_equal(dax_owner_flags_text(i), texts[i]);
		assert_int_equal(dax_owner_flags_parse(texts[i], &flags), 0);
		assert_int_equal(flags, i);
	}
	assert_int_equal(dax_owner_flags_parse("unsplit\n", &flags), 0);
	assert_int_equal(flags, DAX_OWNER_FLAG_UNSPLIT);
	assert_int_equal(dax_owner_flags_parse("unsplit deadline", &flags), -EINVAL);
	assert_int_equal(dax_owner_flags_parse("deadlines", &flags), -EINVAL);
	assert_int_equal(dax_owner_flags_parse(NULL, &flags), -EINVAL);
	assert_int_equal(flags, DAX_OWNER_FLAG_UNSPLIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdict_range_outside_window_goes_to_hmem_at_once),
		cmocka_unit_test(verdict_outside_window_keeps_held_region),
		cmocka_unit_test(verdict_one_byte_in_window_awaits_cxl),
		cmocka_unit_test(verdict_pending_pass_leaves_covered_range_undecided),
		cmocka_unit_test(verdict_region_covers_gives_cxl),
		cmocka_unit_test(verdict_adjacent_regions_cover_together),
		cmocka_unit_test(verdict_overlapping_regions_share_by_order),
		cmocka_unit_test(verdict_region_one_byte_short_is_partial),
		cmocka_unit_test(verdict_partial_with_whole_gives_all_to_hmem),
		cmocka_unit_test(verdict_partial_with_whole_keeps_held_region),
		cmocka_unit_test(verdict_partial_with_split_cuts_range),
		cmocka_unit_test(verdict_no_region_gives_hmem),
		cmocka_unit_test(verdict_blocked_region_is_not_claimed),
		cmocka_unit_test(verdict_blocked_region_relinquishes_others),
		cmocka_unit_test(verdict_deadline_sets_flag),
		cmocka_unit_test(verdict_edges_of_address_space_are_decided),
		cmocka_unit_test(verdict_bad_input_is_refused),
		cmocka_unit_test(verdict_empty_spans_meet_nothing),
		cmocka_unit_test(verdict_span_of_size_zero_is_empty),
		cmocka_unit_test(verdict_no_dax_region_is_withheld),
		cmocka_unit_test(verdict_adjacent_no_dax_regions_are_separate_extents),
		cmocka_unit_test(verdict_no_dax_bytes_count_as_covered),
		cmocka_unit_test(verdict_no_dax_outside_window_is_withheld),
		cmocka_unit_test(verdict_no_dax_with_pending_pass_is_pending),
		cmocka_unit_test(verdict_held_no_dax_region_stays_held),
		cmocka_unit_test(verdict_held_bytes_precede_no_dax),
		cmocka_unit_test(verdict_held_bytes_precede_claimable_region),
		cmocka_unit_test(verdict_region_overlapping_no_dax_is_not_claimed),
		cmocka_unit_test(verdict_region_under_no_dax_does_not_meet),
		cmocka_unit_test(verdict_chain_of_ranges_is_relinquished),
		cmocka_unit_test(verdict_relinquished_region_stays_in_index),
		cmocka_unit_test(verdict_region_beyond_its_range_is_not_relinquished),
		cmocka_unit_test(verdict_split_without_whole_block_falls),
		cmocka_unit_test(verdict_blocks_lie_at_multiples_of_their_size),
		cmocka_unit_test(verdict_unsplit_keeps_held_and_withheld),
		cmocka_unit_test(verdict_withheld_bytes_end_a_part),
		cmocka_unit_test(verdict_small_range_without_region_does_not_fall),
		cmocka_unit_test(verdict_chain_of_ranges_falls_with_split),
		cmocka_unit_test(verdict_ranges_of_a_round_are_judged_by_same_state),
		cmocka_unit_test(verdict_part_grown_into_whole_block_stands),
		cmocka_unit_test(verdict_blocks_at_top_of_address_space_count),
		cmocka_unit_test(verdict_unordered_overlapping_windows_count),
		cmocka_unit_test(region_cmp_orders_by_start_then_end),
		cmocka_unit_test(names_of_values_are_returned),
		cmocka_unit_test(policy_parse_accepts_names_only),
		cmocka_unit_test(flags_parse_accepts_names_only),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
