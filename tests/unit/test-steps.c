// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules count the steps of their loops here, and decide layouts of 10,000
 * ranges, 1,000 windows and 10,000 regions. Each loop has a layout that is its
 * worst case. One step for each pair of a range and a region would be 100,000,000
 * steps, far above the limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../bench/large.h"
#include "reach.h"

#define RANGES 10000
#define WINDOWS 1000
#define REGIONS 10000

/* For each range, window and region: twelve searches of 28 steps, up and down 14 levels, and some more */
#define STEPS_EACH 350

u64 dax_owner_steps;

static void few_steps(struct large *l, const char *what)
{
	const u64 items = l->facts.nr_cases + l->facts.nr_windows + l->facts.nr_regions;
	size_t verdicts;

	dax_owner_steps = 0;
	verdicts = large_decide(l);
	printf("%-34s %9llu steps, %3llu for each, %zu verdicts\n", what,
	       (unsigned long long)dax_owner_steps, (unsigned long long)(dax_owner_steps / items),
	       verdicts);
	assert_true(dax_owner_steps > items);
	assert_true(dax_owner_steps < STEPS_EACH * items);
}

static void under_each_policy(struct large *l, const char *what)
{
	char name[64];

	l->facts.policy = DAX_OWNER_POLICY_WHOLE;
	snprintf(name, sizeof(name), "%s, whole", what);
	few_steps(l, name);
	l->facts.policy = DAX_OWNER_POLICY_SPLIT;
	l->facts.block_size = LARGE_UNIT;
	snprintf(name, sizeof(name), "%s, split", what);
	few_steps(l, name);
	l->facts.block_size = 4 * LARGE_UNIT;
	snprintf(name, sizeof(name), "%s, large blocks", what);
	few_steps(l, name);
	large_free(l);
}

/* Ranges of 4 units, each with a region of 4, 3 or 2 units */
static void steps_separate_ranges_are_few(void **state)
{
	size_t i, cover;

	(void)state;
	for (cover = 4; cover > 1; cover--) {
		struct large l = large_make(RANGES, WINDOWS, REGIONS, 4 * RANGES);
		char what[32];

		for (i = 0; i < RANGES; i++) {
			l.facts.cases[i].span = large_span(4 * i, 4 * i + 3);
			l.facts.regions[i].span = large_span(4 * i, 4 * i + cover - 1);
		}
		snprintf(what, sizeof(what), "%zu of 4 covered", cover);
		under_each_policy(&l, what);
	}
}

/* Each region reaches over the end of a range, so all ranges fall, one after the other. */
static void steps_chains_are_few(void **state)
{
	size_t i, up;

	(void)state;
	for (up = 0; up < 2; up++) {
		struct large l = large_make(RANGES, WINDOWS, REGIONS, 2 * RANGES + 2);

		for (i = 0; i < RANGES; i++) {
			l.facts.cases[i].span = large_span(2 * i + !up, 2 * i + 1 + !up);
			l.facts.regions[i].span = large_span(2 * i + up, 2 * i + 1 + up);
		}
		under_each_policy(&l, up ? "chain upwards" : "chain downwards");
	}
}

/* Two regions over each unit: when one is relinquished, the other still covers the unit */
static void steps_overlapping_chain_are_few(void **state)
{
	struct large l = large_make(RANGES, WINDOWS, REGIONS, 2 * RANGES + 3);
	size_t i;

	(void)state;
	for (i = 0; i < RANGES; i++) {
		l.facts.cases[i].span = large_span(2 * i, 2 * i + 1);
		l.facts.regions[i].span = large_span(2 * i + 1, 2 * i + 4);
	}
	under_each_policy(&l, "overlapping chain");
}

/* The first region in order reaches over all ranges, so the last region does not have the highest end */
static void steps_one_region_over_all_are_few(void **state)
{
	static const char *const kinds[] = { "claimable", "held", "not for dax_cxl", "blocked" };
	size_t i, kind;

	(void)state;
	for (kind = 0; kind < 4; kind++) {
		struct large l = large_make(RANGES, WINDOWS, REGIONS, 4 * RANGES);
		char what[32];

		for (i = 0; i < RANGES; i++) {
			l.facts.cases[i].span = large_span(4 * i, 4 * i + 3);
			l.facts.regions[i].span = large_span(4 * i + 1, 4 * i + 2);
		}
		l.facts.regions[0].span = large_span(0, 4 * RANGES - 1);
		l.facts.regions[0].held = kind == 1;
		l.facts.regions[0].no_dax = kind == 2;
		l.facts.regions[0].blocked = kind == 3;
		snprintf(what, sizeof(what), "over all: %s", kinds[kind]);
		under_each_policy(&l, what);
	}
}

/* One range, and regions of all kinds in it */
static void steps_one_range_of_all_kinds_are_few(void **state)
{
	struct large l = large_make(1, WINDOWS, REGIONS, 4 * REGIONS);
	size_t i;

	(void)state;
	l.facts.cases[0].span = large_span(0, 4 * REGIONS - 1);
	for (i = 0; i < REGIONS; i++) {
		l.facts.regions[i].span = large_span(4 * i, 4 * i + 2);
		l.facts.regions[i].held = i % 7 == 1;
		l.facts.regions[i].no_dax = i % 3 == 1;
		l.facts.regions[i].blocked = i % 5 == 1;
	}
	under_each_policy(&l, "one range, all kinds");
}

/* Each range has only a region that is not for DAX. */
static void steps_only_no_dax_regions_are_few(void **state)
{
	struct large l = large_make(RANGES, WINDOWS, REGIONS, 4 * RANGES);
	size_t i;

	(void)state;
	for (i = 0; i < RANGES; i++) {
		l.facts.cases[i].span = large_span(4 * i, 4 * i + 3);
		l.facts.regions[i].span = large_span(4 * i + 1, 4 * i + 1);
		l.facts.regions[i].no_dax = true;
	}
	under_each_policy(&l, "nothing for dax_cxl");
}

/* Each window reaches over all ranges, and each region is below all ranges */
static void steps_windows_over_all_are_few(void **state)
{
	struct large l = large_make(RANGES, WINDOWS, REGIONS, 8 * RANGES);
	size_t i;

	(void)state;
	for (i = 0; i < WINDOWS; i++)
		l.windows[i] = large_span(i, 8 * RANGES);
	for (i = 0; i < RANGES; i++) {
		l.facts.cases[i].span = large_span(4 * RANGES + 2 * i, 4 * RANGES + 2 * i);
		l.facts.regions[i].span = large_span(2 * i, 2 * i);
	}
	under_each_policy(&l, "windows over all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_separate_ranges_are_few),
		cmocka_unit_test(steps_chains_are_few),
		cmocka_unit_test(steps_overlapping_chain_are_few),
		cmocka_unit_test(steps_one_region_over_all_are_few),
		cmocka_unit_test(steps_one_range_of_all_kinds_are_few),
		cmocka_unit_test(steps_only_no_dax_regions_are_few),
		cmocka_unit_test(steps_windows_over_all_are_few),
	};

	return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
