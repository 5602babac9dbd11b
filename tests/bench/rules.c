// SPDX-License-Identifier: GPL-2.0-only
/*
 * The run time of the rules, and how it grows with the number of regions.
 *
 *	bench-rules [MILLISECONDS]
 *
 * The benchmark prepares and decides 1,000 ranges with 1,000 to 1,000,000 regions,
 * and prints the best of several runs. It does the same with as many ranges as
 * regions, in a chain in which every range falls, and cuts a span at as many edges.
 * The baseline only compares each range with each region. It leaves out 1,000,000
 * regions, because that would take seconds.
 *
 * The benchmark fails if 100,000 regions take longer than MILLISECONDS.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cut.h"
#include "large.h"

#define RANGES 1000
#define RUNS 5

/* Processor time, because on a busy machine elapsed time would be longer */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Results; volatile, so that the compiler does not remove the work */
static volatile size_t sink;

static void decide(struct large *l)
{
	sink = large_decide(l);
}

static void compare_each(struct large *l)
{
	size_t i, j, n = 0;

	for (i = 0; i < l->facts.nr_cases; i++)
		for (j = 0; j < l->facts.nr_regions; j++)
			n += dax_owner_span_meets(&l->facts.cases[i].span,
						  &l->facts.regions[j].span);
	sink = n;
}

static double best_of(int runs, void (*work)(struct large *l), struct large *l)
{
	double best = 0;
	int i;

	for (i = 0; i < runs; i++) {
		double start = now_ms(), took;

		work(l);
		took = now_ms() - start;
		if (!i || took < best)
			best = took;
	}
	return best;
}

/* Regions side by side, equally many in each range, which they cover */
static struct large make_rows(size_t nr_regions)
{
	struct large l = large_make(RANGES, 16, nr_regions, nr_regions);
	size_t i, each = nr_regions / RANGES;

	for (i = 0; i < RANGES; i++)
		l.facts.cases[i].span = large_span(i * each, (i + 1) * each - 1);
	for (i = 0; i < nr_regions; i++)
		l.facts.regions[i].span = large_span(i, i);
	return l;
}

/* As many ranges as regions; each region reaches over the end of a range, so all ranges fall one by one */
static struct large make_chain(size_t nr_regions)
{
	struct large l = large_make(nr_regions, 16, nr_regions, 2 * nr_regions + 1);
	size_t i;

	for (i = 0; i < nr_regions; i++) {
		l.facts.cases[i].span = large_span(2 * i, 2 * i + 1);
		l.facts.regions[i].span = large_span(2 * i + 1, 2 * i + 2);
	}
	return l;
}

static double cut_ms(size_t nr_edges)
{
	const struct dax_owner_span span = large_span(0, 2 * nr_edges + 1);
	struct dax_owner_piece *pieces = large_room(DAX_OWNER_MAX_PIECES(nr_edges), sizeof(*pieces));
	u64 *edges = large_room(nr_edges, sizeof(*edges));
	double best = 0;
	size_t i;
	int run;

	for (i = 0; i < nr_edges; i++)
		edges[i] = (2 * i + 1) * LARGE_UNIT + LARGE_UNIT / 2;
	for (run = 0; run < RUNS; run++) {
		double start = now_ms(), took;

		if (dax_owner_cut(&span, edges, nr_edges, LARGE_UNIT, pieces,
				  DAX_OWNER_MAX_PIECES(nr_edges)) < 0)
			abort();
		took = now_ms() - start;
		if (!run || took < best)
			best = took;
	}
	free(pieces);
	free(edges);
	return best;
}

int main(int argc, char **argv)
{
	const double limit = argc > 1 ? strtod(argv[1], NULL) : 0;
	bool slow = false;
	size_t nr;

	printf("milliseconds %10s %10s %10s %10s\n", "ranges", "baseline", "chain", "cut");
	for (nr = 1000; nr <= 1000000; nr *= 10) {
		struct large rows = make_rows(nr), chain = make_chain(nr);
		double ms = best_of(RUNS, decide, &rows);
		double baseline = nr > 100000 ? 0 : best_of(1, compare_each, &rows);

		printf("%12zu %10.3f %10.3f %10.3f %10.3f\n", nr, ms, baseline,
		       best_of(RUNS, decide, &chain), cut_ms(nr));
		if (nr == 100000 && limit > 0 && ms > limit) {
			printf("%d ranges and %zu regions: %.3f ms, more than %.3f\n", RANGES, nr,
			       ms, limit);
			slow = true;
		}
		large_free(&rows);
		large_free(&chain);
	}
	return slow;
}
