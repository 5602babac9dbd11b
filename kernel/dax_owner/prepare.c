// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules, first part: the facts that depend on all ranges and regions together.
 *
 * A DAX device of dax_cxl covers its whole region. If the region reaches into a range that goes
 * to dax_hmem, dax_cxl cannot claim it, and the other ranges that it covers would be stranded.
 * So a range *falls* when dax_cxl does not get its part of it. Then every region that meets the
 * range is *relinquished*, which can make other ranges fall. A range falls when
 *
 *	policy whole	a byte of the range is not covered
 *	policy split	a part of the range that is not covered, taken as long as possible,
 *			has no whole memory block: it could never be system memory
 *
 * A range that no region meets does not fall. The covered bytes are those of regions that
 * dax_cxl holds or can claim, and the withheld bytes of regions that it cannot have.
 *
 * With policy split, a part that is not covered can grow when a region is relinquished, and can
 * get a whole memory block. So the order matters, and it is fixed. Each round judges all ranges
 * by the same state, and then relinquishes the regions of the ranges that fell. A round judges
 * only where the round before has changed something.
 */
#include "cut.h"
#include "reach.h"

#define HELD DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_HELD)
#define NO_DAX DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_NO_DAX)
#define OPEN DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_OPEN)
#define SHUT DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_SHUT)

#define COVERS (HELD | NO_DAX | OPEN)

#define NONE DAX_OWNER_NO_INDEX

static size_t find(const struct dax_owner_facts *facts, size_t from, unsigned int kinds, u64 at)
{
	return dax_owner_reach_find(facts->regions, facts->nr_regions, from, kinds, at);
}

/* Return the index of the first region that meets @span, from @from on; NONE if none does. */
static size_t find_meeting(const struct dax_owner_facts *facts, size_t from, unsigned int kinds,
			   const struct dax_owner_span *span)
{
	size_t i = find(facts, from, kinds, span->start);

	return i != NONE && facts->regions[i].span.start <= span->end ? i : NONE;
}

/* ---- checks of the caller's facts ---- */

static bool regions_in_order(const struct dax_owner_facts *facts)
{
	size_t i;

	for (i = 1; i < facts->nr_regions; i++)
		if (dax_owner_region_cmp(&facts->regions[i - 1], &facts->regions[i]) > 0)
			return false;
	return true;
}

static bool cases_in_order(const struct dax_owner_facts *facts)
{
	const struct dax_owner_case *cases = facts->cases;
	size_t i;

	for (i = 0; i < facts->nr_cases; i++) {
		if (cases[i].span.start > cases[i].span.end)
			return false;
		if (i && cases[i - 1].span.end >= cases[i].span.start)
			return false;
	}
	return true;
}

/* ---- the kind of each region ---- */

static bool is_empty(const struct dax_owner_region *region)
{
	return region->span.start > region->span.end;
}

static bool is_withheld(const struct dax_owner_region *region)
{
	return !is_empty(region) && region->no_dax && !region->held;
}

/*
 * Relinquish each region that shares a byte with a withheld region earlier in the order. Return
 * false if there is no withheld region.
 */
static bool relinquish_after_no_dax(const struct dax_owner_facts *facts)
{
	bool any = false;
	u64 reach = 0;
	size_t i;

	for (i = 0; i < facts->nr_regions; i++) {
		struct dax_owner_region *region = &facts->regions[i];

		dax_owner_step();
		region->relinquished = false;
		if (is_empty(region))
			continue;
		if (is_withheld(region)) {
			if (!any || reach < region->span.end)
				reach = region->span.end;
			any = true;
		} else if (any && region->span.start <= reach) {
			region->relinquished = !region->held;
		}
	}
	return any;
}

/* Relinquish each region that shares a byte with a withheld region later in the order. */
static void relinquish_before_no_dax(const struct dax_owner_facts *facts)
{
	bool any = false;
	u64 next = 0;
	size_t i;

	for (i = facts->nr_regions; i-- > 0;) {
		struct dax_owner_region *region = &facts->regions[i];

		dax_owner_step();
		if (is_withheld(region)) {
			next = region->span.start;
			any = true;
		} else if (any && !is_empty(region) && next <= region->span.end) {
			region->relinquished = !region->held;
		}
	}
}

static enum dax_owner_kind kind_of(const struct dax_owner_region *region)
{
	if (is_empty(region))
		return DAX_OWNER_NR_KINDS;
	if (region->held)
		return DAX_OWNER_KIND_HELD;
	if (region->no_dax)
		return DAX_OWNER_KIND_NO_DAX;
	if (region->blocked || region->relinquished)
		return DAX_OWNER_KIND_SHUT;
	return DAX_OWNER_KIND_OPEN;
}

static void prepare_regions(const struct dax_owner_facts *facts)
{
	size_t i;

	/* a claim of dax_cxl would reach into bytes that no DAX driver may have */
	if (relinquish_after_no_dax(facts))
		relinquish_before_no_dax(facts);
	for (i = 0; i < facts->nr_regions; i++)
		facts->regions[i].kind = (unsigned char)kind_of(&facts->regions[i]);
	dax_owner_reach_build(facts->regions, facts->nr_regions);
}

/* ---- the windows and regions that each case meets ---- */

/* Return the index of the first case that ends at @at or past it. */
static size_t case_at(const struct dax_owner_facts *facts, u64 at)
{
	size_t low = 0, high = facts->nr_cases;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		dax_owner_step();
		if (facts->cases[middle].span.end < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Set in_window of each case. Each window adds one at the first case that it meets, and subtracts
 * one at the first case after it. So a running sum is the number of windows that each case
 * meets. The windows need no order for that.
 */
static void find_windows(const struct dax_owner_facts *facts)
{
	struct dax_owner_case *cases = facts->cases;
	size_t i, met = 0;

	for (i = 0; i < facts->nr_cases; i++)
		cases[i].next = 0;
	for (i = 0; i < facts->nr_windows; i++) {
		const struct dax_owner_span *window = &facts->windows[i];
		size_t first, past;

		if (window->start > window->end)
			continue;
		first = case_at(facts, window->start);
		past = case_at(facts, window->end);
		if (past < facts->nr_cases && cases[past].span.start <= window->end)
			past++;
		if (first < facts->nr_cases)
			cases[first].next++;
		if (past < facts->nr_cases)
			cases[past].next--;
	}
	for (i = 0; i < facts->nr_cases; i++) {
		dax_owner_step();
		met += cases[i].next;
		cases[i].in_window = met;
	}
}

/* Check whether a region with a DAX region has a byte of @span that is not withheld. */
static bool span_met(const struct dax_owner_facts *facts, const struct dax_owner_span *span)
{
	size_t withheld = 0, region = 0;
	struct dax_owner_span rest = *span;

	if (find_meeting(facts, 0, HELD, span) != NONE)
		return true;

	for (;;) {
		withheld = find_meeting(facts, withheld, NO_DAX, &rest);
		if (withheld != NONE && facts->regions[withheld].span.start <= rest.start) {
			if (facts->regions[withheld].span.end >= rest.end)
				return false;
			rest.start = facts->regions[withheld].span.end + 1;
			continue;
		}
		region = find_meeting(facts, region, OPEN | SHUT, &rest);
		if (region == NONE)
			return false;
		if (withheld == NONE ||
		    facts->regions[region].span.start < facts->regions[withheld].span.start)
			return true;
		rest.start = facts->regions[withheld].span.start;
	}
}

static void prepare_cases(const struct dax_owner_facts *facts)
{
	size_t i;

	find_windows(facts);
	for (i = 0; i < facts->nr_cases; i++)
		facts->cases[i].met = span_met(facts, &facts->cases[i].span);
}

/* ---- ranges fall, and regions are relinquished ---- */

/* Return the first byte of the part of @one that contains @at. @at is not covered. */
static u64 part_start(const struct dax_owner_facts *facts, const struct dax_owner_case *one, u64 at)
{
	u64 end;

	if (!dax_owner_reach_before(facts->regions, facts->nr_regions, COVERS, at, &end) ||
	    end < one->span.start)
		return one->span.start;
	return end + 1;
}

/* Check whether dax_hmem may get a part of a range although dax_cxl gets another part. */
static bool may_stand(const struct dax_owner_facts *facts, const struct dax_owner_span *part)
{
	if (facts->policy != DAX_OWNER_POLICY_SPLIT)
		return false;
	return !facts->block_size || dax_owner_aligned_part(part, facts->block_size, NULL);
}

/* Check whether may_stand() is true for each part of @one that is not covered and meets @where. */
static bool parts_stand(const struct dax_owner_facts *facts, const struct dax_owner_case *one,
			const struct dax_owner_span *where)
{
	u64 at = where->start > one->span.start ? where->start : one->span.start;
	u64 stop = where->end < one->span.end ? where->end : one->span.end;
	size_t next = 0;

	for (;;) {
		struct dax_owner_span part = { at, one->span.end };

		next = find_meeting(facts, next, COVERS, &part);
		if (next != NONE && facts->regions[next].span.start <= at) {
			part.end = facts->regions[next].span.end;
		} else {
			if (next != NONE)
				part.end = facts->regions[next].span.start - 1;
			part.start = part_start(facts, one, at);
			if (!may_stand(facts, &part))
				return false;
		}
		if (part.end >= stop)
			return true;
		at = part.end + 1;
	}
}

/* Let @one fall if a part of it that meets @where requires this. Return true if it fell just now. */
static bool case_falls(const struct dax_owner_facts *facts, struct dax_owner_case *one,
		       const struct dax_owner_span *where)
{
	dax_owner_step();
	if (one->fallen || !one->met || parts_stand(facts, one, where))
		return false;
	one->fallen = true;
	return true;
}

/* Judge every case as a whole, in the first round. Return the head of the list of fallen cases. */
static size_t all_falling(const struct dax_owner_facts *facts)
{
	size_t i, fallen = NONE;

	for (i = 0; i < facts->nr_cases; i++)
		facts->cases[i].fallen = false;
	for (i = 0; i < facts->nr_cases; i++) {
		if (!case_falls(facts, &facts->cases[i], &facts->cases[i].span))
			continue;
		facts->cases[i].next = fallen;
		fallen = i;
	}
	return fallen;
}

/*
 * Judge the cases in a later round, only where the round before has relinquished regions. Return
 * the head of the list of cases that fell.
 */
static size_t falling_after(const struct dax_owner_facts *facts, size_t relinquished)
{
	size_t i, fallen = NONE;

	for (; relinquished != NONE; relinquished = facts->regions[relinquished].next) {
		const struct dax_owner_span *lost = &facts->regions[relinquished].span;

		for (i = case_at(facts, lost->start);
		     i < facts->nr_cases && facts->cases[i].span.start <= lost->end; i++) {
			if (!case_falls(facts, &facts->cases[i], lost))
				continue;
			facts->cases[i].next = fallen;
			fallen = i;
		}
	}
	return fallen;
}

/*
 * Relinquish the regions that meet a case of the list. Return the head of the list of these
 * regions. They stay in the index, because they still decode their bytes, which dax_hmem can have.
 */
static size_t relinquish_regions(const struct dax_owner_facts *facts, size_t fallen)
{
	size_t i, relinquished = NONE;

	for (; fallen != NONE; fallen = facts->cases[fallen].next) {
		const struct dax_owner_span *span = &facts->cases[fallen].span;

		for (i = find_meeting(facts, 0, OPEN, span); i != NONE;
		     i = find_meeting(facts, i, OPEN, span)) {
			struct dax_owner_region *region = &facts->regions[i];

			region->relinquished = true;
			region->kind = DAX_OWNER_KIND_SHUT;
			dax_owner_reach_update(facts->regions, facts->nr_regions, i);
			region->next = relinquished;
			relinquished = i;
		}
	}
	return relinquished;
}

/**
 * dax_owner_prepare() - compute the facts that depend on all ranges and regions together
 * @facts: the evidence; the fields that &struct dax_owner_facts, &struct dax_owner_case and
 *	&struct dax_owner_region call computed or private are written
 *
 * The caller must call this again when any fact has changed. Each round judges all cases by the
 * same state, so the outcome does not depend on their order.
 *
 * O((windows + cases + regions) log (cases + regions)) if regions do not overlap. A region that
 * is relinquished costs a search for each case, and for each uncovered part, that it meets.
 *
 * Return: 0; -EINVAL if the regions are not in order, if the cases are not in order, overlap or
 * are empty, or if the block size is no power of two. Then no case can be decided.
 */
int dax_owner_prepare(struct dax_owner_facts *facts)
{
	size_t fallen;

	facts->prepared = false;
	if (!regions_in_order(facts) || !cases_in_order(facts) ||
	    (facts->block_size & (facts->block_size - 1)))
		return -EINVAL;

	prepare_regions(facts);
	prepare_cases(facts);
	for (fallen = all_falling(facts); fallen != NONE;)
		fallen = falling_after(facts, relinquish_regions(facts, fallen));
	facts->prepared = true;
	return 0;
}
