// SPDX-License-Identifier: GPL-2.0-only
/*
 * The naive oracle; see oracle.h. Every span given to it begins and ends at
 * unit edges, so a unit is either wholly in a span or wholly out of it.
 */
#include "oracle.h"

#include <stdlib.h>

bool unit_in(const struct map *map, size_t unit, const struct dax_owner_span *span)
{
	return map->edge[unit] >= span->start && unit_end(map, unit) <= span->end;
}

static bool may_have(const struct dax_owner_region *region)
{
	if (region->held)
		return true;
	return !region->relinquished && !region->blocked;
}

/* For each unit: is it in a region that CXL may have? */
static void paint(const struct map *map, const struct dax_owner_region *regions, size_t nr_regions,
		  bool *painted)
{
	size_t i, u;

	for (u = 0; u < map->nr; u++)
		painted[u] = false;
	for (i = 0; i < nr_regions; i++)
		for (u = 0; may_have(&regions[i]) && u < map->nr; u++)
			if (unit_in(map, u, &regions[i].span))
				painted[u] = true;
}

/* Take away from every region that shares a unit with a range that is not all painted */
void oracle_relinquish(const struct map *map, const struct dax_owner_span *ranges, size_t nr_ranges,
		       struct dax_owner_region *regions, size_t nr_regions,
		       enum dax_owner_policy policy)
{
	bool *painted = malloc(map->nr * sizeof(*painted));
	bool *lost = malloc(map->nr * sizeof(*lost));
	bool again = policy == DAX_OWNER_POLICY_WHOLE;
	size_t i, u;

	if (!painted || !lost)
		abort();
	for (i = 0; i < nr_regions; i++)
		regions[i].relinquished = false;

	while (again) {
		again = false;
		paint(map, regions, nr_regions, painted);
		for (u = 0; u < map->nr; u++)
			lost[u] = false;
		for (i = 0; i < nr_ranges; i++) {
			bool hole = false;

			for (u = 0; u < map->nr; u++)
				if (unit_in(map, u, &ranges[i]) && !painted[u])
					hole = true;
			for (u = 0; hole && u < map->nr; u++)
				if (unit_in(map, u, &ranges[i]))
					lost[u] = true;
		}
		for (i = 0; i < nr_regions; i++)
			for (u = 0; u < map->nr; u++)
				if (lost[u] && unit_in(map, u, &regions[i].span) &&
				    !regions[i].held && !regions[i].relinquished) {
					regions[i].relinquished = true;
					again = true;
				}
	}
	free(painted);
	free(lost);
}

void oracle_decide(const struct map *map, const struct dax_owner_span *range,
		   const struct dax_owner_facts *facts, struct unit *units)
{
	bool in_window = false, met = false, whole = true, all;
	size_t i, u, current = SIZE_MAX;

	for (u = 0; u < map->nr; u++) {
		bool covered = false;

		if (!unit_in(map, u, range))
			continue;
		for (i = 0; i < facts->nr_windows; i++)
			if (unit_in(map, u, &facts->windows[i]))
				in_window = true;
		for (i = 0; i < facts->nr_regions; i++) {
			if (!unit_in(map, u, &facts->regions[i].span))
				continue;
			met = true;
			if (may_have(&facts->regions[i]))
				covered = true;
		}
		if (!covered)
			whole = false;
	}
	/* Does CXL get all it may have, or only what it holds? */
	all = in_window && facts->pass != DAX_OWNER_PASS_PENDING &&
	      (whole || facts->policy == DAX_OWNER_POLICY_SPLIT);

	for (u = 0; u < map->nr; u++) {
		struct unit *unit = &units[u];

		if (!unit_in(map, u, range))
			continue;
		unit->flags = in_window && facts->pass == DAX_OWNER_PASS_DEADLINE ?
				      DAX_OWNER_FLAG_DEADLINE : 0;

		/* Stay with a region to its end, then the first that is here */
		if (current != SIZE_MAX && !unit_in(map, u, &facts->regions[current].span))
			current = SIZE_MAX;
		for (i = 0; current == SIZE_MAX && i < facts->nr_regions; i++) {
			const struct dax_owner_region *region = &facts->regions[i];

			if (unit_in(map, u, &region->span) &&
			    (all ? may_have(region) : region->held))
				current = i;
		}
		unit->region = current;
		if (current != SIZE_MAX) {
			unit->owner = DAX_OWNER_CXL;
			unit->reason = DAX_OWNER_REASON_REGION_COVERS;
		} else if (!in_window) {
			unit->owner = DAX_OWNER_HMEM;
			unit->reason = DAX_OWNER_REASON_OUTSIDE_WINDOW;
		} else if (facts->pass == DAX_OWNER_PASS_PENDING) {
			unit->owner = DAX_OWNER_NONE;
			unit->reason = DAX_OWNER_REASON_AWAITING_CXL;
		} else {
			unit->owner = DAX_OWNER_HMEM;
			unit->reason = met ? DAX_OWNER_REASON_REGION_PARTIAL :
					     DAX_OWNER_REASON_NO_REGION;
		}
	}
}
