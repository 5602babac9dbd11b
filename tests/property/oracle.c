// SPDX-License-Identifier: GPL-2.0-only
/*
 * The naive oracle; see oracle.h. Each span begins and ends at unit edges, so a
 * unit lies inside a span or outside it as a whole. Memory blocks need not begin
 * at unit edges.
 */
#include "oracle.h"

bool unit_in(const struct map *map, size_t unit, const struct dax_owner_span *span)
{
	return map->edge[unit] >= span->start && unit_end(map, unit) <= span->end;
}

static bool in_region(const struct map *map, const struct dax_owner_facts *facts, size_t unit,
		      size_t region)
{
	return unit_in(map, unit, &facts->regions[region].span);
}

/* Is the region not for DAX, and not held by dax_cxl? */
static bool cannot_have(const struct dax_owner_region *region)
{
	return region->no_dax && !region->held;
}

static bool held_by_cxl(const struct map *map, const struct dax_owner_facts *facts, size_t unit)
{
	size_t i;

	for (i = 0; i < facts->nr_regions; i++)
		if (in_region(map, facts, unit, i) && facts->regions[i].held)
			return true;
	return false;
}

static bool withheld(const struct map *map, const struct dax_owner_facts *facts, size_t unit)
{
	size_t i;

	for (i = 0; i < facts->nr_regions; i++)
		if (in_region(map, facts, unit, i) && cannot_have(&facts->regions[i]))
			return !held_by_cxl(map, facts, unit);
	return false;
}

/* Can dax_cxl claim the region, after the rounds so far? */
static bool can_claim(const struct dax_owner_facts *facts, const struct opinion *opinion,
		      size_t region)
{
	const struct dax_owner_region *r = &facts->regions[region];

	return !r->held && !r->no_dax && !r->blocked && !opinion->relinquished[region];
}

/* Does @region share a unit with a region that is not for DAX? */
static bool beside_no_dax(const struct map *map, const struct dax_owner_facts *facts, size_t region)
{
	size_t i, u;

	for (i = 0; i < facts->nr_regions; i++)
		for (u = 0; cannot_have(&facts->regions[i]) && u < map->nr; u++)
			if (in_region(map, facts, u, region) && in_region(map, facts, u, i))
				return true;
	return false;
}

static bool is_met(const struct map *map, const struct dax_owner_facts *facts,
		   const struct dax_owner_span *range)
{
	size_t i, u;

	for (u = 0; u < map->nr; u++) {
		if (!unit_in(map, u, range) || withheld(map, facts, u))
			continue;
		for (i = 0; i < facts->nr_regions; i++)
			if (in_region(map, facts, u, i) && !cannot_have(&facts->regions[i]))
				return true;
	}
	return false;
}

static bool is_in_window(const struct map *map, const struct dax_owner_facts *facts,
			 const struct dax_owner_span *range)
{
	size_t i, u;

	for (i = 0; i < facts->nr_windows; i++)
		for (u = 0; u < map->nr; u++)
			if (unit_in(map, u, range) && unit_in(map, u, &facts->windows[i]))
				return true;
	return false;
}

static void cover(const struct map *map, const struct dax_owner_facts *facts,
		  struct opinion *opinion)
{
	size_t i, u;

	for (u = 0; u < map->nr; u++)
		opinion->covered[u] = false;
	for (i = 0; i < facts->nr_regions; i++)
		for (u = 0; u < map->nr; u++)
			if (in_region(map, facts, u, i) &&
			    (facts->regions[i].held || facts->regions[i].no_dax ||
			     can_claim(facts, opinion, i)))
				opinion->covered[u] = true;
}

/* Is there a block that begins at @start or later and ends at @end or before? */
static bool has_block(u64 start, u64 end, u64 block_size)
{
	unsigned __int128 number = start / block_size + (start % block_size ? 1 : 0);

	return (number + 1) * block_size <= (unsigned __int128)end + 1;
}

static bool does_fall(const struct map *map, const struct dax_owner_facts *facts,
		      const struct opinion *opinion, const struct dax_owner_span *range)
{
	size_t u = 0;

	while (u < map->nr) {
		size_t first = u;

		while (u < map->nr && unit_in(map, u, range) && !opinion->covered[u])
			u++;
		if (u == first) {
			u++;
			continue;
		}
		/* no region covers the part of units first to u - 1 */
		if (facts->policy == DAX_OWNER_POLICY_WHOLE)
			return true;
		if (facts->block_size &&
		    !has_block(map->edge[first], unit_end(map, u - 1), facts->block_size))
			return true;
	}
	return false;
}

/* Relinquish each claimable region that shares a unit with the range */
static void take_regions(const struct map *map, const struct dax_owner_facts *facts,
			 struct opinion *opinion, const struct dax_owner_span *range)
{
	size_t i, u;

	for (i = 0; i < facts->nr_regions; i++)
		for (u = 0; u < map->nr; u++)
			if (unit_in(map, u, range) && in_region(map, facts, u, i) &&
			    can_claim(facts, opinion, i))
				opinion->relinquished[i] = true;
}

/*
 * One round judges all ranges by the state before it. With @eager it judges each range by the state
 * after the range before, which is wrong on purpose. Return: true if a range fell.
 */
static bool round_of(const struct map *map, const struct dax_owner_facts *facts, bool eager,
		     struct opinion *opinion)
{
	bool any = false;
	size_t c;

	cover(map, facts, opinion);
	for (c = 0; c < facts->nr_cases; c++) {
		const struct dax_owner_span *range = &facts->cases[c].span;

		if (opinion->fallen[c] || !opinion->met[c] || !does_fall(map, facts, opinion, range))
			continue;
		opinion->fallen[c] = true;
		any = true;
		if (!eager)
			continue;
		take_regions(map, facts, opinion, range);
		cover(map, facts, opinion);
	}
	/* a range that fell in an earlier round changes nothing here */
	for (c = 0; c < facts->nr_cases; c++)
		if (opinion->fallen[c])
			take_regions(map, facts, opinion, &facts->cases[c].span);
	return any;
}

void oracle_prepare(const struct map *map, const struct dax_owner_facts *facts, bool eager,
		    struct opinion *opinion)
{
	size_t i, c;

	for (i = 0; i < facts->nr_regions; i++)
		opinion->relinquished[i] = !facts->regions[i].held && !facts->regions[i].no_dax &&
					   beside_no_dax(map, facts, i);
	for (c = 0; c < facts->nr_cases; c++) {
		opinion->in_window[c] = is_in_window(map, facts, &facts->cases[c].span);
		opinion->met[c] = is_met(map, facts, &facts->cases[c].span);
		opinion->fallen[c] = false;
	}
	opinion->rounds = 0;
	while (round_of(map, facts, eager, opinion))
		opinion->rounds++;
}

/* The first region of a kind that contains the unit: 'h'eld, 'n'o_dax, 'c'laimable */
static size_t first_of(const struct map *map, const struct dax_owner_facts *facts,
		       const struct opinion *opinion, size_t unit, char kind)
{
	size_t i;

	for (i = 0; i < facts->nr_regions; i++) {
		if (!in_region(map, facts, unit, i))
			continue;
		if (kind == 'h' && facts->regions[i].held)
			return i;
		if (kind == 'n' && cannot_have(&facts->regions[i]))
			return i;
		if (kind == 'c' && can_claim(facts, opinion, i))
			return i;
	}
	return SIZE_MAX;
}

static void set(struct unit *unit, enum dax_owner_owner owner, enum dax_owner_reason reason,
		size_t region)
{
	unit->owner = owner;
	unit->reason = reason;
	unit->region = region;
}

void oracle_decide(const struct map *map, const struct dax_owner_facts *facts,
		   const struct opinion *opinion, size_t number, struct unit *units)
{
	bool in_window = opinion->in_window[number], met = opinion->met[number];
	size_t u;

	for (u = 0; u < map->nr; u++) {
		size_t held = first_of(map, facts, opinion, u, 'h');
		size_t no_dax = first_of(map, facts, opinion, u, 'n');
		size_t claimable = first_of(map, facts, opinion, u, 'c');
		struct unit *unit = &units[u];

		if (!unit_in(map, u, &facts->cases[number].span))
			continue;
		unit->flags = 0;
		if (in_window && facts->pass == DAX_OWNER_PASS_DEADLINE)
			unit->flags |= DAX_OWNER_FLAG_DEADLINE;
		if (in_window && facts->pass != DAX_OWNER_PASS_PENDING && met &&
		    facts->policy == DAX_OWNER_POLICY_SPLIT && opinion->fallen[number])
			unit->flags |= DAX_OWNER_FLAG_UNSPLIT;

		if (held != SIZE_MAX)
			set(unit, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, held);
		else if (in_window && facts->pass == DAX_OWNER_PASS_PENDING)
			set(unit, DAX_OWNER_NONE, DAX_OWNER_REASON_AWAITING_CXL, SIZE_MAX);
		else if (no_dax != SIZE_MAX)
			set(unit, DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, no_dax);
		else if (!in_window)
			set(unit, DAX_OWNER_HMEM, DAX_OWNER_REASON_OUTSIDE_WINDOW, SIZE_MAX);
		else if (claimable != SIZE_MAX)
			set(unit, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, claimable);
		else
			set(unit, DAX_OWNER_HMEM,
			    met ? DAX_OWNER_REASON_REGION_PARTIAL : DAX_OWNER_REASON_NO_REGION,
			    SIZE_MAX);
	}
}
