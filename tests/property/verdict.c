// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property test of the rules: random layouts, judged against the naive oracle.
 *
 *	property-verdict [SEED [LAYOUTS]]
 *
 * The same seed gives the same layouts on every machine. For each layout:
 *  - the verdicts of a range cover exactly the range: ascending, no gap, no overlap;
 *  - owner, reason, flags and region of each byte equal the oracle's;
 *  - dax_owner_prepare() and the oracle agree on each range and region;
 *  - with too little room, dax_owner_decide() returns -ENOSPC and writes nothing past the room;
 *  - no claimable region has bytes with owner dax_cxl and bytes with another owner, because a
 *    device covers its whole region or does not exist;
 *  - under policy split with a known block size, each part for dax_hmem beside dax_cxl has a
 *    whole memory block, or the range has the flag unsplit.
 *
 * Units have random lengths, so ends are unaligned. In some layouts the first byte
 * is 0, in some the last byte is U64_MAX, in some both.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "oracle.h"
#include "random.h"

#define DEFAULT_SEED 20260101u
#define DEFAULT_LAYOUTS 1000000u

struct layout {
	struct map map;
	struct dax_owner_span *windows;
	struct dax_owner_facts facts;
	bool sound; /* every region lies in a window, as on a real machine */
};

static bool one_in(size_t n)
{
	return !below(n);
}

/* ---- layouts ---- */

/* The distance to the next edge: a few bytes, a multiple of 2 MiB, or 2 MiB and a few bytes */
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

/* Make edges that go up from 0 or another address, go down from U64_MAX, or span all addresses */
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
	return (struct dax_owner_span) { map->edge[first], unit_end(map, last) };
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
				return units(map, u,
					     u + below(longest) < map->nr - 1 ?
						     u + below(map->nr - u) :
						     map->nr - 1);
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

/* Ascending, often without a gap between two */
static size_t make_cases(const struct map *map, struct dax_owner_case *cases, size_t max,
			 size_t longest)
{
	size_t n = 0, u = one_in(2) ? 0 : below(map->nr);

	for (; n < max && u < map->nr; n++) {
		size_t last = u + below(longest);

		if (last >= map->nr)
			last = map->nr - 1;
		cases[n] = (struct dax_owner_case) { .span = units(map, u, last) };
		u = last + 1 + (one_in(2) ? 0 : below(longest));
	}
	return n;
}

static void make_regions(struct layout *l, size_t nr, size_t longest)
{
	struct dax_owner_span *spans = malloc((nr + 1) * sizeof(*spans));
	size_t i, odds = 2 + below(8), no_dax = one_in(2) ? 2 + below(8) : 1000000;

	if (!spans)
		abort();
	make_spans(&l->map, spans, nr, longest);
	/* Often make regions that together cover a range */
	if (nr > 1 && one_in(2)) {
		const struct dax_owner_span *range = &l->facts.cases[below(l->facts.nr_cases)].span;
		size_t u;

		for (u = 0; u < l->map.nr; u++) {
			if (!unit_in(&l->map, u, range) || !one_in(3))
				continue;
			spans[0] = (struct dax_owner_span) { range->start, unit_end(&l->map, u) };
			if (spans[0].end < range->end)
				spans[1] = (struct dax_owner_span) { spans[0].end + 1, range->end };
		}
	}
	for (i = 0; i < nr; i++) {
		struct dax_owner_region *region = &l->facts.regions[i];

		/* what is computed holds anything before */
		memset(region, (int)below(256), sizeof(*region));
		region->span = spans[i];
		if (one_in(64)) /* empty: start past end */
			region->span = (struct dax_owner_span) { spans[i].end, spans[i].start };
		if (one_in(64))
			region->span = dax_owner_span_sized(spans[i].start, 0);
		region->held = one_in(odds);
		region->blocked = one_in(odds);
		region->no_dax = one_in(no_dax);
		region->relinquished = one_in(2);
	}
	free(spans);
	l->facts.nr_regions = nr;
	qsort(l->facts.regions, nr, sizeof(*l->facts.regions), dax_owner_region_cmp);
}

/* Regions side by side, as on a real machine; most reach over the ends of ranges */
static void make_row_of_regions(struct layout *l, size_t max)
{
	size_t n = 0, u = below(3), odds = 4 + below(30);

	for (; n < max && u < l->map.nr; n++) {
		size_t last = u + below(4);

		if (last >= l->map.nr)
			last = l->map.nr - 1;
		l->facts.regions[n] = (struct dax_owner_region) {
			.span = units(&l->map, u, last),
			.held = one_in(odds),
			.blocked = one_in(odds),
			.no_dax = one_in(odds),
		};
		u = last + 1 + (one_in(2) ? 0 : below(4));
	}
	l->facts.nr_regions = n;
}

static u64 any_block_size(void)
{
	switch (below(4)) {
	case 0:
		return 0;
	case 1:
		return (u64)1 << below(64);
	default:
		return (u64)(2u << 20) << below(8);
	}
}

static void choose_rules(struct layout *l)
{
	l->facts.policy = one_in(2) ? DAX_OWNER_POLICY_WHOLE : DAX_OWNER_POLICY_SPLIT;
	l->facts.pass = one_in(4) ? DAX_OWNER_PASS_PENDING :
			one_in(4) ? DAX_OWNER_PASS_DEADLINE :
				    DAX_OWNER_PASS_OVER;
	l->facts.block_size = any_block_size();
	l->facts.prepared = false;
}

static void make_windows(struct layout *l, size_t longest)
{
	size_t i;

	l->sound = one_in(2);
	if (l->sound) {
		l->facts.nr_windows = l->facts.nr_regions;
		for (i = 0; i < l->facts.nr_windows; i++)
			l->windows[i] = l->facts.regions[i].span;
	} else {
		l->facts.nr_windows = below(4);
		make_spans(&l->map, l->windows, l->facts.nr_windows, longest);
	}
}

#define MAX_CASES 6
#define MAX_REGIONS 12

static void make_layout(struct layout *l, size_t nr_units)
{
	make_map(&l->map, nr_units);
	choose_rules(l);
	l->facts.nr_cases = make_cases(&l->map, l->facts.cases, 1 + below(MAX_CASES),
				       nr_units / (1 + below(4)) + 1);
	if (one_in(3))
		make_row_of_regions(l, below(MAX_REGIONS + 1));
	else
		make_regions(l, below(8), nr_units / (1 + below(6)) + 1);
	make_windows(l, nr_units / 3 + 1);
}

/* ---- judging ---- */

static u64 seed;
static u64 number; /* of the layout */

static void print_layout(const struct layout *l)
{
	size_t i;

	fprintf(stderr,
		"seed %" PRIu64 " layout %" PRIu64 ": policy %s, pass %d, blocks of %#" PRIx64 "\n",
		seed, number, dax_owner_policy_name(l->facts.policy), l->facts.pass,
		l->facts.block_size);
	for (i = 0; i < l->facts.nr_windows && i < 50; i++)
		fprintf(stderr, "  window %zu %#018" PRIx64 "-%#018" PRIx64 "\n", i,
			l->windows[i].start, l->windows[i].end);
	for (i = 0; i < l->facts.nr_regions && i < 50; i++) {
		const struct dax_owner_region *region = &l->facts.regions[i];

		fprintf(stderr, "  region %zu %#018" PRIx64 "-%#018" PRIx64 "%s%s%s%s\n", i,
			region->span.start, region->span.end, region->held ? " held" : "",
			region->no_dax ? " no_dax" : "", region->blocked ? " blocked" : "",
			region->relinquished ? " relinquished" : "");
	}
	for (i = 0; i < l->facts.nr_cases && i < 50; i++) {
		const struct dax_owner_case *one = &l->facts.cases[i];

		fprintf(stderr, "  range %zu %#018" PRIx64 "-%#018" PRIx64 "%s%s%s\n", i,
			one->span.start, one->span.end, one->in_window ? " in window" : "",
			one->met ? " met" : "", one->fallen ? " fallen" : "");
	}
}

/* Memory that the judging of a layout needs */
struct room {
	struct opinion opinion, eager;
	struct dax_owner_verdict *verdicts;
	struct unit *units;
	bool *cxl, *other; /* by region: does dax_cxl get a byte, does another owner? */
};

static u64 seen[DAX_OWNER_REASON_CLAIM_FAILED + 1][3];
static u64 seen_flags[4];
static u64 nr_verdicts, nr_shared_cxl, nr_parts, nr_long, nr_order_matters;

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
		for (i = 0; i < l->facts.nr_regions; i++)
			if (dax_owner_span_meets(&v->span, &l->facts.regions[i].span))
				r->other[i] = true;
}

/* Under policy split, a part for dax_hmem beside dax_cxl has a whole memory block */
static void judge_part(const struct layout *l, const struct dax_owner_case *one,
		       const struct dax_owner_verdict *v)
{
	const struct dax_owner_facts *facts = &l->facts;
	u64 size = facts->block_size, first;

	if (facts->policy != DAX_OWNER_POLICY_SPLIT || !size || one->fallen ||
	    v->reason != DAX_OWNER_REASON_REGION_PARTIAL)
		return;
	first = v->span.start / size * size;
	if (first < v->span.start)
		first += size;
	CHECK(l, first >= v->span.start && first <= v->span.end && v->span.end - first >= size - 1);
	nr_parts++;
}

static void judge_range(const struct layout *l, size_t which, struct room *r)
{
	size_t i, u = 0, max = DAX_OWNER_MAX_VERDICTS(l->facts.nr_regions);
	const struct dax_owner_facts *facts = &l->facts;
	const struct dax_owner_case *one = &facts->cases[which];
	struct dax_owner_verdict guard;
	ssize_t n, less;

	oracle_decide(&l->map, facts, &r->opinion, which, r->units);
	n = dax_owner_decide(one, facts, r->verdicts, max);
	CHECK(l, n >= 1 && (size_t)n <= max);

	while (l->map.edge[u] != one->span.start)
		u++;
	CHECK(l, r->verdicts[0].span.start == one->span.start);
	CHECK(l, r->verdicts[n - 1].span.end == one->span.end);
	for (i = 0; i < (size_t)n; i++) {
		const struct dax_owner_verdict *v = &r->verdicts[i];

		CHECK(l, v->span.start <= v->span.end);
		CHECK(l, !i || v[-1].span.end + 1 == v->span.start);
		CHECK(l, !i || v[-1].region != v->region);
		judge_verdict(l, v, r->units, &u);
		judge_part(l, one, v);
		note_owners(l, v, r);
		seen[v->reason][v->owner]++;
		seen_flags[v->flags]++;
		nr_verdicts++;
	}

	/* With room for one verdict less: an error, and the next verdict stays unchanged */
	guard = r->verdicts[n - 1];
	guard.flags = 0x5a5a;
	r->verdicts[n - 1] = guard;
	less = dax_owner_decide(one, facts, r->verdicts, (size_t)n - 1);
	CHECK(l, less == -ENOSPC);
	CHECK(l, !memcmp(&r->verdicts[n - 1], &guard, sizeof(guard)));
}

/* Would the outcome differ if each range saw the effect of the range before it? */
static bool order_matters(const struct layout *l, const struct room *r)
{
	return memcmp(r->opinion.fallen, r->eager.fallen, l->facts.nr_cases) ||
	       memcmp(r->opinion.relinquished, r->eager.relinquished, l->facts.nr_regions);
}

static void judge_prepared(struct layout *l, struct room *r)
{
	const struct dax_owner_facts *facts = &l->facts;
	size_t i;

	oracle_prepare(&l->map, facts, false, &r->opinion);
	oracle_prepare(&l->map, facts, true, &r->eager);
	CHECK(l, !dax_owner_prepare(&l->facts));
	for (i = 0; i < facts->nr_cases; i++) {
		CHECK(l, facts->cases[i].in_window == r->opinion.in_window[i]);
		CHECK(l, facts->cases[i].met == r->opinion.met[i]);
		CHECK(l, facts->cases[i].fallen == r->opinion.fallen[i]);
	}
	for (i = 0; i < facts->nr_regions; i++)
		CHECK(l, facts->regions[i].relinquished == r->opinion.relinquished[i]);
	nr_long += r->opinion.rounds > 1;
	nr_order_matters += order_matters(l, r);
}

static void judge(struct layout *l, struct room *r)
{
	size_t i;

	judge_prepared(l, r);
	memset(r->cxl, 0, l->facts.nr_regions * sizeof(*r->cxl));
	memset(r->other, 0, l->facts.nr_regions * sizeof(*r->other));
	for (i = 0; i < l->facts.nr_cases; i++)
		judge_range(l, i, r);

	if (!l->sound || l->facts.pass == DAX_OWNER_PASS_PENDING)
		return;
	for (i = 0; i < l->facts.nr_regions; i++) {
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

static struct opinion make_opinion(size_t nr_units, size_t nr_cases, size_t nr_regions)
{
	return (struct opinion) {
		.in_window = room_for(nr_cases, sizeof(bool)),
		.met = room_for(nr_cases, sizeof(bool)),
		.fallen = room_for(nr_cases, sizeof(bool)),
		.relinquished = room_for(nr_regions, sizeof(bool)),
		.covered = room_for(nr_units, sizeof(bool)),
	};
}

static void free_opinion(struct opinion *opinion)
{
	free(opinion->in_window);
	free(opinion->met);
	free(opinion->fallen);
	free(opinion->relinquished);
	free(opinion->covered);
}

static struct room make_room(struct layout *l, size_t nr_units, size_t nr_cases, size_t nr_regions)
{
	l->map.edge = room_for(nr_units, sizeof(*l->map.edge));
	l->windows = room_for(nr_regions + 8, sizeof(*l->windows));
	l->facts.windows = l->windows;
	l->facts.cases = room_for(nr_cases, sizeof(*l->facts.cases));
	l->facts.regions = room_for(nr_regions, sizeof(*l->facts.regions));
	return (struct room) {
		.opinion = make_opinion(nr_units, nr_cases, nr_regions),
		.eager = make_opinion(nr_units, nr_cases, nr_regions),
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
	free(l->windows);
	free(l->facts.cases);
	free(l->facts.regions);
	free_opinion(&r->opinion);
	free_opinion(&r->eager);
	free(r->verdicts);
	free(r->units);
	free(r->cxl);
	free(r->other);
}

/*
 * Regions in a row, ranges that each reach over the edge of two regions, and a hole at one end. The
 * hole makes the first range fall, and then all others along the chain. Without the hole, dax_cxl
 * gets all ranges. Under policy split, the hole has whole memory blocks or none.
 *
 *	regions   [0  ][1  ][2  ] ...   [n-1]
 *	ranges   [-][--][--][--]           [--]
 *		  hole in front of region 0
 */
static void judge_chain(size_t nr, bool hole, bool backwards, enum dax_owner_policy policy,
			u64 block_size)
{
	struct layout l = { .sound = true };
	size_t i, nr_units = 2 * nr + 1;
	struct room r = make_room(&l, nr_units, nr, nr);
	bool falls = hole && (policy == DAX_OWNER_POLICY_WHOLE || block_size > (2u << 20));

	l.map.nr = nr_units;
	for (i = 0; i < nr_units; i++)
		l.map.edge[i] = i * (2u << 20);
	l.map.last = nr_units * (u64)(2u << 20) - 1;

	l.facts.policy = policy;
	l.facts.pass = DAX_OWNER_PASS_OVER;
	l.facts.block_size = block_size;
	l.facts.nr_regions = nr;
	l.facts.nr_cases = nr;
	l.facts.nr_windows = 1;
	l.windows[0] = units(&l.map, 0, nr_units - 1);

	/* Region i: units 2i+1 and 2i+2, range i: 2i and 2i+1. Backwards, the hole is at the end. */
	for (i = 0; i < nr; i++) {
		size_t region = backwards ? 2 * i : 2 * i + 1;
		size_t first = backwards ? 2 * i + 1 : 2 * i;
		size_t last = first + 1;

		if (!hole && !backwards && !i)
			first++;
		if (!hole && backwards && i + 1 == nr)
			last--;
		l.facts.regions[i].span = units(&l.map, region, region + 1);
		l.facts.cases[i].span = units(&l.map, first, last);
	}

	if (nr <= 30)
		judge(&l, &r);
	else /* the oracle would take minutes */
		CHECK(&l, !dax_owner_prepare(&l.facts));
	for (i = 0; i < nr; i++) {
		CHECK(&l, l.facts.regions[i].relinquished == falls);
		CHECK(&l, l.facts.cases[i].fallen == falls);
	}
	free_room(&l, &r);
}

static void judge_chains(size_t nr)
{
	const u64 unit = 2u << 20;
	int backwards;

	for (backwards = 0; backwards < 2; backwards++) {
		judge_chain(nr, true, backwards, DAX_OWNER_POLICY_WHOLE, 0);
		judge_chain(nr, true, backwards, DAX_OWNER_POLICY_SPLIT, 0);
		judge_chain(nr, true, backwards, DAX_OWNER_POLICY_SPLIT, unit);
		judge_chain(nr, true, backwards, DAX_OWNER_POLICY_SPLIT, 4 * unit);
		judge_chain(nr, false, backwards, DAX_OWNER_POLICY_WHOLE, 0);
		judge_chain(nr, false, backwards, DAX_OWNER_POLICY_SPLIT, 4 * unit);
	}
}

/* Dozens of random regions over a few ranges: the index of regions has many levels */
static void judge_many(size_t nr)
{
	struct layout l = { 0 };
	size_t nr_units = 3 * nr;
	struct room r = make_room(&l, nr_units, 16, nr);
	size_t i;

	make_map(&l.map, nr_units);
	choose_rules(&l);
	l.facts.pass = DAX_OWNER_PASS_OVER;
	l.facts.nr_cases = make_cases(&l.map, l.facts.cases, 16, nr_units / 16);
	if (one_in(2))
		make_row_of_regions(&l, nr);
	else
		make_regions(&l, nr, 8);
	l.sound = true;
	l.facts.nr_windows = l.facts.nr_regions;
	for (i = 0; i < l.facts.nr_regions; i++)
		l.windows[i] = l.facts.regions[i].span;
	judge(&l, &r);
	free_room(&l, &r);
}

/* Print how often @what occurred. Return: false if it is @wanted and did not occur. */
static bool met(u64 n, const char *what, bool wanted)
{
	printf(", %" PRIu64 " %s", n, what);
	if (n || !wanted)
		return true;
	fprintf(stderr, "\nno layout led to %s\n", what);
	return false;
}

static bool report(bool wanted)
{
	bool ok = true;
	int reason;

	printf("%" PRIu64 " verdicts", nr_verdicts);
	for (reason = 0; reason < DAX_OWNER_REASON_CLAIM_FAILED; reason++)
		ok &= met(seen[reason][0] + seen[reason][1] + seen[reason][2],
			  dax_owner_reason_name((enum dax_owner_reason)reason), wanted);
	ok &= met(seen_flags[DAX_OWNER_FLAG_DEADLINE], "deadline", wanted);
	ok &= met(seen_flags[DAX_OWNER_FLAG_UNSPLIT], "unsplit", wanted);
	ok &= met(seen_flags[DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT],
		  "deadline and unsplit", wanted);
	ok &= met(nr_parts, "parts with whole blocks", wanted);
	ok &= met(nr_long, "layouts of several rounds", wanted);
	ok &= met(nr_order_matters, "layouts in which the order of ranges could matter", wanted);
	ok &= met(nr_shared_cxl, "regions of dax_cxl checked across ranges", wanted);
	printf("\n");
	return ok;
}

int main(int argc, char **argv)
{
	u64 nr_layouts = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_LAYOUTS;
	static const size_t most_units = 256;
	struct layout l = { 0 };
	struct room r = make_room(&l, most_units, MAX_CASES, MAX_REGIONS);

	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : DEFAULT_SEED;
	printf("seed %" PRIu64 ", %" PRIu64 " layouts\n", seed, nr_layouts);

	for (number = 0; number < nr_layouts; number++) {
		random_state = seed + number * 0x632be59bd9b4e019u;
		make_layout(&l, 1 + below(one_in(64) ? most_units : 24));
		judge(&l, &r);
	}
	free_room(&l, &r);

	random_state = seed;
	for (number = 0; number < 40; number++)
		judge_many(10 + below(100));
	judge_chains(1);
	judge_chains(2);
	judge_chains(30);
	judge_chains(5000);

	return report(nr_layouts >= 10000) ? 0 : 1;
}
