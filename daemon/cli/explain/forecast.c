// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/explain/forecast.h"

/**
 * forecast_free() - release the pieces of a forecast
 * @forecast: empty afterwards, may be filled in again
 */
void forecast_free(struct forecast *forecast)
{
	free(forecast->pieces);
	*forecast = (struct forecast) {};
}

static bool is_held_by_cxl(const struct snapshot *snapshot, const struct dax_owner_span *region)
{
	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *extent = &snapshot->entries[i].extent;

		if (extent->owner == DAX_OWNER_CXL && dax_owner_span_meets(&extent->span, region) &&
		    extent_is_claimed(extent))
			return true;
	}
	return false;
}

/*
 * Test whether dax_hmem keeps a part of @region after it has released the unused parts of @range.
 * If so, dax_cxl cannot claim the region.
 */
static bool is_held_by_hmem(const struct snapshot *snapshot, const struct dax_owner_span *range,
			    const struct dax_owner_span *region)
{
	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *extent = &snapshot->entries[i].extent;

		if (extent->owner != DAX_OWNER_HMEM || !dax_owner_span_meets(&extent->span, region))
			continue;
		/* Outside @range, dax_hmem keeps a device without driver, too. */
		if (extent->state == DAX_OWNER_STATE_OWNED ||
		    (*extent->device && !dax_owner_span_meets(&extent->span, range)))
			return true;
	}
	return false;
}

/*
 * Collect the committed regions, and whether dax_cxl can claim each.
 *
 * Return: an array of @n regions in address order, which the caller frees; NULL if memory is short.
 */
static struct dax_owner_region *find_regions(const struct snapshot *snapshot,
					     const struct machine *machine,
					     const struct dax_owner_span *range, size_t *n)
{
	struct dax_owner_region *regions = calloc(machine->topology.n_regions + 1, sizeof(*regions));

	*n = 0;
	for (size_t i = 0; regions && i < machine->topology.n_regions; i++) {
		const struct topology_region *region = &machine->topology.regions[i];

		/* A region of size zero decodes nothing. */
		if (region->committed && region->span.start <= region->span.end)
			regions[(*n)++] = (struct dax_owner_region) {
				.span = region->span,
				.held = is_held_by_cxl(snapshot, &region->span),
				.blocked = is_held_by_hmem(snapshot, range, &region->span),
				.no_dax = !region->dax,
			};
	}
	if (regions)
		qsort(regions, *n, sizeof(*regions), dax_owner_region_cmp);
	return regions;
}

static bool would_stay(const struct extent *now, const struct dax_owner_verdict *verdict)
{
	switch (now->state) {
	case DAX_OWNER_STATE_OWNED:
		return true;
	case DAX_OWNER_STATE_CLAIMED:
	case DAX_OWNER_STATE_IDLE:
		return now->owner == DAX_OWNER_CXL;
	case DAX_OWNER_STATE_RELEASED:
		/* A released extent stays released, because nothing decodes its addresses. */
		return verdict->owner == DAX_OWNER_HMEM;
	case DAX_OWNER_STATE_WITHHELD:
		return verdict->reason == DAX_OWNER_REASON_REGION_NOT_DAX;
	default:
		return false;
	}
}

static int put_verdict(const struct snapshot *snapshot, const struct dax_owner_verdict *verdict,
		       struct forecast *forecast)
{
	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *now = &snapshot->entries[i].extent;
		struct forecast_piece *more;

		if (!dax_owner_span_meets(&now->span, &verdict->span))
			continue;
		more = reallocarray(forecast->pieces, forecast->n + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		forecast->pieces = more;
		more += forecast->n++;
		*more = (struct forecast_piece){
			.span = {
				now->span.start > verdict->span.start ? now->span.start : verdict->span.start,
				now->span.end < verdict->span.end ? now->span.end : verdict->span.end,
			},
			.now = now,
			.stays = would_stay(now, verdict),
			.owner = verdict->owner,
			.reason = verdict->reason,
		};
	}
	return 0;
}

static int decide(const struct snapshot *snapshot, const struct dax_owner_case *one,
		  const struct dax_owner_facts *facts, struct forecast *forecast)
{
	size_t max = DAX_OWNER_MAX_VERDICTS(facts->nr_regions);
	_cleanup_(freep) struct dax_owner_verdict *verdicts = calloc(max, sizeof(*verdicts));
	ssize_t n = verdicts ? dax_owner_decide(one, facts, verdicts, max) : -ENOMEM;
	int r = n < 0 ? (int)n : 0;

	for (ssize_t i = 0; !r && i < n; i++)
		r = put_verdict(snapshot, &verdicts[i], forecast);
	return r;
}

static int decide_range(const struct snapshot *snapshot, const struct machine *machine,
			enum dax_owner_policy policy, const struct spans *ranges,
			const struct dax_owner_span *range, struct forecast *forecast)
{
	_cleanup_(freep) struct dax_owner_region *regions = NULL;
	_cleanup_(freep) struct dax_owner_case *cases = calloc(ranges->n + 1, sizeof(*cases));
	struct dax_owner_facts facts = {
		.windows = machine->windows.spans,
		.nr_windows = machine->windows.n,
		.cases = cases,
		.nr_cases = ranges->n,
		.policy = policy,
		.block_size = machine->block_size,
		.pass = DAX_OWNER_PASS_OVER,
	};
	int r;

	regions = find_regions(snapshot, machine, range, &facts.nr_regions);
	if (!regions || !cases)
		return -ENOMEM;
	facts.regions = regions;
	for (size_t i = 0; i < ranges->n; i++)
		cases[i].span = ranges->spans[i];
	r = dax_owner_prepare(&facts);
	return r ?: decide(snapshot, &cases[range - ranges->spans], &facts, forecast);
}

static const struct dax_owner_span *range_at(const struct spans *ranges, u64 address)
{
	const struct dax_owner_span wanted = { address, address };

	for (size_t i = 0; i < ranges->n; i++)
		if (dax_owner_span_meets(&ranges->spans[i], &wanted))
			return &ranges->spans[i];
	return NULL;
}

/**
 * forecast_range() - compute the forecast of a range
 * @snapshot: the present extents; @forecast points into it
 * @machine: the facts on windows and regions; its windows must be known
 * @policy: of the kernel
 * @address: any address of the range
 * @forecast: filled in; the caller releases it with forecast_free(); empty after an error
 *
 * Return: 0; -ENXIO if no extent has the address; -ENOMEM; another negative errno of the decision.
 */
int forecast_range(const struct snapshot *snapshot, const struct machine *machine,
		   enum dax_owner_policy policy, u64 address, struct forecast *forecast)
{
	const struct dax_owner_span *range;
	struct spans ranges = {};
	int r;

	*forecast = (struct forecast) {};
	r = snapshot_ranges(snapshot, &ranges);
	if (!r) {
		range = range_at(&ranges, address);
		r = range ? decide_range(snapshot, machine, policy, &ranges, range, forecast) :
			    -ENXIO;
	}
	spans_free(&ranges);
	if (r)
		forecast_free(forecast);
	return r;
}
