// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cut.h"
#include "model/derive.h"

/* Such kernels have no policy: this is what upstream's review asks for. */
#define POLICY DAX_OWNER_POLICY_WHOLE

/**
 * observation_free() - forget
 * @seen: may be used again
 */
void observation_free(struct observation *seen)
{
	regions_free(&seen->regions);
	free(seen->devices.devices);
	*seen = (struct observation){ };
}

/* Whose they should be does not depend on who has them: no region counts as held. */
static struct dax_owner_region *regions_of(const struct observation *seen)
{
	struct dax_owner_region *regions = calloc(seen->regions.n + 1, sizeof(*regions));

	if (!regions)
		return NULL;
	for (size_t i = 0; i < seen->regions.n; i++) {
		regions[i].span = seen->regions.regions[i].span;
		regions[i].no_dax = *seen->regions.regions[i].no_dax;
	}
	qsort(regions, seen->regions.n, sizeof(*regions), dax_owner_region_cmp);
	return regions;
}

static struct dax_owner_case *cases_of(const struct spans *ranges)
{
	struct dax_owner_case *cases = calloc(ranges->n + 1, sizeof(*cases));

	for (size_t i = 0; cases && i < ranges->n; i++)
		cases[i].span = ranges->spans[i];
	return cases;
}

/* What can be system memory: whole memory blocks of @device, if a NUMA node is known */
static void count_blocks(const struct observation *seen, struct extent *extent, const struct dax_owner_span *device)
{
	u64 size = extent_size(extent);
	u64 whole = seen->block_size ? dax_owner_usable(device, &extent->span, seen->block_size) : size;

	extent->block_loss_bytes = size - whole;
	extent->usable_bytes = extent->node < 0 ? 0 : whole;
}

/* @device: its addresses, NULL without one */
static int put(const struct observation *seen, struct map *map, const struct extent *extent,
	       const struct dax_device *device, u64 start, u64 end)
{
	struct extent piece = *extent;
	unsigned int events;

	piece.span = (struct dax_owner_span){ start, end };
	if (piece.state != DAX_OWNER_STATE_WITHHELD)
		count_blocks(seen, &piece, device ? &device->span : &piece.span);
	return map_put(map, &piece, &events);
}

/* What of the verdict no device has */
static int put_open(const struct observation *seen, struct map *map,
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
	} else if (seen->settled) {
		extent.state = DAX_OWNER_STATE_STRANDED;
		extent.reason = DAX_OWNER_REASON_CLAIM_FAILED;
	} else if (verdict->reason == DAX_OWNER_REASON_AWAITING_CXL) {
		extent.state = DAX_OWNER_STATE_PENDING;
	} else {
		extent.state = DAX_OWNER_STATE_DECIDED;
	}
	return put(seen, map, &extent, NULL, start, end);
}

static int put_owned(const struct observation *seen, struct map *map, const struct dax_owner_verdict *verdict,
		     const struct dax_device *device, u64 start, u64 end)
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
	return put(seen, map, &extent, device, start, end);
}

/* Cut a verdict where devices begin and end. */
static int put_verdict(const struct observation *seen, struct map *map,
		       const struct dax_owner_verdict *verdict)
{
	u64 at = verdict->span.start;
	int r;

	/* whose it should be is not known yet: neither is who has it told */
	if (verdict->reason == DAX_OWNER_REASON_AWAITING_CXL)
		return put_open(seen, map, verdict, at, verdict->span.end);
	for (size_t i = 0; i < seen->devices.n; i++) {
		const struct dax_device *device = &seen->devices.devices[i];
		u64 start = device->span.start > at ? device->span.start : at;
		u64 end = device->span.end < verdict->span.end ? device->span.end : verdict->span.end;

		if (start > end || !dax_owner_span_meets(&device->span, &verdict->span))
			continue;
		if (start > at) {
			r = put_open(seen, map, verdict, at, start - 1);
			if (r)
				return r;
		}
		r = put_owned(seen, map, verdict, device, start, end);
		if (r || end == verdict->span.end)
			return r;
		at = end + 1;
	}
	return put_open(seen, map, verdict, at, verdict->span.end);
}

/**
 * observe() - the ledger that the kernel does not keep
 * @seen: the facts
 * @map: extents over all ranges are put into it
 *
 * Return: 0; -ENOMEM; -EINVAL if the ranges are not as spans_merge() leaves them.
 */
int observe(const struct observation *seen, struct map *map)
{
	_cleanup_(freep) struct dax_owner_region *regions = regions_of(seen);
	_cleanup_(freep) struct dax_owner_case *cases = cases_of(seen->ranges);
	size_t max = DAX_OWNER_MAX_VERDICTS(seen->regions.n);
	_cleanup_(freep) struct dax_owner_verdict *verdicts = calloc(max, sizeof(*verdicts));
	struct dax_owner_facts facts = {
		.windows = seen->windows->spans,
		.nr_windows = seen->windows->n,
		.regions = regions,
		.nr_regions = seen->regions.n,
		.cases = cases,
		.nr_cases = seen->ranges->n,
		.policy = POLICY,
		.block_size = seen->block_size,
		.pass = seen->enumerated ? DAX_OWNER_PASS_OVER : DAX_OWNER_PASS_PENDING,
	};
	int r;

	if (!regions || !cases || !verdicts)
		return -ENOMEM;
	r = dax_owner_prepare(&facts);
	for (size_t i = 0; !r && i < facts.nr_cases; i++) {
		ssize_t n = dax_owner_decide(&cases[i], &facts, verdicts, max);

		r = n < 0 ? (int)n : 0;
		for (ssize_t j = 0; !r && j < n; j++)
			r = put_verdict(seen, map, &verdicts[j]);
	}
	return r;
}
