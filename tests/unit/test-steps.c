// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much work is it? The rules are built with a counter of the steps of their
 * loops, and decide layouts of 10,000 ranges, 1,000 windows and 10,000 regions,
 * the least convenient of which there is one for each loop. A step for each pair
 * of a range and a region would be 100,000,000.
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

/* For each range, window and region: a dozen searches of 28 steps, up and down 14 levels */
#define STEPS_EACH 350

u64 dax_owner_steps;

static void few_steps(struct large *l, const char *what)
{
	const u64 items = l->facts.nr_cases + l->facts.nr_windows + l->facts.nr_regions;
	size_t verdicts;

	dax_owner_steps = 0;
	verdicts = large_decide(l);
	printf("%-34s %9llu steps, %3llu for each, %zu verdicts\n", what,
	       (unsigned long long)dax_owner_steps,
	       (unsigned long long)(dax_owner_steps / items), verdicts);
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

/* Ranges of 4 units, a region in each of 4, 3 or 2 */
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

/* Each region reaches over the end of a range: all fall, one after the other. */
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

/* Two regions over every unit: one of them falls, the other does not uncover anything */
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

/* The first region in order reaches all ranges: the end of the last is not the end of all */
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

/* Regions of no DAX driver in all ranges, and no other: does one meet them? */
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

/* Every window reaches every range, every region is below every range */
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
