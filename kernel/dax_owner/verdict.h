/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: the owner of each byte of a Soft Reserved range, and the reason, as a pure function.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon. It does
 * not allocate, sleep, log or read from the system: the caller collects facts and applies the
 * verdicts. It must not know devices, resources or drivers.
 *
 * A caller fills in &struct dax_owner_facts, calls dax_owner_prepare() once, and then calls
 * dax_owner_decide() for each range. Whether dax_cxl can have a region depends on every range
 * that the region meets. So all ranges belong to the facts, too.
 */
#ifndef DAX_OWNER_VERDICT_H
#define DAX_OWNER_VERDICT_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef uint64_t u64;
#define U64_MAX UINT64_MAX
#endif

/**
 * struct dax_owner_span - a piece of the physical address space
 * @start: first byte
 * @end: last byte, inclusive; U64_MAX is a valid last byte
 *
 * A span whose @start is past its @end is empty. As a window or a region it meets nothing and
 * covers nothing. dax_owner_prepare() refuses it as a range.
 */
struct dax_owner_span {
	u64 start;
	u64 end;
};

/**
 * enum dax_owner_owner - the driver that an extent belongs to
 * @DAX_OWNER_NONE: no driver: the initial pass has not decided, or the extent is withheld
 * @DAX_OWNER_CXL: dax_cxl, through a CXL region
 * @DAX_OWNER_HMEM: dax_hmem, through the bare address range
 */
enum dax_owner_owner {
	DAX_OWNER_NONE,
	DAX_OWNER_CXL,
	DAX_OWNER_HMEM,
};

/**
 * enum dax_owner_reason - why an extent has its owner
 * @DAX_OWNER_REASON_OUTSIDE_WINDOW: the range meets no CXL window
 * @DAX_OWNER_REASON_AWAITING_CXL: the initial pass is not over
 * @DAX_OWNER_REASON_REGION_COVERS: a CXL region covers the extent
 * @DAX_OWNER_REASON_REGION_PARTIAL: regions meet the range and CXL does not get this part of it
 * @DAX_OWNER_REASON_NO_REGION: no region meets the range
 * @DAX_OWNER_REASON_REGION_NOT_DAX: a region that dax_cxl cannot have decodes the extent, so no
 *	DAX driver may have it
 * @DAX_OWNER_REASON_CLAIM_FAILED: the owner's claim failed, or its device has no driver;
 *	recorded by the caller, never set by dax_owner_decide(). The last value.
 */
enum dax_owner_reason {
	DAX_OWNER_REASON_OUTSIDE_WINDOW,
	DAX_OWNER_REASON_AWAITING_CXL,
	DAX_OWNER_REASON_REGION_COVERS,
	DAX_OWNER_REASON_REGION_PARTIAL,
	DAX_OWNER_REASON_NO_REGION,
	DAX_OWNER_REASON_REGION_NOT_DAX,
	DAX_OWNER_REASON_CLAIM_FAILED,
};

/**
 * enum dax_owner_policy - the treatment of a range that regions cover in part
 * @DAX_OWNER_POLICY_WHOLE: dax_hmem gets all of it
 * @DAX_OWNER_POLICY_SPLIT: dax_cxl gets the covered part and dax_hmem the rest; if a part of the
 *	rest has no whole memory block, as DAX_OWNER_POLICY_WHOLE, see DAX_OWNER_FLAG_UNSPLIT
 */
enum dax_owner_policy {
	DAX_OWNER_POLICY_WHOLE,
	DAX_OWNER_POLICY_SPLIT,
};

/**
 * enum dax_owner_pass - how far the evidence about CXL goes
 * @DAX_OWNER_PASS_PENDING: CXL's first enumeration has not ended, regions may still appear
 * @DAX_OWNER_PASS_OVER: enumeration ended, the facts contain all regions
 * @DAX_OWNER_PASS_DEADLINE: enumeration did not end in time, the evidence may be incomplete
 */
enum dax_owner_pass {
	DAX_OWNER_PASS_PENDING,
	DAX_OWNER_PASS_OVER,
	DAX_OWNER_PASS_DEADLINE,
};

/**
 * enum dax_owner_kind - the kind of a region by the rules, computed by dax_owner_prepare()
 * @DAX_OWNER_KIND_HELD: dax_cxl holds it
 * @DAX_OWNER_KIND_NO_DAX: no DAX driver may have its bytes
 * @DAX_OWNER_KIND_OPEN: dax_cxl can claim it
 * @DAX_OWNER_KIND_SHUT: dax_cxl cannot claim it, dax_hmem can have its bytes
 * @DAX_OWNER_NR_KINDS: the number of kinds; also the kind of an empty region
 */
enum dax_owner_kind {
	DAX_OWNER_KIND_HELD,
	DAX_OWNER_KIND_NO_DAX,
	DAX_OWNER_KIND_OPEN,
	DAX_OWNER_KIND_SHUT,
	DAX_OWNER_NR_KINDS,
};

/**
 * struct dax_owner_region - a committed CXL region
 * @span: the addresses it decodes; a region of size zero is an empty span, see
 *	dax_owner_span_sized(), and is no evidence
 * @held: dax_cxl has a claim on it. dax_cxl keeps its claims, whatever the policy, the pass and
 *	the windows are.
 * @no_dax: dax_cxl cannot have it, now or later: persistent memory, an accelerator's region,
 *	or a region without DAX region. Its bytes go to no driver. Ignored if @held is set.
 * @blocked: dax_hmem has a claim on some of its addresses, so dax_cxl cannot claim it; ignored
 *	if @held or @no_dax is set
 * @relinquished: dax_cxl must not claim it, because a range that it meets is not for dax_cxl or
 *	because it shares a byte with a @no_dax region; computed by dax_owner_prepare()
 * @kind: private, computed by dax_owner_prepare()
 * @kinds: private, the kinds below this node of the index, see reach.h
 * @reach: private, by kind: the last byte that any region below this node reaches
 * @next: private, index of the next region in a list
 *
 * A caller sets the first four and leaves the others zero.
 */
struct dax_owner_region {
	struct dax_owner_span span;
	bool held;
	bool no_dax;
	bool blocked;
	bool relinquished;

	unsigned char kind;
	unsigned char kinds;
	u64 reach[DAX_OWNER_NR_KINDS];
	size_t next;
};

/**
 * struct dax_owner_case - a Soft Reserved range to decide
 * @span: the range, not empty
 * @in_window: it meets a CXL window; computed by dax_owner_prepare()
 * @met: a DAX region has bytes of it that are not withheld; computed by dax_owner_prepare()
 * @fallen: dax_cxl gets no byte of it that dax_cxl has not claimed; computed by dax_owner_prepare()
 * @next: private, index of the next case in a list
 *
 * A caller sets @span and leaves the others zero.
 */
struct dax_owner_case {
	struct dax_owner_span span;
	bool in_window;
	bool met;
	bool fallen;
	size_t next;
};

/**
 * struct dax_owner_facts - the evidence for a decision
 * @windows: the CXL windows of the CEDT, in any order, overlaps allowed
 * @nr_windows: number of elements in @windows
 * @regions: the committed regions of every kind, ascending by dax_owner_region_cmp(), overlaps
 *	allowed
 * @nr_regions: number of elements in @regions
 * @cases: all Soft Reserved ranges, ascending, without overlap
 * @nr_cases: number of elements in @cases
 * @block_size: bytes of a memory block, a power of two; 0: unknown, no rule about blocks applies
 * @policy: the treatment of a range that regions cover in part
 * @pass: how far the evidence about CXL goes
 * @prepared: private, set by dax_owner_prepare()
 *
 * The caller owns all arrays. A pointer may be NULL if its count is 0.
 */
struct dax_owner_facts {
	const struct dax_owner_span *windows;
	size_t nr_windows;
	struct dax_owner_region *regions;
	size_t nr_regions;
	struct dax_owner_case *cases;
	size_t nr_cases;
	u64 block_size;
	enum dax_owner_policy policy;
	enum dax_owner_pass pass;
	bool prepared;
};

/* The initial pass ended at its deadline, so the evidence may have been incomplete */
#define DAX_OWNER_FLAG_DEADLINE 0x1u

/*
 * The policy is split, but the range was decided as with policy whole, because a part of it that
 * dax_cxl would not get has no whole memory block
 */
#define DAX_OWNER_FLAG_UNSPLIT 0x2u

/* struct dax_owner_verdict.region of an extent that comes from no region */
#define DAX_OWNER_NO_INDEX SIZE_MAX

/**
 * struct dax_owner_verdict - an extent, its owner and the reason
 * @span: the extent
 * @owner: the driver that gets the extent
 * @reason: why it does
 * @flags: DAX_OWNER_FLAG_DEADLINE, DAX_OWNER_FLAG_UNSPLIT, both or 0
 * @region: index in &dax_owner_facts.regions of the region the extent comes from, when @reason
 *	is DAX_OWNER_REASON_REGION_COVERS or DAX_OWNER_REASON_REGION_NOT_DAX; else
 *	DAX_OWNER_NO_INDEX
 */
struct dax_owner_verdict {
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	unsigned int flags;
	size_t region;
};

/**
 * DAX_OWNER_MAX_VERDICTS - the largest number of verdicts that dax_owner_decide() can return
 * @nr_regions: the number of regions among the facts
 */
#define DAX_OWNER_MAX_VERDICTS(nr_regions) (2 * (size_t)(nr_regions) + 1)

/**
 * dax_owner_span_meets() - check whether two spans have a byte in common
 * @a: a span
 * @b: another span
 *
 * Return: true if they have; an empty span meets no span.
 */
static inline bool dax_owner_span_meets(const struct dax_owner_span *a,
					const struct dax_owner_span *b)
{
	return a->start <= a->end && b->start <= b->end && a->start <= b->end && b->start <= a->end;
}

/**
 * dax_owner_span_sized() - make a span from a first byte and a size
 * @start: first byte
 * @size: bytes; the last byte must not lie past U64_MAX
 *
 * Return: the span; an empty span if @size is 0, also if @start is 0.
 */
static inline struct dax_owner_span dax_owner_span_sized(u64 start, u64 size)
{
	if (!size)
		return (struct dax_owner_span) { 1, 0 };
	return (struct dax_owner_span) { start, start + (size - 1) };
}

const char *dax_owner_owner_name(enum dax_owner_owner owner);
const char *dax_owner_reason_name(enum dax_owner_reason reason);
const char *dax_owner_policy_name(enum dax_owner_policy policy);
int dax_owner_policy_parse(const char *text, enum dax_owner_policy *policy);

const char *dax_owner_flags_text(unsigned int flags);
int dax_owner_flags_parse(const char *text, unsigned int *flags);

int dax_owner_region_cmp(const void *a, const void *b);

int dax_owner_prepare(struct dax_owner_facts *facts);

ssize_t dax_owner_decide(const struct dax_owner_case *one, const struct dax_owner_facts *facts,
			 struct dax_owner_verdict *out, size_t max);

#endif /* DAX_OWNER_VERDICT_H */
