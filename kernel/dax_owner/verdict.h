/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: who owns a Soft Reserved range, and why, as a pure function.
 *
 * Compiled into dax_owner.ko and, unchanged, into the tests and the daemon.
 * Nothing here allocates, sleeps, logs or asks the system anything: the caller
 * gathers facts, calls, and applies the verdicts. It must not know what a
 * device, a resource or a driver is.
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
#endif

/**
 * struct dax_owner_span - a piece of the physical address space
 * @start: first byte
 * @end: last byte, inclusive; U64_MAX is a valid last byte
 *
 * A span whose @start is past its @end is empty: as a window or a region it
 * meets nothing and covers nothing, as a range it is refused.
 */
struct dax_owner_span {
	u64 start;
	u64 end;
};

/**
 * enum dax_owner_owner - the driver an extent belongs to
 * @DAX_OWNER_NONE: nobody yet, the initial pass has not decided
 * @DAX_OWNER_CXL: dax_cxl, through a CXL region
 * @DAX_OWNER_HMEM: dax_hmem, through the bare address range
 */
enum dax_owner_owner {
	DAX_OWNER_NONE,
	DAX_OWNER_CXL,
	DAX_OWNER_HMEM,
};

/**
 * enum dax_owner_reason - why an extent has the owner it has
 * @DAX_OWNER_REASON_OUTSIDE_WINDOW: the range meets no CXL window
 * @DAX_OWNER_REASON_AWAITING_CXL: the initial pass is not over
 * @DAX_OWNER_REASON_REGION_COVERS: a CXL region covers the extent
 * @DAX_OWNER_REASON_REGION_PARTIAL: regions meet the range and CXL does not get this part of it
 * @DAX_OWNER_REASON_NO_REGION: no region meets the range
 * @DAX_OWNER_REASON_CLAIM_FAILED: the owner's claim failed, or its device has no driver;
 *	recorded by the caller, never the outcome of dax_owner_decide()
 * @DAX_OWNER_REASON_REGION_NOT_DAX: a committed region that dax_cxl cannot have decodes it
 */
enum dax_owner_reason {
	DAX_OWNER_REASON_OUTSIDE_WINDOW,
	DAX_OWNER_REASON_AWAITING_CXL,
	DAX_OWNER_REASON_REGION_COVERS,
	DAX_OWNER_REASON_REGION_PARTIAL,
	DAX_OWNER_REASON_NO_REGION,
	DAX_OWNER_REASON_CLAIM_FAILED,
	DAX_OWNER_REASON_REGION_NOT_DAX,
};

/**
 * enum dax_owner_policy - what becomes of a range that regions cover in part
 * @DAX_OWNER_POLICY_WHOLE: dax_hmem gets all of it
 * @DAX_OWNER_POLICY_SPLIT: dax_cxl gets the covered part, dax_hmem the rest
 */
enum dax_owner_policy {
	DAX_OWNER_POLICY_WHOLE,
	DAX_OWNER_POLICY_SPLIT,
};

/**
 * enum dax_owner_pass - how far the evidence about CXL goes
 * @DAX_OWNER_PASS_PENDING: CXL's first enumeration has not ended, regions may still appear
 * @DAX_OWNER_PASS_OVER: enumeration ended, the regions given are all there are
 * @DAX_OWNER_PASS_DEADLINE: enumeration did not end in time, decide on the evidence so far
 */
enum dax_owner_pass {
	DAX_OWNER_PASS_PENDING,
	DAX_OWNER_PASS_OVER,
	DAX_OWNER_PASS_DEADLINE,
};

/**
 * struct dax_owner_region - a committed CXL region
 * @span: the addresses it decodes
 * @held: dax_cxl holds a claim on it already. First come, first served: what CXL holds it
 *	keeps, whatever the policy, the pass and the windows say.
 * @blocked: dax_hmem holds some of its addresses, so that dax_cxl cannot claim it; means
 *	nothing when @held is set
 * @relinquished: CXL may not have it; computed by dax_owner_relinquish(), means nothing
 *	when @held is set
 * @no_dax: dax_cxl cannot have it (pmem, accelerator, no DAX region): its bytes go to no driver
 */
struct dax_owner_region {
	struct dax_owner_span span;
	bool held;
	bool blocked;
	bool relinquished;
	bool no_dax;
};

/**
 * struct dax_owner_facts - the evidence a decision rests on
 * @windows: the CXL windows of the CEDT, in any order, overlaps allowed
 * @nr_windows: how many
 * @regions: the committed regions, ascending by dax_owner_region_cmp(), overlaps allowed
 * @nr_regions: how many
 * @policy: what becomes of a range that regions cover in part
 * @pass: how far the evidence goes
 * @block_size: bytes of a memory block, a power of two; 0: not known, no block rule applies
 *
 * A pointer may be NULL when its count is 0.
 */
struct dax_owner_facts {
	const struct dax_owner_span *windows;
	size_t nr_windows;
	const struct dax_owner_region *regions;
	size_t nr_regions;
	enum dax_owner_policy policy;
	enum dax_owner_pass pass;
	u64 block_size;
};

/* The initial pass ended at its deadline: decided on the evidence so far */
#define DAX_OWNER_FLAG_DEADLINE 0x1u

/* Policy split acts as whole: a part that no region covers has no whole memory block */
#define DAX_OWNER_FLAG_UNSPLIT 0x2u

/* struct dax_owner_verdict.region of an extent that is not CXL's */
#define DAX_OWNER_NO_INDEX SIZE_MAX

/**
 * struct dax_owner_verdict - an extent, its owner and the reason
 * @span: the extent
 * @owner: who gets it
 * @reason: why
 * @flags: DAX_OWNER_FLAG_DEADLINE or 0
 * @region: index in &dax_owner_facts.regions of the region that covers the extent,
 *	DAX_OWNER_NO_INDEX when the owner is not dax_cxl
 */
struct dax_owner_verdict {
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	unsigned int flags;
	size_t region;
};

/**
 * DAX_OWNER_MAX_VERDICTS - room that dax_owner_decide() can never exceed
 * @nr_regions: the number of regions among the facts
 */
#define DAX_OWNER_MAX_VERDICTS(nr_regions) (2 * (size_t)(nr_regions) + 1)

/**
 * dax_owner_span_meets() - have two spans a byte in common?
 * @a: a span
 * @b: another
 *
 * Return: true if they have; an empty span meets nothing.
 */
static inline bool dax_owner_span_meets(const struct dax_owner_span *a,
					const struct dax_owner_span *b)
{
	return a->start <= a->end && b->start <= b->end &&
	       a->start <= b->end && b->start <= a->end;
}

const char *dax_owner_owner_name(enum dax_owner_owner owner);
const char *dax_owner_reason_name(enum dax_owner_reason reason);
const char *dax_owner_policy_name(enum dax_owner_policy policy);
int dax_owner_policy_parse(const char *text, enum dax_owner_policy *policy);

int dax_owner_region_cmp(const void *a, const void *b);

void dax_owner_relinquish(const struct dax_owner_span *ranges, size_t nr_ranges,
			  struct dax_owner_region *regions, size_t nr_regions,
			  enum dax_owner_policy policy);

ssize_t dax_owner_decide(const struct dax_owner_span *range,
			 const struct dax_owner_facts *facts,
			 struct dax_owner_verdict *out, size_t max);

#endif /* DAX_OWNER_VERDICT_H */
