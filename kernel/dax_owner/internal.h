/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the files of dax_owner.ko and by nobody else.
 *
 *	main.c		parameters, order of initialisation
 *	firmware.c	what firmware said: windows, ranges
 *	regions.c	what CXL has committed: regions
 *	enumeration.c	is CXL's first enumeration over?
 *	verdict.c	the rules: one range (pure)
 *	prepare.c	the rules: what all ranges and regions say of each (pure)
 *	reach.c		an index of regions (pure)
 *	cut.c		spans cut at edges, pages and memory blocks (pure)
 *	arbitrate.c	facts to verdicts, for all ranges in one pass or for one again
 *	ledger.c	the extents and their records
 *	class.c		the ledger as seen from userspace
 *	claims.c	the claim tree
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
 * @target_node: NUMA node of the hmem target, or NUMA_NO_NODE; see dax_owner_target_node()
 */
struct dax_owner_range {
	struct dax_owner_span span;
	int target_node;
};

extern struct dax_owner_range *dax_owner_ranges;
extern size_t dax_owner_nr_ranges;
extern struct dax_owner_span *dax_owner_windows;
extern size_t dax_owner_nr_windows;

int dax_owner_firmware_init(void);
void dax_owner_firmware_free(void);
bool dax_owner_hmem_present(void);
int dax_owner_target_node(const struct dax_owner_range *range, u64 start);

/* --- regions.c, enumeration.c: not built without dax_cxl --- */

/* Modules cannot reach the CXL core's device types, but these have names. */
static inline bool dax_owner_is_type(const struct device *dev, const char *name)
{
	return dev->type && dev->type->name && !strcmp(dev->type->name, name);
}

#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr);
void dax_owner_regions_attach(void);
int dax_owner_regions_init(void);
void dax_owner_regions_exit(void);

int dax_owner_enumeration_init(void);
void dax_owner_enumeration_exit(void);
void dax_owner_coldplug_over(void);
#else
static inline int dax_owner_regions_get(struct dax_owner_region **regions, size_t *nr)
{
	*regions = NULL;
	*nr = 0;
	return 0;
}

static inline void dax_owner_regions_attach(void) { }
static inline int dax_owner_regions_init(void) { return 0; }
static inline void dax_owner_regions_exit(void) { }
static inline int dax_owner_enumeration_init(void) { return 0; }
static inline void dax_owner_enumeration_exit(void) { }
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
 * enum dax_owner_state - how far an extent is on the way to its owner
 * @DAX_OWNER_STATE_PENDING: no verdict yet, the initial pass is not over
 * @DAX_OWNER_STATE_DECIDED: verdict given, no claim made
 * @DAX_OWNER_STATE_CLAIMED: claim made, its DAX device has no driver yet
 * @DAX_OWNER_STATE_OWNED: the DAX device exists and a driver is bound to it
 * @DAX_OWNER_STATE_RELEASED: its CXL region was torn down, nothing decodes it any more
 * @DAX_OWNER_STATE_STRANDED: nobody has it: the claim failed, no driver came, or the
 *	driver was unbound
 *
 *	from		to		when
 *	PENDING		DECIDED		the initial pass gave a verdict
 *	DECIDED		CLAIMED		the owner's driver claimed it
 *	DECIDED		STRANDED	the claim failed, or none was made in time
 *	CLAIMED		OWNED		a driver was bound to the DAX device
 *	CLAIMED		STRANDED	none was in time, or the claim was given up
 *	OWNED		CLAIMED		the DAX device was unbound
 *	PENDING		STRANDED	decided, and no memory to record it
 *	any but OWNED	RELEASED	its CXL region was torn down; what dax_hmem has of
 *					it, when it lets go
 *	RELEASED	STRANDED	dax_cxl failed to claim its new region
 *	STRANDED	DECIDED		dax_hmem was bound again, or the range decided again
 *	any but OWNED	CLAIMED		first come, first served: dax_cxl got a new region
 */
enum dax_owner_state {
	DAX_OWNER_STATE_PENDING,
	DAX_OWNER_STATE_DECIDED,
	DAX_OWNER_STATE_CLAIMED,
	DAX_OWNER_STATE_OWNED,
	DAX_OWNER_STATE_RELEASED,
	DAX_OWNER_STATE_STRANDED,
};

#define DAX_OWNER_NAME_LEN 32

/**
 * struct dax_owner_record - what the ledger says of an extent
 * @owner: whose it is, or shall be once claimed
 * @previous: @owner before the last change of it
 * @reason: why; claim-failed while it is stranded for that
 * @verdict: the reason of the verdict, to return to when the owner gets it after all
 * @state: how far it is
 * @flags: DAX_OWNER_FLAG_*
 * @gone: its region was torn down while dax_hmem had it; released when dax_hmem lets go
 * @idle: the administrator asked for a DAX device that no driver binds (region_idle)
 * @error: negative errno of the failed claim, 0 if none failed
 * @target_node: NUMA node when onlined
 * @decided_us: when the verdict was given, microseconds since boot
 * @device: the DAX device, "" if there is none
 * @holder: the device that held the addresses when a claim failed, or ""
 */
struct dax_owner_record {
	enum dax_owner_owner owner;
	enum dax_owner_owner previous;
	enum dax_owner_reason reason;
	enum dax_owner_reason verdict;
	enum dax_owner_state state;
	unsigned int flags;
	bool gone;
	bool idle;
	int error;
	int target_node;
	u64 decided_us;
	char device[DAX_OWNER_NAME_LEN];
	char holder[DAX_OWNER_NAME_LEN];
};

/**
 * struct dax_owner_extent - a piece of a range with one owner
 * @dev: the class device; its release frees the extent
 * @id: N of "extentN", negative if none could be had
 * @published: @dev was added, userspace sees it
 * @span: fixed for the life of the extent
 * @lock: protects @record, for readers that cannot take dax_owner_lock
 * @record: written under both locks
 * @node: in the ledger, ascending by address, under dax_owner_lock
 */
struct dax_owner_extent {
	struct device dev;
	int id;
	bool published;
	struct dax_owner_span span;
	spinlock_t lock;
	struct dax_owner_record record;
	struct list_head node;
};

#define to_extent(d) container_of(d, struct dax_owner_extent, dev)

typedef void (*dax_owner_edit_fn)(struct dax_owner_record *record, const void *arg);

extern struct list_head dax_owner_ledger;
extern bool dax_owner_ledger_made;

const char *dax_owner_state_name(enum dax_owner_state state);
void dax_owner_ledger_set(const struct dax_owner_span *span,
			  const struct dax_owner_record *record);
void dax_owner_ledger_cut(const struct dax_owner_span *span);
void dax_owner_ledger_edit(const struct dax_owner_span *span,
			   dax_owner_edit_fn edit, const void *arg);
void dax_owner_extent_snapshot(struct dax_owner_extent *extent,
			       struct dax_owner_record *record);
void dax_owner_record_fail(struct dax_owner_record *record, int error);
bool dax_owner_settled(void);
u64 dax_owner_stranded_bytes(void);
bool dax_owner_ledger_released(const struct dax_owner_span *span,
			       struct dax_owner_span *released);
void dax_owner_ledger_refresh(void);

/* --- class.c --- */

extern const struct class dax_owner_class;

/* --- claims.c --- */

bool dax_owner_cxl_holds(const struct dax_owner_span *span);
bool dax_owner_hmem_holds(const struct dax_owner_span *span, struct dax_owner_span *held);
void dax_owner_claims_region_gone(struct device *dev, const struct dax_owner_span *span);
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner,
			    int rc);

/* --- arbitrate.c --- */

bool dax_owner_pass_over(void);
int dax_owner_arbitrate_again(u64 address);
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
