// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim tree: which device has claimed which addresses.
 *
 * dax_hmem and dax_cxl claim the addresses of a DAX region here before they make it. If another
 * device has claimed some of them, the driver gets -EBUSY and the log names that device.
 * A claim lives as long as the driver is bound to the claiming device.
 *
 * One tree has the claims of both drivers, and these are disjoint. A second tree per driver has
 * only that driver's claims. It finds the driver's first claim without a step over the claims
 * of the other driver.
 *
 * dax_bus.c records how the drivers of the DAX bus use a claim.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "claims.h"
#include "trace.h"

/* All under dax_owner_lock */
static struct rb_root claims = RB_ROOT;
static struct rb_root claims_of[DAX_OWNER_HMEM + 1];

#define node_to_claim(n) container_of(n, struct dax_owner_claim, node)

#define for_each_claim(claim, at, span) \
	for ((at) = dax_owner_spantree_first(&claims, span); \
	     (at) && ((claim) = node_to_claim(at)); (at) = dax_owner_spantree_next(at, span))

static bool first_of(enum dax_owner_owner owner, const struct dax_owner_span *span,
		     struct dax_owner_span *held)
{
	struct dax_owner_spannode *at = dax_owner_spantree_first(&claims_of[owner], span);

	lockdep_assert_held(&dax_owner_lock);

	if (at)
		*held = at->span;
	return at;
}

/**
 * dax_owner_cxl_holds() - check whether dax_cxl has a claim on exactly a span
 * @span: the span of a CXL region, end inclusive
 *
 * Context: dax_owner_lock held.
 * Return: true if a claim of dax_cxl has the same first and last byte.
 */
bool dax_owner_cxl_holds(const struct dax_owner_span *span)
{
	struct dax_owner_span held;

	return first_of(DAX_OWNER_CXL, span, &held) && held.start == span->start &&
	       held.end == span->end;
}

/**
 * dax_owner_hmem_holds() - find the first claim of dax_hmem that meets a span
 * @span: the span to search, end inclusive
 * @held: set to the addresses of that claim; untouched if there is none
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_hmem_holds(const struct dax_owner_span *span, struct dax_owner_span *held)
{
	return first_of(DAX_OWNER_HMEM, span, held);
}

/**
 * dax_owner_claim_in_progress() - check whether a driver works on a claim in a span
 * @span: the span to search, end inclusive
 *
 * A driver works on a claim from dax_owner_claim() to dax_owner_claim_done(), and while a driver
 * probes a DAX device of the claim, which may put memory online.
 *
 * Context: dax_owner_lock held.
 * Return: true if a driver does; the value may be outdated when the caller reads it.
 */
bool dax_owner_claim_in_progress(const struct dax_owner_span *span)
{
	struct dax_owner_spannode *at;
	struct dax_owner_claim *claim;

	lockdep_assert_held(&dax_owner_lock);

	for_each_claim(claim, at, span)
		if (claim->making || dax_owner_dax_probing(claim))
			return true;
	return false;
}

/*
 * Remove "Soft Reserved" from iomem over the released extents of @span, because it would block
 * a new region at the addresses of the old one.
 */
static void hide_released(const struct dax_owner_span *span)
{
	struct dax_owner_span rest = *span, gone;

	while (rest.start <= rest.end && dax_owner_ledger_released(&rest, &gone)) {
		gone = dax_owner_span_common(&gone, &rest);
		dax_owner_iomem_hide(&gone);
		if (gone.end == rest.end)
			break;
		rest.start = gone.end + 1;
	}
}

/**
 * dax_owner_claims_region_left() - record that an uncommitted CXL region is torn down
 * @span: its addresses, end inclusive
 *
 * If addresses were withheld, the region was committed without a driver at that time. They
 * become released. Addresses that were not withheld do not change, because a region that never
 * was committed does not affect the driver that has them.
 *
 * Context: takes dax_owner_lock; may sleep.
 */
void dax_owner_claims_region_left(const struct dax_owner_span *span)
{
	const struct dax_owner_args none = {};

	mutex_lock(&dax_owner_lock);
	if (dax_owner_ledger_made)
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_REGION_LEFT, &none);
	hide_released(span);
	mutex_unlock(&dax_owner_lock);
}

/**
 * dax_owner_claims_region_gone() - record that a CXL region is about to be torn down
 * @dev: the region, or its DAX region, for a debug message
 * @span: the addresses of the region, end inclusive
 * @decodes: the region stays committed, or its decoders are locked: only its DAX region goes
 *
 * If nothing will decode the addresses, they become released and are not offered to dax_hmem,
 * whether dax_cxl had claimed them or not. If @decodes, they become withheld. Addresses with a
 * claim become released or withheld when the claim ends.
 *
 * Context: takes dax_owner_lock; may sleep.
 */
void dax_owner_claims_region_gone(struct device *dev, const struct dax_owner_span *span,
				  bool decodes)
{
	const struct dax_owner_args none = {};

	mutex_lock(&dax_owner_lock);
	/* a region that goes before the ledger is made counts as one that never existed */
	if (dax_owner_ledger_made) {
		dev_dbg(dev, "the region's addresses are %s\n", decodes ? "withheld" : "released");
		dax_owner_ledger_set(span,
				     decodes ? DAX_OWNER_EVENT_REGION_BARRED :
					       DAX_OWNER_EVENT_REGION_GONE,
				     &none);
	}
	hide_released(span);
	mutex_unlock(&dax_owner_lock);
}

/* --- claims begin and end --- */

/* Stop the time of all extents while a claim gets its first driver: other claims wait behind it. */
static void busy_begin(struct dax_owner_claim *claim)
{
	lockdep_assert_held(&dax_owner_lock);

	if (claim->busy)
		return;
	claim->busy = true;
	dax_owner_busy_begin();
}

static void busy_end(struct dax_owner_claim *claim)
{
	lockdep_assert_held(&dax_owner_lock);

	if (!claim->busy)
		return;
	claim->busy = false;
	dax_owner_busy_end();
}

/**
 * dax_owner_claim_probe() - record that a driver begins or ends to probe a DAX device
 * @claim: the claim
 * @begins: true if the probe begins, false if it has ended
 *
 * Context: dax_owner_lock held.
 */
void dax_owner_claim_probe(struct dax_owner_claim *claim, bool begins)
{
	lockdep_assert_held(&dax_owner_lock);

	if (!begins) {
		claim->fresh = false;
		busy_end(claim);
	} else if (claim->fresh) {
		busy_begin(claim);
	}
}

/* End a claim, as its devres release: the claiming device was unbound, or its probe failed. */
static void release_claim(struct device *dev, void *data)
{
	struct dax_owner_claim *claim = data;
	const struct dax_owner_span span = claim->node.span;
	const enum dax_owner_owner owner = claim->owner;
	const struct dax_owner_args args = { .error = claim->error };

	mutex_lock(&dax_owner_lock);
	busy_end(claim);
	dax_owner_spantree_remove(&claims, &claim->node);
	dax_owner_spantree_remove(&claims_of[owner], &claim->own);
	/* not NULL if the claiming device was unbound: see dax_owner_extent_relink() */
	put_device(claim->dax);
	dax_owner_ledger_edit(&span, DAX_OWNER_EVENT_LET_GO, &args);
	if (owner == DAX_OWNER_HMEM)
		dax_owner_iomem_release(&span);
	hide_released(&span);
	mutex_unlock(&dax_owner_lock);

	trace_dax_owner_release(dev_name(dev), &span, owner);
}

/**
 * dax_owner_claim_of() - find the claim of a device
 * @dev: the device
 *
 * Context: dax_owner_lock held. The lock keeps the claim alive: its memory is a resource of the
 * device, which is freed only after release_claim() has taken and dropped the lock.
 * Return: the claim, valid until the lock is dropped; NULL if @dev has none.
 */
struct dax_owner_claim *dax_owner_claim_of(struct device *dev)
{
	lockdep_assert_held(&dax_owner_lock);

	return devres_find(dev, release_claim, NULL, NULL);
}

static enum dax_owner_event failure_of(enum dax_owner_owner owner)
{
	return owner == DAX_OWNER_CXL ? DAX_OWNER_EVENT_FAIL_CXL : DAX_OWNER_EVENT_FAIL_HMEM;
}

static int claim_fails(const struct dax_owner_claim *claim, int rc)
{
	const struct dax_owner_args args = { .error = rc };

	dax_owner_ledger_edit(&claim->node.span, failure_of(claim->owner), &args);
	return rc;
}

/* For dax_cxl this is another region than the one below which it claims. */
#define NOT_FOR_DAX "a CXL region that is not for DAX decodes it"

static int claim_barred(const struct dax_owner_claim *claim, const struct dax_owner_span *barred,
			const char *why)
{
	dev_err(claim->dev, "cannot claim %#llx-%#llx: %s\n", barred->start, barred->end, why);
	return claim_fails(claim, -ENXIO);
}

/*
 * Fail a claim whose addresses a region bars. A region may have appeared since the offer, or
 * the device may have been bound by hand. This reads the regions, not only the ledger, because
 * the ledger may have lacked memory to record a region. dax_cxl can claim withheld addresses,
 * because the DAX region of its region may have appeared after the verdict.
 */
static int check_barred(const struct dax_owner_claim *claim)
{
	const struct dax_owner_args late = { .reason = DAX_OWNER_REASON_REGION_NOT_DAX };
	const struct dax_owner_span *span = &claim->node.span;
	const bool cxl = claim->owner == DAX_OWNER_CXL;
	struct dax_owner_span barred;
	int rc = dax_owner_regions_bar(cxl ? claim->dev->parent : NULL, span, &barred);

	if (rc < 0)
		return claim_fails(claim, rc);
	if (rc) {
		claim_barred(claim, &barred, NOT_FOR_DAX);
		dax_owner_ledger_edit(&barred, DAX_OWNER_EVENT_WITHHOLD, &late);
		return -ENXIO;
	}
	if (cxl)
		return 0;
	if (dax_owner_ledger_released(span, &barred))
		return claim_barred(claim, &barred, "the CXL region that decoded it is gone");
	if (dax_owner_ledger_withheld(span, &barred))
		return claim_barred(claim, &barred, NOT_FOR_DAX);
	return 0;
}

/*
 * Check whether a claim of dax_cxl fails by the rules: dax_hmem has claimed the addresses,
 * because the region covers a Soft Reserved range only in part.
 */
static bool is_expected(const struct dax_owner_claim *loser)
{
	const struct dax_owner_span *span = &loser->node.span;
	struct dax_owner_spannode *at;
	struct dax_owner_claim *claim;

	if (loser->owner != DAX_OWNER_CXL)
		return false;
	for_each_claim(claim, at, span) {
		struct dax_owner_span common = dax_owner_span_common(&at->span, span);

		if (claim->owner != DAX_OWNER_HMEM ||
		    !dax_owner_ledger_decided(&common, DAX_OWNER_HMEM,
					      DAX_OWNER_REASON_REGION_PARTIAL))
			return false;
	}
	return true;
}

/* Log the failure here, because the driver core does not log -ENODEV. */
static int claim_expectedly_lost(const struct dax_owner_claim *claim, const char *holder)
{
	const struct dax_owner_span *span = &claim->node.span;

	dev_info(claim->dev,
		 "%#llx-%#llx not claimed: already claimed by %s, because the region covers a Soft Reserved range only in part\n",
		 span->start, span->end, holder);
	return -ENODEV;
}

static int claim_lost(const struct dax_owner_claim *claim)
{
	const struct dax_owner_span *span = &claim->node.span;
	const struct dax_owner_spannode *first = dax_owner_spantree_first(&claims, span);
	const char *holder = dev_name(node_to_claim(first)->dev);
	const struct dax_owner_args args = { .error = -EBUSY, .holder = holder };

	/* dax_hmem may have memory of a region that was gone: such a region is back */
	if (claim->owner == DAX_OWNER_CXL)
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_REGION_BACK, &args);

	if (is_expected(claim))
		return claim_expectedly_lost(claim, holder);

	dev_err(claim->dev, "cannot claim %#llx-%#llx for %s: already claimed by %s\n", span->start,
		span->end, dax_owner_owner_name(claim->owner), holder);
	dax_owner_ledger_edit(span, failure_of(claim->owner), &args);
	return -EBUSY;
}

static int claim_addresses(struct dax_owner_claim *claim)
{
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	rc = check_barred(claim);
	if (rc)
		return rc;
	if (dax_owner_spantree_insert(&claims, &claim->node))
		return claim_lost(claim);
	WARN_ON_ONCE(dax_owner_spantree_insert(&claims_of[claim->owner], &claim->own));
	return 0;
}

static void record_claim(const struct dax_owner_claim *claim)
{
	const struct dax_owner_span *span = &claim->node.span;
	const struct dax_owner_args args = { .owner = claim->owner, .dax = span };

	lockdep_assert_held(&dax_owner_lock);

	if (claim->owner == DAX_OWNER_CXL) {
		/* dax_cxl claims a whole region: make it one extent, whatever the ledger's cuts */
		dax_owner_iomem_hide(span);
		dax_owner_ledger_set(span, DAX_OWNER_EVENT_CLAIM_CXL, &args);
	} else {
		dax_owner_iomem_show(span);
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_CLAIM_HMEM, &args);
	}
	if (claim->idle)
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_IDLE, &args);
}

/**
 * dax_owner_claim_failed() - record that a driver failed before it could claim its extent
 * @span: the extent, end inclusive
 * @owner: the driver
 * @rc: negative errno
 *
 * Context: may sleep; takes dax_owner_lock.
 */
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner, int rc)
{
	const struct dax_owner_args args = { .error = rc };

	mutex_lock(&dax_owner_lock);
	dax_owner_ledger_edit(span, failure_of(owner), &args);
	mutex_unlock(&dax_owner_lock);
}

/**
 * dax_owner_claim() - claim addresses for a driver that is about to make a DAX device
 * @dev: the device being probed, under its device lock; the claim ends when the driver is
 *	unbound from @dev or its probe fails
 * @span: the addresses, end inclusive
 * @owner: DAX_OWNER_CXL or DAX_OWNER_HMEM
 * @idle: the DAX device is to stay without a driver
 *
 * After a claim of dax_hmem, iomem has a "Soft Reserved" entry above the addresses. After a
 * claim of dax_cxl it has none there.
 *
 * Context: may sleep; takes dax_owner_lock.
 * Return: the claim, which this module owns and frees; or an ERR_PTR():
 *
 * * -EBUSY: another device has claimed bytes of @span; the log names that device, and the
 *   ledger records the failure
 * * -ENODEV: for dax_cxl: dax_hmem has claimed bytes of @span by the rules, because the region
 *   covers a range only in part; logged as information
 * * -ENXIO: a CXL region that is not for DAX decodes bytes of @span; for dax_hmem also: a CXL
 *   region that decoded bytes of @span was torn down
 * * -ENOMEM
 * * -EINTR: a signal is pending
 */
struct dax_owner_claim *dax_owner_claim(struct device *dev, const struct dax_owner_span *span,
					enum dax_owner_owner owner, bool idle)
{
	struct dax_owner_claim *claim;
	int rc;

	claim = devres_alloc(release_claim, sizeof(*claim), GFP_KERNEL);
	if (!claim) {
		dax_owner_claim_failed(span, owner, -ENOMEM);
		return ERR_PTR(-ENOMEM);
	}
	claim->node.span = *span;
	claim->own.span = *span;
	claim->dev = dev;
	claim->owner = owner;
	claim->idle = idle;
	claim->making = true;

	mutex_lock(&dax_owner_lock);
	rc = claim_addresses(claim);
	if (!rc) {
		claim->fresh = dax_owner_ledger_untried(span);
		record_claim(claim);
		dax_owner_claim_probe(claim, true);
		devres_add(dev, claim);
	}
	mutex_unlock(&dax_owner_lock);

	trace_dax_owner_claim(dev_name(dev), span, owner, rc);
	if (rc) {
		devres_free(claim);
		return ERR_PTR(rc);
	}
	return claim;
}
EXPORT_SYMBOL_GPL(dax_owner_claim);

/**
 * dax_owner_claim_done() - record that a driver has made its DAX device or failed to
 * @claim: from dax_owner_claim()
 * @rc: 0, or the negative errno that the probe is about to return
 *
 * Context: may sleep; takes the device lock of the DAX device and dax_owner_lock, one
 * after the other.
 */
void dax_owner_claim_done(struct dax_owner_claim *claim, int rc)
{
	if (!rc)
		dax_owner_dax_made(claim);

	mutex_lock(&dax_owner_lock);
	claim->error = rc;
	claim->making = false;
	/* if no driver has been bound yet, a later one stops the time again */
	busy_end(claim);
	mutex_unlock(&dax_owner_lock);
}
EXPORT_SYMBOL_GPL(dax_owner_claim_done);
