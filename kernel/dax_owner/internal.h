/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the files of dax_owner.ko and by nobody else.
 *
 *	main.c		parameters, order of initialisation
 *	firmware.c	the facts from firmware's tables: windows, edges, ranges
 *	cedt.c, srat.c	the tables of ACPI it reads (pure), on table.c
 *	edges.c		lists of spans in order, edges of spans (pure)
 *	region_facts.c	the facts about one CXL region
 *	regions.c	the evidence of all CXL regions
 *	enumeration.c	is CXL's first enumeration over?
 *	host.c		the host, and requests to decide a range again
 *	pass.c		the initial pass
 *	verdict.c	the rules: one range (pure)
 *	prepare.c	the rules: all ranges and regions together (pure)
 *	reach.c		an index of regions (pure)
 *	cut.c		spans cut at edges, pages and memory blocks (pure)
 *	record.c	the record of an extent and its events (pure)
 *	spantree.c	a tree of spans
 *	arbitrate.c	facts to verdicts, for all ranges in one pass or for one again
 *	ledger.c	the extents and their records
 *	extent.c	an extent as an object
 *	overdue.c	which extents have waited too long for a driver
 *	class.c		the ledger as seen from userspace
 *	claims.c	the claim tree
 *	dax_bus.c	the DAX devices of claims
 *	iomem.c		"Soft Reserved" in /proc/iomem, reservable pieces
 */
#ifndef DAX_OWNER_INTERNAL_H
#define DAX_OWNER_INTERNAL_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "dax_owner.h"
#include "record.h"
#include "spantree.h"

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/* Every extent handed to a driver is a multiple of this, see alloc_dax_region() */
#define DAX_OWNER_ALIGN SZ_2M

/*
 * The one lock: ledger, claim tree, published iomem entries, pass. Taken
 * inside device locks, never around one of a DAX, CXL or hmem device.
 */
extern struct mutex dax_owner_lock;

/* For work that outlives its caller; never flushed, the module stays loaded */
extern struct workqueue_struct *dax_owner_wq;

/* Module parameters, fixed after load */
extern enum dax_owner_policy dax_owner_policy;
extern unsigned int dax_owner_deadline_s;

/* --- firmware.c --- */

/**
 * struct dax_owner_range - what firmware said, never changed after load
 * @span: a Soft Reserved range within one hmem target, cut to DAX_OWNER_ALIGN
 */
struct dax_owner_range {
	struct dax_owner_span span;
};

/* Ascending and disjoint */
extern struct dax_owner_range *dax_owner_ranges;
extern size_t dax_owner_nr_ranges;

/* Ascending, without repeats; they may overlap */
extern struct dax_owner_span *dax_owner_windows;
extern size_t dax_owner_nr_windows;

/*
 * Where a DAX device must be cut: the borders of all CXL windows, and those of SRAT's memory at
 * which the NUMA node changes. Ascending, without repeats. An edge is the first byte above it.
 */
extern u64 *dax_owner_edges;
extern size_t dax_owner_nr_edges;

int dax_owner_firmware_init(void);
void dax_owner_firmware_free(void);
bool dax_owner_hmem_present(void);
int dax_owner_target_node(u64 start);

/* --- regions.c, enumeration.c: not built without dax_cxl --- */

/* Modules cannot reach the CXL core's device types, but these have names. */
static inline bool dax_owner_is_type(const struct device *dev, const char *name)
{
	return dev->type && dev->type->name && !strcmp(dev->type->name, name);
}

#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr);
int dax_owner_regions_bar(const struct device *own, const struct dax_owner_span *span,
			  struct dax_owner_span *barred);
void dax_owner_regions_attach(void);
int dax_owner_regions_init(void);
void dax_owner_regions_exit(void);

int dax_owner_enumeration_init(void);
void dax_owner_enumeration_exit(void);
void dax_owner_enumeration_wake(void);
enum dax_owner_pass dax_owner_await_cxl(bool (*give_up)(void));
void dax_owner_coldplug_over(void);
#else
static inline int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr)
{
	*regions = NULL;
	*nr = 0;
	return 0;
}

static inline int dax_owner_regions_bar(const struct device *own,
					const struct dax_owner_span *span,
					struct dax_owner_span *barred)
{
	return 0;
}

static inline void dax_owner_regions_attach(void) { }
static inline int dax_owner_regions_init(void) { return 0; }
static inline void dax_owner_regions_exit(void) { }
static inline int dax_owner_enumeration_init(void) { return 0; }
static inline void dax_owner_enumeration_exit(void) { }
static inline void dax_owner_enumeration_wake(void) { }

static inline enum dax_owner_pass dax_owner_await_cxl(bool (*give_up)(void))
{
	return DAX_OWNER_PASS_OVER;
}

static inline void dax_owner_coldplug_over(void) { }
#endif

/* --- iomem.c --- */

void dax_owner_iomem_init(void);
void dax_owner_iomem_show(const struct dax_owner_span *span);
void dax_owner_iomem_hide(const struct dax_owner_span *span);
void dax_owner_iomem_release(const struct dax_owner_span *span);
u64 dax_owner_iomem_reservable(const struct dax_owner_span *span);
u64 dax_owner_iomem_blocked(const struct dax_owner_span *span);

/* --- ledger.c --- */

/**
 * struct dax_owner_extent - a piece of a range with one owner
 * @dev: the class device "extentN", N never used twice in a boot; its release frees the extent
 * @published: @dev was added, userspace sees it
 * @node: in the ledger, with the addresses, which are fixed for the life of the extent
 * @barred: in the tree of the released or of the withheld ones, while it is one
 * @lock: protects @record, for readers that cannot take dax_owner_lock
 * @record: written under both locks
 * @dax: the DAX device that the symlink "device" leads to, pinned; NULL without one
 * @linked: the symlink exists
 * @unshown: in the list of those that are published when a batch ends
 * @queued: in the queue of overdue.c, while a driver has to come for it
 * @due: when it is overdue, in jiffies; means nothing while not in the queue
 * @tried: since its last verdict a driver has had it or has refused it
 *
 * Protected by dax_owner_lock; @record has its own lock as well.
 */
struct dax_owner_extent {
	struct device dev;
	bool published;
	struct dax_owner_spannode node;
	struct dax_owner_spannode barred;
	spinlock_t lock;
	struct dax_owner_record record;
	struct device *dax;
	bool linked;
	struct list_head unshown;
	struct list_head queued;
	u64 due;
	bool tried;
};

#define to_extent(d) container_of(d, struct dax_owner_extent, dev)

extern bool dax_owner_ledger_made;

/* Bytes of a memory block, a power of two; 0: not known. Set before the ledger is made. */
extern u64 dax_owner_block_size;

void dax_owner_ledger_set(const struct dax_owner_span *span, enum dax_owner_event event,
			  const struct dax_owner_args *args);
void dax_owner_ledger_edit(const struct dax_owner_span *span, enum dax_owner_event event,
			   const struct dax_owner_args *args);
void dax_owner_ledger_device(const struct dax_owner_span *span, enum dax_owner_event event,
			     const struct dax_owner_args *args, struct device *dax);
bool dax_owner_settled(void);
u64 dax_owner_stranded_bytes(void);
bool dax_owner_ledger_released(const struct dax_owner_span *span, struct dax_owner_span *found);
bool dax_owner_ledger_withheld(const struct dax_owner_span *span, struct dax_owner_span *found);
bool dax_owner_ledger_untried(const struct dax_owner_span *span);
bool dax_owner_ledger_decided(const struct dax_owner_span *span, enum dax_owner_owner owner,
			      enum dax_owner_reason verdict);
bool dax_owner_ledger_pass_over(void);
bool dax_owner_ledger_end_pass(void);
void dax_owner_ledger_refresh(void);
void dax_owner_ledger_batch_begin(void);
void dax_owner_ledger_batch_end(void);

/* --- extent.c --- */

struct dax_owner_extent *dax_owner_extent_alloc(const struct dax_owner_span *span,
						const struct dax_owner_extent *from);
void dax_owner_extent_put(struct dax_owner_extent *extent);
void dax_owner_extent_relink(struct dax_owner_extent *extent, struct device *dax);
void dax_owner_extent_publish(struct dax_owner_extent *extent);
void dax_owner_extent_unpublish(struct dax_owner_extent *extent);
void dax_owner_extent_snapshot(struct dax_owner_extent *extent,
			       struct dax_owner_record *record);

/* --- overdue.c --- */

void dax_owner_overdue_set(struct dax_owner_extent *extent, bool wait);
void dax_owner_overdue_inherit(struct dax_owner_extent *extent, struct dax_owner_extent *from);
void dax_owner_busy_begin(void);
void dax_owner_busy_end(void);

/* --- class.c --- */

extern const struct class dax_owner_class;

void dax_owner_class_notify_settled(void);

/* --- claims.c --- */

bool dax_owner_cxl_holds(const struct dax_owner_span *span);
bool dax_owner_hmem_holds(const struct dax_owner_span *span, struct dax_owner_span *held);
bool dax_owner_claim_in_progress(const struct dax_owner_span *span);
void dax_owner_claims_region_gone(struct device *dev, const struct dax_owner_span *span,
				  bool decodes);
void dax_owner_claims_region_left(const struct dax_owner_span *span);
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner,
			    int rc);

/* --- dax_bus.c --- */

void dax_owner_claims_init(void);

/* --- host.c --- */

const struct dax_owner_hmem_ops *dax_owner_host_ops(struct device *dev);
int dax_owner_arbitrate_again(u64 address);

/* --- pass.c: not built without dax_cxl --- */

#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
bool dax_owner_pass_waits(void);
void dax_owner_pass_queue(struct device *host);
#else
static inline bool dax_owner_pass_waits(void) { return false; }
static inline void dax_owner_pass_queue(struct device *host) { }
#endif

/* --- arbitrate.c --- */

bool dax_owner_awaits_cxl(void);
bool dax_owner_offering(void);
const struct dax_owner_range *dax_owner_range_at(u64 address);
int dax_owner_decide_all(struct device *host, enum dax_owner_pass pass,
			 const struct dax_owner_hmem_ops *ops);
int dax_owner_decide_range(struct device *host, u64 address, const struct dax_owner_hmem_ops *ops);
void dax_owner_arbitrate_init(void);

static inline u64 dax_owner_span_len(const struct dax_owner_span *span)
{
	return span->end - span->start + 1;
}

/* The common part of two spans that meet. */
static inline struct dax_owner_span
dax_owner_span_common(const struct dax_owner_span *a, const struct dax_owner_span *b)
{
	return (struct dax_owner_span) {
		.start = max(a->start, b->start),
		.end = min(a->end, b->end),
	};
}

#endif /* DAX_OWNER_INTERNAL_H */
