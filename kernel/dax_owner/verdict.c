// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules, second part: the owner of each byte of a Soft Reserved range, and the reason.
 *
 * The first layer that contains a byte decides the byte:
 *
 *	held		regions that dax_cxl holds	dax_cxl		region-covers
 *	withheld	regions it cannot have		no driver	region-not-dax
 *	open		regions it can claim		dax_cxl		region-covers
 *
 * The first line below that applies to the range decides the bytes that no layer contains, and
 * gives the layers that count:
 *
 *	line				layers			the rest
 *	range meets no window		held, withheld		dax_hmem, outside-window
 *	pass pending			held			no driver, awaiting-cxl
 *	no region meets it		all			dax_hmem, no-region
 *	a region meets it		all			dax_hmem, region-partial
 *
 * If a range falls, prepare.c has removed its regions from the open layer. So the last line does
 * not depend on the policy. One of three is true: the open layer covers the whole range; or the
 * parts that it does not cover may go to dax_hmem by themselves; or it covers nothing.
 *
 * Spans are inclusive. The code computes "one past the end" only where the end cannot be the
 * last byte of the address space.
 */
#include "reach.h"
#include "verdict.h"

/**
 * dax_owner_owner_name() - return the name of an owner, as in sysfs, journal and JSON
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
 * dax_owner_reason_name() - return the name of a reason, as in sysfs, journal and JSON
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
 * dax_owner_policy_name() - return the name of a policy
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

/* Compare, and allow one newline at the end of @text, because `echo` writes one to sysfs. */
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
 * dax_owner_policy_parse() - find the policy that a text names
 * @text: "whole" or "split", with or without a newline at the end; may be NULL
 * @policy: set to the policy; untouched on error
 *
 * Return: 0; -EINVAL if @text names no policy.
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
 * dax_owner_region_cmp() - compare two regions by start, then by end
 * @a: a &struct dax_owner_region
 * @b: another one
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
 * @text: a text of dax_owner_flags_text(), with or without a newline at the end; may be NULL
 * @flags: set to the flags; untouched on error
 *
 * Return: 0; -EINVAL if @text is no such text.
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

/* A layer: the regions of some kinds, and the owner and reason of the bytes that they contain */
struct layer {
	unsigned int kinds; /* 0: the layer does not count */
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	size_t at; /* its first region that reaches the byte to decide */
};

enum { HELD, WITHHELD, OPEN, NR_LAYERS };

/* One walk over a range: the layers, and the owner and reason of the rest */
struct walk {
	struct layer layers[NR_LAYERS];
	enum dax_owner_owner rest_owner;
	enum dax_owner_reason rest_reason;
	unsigned int flags;
};

static struct walk choose_walk(const struct dax_owner_case *one, const struct dax_owner_facts *facts)
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

/* Return the verdict at the start of @rest, with a span as long as possible. */
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
 * @out: array for the verdicts: ascending, without gap or overlap, together exactly the range
 * @max: number of elements in @out; DAX_OWNER_MAX_VERDICTS() is always enough
 *
 * If regions of a layer overlap, the first one in order that contains a byte gets the extent, up
 * to the end of the region. One extent comes from one region. O((verdicts + 1) log regions).
 *
 * Return: the number of verdicts, at least 1; -EINVAL if @facts are not prepared; -ENOSPC if @max
 * is too small, and @out has the first @max verdicts then.
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
