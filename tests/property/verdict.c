// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property test of the rules: random layouts, judged against the naive oracle.
 *
 *	property-verdict [SEED [LAYOUTS]]
 *
 * The same seed gives the same layouts on every machine. For each layout:
 *  - the verdicts of each range are exactly the range: ascending, no gap, no overlap;
 *  - owner, reason, flags and region of every byte are the oracle's;
 *  - dax_owner_relinquish() marks the regions the oracle marks;
 *  - with too little room the answer is -ENOSPC and nothing is written past it;
 *  - after relinquishing, no region has bytes at dax_cxl in one range and bytes at
 *    anybody else in another: a device covers its whole region or does not exist.
 *
 * Units are of random length between random edges, so that ends are unaligned;
 * in some layouts the first byte is 0, in some the last is U64_MAX, in some both.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

#define DEFAULT_SEED 20260101u
#define DEFAULT_LAYOUTS 1000000u

struct layout {
	struct map map;
	struct dax_owner_span *windows, *ranges;
	struct dax_owner_region *regions;
	size_t nr_windows, nr_ranges, nr_regions;
	enum dax_owner_policy policy;
	enum dax_owner_pass pass;
	bool relinquish;	/* call dax_owner_relinquish(), else mark at random */
	bool sound;		/* every region lies in a window, as on a real machine */
};

/* ---- random numbers: splitmix64 ---- */

static u64 state;

static u64 any(void)
{
	u64 z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t below(size_t n)
{
	return (size_t)(any() % n);
}

static bool one_in(size_t n)
{
	return !below(n);
}

/* ---- layouts ---- */

/* A step from one edge to the next: a few bytes, some 2 MiB, or 2 MiB and a bit */
static u64 step(void)
{
	static const u64 unit = 2u << 20;

	switch (below(4)) {
	case 0:
		return 1 + below(3);
	case 1:
		return unit;
	case 2:
		return unit * (1 + below(512));
	default:
		return unit + below(4096);
	}
}

/* Edges that go up from 0 or from somewhere, or down from U64_MAX, or span all of it */
static void make_map(struct map *map, size_t nr)
{
	u64 at;
	size_t i;

	map->nr = nr;
	switch (below(4)) {
	case 0:
	case 1:
		at = one_in(2) ? 0 : any() >> (8 + below(40));
		for (i = 0; i < nr; i++, at += step())
			map->edge[i] = at;
		map->last = at - 1;
		break;
	case 2:
		map->last = at = UINT64_MAX;
		for (i = nr; i-- > 0; at = map->edge[i] - 1)
			map->edge[i] = at - (step() - 1);
		break;
	default:
		for (i = 0; i < nr; i++)
			map->edge[i] = i * (UINT64_MAX / nr) + (i ? below(1000) : 0);
		map->last = UINT64_MAX;
	}
}

static struct dax_owner_span units(const struct map *map, size_t first, size_t last)
{
	return (struct dax_owner_span){ map->edge[first], unit_end(map, last) };
}

static struct dax_owner_span random_span(const struct map *map, size_t longest)
{
	size_t first = below(map->nr);
	size_t last = first + below(longest);

	if (one_in(16))
		first = 0;
	if (last >= map->nr || one_in(16))
		last = map->nr - 1;
	return units(map, first, last);
}

/* A span that begins right after @prev, or ends where it ends, or is the same */
static struct dax_owner_span neighbour(const struct map *map, const struct dax_owner_span *prev,
				       size_t longest)
{
	struct dax_owner_span span = random_span(map, longest);
	size_t u;

	switch (below(4)) {
	case 0:
		return *prev;
	case 1:
		if (span.start <= prev->end)
			span.end = prev->end;
		return span;
	default:
		for (u = 0; u < map->nr; u++)
			if (prev->end != UINT64_MAX && map->edge[u] == prev->end + 1)
				return units(map, u, u + below(longest) < map->nr - 1 ?
							u + below(map->nr - u) : map->nr - 1);
		return span;
	}
}

static void make_spans(const struct map *map, struct dax_owner_span *spans, size_t nr,
		       size_t longest)
{
	size_t i;

	for (i = 0; i < nr; i++)
		spans[i] = i && one_in(2) ? neighbour(map, &spans[i - 1], longest) :
					    random_span(map, longest);
}

static void make_regions(struct layout *l, size_t longest)
{
	struct dax_owner_span *spans = malloc((l->nr_regions + 1) * sizeof(*spans));
	size_t i, odds = 2 + below(8);

	if (!spans)
		abort();
	make_spans(&l->map, spans, l->nr_regions, longest);
	/* Often enough regions that add up to a range */
	if (l->nr_regions > 1 && one_in(2)) {
		const struct dax_owner_span *range = &l->ranges[below(l->nr_ranges)];
		size_t u;

		for (u = 0; u < l->map.nr; u++) {
			if (!unit_in(&l->map, u, range) || !one_in(3))
				continue;
			spans[0] = (struct dax_owner_span){ range->start, unit_end(&l->map, u) };
			if (spans[0].end < range->end)
				spans[1] = (struct dax_owner_span){ spans[0].end + 1, range->end };
		}
	}
	for (i = 0; i < l->nr_regions; i++) {
		l->regions[i] = (struct dax_owner_region){ .span = spans[i] };
		if (one_in(64))		/* empty: start past end */
			l->regions[i].span = (struct dax_owner_span){ spans[i].end, spans[i].start };
		l->regions[i].held = one_in(odds);
		l->regions[i].blocked = one_in(odds);
	}
	free(spans);
	qsort(l->regions, l->nr_regions, sizeof(*l->regions), dax_owner_region_cmp);
}

static void make_layout(struct layout *l, size_t nr_units)
{
	size_t i;

	make_map(&l->map, nr_units);
	l->nr_ranges = 1 + below(4);
	l->nr_regions = below(8);
	l->policy = one_in(2) ? DAX_OWNER_POLICY_WHOLE : DAX_OWNER_POLICY_SPLIT;
	l->pass = one_in(4) ? DAX_OWNER_PASS_PENDING :
		  one_in(4) ? DAX_OWNER_PASS_DEADLINE : DAX_OWNER_PASS_OVER;
	l->relinquish = !one_in(4);
	l->sound = one_in(2);

	make_spans(&l->map, l->ranges, l->nr_ranges, nr_units / 2 + 1);
	make_regions(l, nr_units / (1 + below(6)) + 1);
	if (l->sound) {
		l->nr_windows = l->nr_regions;
		for (i = 0; i < l->nr_windows; i++)
			l->windows[i] = l->regions[i].span;
	} else {
		l->nr_windows = below(4);
		make_spans(&l->map, l->windows, l->nr_windows, nr_units / 3 + 1);
	}
	for (i = 0; !l->relinquish && i < l->nr_regions; i++)
		l->regions[i].relinquished = one_in(3);
}

/* ---- judging ---- */

static u64 seed;
static u64 number;	/* of the layout */

static void print_layout(const struct layout *l)
{
	size_t i;

	fprintf(stderr, "seed %" PRIu64 " layout %" PRIu64 ": policy %s, pass %d, %s\n", seed,
		number, dax_owner_policy_name(l->policy), l->pass,
		l->relinquish ? "relinquished by the function" : "relinquished at random");
	for (i = 0; i < l->nr_windows && i < 50; i++)
		fprintf(stderr, "  window %zu %#018" PRIx64 "-%#018" PRIx64 "\n", i,
			l->windows[i].start, l->windows[i].end);
	for (i = 0; i < l->nr_regions && i < 50; i++)
		fprintf(stderr, "  region %zu %#018" PRIx64 "-%#018" PRIx64 "%s%s%s\n", i,
			l->regions[i].span.start, l->regions[i].span.end,
			l->regions[i].held ? " held" : "",
			l->regions[i].blocked ? " blocked" : "",
			l->regions[i].relinquished ? " relinquished" : "");
	for (i = 0; i < l->nr_ranges && i < 50; i++)
		fprintf(stderr, "  range %zu %#018" PRIx64 "-%#018" PRIx64 "\n", i,
			l->ranges[i].start, l->ranges[i].end);
}

#define CHECK(l, condition)							\
	do {									\
		if (!(condition)) {						\
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
				__LINE__, #condition);				\
			print_layout(l);					\
			exit(1);						\
		}								\
	} while (0)

/* What the judging of a layout needs room for */
struct room {
	struct dax_owner_region *oracle_regions;
	struct dax_owner_verdict *verdicts;
	struct unit *units;
	bool *cxl, *other;	/* by region: does dax_cxl, does anybody else have a byte? */
};

static u64 seen[DAX_OWNER_REASON_CLAIM_FAILED + 1][3];
static u64 nr_verdicts, nr_shared_cxl;

static void judge_verdict(const struct layout *l, const struct dax_owner_verdict *v,
			  const struct unit *want, size_t *u)
{
	CHECK(l, l->map.edge[*u] == v->span.start);
	for (; *u < l->map.nr && l->map.edge[*u] <= v->span.end; (*u)++) {
		CHECK(l, unit_in(&l->map, *u, &v->span));
		CHECK(l, v->owner == want[*u].owner);
		CHECK(l, v->reason == want[*u].reason);
		CHECK(l, v->flags == want[*u].flags);
		CHECK(l, v->region == want[*u].region);
	}
}

static void note_owners(const struct layout *l, const struct dax_owner_verdict *v, struct room *r)
{
	size_t i;

	if (v->owner == DAX_OWNER_CXL)
		r->cxl[v->region] = true;
	else
		for (i = 0; i < l->nr_regions; i++)
			if (dax_owner_span_meets(&v->span, &l->regions[i].span))
				r->other[i] = true;
}

static void judge_range(const struct layout *l, const struct dax_owner_facts *facts,
			const struct dax_owner_span *range, struct room *r)
{
	size_t i, u = 0, max = DAX_OWNER_MAX_VERDICTS(l->nr_regions);
	struct dax_owner_verdict guard;
	ssize_t n, less;

	oracle_decide(&l->map, range, facts, r->units);
	n = dax_owner_decide(range, facts, r->verdicts, max);
	CHECK(l, n >= 1 && (size_t)n <= max);

	while (l->map.edge[u] != range->start)
		u++;
	CHECK(l, r->verdicts[0].span.start == range->start);
	CHECK(l, r->verdicts[n - 1].span.end == range->end);
	for (i = 0; i < (size_t)n; i++) {
		const struct dax_owner_verdict *v = &r->verdicts[i];

		CHECK(l, v->span.start <= v->span.end);
		CHECK(l, !i || v[-1].span.end + 1 == v->span.start);
		CHECK(l, !i || v->region != DAX_OWNER_NO_INDEX || v[-1].region != v->region);
		judge_verdict(l, v, r->units, &u);
		note_owners(l, v, r);
		seen[v->reason][v->owner]++;
		nr_verdicts++;
	}

	/* One place too few: an error, and the place after the last is left alone */
	guard = r->verdicts[n - 1];
	guard.flags = 0x5a5a;
	r->verdicts[n - 1] = guard;
	less = dax_owner_decide(range, facts, r->verdicts, (size_t)n - 1);
	CHECK(l, less == -ENOSPC);
	CHECK(l, !memcmp(&r->verdicts[n - 1], &guard, sizeof(guard)));
}

static void judge(struct layout *l, struct room *r)
{
	struct dax_owner_facts facts = {
		.windows = l->windows, .nr_windows = l->nr_windows,
		.regions = l->regions, .nr_regions = l->nr_regions,
		.policy = l->policy, .pass = l->pass,
	};
	size_t i;

	if (l->relinquish) {
		memcpy(r->oracle_regions, l->regions, l->nr_regions * sizeof(*l->regions));
		oracle_relinquish(&l->map, l->ranges, l->nr_ranges, r->oracle_regions,
				  l->nr_regions, l->policy);
		dax_owner_relinquish(l->ranges, l->nr_ranges, l->regions, l->nr_regions, l->policy);
		for (i = 0; i < l->nr_regions; i++)
			CHECK(l, l->regions[i].relinquished == r->oracle_regions[i].relinquished);
	}

	memset(r->cxl, 0, l->nr_regions * sizeof(*r->cxl));
	memset(r->other, 0, l->nr_regions * sizeof(*r->other));
	for (i = 0; i < l->nr_ranges; i++)
		judge_range(l, &facts, &l->ranges[i], r);

	if (!l->relinquish || !l->sound || l->policy != DAX_OWNER_POLICY_WHOLE ||
	    l->pass == DAX_OWNER_PASS_PENDING)
		return;
	for (i = 0; i < l->nr_regions; i++) {
		CHECK(l, !r->cxl[i] || !r->other[i]);
		nr_shared_cxl += r->cxl[i];
	}
}

static void *room_for(size_t nr, size_t size)
{
	void *p = calloc(nr + 1, size);

	if (!p)
		abort();
	return p;
}

static struct room make_room(struct layout *l, size_t nr_units, size_t nr_ranges, size_t nr_regions)
{
	l->map.edge = room_for(nr_units, sizeof(*l->map.edge));
	l->ranges = room_for(nr_ranges, sizeof(*l->ranges));
	l->regions = room_for(nr_regions, sizeof(*l->regions));
	l->windows = room_for(nr_regions + 8, sizeof(*l->windows));
	return (struct room){
		.oracle_regions = room_for(nr_regions, sizeof(struct dax_owner_region)),
		.verdicts = room_for(DAX_OWNER_MAX_VERDICTS(nr_regions),
				     sizeof(struct dax_owner_verdict)),
		.units = room_for(nr_units, sizeof(struct unit)),
		.cxl = room_for(nr_regions, sizeof(bool)),
		.other = room_for(nr_regions, sizeof(bool)),
	};
}

static void free_room(struct layout *l, struct room *r)
{
	free(l->map.edge);
	free(l->ranges);
	free(l->regions);
	free(l->windows);
	free(r->oracle_regions);
	free(r->verdicts);
	free(r->units);
	free(r->cxl);
	free(r->other);
}

/*
 * Thousands of regions in a row, ranges that each reach over the edge of two of
 * them, and a hole at one end: the first range falls, and takes all others with
 * it along the chain. Without the hole, dax_cxl has everything.
 *
 *	regions   [0  ][1  ][2  ] ...   [n-1]
 *	ranges   [-][--][--][--]           [--]
 *		  hole in front of region 0
 */
static void judge_chain(size_t nr, bool hole, bool backwards, enum dax_owner_policy policy)
{
	struct layout l = { .policy = policy, .pass = DAX_OWNER_PASS_OVER,
			    .relinquish = true, .sound = true };
	size_t i, nr_units = 2 * nr + 1;
	struct room r = make_room(&l, nr_units, nr + 1, nr);

	l.map.nr = nr_units;
	for (i = 0; i < nr_units; i++)
		l.map.edge[i] = i * (2u << 20);
	l.map.last = nr_units * (u64)(2u << 20) - 1;

	/* Region i: units 2i+1 and 2i+2. Range i: its first unit and the one before. */
	l.nr_regions = nr;
	for (i = 0; i < nr; i++)
		l.regions[i].span = units(&l.map, 2 * i + 1, 2 * i + 2);
	l.nr_ranges = nr;
	for (i = 0; i < nr; i++)
		l.ranges[backwards ? nr - 1 - i : i] =
			units(&l.map, hole || i ? 2 * i : 1, 2 * i + 1);
	l.nr_windows = 1;
	l.windows[0] = units(&l.map, 0, nr_units - 1);

	if (nr <= 300)
		judge(&l, &r);
	else	/* the oracle would take minutes */
		dax_owner_relinquish(l.ranges, l.nr_ranges, l.regions, l.nr_regions, policy);
	for (i = 0; i < nr; i++)
		CHECK(&l, l.regions[i].relinquished ==
				  (hole && policy == DAX_OWNER_POLICY_WHOLE));
	free_room(&l, &r);
}

/* Thousands of random regions over a few ranges */
static void judge_many(size_t nr)
{
	struct layout l = { 0 };
	size_t nr_units = 3 * nr;
	struct room r = make_room(&l, nr_units, 16, nr);
	size_t i;

	make_map(&l.map, nr_units);
	l.policy = one_in(2) ? DAX_OWNER_POLICY_WHOLE : DAX_OWNER_POLICY_SPLIT;
	l.pass = DAX_OWNER_PASS_OVER;
	l.relinquish = true;
	l.nr_ranges = 16;
	make_spans(&l.map, l.ranges, l.nr_ranges, nr_units / 8);
	l.nr_regions = nr;
	make_regions(&l, 8);
	l.sound = true;
	l.nr_windows = nr;
	for (i = 0; i < nr; i++)
		l.windows[i] = l.regions[i].span;
	judge(&l, &r);
	free_room(&l, &r);
}

int main(int argc, char **argv)
{
	u64 nr_layouts = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_LAYOUTS;
	static const size_t most_units = 256;
	struct layout l = { 0 };
	struct room r = make_room(&l, most_units, 4, 8);
	int reason, i;

	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : DEFAULT_SEED;
	printf("seed %" PRIu64 ", %" PRIu64 " layouts\n", seed, nr_layouts);

	for (number = 0; number < nr_layouts; number++) {
		state = seed + number * 0x632be59bd9b4e019u;
		make_layout(&l, 1 + below(one_in(32) ? most_units : 24));
		judge(&l, &r);
	}
	free_room(&l, &r);

	state = seed;
	for (number = 0; number < 4; number++)
		judge_many(2000);
	for (i = 0; i < 2; i++) {
		size_t nr = i ? 5000 : 300;

		judge_chain(nr, true, false, DAX_OWNER_POLICY_WHOLE);
		judge_chain(nr, true, true, DAX_OWNER_POLICY_WHOLE);
		judge_chain(nr, true, false, DAX_OWNER_POLICY_SPLIT);
		judge_chain(nr, false, false, DAX_OWNER_POLICY_WHOLE);
	}

	/* A test that never meets a rule does not test it */
	printf("%" PRIu64 " verdicts", nr_verdicts);
	for (reason = 0; reason < DAX_OWNER_REASON_CLAIM_FAILED; reason++) {
		u64 n = seen[reason][0] + seen[reason][1] + seen[reason][2];

		printf(", %" PRIu64 " %s", n, dax_owner_reason_name((enum dax_owner_reason)reason));
		if (nr_layouts >= 1000 && !n) {
			fprintf(stderr, "\nno layout led to %s\n",
				dax_owner_reason_name((enum dax_owner_reason)reason));
			return 1;
		}
	}
	printf(", %" PRIu64 " regions at dax_cxl checked across ranges\n", nr_shared_cxl);
	return 0;
}
