/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Large layouts of ranges, windows and regions, for the test that counts steps
 * and for the benchmark. Addresses are in units of 2 MiB.
 */
#ifndef DAX_OWNER_LARGE_H
#define DAX_OWNER_LARGE_H

#include <stdlib.h>

#include "verdict.h"

#define LARGE_UNIT ((u64)2 << 20)

/**
 * struct large - facts, and room for verdicts
 */
struct large {
	struct dax_owner_facts facts;
	struct dax_owner_span *windows;
	struct dax_owner_verdict *verdicts;
	size_t max;
};

static inline struct dax_owner_span large_span(u64 first, u64 last)
{
	return (struct dax_owner_span) { first * LARGE_UNIT, (last + 1) * LARGE_UNIT - 1 };
}

static inline void *large_room(size_t nr, size_t size)
{
	void *room = calloc(nr + 1, size);

	if (!room)
		abort();
	return room;
}

/* Make windows of equal size over all @nr_units; the caller sets cases and regions */
static inline struct large large_make(size_t nr_cases, size_t nr_windows, size_t nr_regions,
				      u64 nr_units)
{
	struct large l = {
		.windows = large_room(nr_windows, sizeof(*l.windows)),
		.max = DAX_OWNER_MAX_VERDICTS(nr_regions),
	};
	size_t i;

	for (i = 0; i < nr_windows; i++)
		l.windows[i] =
			large_span(i * nr_units / nr_windows, (i + 1) * nr_units / nr_windows - 1);
	l.verdicts = large_room(l.max, sizeof(*l.verdicts));
	l.facts = (struct dax_owner_facts) {
		.windows = l.windows,
		.nr_windows = nr_windows,
		.cases = large_room(nr_cases, sizeof(*l.facts.cases)),
		.nr_cases = nr_cases,
		.regions = large_room(nr_regions, sizeof(*l.facts.regions)),
		.nr_regions = nr_regions,
		.policy = DAX_OWNER_POLICY_WHOLE,
		.pass = DAX_OWNER_PASS_OVER,
	};
	return l;
}

static inline void large_free(struct large *l)
{
	free(l->windows);
	free(l->verdicts);
	free(l->facts.cases);
	free(l->facts.regions);
}

/* Decide all ranges. Return: the number of verdicts. */
static inline size_t large_decide(struct large *l)
{
	size_t i, nr = 0;

	if (dax_owner_prepare(&l->facts))
		abort();
	for (i = 0; i < l->facts.nr_cases; i++) {
		ssize_t n = dax_owner_decide(&l->facts.cases[i], &l->facts, l->verdicts, l->max);

		if (n < 1)
			abort();
		nr += (size_t)n;
	}
	return nr;
}

#endif /* DAX_OWNER_LARGE_H */
