// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules: who owns a Soft Reserved range, and why, as a pure function.
 *
 * A region is *eligible* when dax_cxl may have it: dax_cxl holds it already, or
 * it is not relinquished. The first line that applies decides a range:
 *
 *	range meets no window		dax_hmem	outside-window
 *	pass pending			nobody		awaiting-cxl
 *	eligible regions cover it all	dax_cxl		region-covers
 *	policy split, a region meets it	dax_cxl		region-covers, the covered part
 *					dax_hmem	region-partial, the rest
 *	policy whole, a region meets it	dax_hmem	region-partial
 *	no region meets it		dax_hmem	no-region
 *
 * and in every line the bytes of a held region stay dax_cxl's, region-covers.
 * So each line is one walk over the range: which regions dax_cxl gets (all that
 * are eligible, or only those it holds), and who gets what is left.
 *
 * Spans are inclusive: "one past the end" is computed only where it is known
 * that the end is not the last byte of the address space.
 */
#include "verdict.h"

/**
 * dax_owner_owner_name() - the name of an owner, as in sysfs, journal and JSON
 * @owner: the owner
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_owner_name(enum dax_owner_owner owner)
{
	switch (owner) {
	case DAX_OWNER_NONE:
		return "none";
	case DAX_OWNER_CXL:
		return "dax_cxl";
	case DAX_OWNER_HMEM:
		return "dax_hmem";
	}
	return "unknown";
}

/**
 * dax_owner_reason_name() - the name of a reason, as in sysfs, journal and JSON
 * @reason: the reason
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_reason_name(enum dax_owner_reason reason)
{
	switch (reason) {
	case DAX_OWNER_REASON_OUTSIDE_WINDOW:
		return "outside-window";
	case DAX_OWNER_REASON_AWAITING_CXL:
		return "awaiting-cxl";
	case DAX_OWNER_REASON_REGION_COVERS:
		return "region-covers";
	case DAX_OWNER_REASON_REGION_PARTIAL:
		return "region-partial";
	case DAX_OWNER_REASON_NO_REGION:
		return "no-region";
	case DAX_OWNER_REASON_CLAIM_FAILED:
		return "claim-failed";
	case DAX_OWNER_REASON_REGION_NOT_DAX:
		return "region-not-dax";
	}
	return "unknown";
}

/**
 * dax_owner_policy_name() - the name of a policy
 * @policy: the policy
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_policy_name(enum dax_owner_policy policy)
{
	switch (policy) {
	case DAX_OWNER_POLICY_WHOLE:
		return "whole";
	case DAX_OWNER_POLICY_SPLIT:
		return "split";
	}
	return "unknown";
}

/* Equal, allowing one newline at the end of @text: what `echo` writes to sysfs */
static bool text_is(const char *text, const char *name)
{
	while (*name && *text == *name) {
		text++;
		name++;
	}
	if (*name)
		return false;
	if (*text == '\n')
		text++;
	return !*text;
}

/**
 * dax_owner_policy_parse() - the policy a text names
 * @text: "whole" or "split", with or without a newline at the end
 * @policy: where to put it; untouched on error
 *
 * Return: 0, or -EINVAL when @text names no policy.
 */
int dax_owner_policy_parse(const char *text, enum dax_owner_policy *policy)
{
	if (!text)
		return -EINVAL;
	if (text_is(text, "whole"))
		*policy = DAX_OWNER_POLICY_WHOLE;
	else if (text_is(text, "split"))
		*policy = DAX_OWNER_POLICY_SPLIT;
	else
		return -EINVAL;
	return 0;
}

/**
 * dax_owner_region_cmp() - the order of regions: by start, then by end
 * @a: a &struct dax_owner_region
 * @b: another
 *
 * For qsort() in userspace and sort() in the kernel.
 *
 * Return: negative, 0 or positive, as @a comes before, with or after @b.
 */
int dax_owner_region_cmp(const void *a, const void *b)
{
	const struct dax_owner_span *x = &((const struct dax_owner_region *)a)->span;
	const struct dax_owner_span *y = &((const struct dax_owner_region *)b)->span;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return 0;
}

static bool span_empty(const struct dax_owner_span *span)
{
	return span->start > span->end;
}

static bool region_eligible(const struct dax_owner_region *region)
{
	return region->held || (!region->blocked && !region->relinquished);
}

/* The regions dax_cxl gets on a walk: those it holds, or all that are eligible */
static bool region_taken(const struct dax_owner_region *region, bool held_only)
{
	if (span_empty(&region->span))
		return false;
	return held_only ? region->held : region_eligible(region);
}

/* Does the union of the eligible regions, ascending by start, cover every byte of @range? */
static bool regions_cover(const struct dax_owner_span *range,
			  const struct dax_owner_region *regions, size_t nr_regions)
{
	u64 at = range->start;	/* the first byte not known to be covered */
	size_t i;

	for (i = 0; i < nr_regions && regions[i].span.start <= at; i++) {
		if (!region_taken(&regions[i], false) || regions[i].span.end < at)
			continue;
		if (regions[i].span.end >= range->end)
			return true;
		at = regions[i].span.end + 1;
	}
	return false;
}

static bool regions_meet(const struct dax_owner_span *range,
			 const struct dax_owner_region *regions, size_t nr_regions)
{
	size_t i;

	for (i = 0; i < nr_regions; i++)
		if (dax_owner_span_meets(range, &regions[i].span))
			return true;
	return false;
}

static bool windows_meet(const struct dax_owner_span *range,
			 const struct dax_owner_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->nr_windows; i++)
		if (dax_owner_span_meets(range, &facts->windows[i]))
			return true;
	return false;
}

static bool regions_sorted(const struct dax_owner_region *regions, size_t nr_regions)
{
	size_t i;

	for (i = 1; i < nr_regions; i++)
		if (regions[i - 1].span.start > regions[i].span.start)
			return false;
	return true;
}

/*
 * Take from every region that CXL may have and that meets @range, held ones
 * excepted. True if any was taken.
 */
static bool relinquish_range(const struct dax_owner_span *range,
			     struct dax_owner_region *regions, size_t nr_regions)
{
	bool changed = false;
	size_t i;

	if (span_empty(range) || regions_cover(range, regions, nr_regions))
		return false;

	for (i = 0; i < nr_regions && regions[i].span.start <= range->end; i++) {
		if (regions[i].held || regions[i].relinquished ||
		    !dax_owner_span_meets(range, &regions[i].span))
			continue;
		regions[i].relinquished = true;
		changed = true;
	}
	return changed;
}

/**
 * dax_owner_relinquish() - which regions dax_cxl has to give up as a whole
 * @ranges: all Soft Reserved ranges, in any order
 * @nr_ranges: how many
 * @regions: the committed regions, ascending by dax_owner_region_cmp();
 *	&dax_owner_region.relinquished of each is set or cleared
 * @nr_regions: how many
 * @policy: what becomes of a range that regions cover in part
 *
 * A device of dax_cxl covers its whole region. Under policy whole, a region that
 * reaches into a range that goes to dax_hmem cannot be claimed, and would strand
 * the other ranges it covers: so a region is dax_cxl's only if every range it
 * meets is wholly covered by regions dax_cxl may have. Giving one up may uncover
 * another range, so this goes on until nothing changes; the outcome does not
 * depend on the order. What dax_cxl holds it keeps. Under policy split nothing is
 * relinquished.
 *
 * Passes run up and down in turn: a chain of ranges linked by regions falls in
 * one pass whichever end it starts from, each O(@nr_ranges * @nr_regions).
 */
void dax_owner_relinquish(const struct dax_owner_span *ranges, size_t nr_ranges,
			  struct dax_owner_region *regions, size_t nr_regions,
			  enum dax_owner_policy policy)
{
	bool up = true, changed;
	size_t i;

	for (i = 0; i < nr_regions; i++)
		regions[i].relinquished = false;

	if (policy == DAX_OWNER_POLICY_SPLIT)
		return;

	do {
		changed = false;
		for (i = 0; i < nr_ranges; i++)
			if (relinquish_range(&ranges[up ? i : nr_ranges - 1 - i],
					     regions, nr_regions))
				changed = true;
		up = !up;
	} while (changed);
}

/* One walk over a range: the regions dax_cxl gets, and whose the rest is */
struct walk {
	bool held_only;
	enum dax_owner_owner rest_owner;
	enum dax_owner_reason rest_reason;
	unsigned int flags;
};

static struct walk choose_walk(const struct dax_owner_span *range,
			       const struct dax_owner_facts *facts)
{
	struct walk walk = {
		.held_only = true,
		.rest_owner = DAX_OWNER_HMEM,
		.rest_reason = DAX_OWNER_REASON_OUTSIDE_WINDOW,
	};

	if (!windows_meet(range, facts))
		return walk;

	if (facts->pass == DAX_OWNER_PASS_PENDING) {
		walk.rest_owner = DAX_OWNER_NONE;
		walk.rest_reason = DAX_OWNER_REASON_AWAITING_CXL;
		return walk;
	}

	if (facts->pass == DAX_OWNER_PASS_DEADLINE)
		walk.flags = DAX_OWNER_FLAG_DEADLINE;

	if (!regions_meet(range, facts->regions, facts->nr_regions)) {
		walk.rest_reason = DAX_OWNER_REASON_NO_REGION;
		return walk;
	}

	walk.rest_reason = DAX_OWNER_REASON_REGION_PARTIAL;
	walk.held_only = facts->policy != DAX_OWNER_POLICY_SPLIT &&
			 !regions_cover(range, facts->regions, facts->nr_regions);
	return walk;
}

/**
 * dax_owner_decide() - the verdicts for one Soft Reserved range
 * @range: the range
 * @facts: the evidence
 * @out: where the verdicts go: ascending, without gap or overlap, together exactly @range
 * @max: room in @out; DAX_OWNER_MAX_VERDICTS() is always enough
 *
 * Regions whose bytes overlap: at each point the first in order that reaches it
 * has the extent, up to its end. One extent comes from one region, and one region
 * makes at most one extent. O(windows + regions).
 *
 * &dax_owner_region.relinquished is read as it is: call dax_owner_relinquish()
 * with all ranges first, or leave it false everywhere.
 *
 * Return: the number of verdicts, at least 1; -EINVAL when @range is empty or the
 * regions are not in order; -ENOSPC when @max is too small, with @out undefined.
 */
ssize_t dax_owner_decide(const struct dax_owner_span *range,
			 const struct dax_owner_facts *facts,
			 struct dax_owner_verdict *out, size_t max)
{
	const struct dax_owner_region *regions = facts->regions;
	const struct dax_owner_region *next;
	size_t nr = 0, i = 0;
	u64 at = range->start;	/* the first byte not yet given out */
	struct walk walk;

	if (span_empty(range) || !regions_sorted(regions, facts->nr_regions))
		return -EINVAL;

	walk = choose_walk(range, facts);

	for (;;) {
		struct dax_owner_verdict *v;

		/* Regions that end below @at are done with for good: @at only grows */
		while (i < facts->nr_regions &&
		       (!region_taken(&regions[i], walk.held_only) || regions[i].span.end < at))
			i++;
		next = NULL;
		if (i < facts->nr_regions && regions[i].span.start <= range->end)
			next = &regions[i];

		if (nr == max)
			return -ENOSPC;
		v = &out[nr++];
		v->span.start = at;
		v->flags = walk.flags;

		if (next && next->span.start <= at) {
			v->span.end = next->span.end;
			v->owner = DAX_OWNER_CXL;
			v->reason = DAX_OWNER_REASON_REGION_COVERS;
			v->region = i;
		} else {
			v->span.end = next ? next->span.start - 1 : range->end;
			v->owner = walk.rest_owner;
			v->reason = walk.rest_reason;
			v->region = DAX_OWNER_NO_INDEX;
		}

		if (v->span.end >= range->end) {
			v->span.end = range->end;
			return (ssize_t)nr;
		}
		at = v->span.end + 1;
	}
}
