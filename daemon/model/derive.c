// SPDX-License-Identifier: GPL-2.0-only
/*
 * Derive the extents from the facts. The file applies the same rules as the kernel module, and
 * compares their verdicts with the DAX devices. It must not read from the system.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cut.h"
#include "model/derive.h"

/* The in-tree drivers have no policy. Upstream's review asks for this one. */
#define POLICY DAX_OWNER_POLICY_WHOLE

/**
 * facts_free() - free the regions and devices of facts
 * @facts: the facts; empty afterwards, and ready for use. Ranges and windows are borrowed.
 */
void facts_free(struct facts *facts)
{
	regions_free(&facts->regions);
	free(facts->devices.devices);
	*facts = (struct facts) {};
}

static enum dax_owner_pass pass_of(const struct facts *facts)
{
	if (!facts->enumerated)
		return DAX_OWNER_PASS_PENDING;
	return facts->deadline ? DAX_OWNER_PASS_DEADLINE : DAX_OWNER_PASS_OVER;
}

/* No region counts as held, because the expected owner does not depend on the present owner. */
static struct dax_owner_region *regions_of(const struct facts *facts)
{
	struct dax_owner_region *regions = calloc(facts->regions.n + 1, sizeof(*regions));

	if (!regions)
		return NULL;
	for (size_t i = 0; i < facts->regions.n; i++) {
		regions[i].span = facts->regions.regions[i].span;
		regions[i].no_dax = *facts->regions.regions[i].no_dax;
	}
	qsort(regions, facts->regions.n, sizeof(*regions), dax_owner_region_cmp);
	return regions;
}

static struct dax_owner_case *cases_of(const struct spans *ranges)
{
	struct dax_owner_case *cases = calloc(ranges->n + 1, sizeof(*cases));

	for (size_t i = 0; cases && i < ranges->n; i++)
		cases[i].span = ranges->spans[i];
	return cases;
}

/*
 * Count the usable bytes of @extent: whole memory blocks of @device. Without a known NUMA node, no
 * bytes are usable.
 */
static void count_blocks(const struct facts *facts, struct extent *extent,
			 const struct dax_owner_span *device)
{
	u64 size = extent_size(extent);
	u64 whole = facts->block_size ? dax_owner_usable(device, &extent->span, facts->block_size) :
					size;

	extent->block_loss_bytes = size - whole;
	extent->usable_bytes = extent->node < 0 ? 0 : whole;
}

/* Put the bytes @start to @end, inclusive, of @extent into @map. @device may be NULL. */
static int put(const struct facts *facts, struct extent_map *map, const struct extent *extent,
	       const struct dax_device *device, u64 start, u64 end)
{
	struct extent piece = *extent;
	unsigned int events;

	piece.span = (struct dax_owner_span) { start, end };
	if (piece.state != DAX_OWNER_STATE_WITHHELD)
		count_blocks(facts, &piece, device ? &device->span : &piece.span);
	return extent_map_put(map, &piece, &events);
}

/* Put an extent for addresses that no DAX device has. */
static int put_open(const struct facts *facts, struct extent_map *map,
		    const struct dax_owner_verdict *verdict, u64 start, u64 end)
{
	struct extent extent = {
		.owner = verdict->owner,
		.reason = verdict->reason,
		.expected = verdict->owner,
		.flags = verdict->flags,
		.node = -1,
	};

	if (verdict->reason == DAX_OWNER_REASON_REGION_NOT_DAX) {
		extent.state = DAX_OWNER_STATE_WITHHELD;
	} else if (facts->settled) {
		extent.state = DAX_OWNER_STATE_STRANDED;
		extent.reason = DAX_OWNER_REASON_CLAIM_FAILED;
	} else if (verdict->reason == DAX_OWNER_REASON_AWAITING_CXL) {
		extent.state = DAX_OWNER_STATE_PENDING;
	} else {
		extent.state = DAX_OWNER_STATE_DECIDED;
	}
	return put(facts, map, &extent, NULL, start, end);
}

static int put_owned(const struct facts *facts, struct extent_map *map,
		     const struct dax_owner_verdict *verdict, const struct dax_device *device,
		     u64 start, u64 end)
{
	struct extent extent = {
		.owner = device->owner,
		.reason = verdict->reason,
		.expected = verdict->owner,
		.state = DAX_OWNER_STATE_OWNED,
		.flags = verdict->flags,
		.node = device->node,
	};

	memcpy(extent.device, device->name, sizeof(extent.device));
	return put(facts, map, &extent, device, start, end);
}

/* Cut a verdict where devices begin and end. */
static int put_verdict(const struct facts *facts, struct extent_map *map,
		       const struct dax_owner_verdict *verdict)
{
	u64 at = verdict->span.start;
	int r;

	/* without an expected owner, the function does not report the present owner either */
	if (verdict->reason == DAX_OWNER_REASON_AWAITING_CXL)
		return put_open(facts, map, verdict, at, verdict->span.end);
	for (size_t i = 0; i < facts->devices.n; i++) {
		const struct dax_device *device = &facts->devices.devices[i];
		u64 start = device->span.start > at ? device->span.start : at;
		u64 end = device->span.end < verdict->span.end ? device->span.end :
								 verdict->span.end;

		if (start > end || !dax_owner_span_meets(&device->span, &verdict->span))
			continue;
		if (start > at) {
			r = put_open(facts, map, verdict, at, start - 1);
			if (r)
				return r;
		}
		r = put_owned(facts, map, verdict, device, start, end);
		if (r || end == verdict->span.end)
			return r;
		at = end + 1;
	}
	return put_open(facts, map, verdict, at, verdict->span.end);
}

/**
 * derive_extents() - compute the extents of all ranges from the facts
 * @facts: the facts
 * @map: the function puts the extents into this map; the caller frees it
 *
 * Return: 0; -ENOMEM; -EINVAL if the ranges are not in the form that spans_merge() gives them.
 */
int derive_extents(const struct facts *facts, struct extent_map *map)
{
	_cleanup_(freep) struct dax_owner_region *regions = regions_of(facts);
	_cleanup_(freep) struct dax_owner_case *cases = cases_of(facts->ranges);
	size_t max = DAX_OWNER_MAX_VERDICTS(facts->regions.n);
	_cleanup_(freep) struct dax_owner_verdict *verdicts = calloc(max, sizeof(*verdicts));
	struct dax_owner_facts evidence = {
		.windows = facts->windows->spans,
		.nr_windows = facts->windows->n,
		.regions = regions,
		.nr_regions = facts->regions.n,
		.cases = cases,
		.nr_cases = facts->ranges->n,
		.policy = POLICY,
		.block_size = facts->block_size,
		.pass = pass_of(facts),
	};
	int r;

	if (!regions || !cases || !verdicts)
		return -ENOMEM;
	r = dax_owner_prepare(&evidence);
	for (size_t i = 0; !r && i < evidence.nr_cases; i++) {
		ssize_t n = dax_owner_decide(&cases[i], &evidence, verdicts, max);

		r = n < 0 ? (int)n : 0;
		for (ssize_t j = 0; !r && j < n; j++)
			r = put_verdict(facts, map, &verdicts[j]);
	}
	return r;
}
