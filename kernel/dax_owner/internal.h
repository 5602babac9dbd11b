/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations that only the files of dax_owner.ko share.
 *
 *	main.c		parameters, order of initialisation
 *	firmware.c	the facts from firmware's tables: windows, edges, ranges
 *	cedt.c, srat.c	the ACPI tables that firmware.c reads (pure)
 *	table.c		the walk over an ACPI table that these two use (pure)
 *	edges.c		sorted lists of spans, edges of spans (pure)
 *	region_facts.c	the facts about one CXL region
 *	regions.c	the evidence of all CXL regions
 *	enumeration.c	the end of CXL's first enumeration
 *	host.c		the host, and requests to decide a range again
 *	pass.c		the initial pass
 *	verdict.c	the rules: one range (pure)
 *	prepare.c	the rules: all ranges and regions together (pure)
 *	reach.c		an index of regions (pure)
 *	cut.c		cutting spans at edges, pages and memory blocks (pure)
 *	record.c	the record of an extent and its events (pure)
 *	spantree.c	a tree of spans
 *	arbitrate.c	from facts to verdicts and offers, for all ranges or for one again
 *	ledger.c	the extents and their records
 *	extent.c	an extent as an object
 *	overdue.c	the extents that have waited too long for a driver
 *	class.c		the ledger in sysfs
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

/* Start and size of every extent that is offered are multiples of this, see alloc_dax_region() */
#define DAX_OWNER_ALIGN SZ_2M

/*
 * The one lock. It protects the ledger, the claim tree, the published iomem entries and the pass.
 * It is taken inside device locks. The device lock of a DAX, CXL or hmem device must never be
 * taken while it is held.
 */
extern struct mutex dax_owner_lock;

/* For work that outlives its caller. It is never flushed, because the module stays loaded. */
extern struct workqueue_struct *dax_owner_wq;

/* Module parameters, fixed after load */
extern enum dax_owner_policy dax_owner_policy;
extern unsigned int dax_owner_deadline_s;

/* --- firmware.c --- */

/**
 * struct dax_owner_range - a range from firmware, which does not change after load
 * @span: a Soft Reserved range within one hmem target, cut to DAX_OWNER_ALIGN
 */
struct dax_owner_range {
	struct dax_owner_span span;
};

/* Ascending and disjoint */
extern struct dax_owner_range *dax_owner_ranges;
extern size_t dax_owner_nr_ranges;

/* Ascending, without repeats, overlaps allowed */
extern struct dax_owner_span *dax_owner_windows;
extern size_t dax_owner_nr_windows;

/*
 * The addresses at which a DAX device must be cut: the borders of all CXL windows, and those
 * borders of SRAT's memory at which the NUMA node changes. Ascending, without repeats. An edge
 * is the first byte above it.
 */
extern u64 *dax_owner_edges;
extern size_t dax_owner_nr_edges;

int dax_owner_firmware_init(void);
void dax_owner_firmware_free(void);
bool dax_owner_hmem_present(void);
int dax_owner_target_node(u64 start);

/* --- regions.c, enumeration.c: not built without dax_cxl --- */

/* Compare the type of a device by its name, because the CXL core does not export its types. */
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

static inline int dax_owner_regions_bar(const struct device *own, const struct dax_owner_span *span,
					struct dax_owner_span *barred)
{
	return 0;
}

static inline void dax_owner_regions_attach(void) { }
static inline int dax_owner_regions_init(void)
{
	return 0;
}
static inline void dax_owner_regions_exit(void) { }
static inline int dax_owner_enumeration_init(void)
{
	return 0;
}
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
 * @published: @dev is in sysfs
 * @node: in the ledger, with the addresses, which do not change during the life of the extent
 * @barred: in the tree of released or of withheld extents, while the extent is one of them
 * @lock: protects @record, for readers that must not take dax_owner_lock
 * @record: written under dax_owner_lock and @lock, read under one of them
 * @dax: the DAX device that the symlink "device" leads to, pinned; NULL if there is none
 * @linked: the symlink exists
 * @unshown: in the list of extents that are published when a batch ends
 * @queued: in the queue of overdue.c, while the extent waits for a driver
 * @due: the time at which it is overdue, in jiffies; undefined while @queued is empty
 * @tried: a driver has been bound to its DAX device, or has refused it, since the last verdict
 *
 * dax_owner_lock protects all fields. @lock protects @record, too.
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

/* Bytes of a memory block, a power of two; 0: unknown. Set before the ledger is made. */
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
void dax_owner_extent_snapshot(struct dax_owner_extent *extent, struct dax_owner_record *record);

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
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner, int rc);

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
static inline bool dax_owner_pass_waits(void)
{
	return false;
}
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

/* Return the common part of two spans that meet. */
static inline struct dax_owner_span dax_owner_span_common(const struct dax_owner_span *a,
							  const struct dax_owner_span *b)
{
	return (struct dax_owner_span) {
		.start = max(a->start, b->start),
		.end = min(a->end, b->end),
	};
}

#endif /* DAX_OWNER_INTERNAL_H */
