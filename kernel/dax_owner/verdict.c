// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules, second part: who owns a Soft Reserved range, and why.
 *
 * The first layer that has a byte decides the byte:
 *
 *	held		regions that dax_cxl holds	dax_cxl		region-covers
 *	withheld	regions it cannot have		no driver	region-not-dax
 *	open		regions it can claim		dax_cxl		region-covers
 *
 * and the first line that applies to the range decides the bytes that no layer
 * has, and which layers there are:
 *
 *	line				layers			the rest
 *	range meets no window		held, withheld		dax_hmem, outside-window
 *	pass pending			held			no driver, awaiting-cxl
 *	no region meets it		all			dax_hmem, no-region
 *	a region meets it		all			dax_hmem, region-partial
 *
 * prepare.c has taken the regions of a range that falls out of the open layer,
 * so the last line needs no policy: a range is all open, or what is not open
 * may stand by itself, or nothing is open.
 *
 * Spans are inclusive: "one past the end" is computed only where it is known
 * that the end is not the last byte of the address space.
 */
#include "reach.h"
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
	case DAX_OWNER_REASON_REGION_NOT_DAX:
		return "region-not-dax";
	case DAX_OWNER_REASON_CLAIM_FAILED:
		return "claim-failed";
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

/**
 * dax_owner_flags_text() - return the names of flags, as in sysfs, journal and JSON
 * @flags: DAX_OWNER_FLAG_DEADLINE, DAX_OWNER_FLAG_UNSPLIT, both or 0
 *
 * Return: a constant string: names separated by one blank, "" for no flag.
 */
const char *dax_owner_flags_text(unsigned int flags)
{
	switch (flags & (DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT)) {
	case DAX_OWNER_FLAG_DEADLINE:
		return "deadline";
	case DAX_OWNER_FLAG_UNSPLIT:
		return "unsplit";
	case DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT:
		return "deadline unsplit";
	}
	return "";
}

/**
 * dax_owner_flags_parse() - find the flags that a text names
 * @text: as from dax_owner_flags_text(), with or without a newline at the end
 * @flags: where to put them; untouched on error
 *
 * Return: 0, or -EINVAL when @text is no such text.
 */
int dax_owner_flags_parse(const char *text, unsigned int *flags)
{
	const unsigned int all = DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT;
	unsigned int some;

	for (some = 0; text && some <= all; some++) {
		if (!text_is(text, dax_owner_flags_text(some)))
			continue;
		*flags = some;
		return 0;
	}
	return -EINVAL;
}

/* One of the layers that give bytes of a range away */
struct layer {
	unsigned int kinds;	/* 0: the layer is not there */
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	size_t at;		/* the first region of it that reaches the byte in question */
};

enum { HELD, WITHHELD, OPEN, NR_LAYERS };

/* One walk over a range: the layers, and whose the rest is */
struct walk {
	struct layer layers[NR_LAYERS];
	enum dax_owner_owner rest_owner;
	enum dax_owner_reason rest_reason;
	unsigned int flags;
};

static struct walk choose_walk(const struct dax_owner_case *one,
			       const struct dax_owner_facts *facts)
{
	struct walk walk = {
		.layers = {
			[HELD] = { DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_HELD),
				   DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, 0 },
			[WITHHELD] = { DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_NO_DAX),
				       DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, 0 },
			[OPEN] = { DAX_OWNER_KIND_BIT(DAX_OWNER_KIND_OPEN),
				   DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS, 0 },
		},
		.rest_owner = DAX_OWNER_HMEM,
		.rest_reason = DAX_OWNER_REASON_OUTSIDE_WINDOW,
	};

	if (!one->in_window) {
		walk.layers[OPEN].kinds = 0;
		return walk;
	}

	if (facts->pass == DAX_OWNER_PASS_PENDING) {
		walk.layers[WITHHELD].kinds = 0;
		walk.layers[OPEN].kinds = 0;
		walk.rest_owner = DAX_OWNER_NONE;
		walk.rest_reason = DAX_OWNER_REASON_AWAITING_CXL;
		return walk;
	}

	if (facts->pass == DAX_OWNER_PASS_DEADLINE)
		walk.flags |= DAX_OWNER_FLAG_DEADLINE;

	if (!one->met) {
		walk.rest_reason = DAX_OWNER_REASON_NO_REGION;
		return walk;
	}

	walk.rest_reason = DAX_OWNER_REASON_REGION_PARTIAL;
	if (facts->policy == DAX_OWNER_POLICY_SPLIT && one->fallen)
		walk.flags |= DAX_OWNER_FLAG_UNSPLIT;
	return walk;
}

/* The extent at the start of @rest, as long as it can be */
static struct dax_owner_verdict next_verdict(struct walk *walk, const struct dax_owner_facts *facts,
					     const struct dax_owner_span *rest)
{
	struct dax_owner_verdict v = {
		.span = *rest,
		.owner = walk->rest_owner,
		.reason = walk->rest_reason,
		.flags = walk->flags,
		.region = DAX_OWNER_NO_INDEX,
	};
	size_t i;

	for (i = 0; i < NR_LAYERS; i++) {
		struct layer *layer = &walk->layers[i];
		const struct dax_owner_span *span;

		dax_owner_step();
		layer->at = dax_owner_reach_find(facts->regions, facts->nr_regions, layer->at,
						 layer->kinds, rest->start);
		if (layer->at == DAX_OWNER_NO_INDEX)
			continue;
		span = &facts->regions[layer->at].span;
		if (span->start > v.span.end)
			continue;
		if (span->start > rest->start) {
			v.span.end = span->start - 1;
			continue;
		}
		if (span->end < v.span.end)
			v.span.end = span->end;
		v.owner = layer->owner;
		v.reason = layer->reason;
		v.region = layer->at;
		break;
	}
	return v;
}

/**
 * dax_owner_decide() - decide one Soft Reserved range
 * @one: one of &dax_owner_facts.cases
 * @facts: the evidence, after dax_owner_prepare()
 * @out: where the verdicts go: ascending, without gap or overlap, together exactly the range
 * @max: room in @out; DAX_OWNER_MAX_VERDICTS() is always enough
 *
 * Regions of a layer whose bytes overlap: at each point the first in order that reaches it has
 * the extent, up to its end. One extent comes from one region. O((verdicts + 1) log regions).
 *
 * Return: the number of verdicts, at least 1; -EINVAL when @facts are not prepared; -ENOSPC when
 * @max is too small, with @out filled that far.
 */
ssize_t dax_owner_decide(const struct dax_owner_case *one, const struct dax_owner_facts *facts,
			 struct dax_owner_verdict *out, size_t max)
{
	struct dax_owner_span rest = one->span;
	struct walk walk;
	size_t nr;

	if (!facts->prepared)
		return -EINVAL;

	walk = choose_walk(one, facts);
	for (nr = 0; nr < max; nr++) {
		out[nr] = next_verdict(&walk, facts, &rest);
		if (out[nr].span.end >= rest.end)
			return (ssize_t)nr + 1;
		rest.start = out[nr].span.end + 1;
	}
	return -ENOSPC;
}
