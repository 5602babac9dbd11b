// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim tree: which device holds which addresses.
 *
 * Every DAX region of dax_hmem and of dax_cxl is claimed here before it is
 * made, so that the loser of a contest gets -EBUSY and the name of the holder.
 * A claim lives as long as the driver is bound to the claiming device.
 *
 * There is one tree for both drivers, and claims in it are disjoint. Each driver has
 * another one with its own claims, to find the first of them without stepping over
 * those of the other.
 *
 * What the drivers of the DAX bus make of a claim is in dax_bus.c.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "claims.h"
#include "trace.h"

/* All under dax_owner_lock */
static struct rb_root claims = RB_ROOT;
static struct rb_root claims_of[DAX_OWNER_HMEM + 1];

#define node_to_claim(n) container_of(n, struct dax_owner_claim, node)

#define for_each_claim(claim, at, span)						\
	for ((at) = dax_owner_spantree_first(&claims, span);			\
	     (at) && ((claim) = node_to_claim(at));				\
	     (at) = dax_owner_spantree_next(at, span))

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
 * dax_owner_cxl_holds() - has dax_cxl a claim on just this span?
 * @span: the span of a CXL region
 *
 * Context: dax_owner_lock held.
 */
bool dax_owner_cxl_holds(const struct dax_owner_span *span)
{
	struct dax_owner_span held;

	return first_of(DAX_OWNER_CXL, span, &held) &&
	       held.start == span->start && held.end == span->end;
}

/**
 * dax_owner_hmem_holds() - find the first claim of dax_hmem that meets a span
 * @span: where to look
 * @held: set to the addresses of that claim
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_hmem_holds(const struct dax_owner_span *span, struct dax_owner_span *held)
{
	return first_of(DAX_OWNER_HMEM, span, held);
}

/**
 * dax_owner_claim_in_progress() - check whether a driver is at work on a span
 * @span: where to look
 *
 * Context: dax_owner_lock held.
 * Return: true from dax_owner_claim() to dax_owner_claim_done(), and while a driver probes a
 * DAX device of a claim, which may put memory online; an answer that may be outdated.
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

/* A new region needs room where the old one was: iomem must not show Soft Reserved there. */
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
 * @span: its addresses
 *
 * It may have been committed without a driver when its addresses were withheld. They are
 * released then. Addresses that were not withheld are left alone: a region that never was
 * committed is no concern of the driver that has them.
 *
 * Context: takes dax_owner_lock.
 */
void dax_owner_claims_region_left(const struct dax_owner_span *span)
{
	const struct dax_owner_args none = { };

	mutex_lock(&dax_owner_lock);
	if (dax_owner_ledger_made)
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_REGION_LEFT, &none);
	hide_released(span);
	mutex_unlock(&dax_owner_lock);
}

/**
 * dax_owner_claims_region_gone() - record that a CXL region is about to be torn down
 * @dev: its device, or that of its DAX region, for a debug message
 * @span: its addresses
 * @decodes: the region stays committed, or its decoders are locked: only its DAX region goes
 *
 * Nothing decodes the addresses once it is gone: they are released then, not offered to
 * dax_hmem, whether dax_cxl had claimed them or not. Where a region still decodes them, they
 * are withheld. What a driver holds at that moment is released or withheld when it lets go.
 *
 * Context: takes dax_owner_lock.
 */
void dax_owner_claims_region_gone(struct device *dev, const struct dax_owner_span *span,
				  bool decodes)
{
	const struct dax_owner_args none = { };

	mutex_lock(&dax_owner_lock);
	/* before that, the region counts as one that never existed */
	if (dax_owner_ledger_made) {
		dev_dbg(dev, "its addresses are %s\n", decodes ? "withheld" : "released");
		dax_owner_ledger_set(span, decodes ? DAX_OWNER_EVENT_REGION_BARRED :
						     DAX_OWNER_EVENT_REGION_GONE, &none);
	}
	hide_released(span);
	mutex_unlock(&dax_owner_lock);
}

/* --- claims begin and end --- */

/* While a claim gets its first driver, other claims may have to wait behind it. */
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

/* A devres release: the driver is unbound from the claiming device, or its probe failed. */
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
	/* still there if the whole claiming device is unbound: see dax_owner_extent_relink() */
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
 * Context: dax_owner_lock held, and it is what keeps the claim: its memory is the device's
 * resource and is freed only after release_claim() has had the lock.
 * Return: the claim; NULL if @dev has none.
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

static int claim_barred(const struct dax_owner_claim *claim, const struct dax_owner_span *barred,
			const char *why)
{
	dev_err(claim->dev, "cannot claim %#llx-%#llx: its CXL region is %s\n",
		barred->start, barred->end, why);
	return claim_fails(claim, -ENXIO);
}

/*
 * The driver was offered the addresses, or was bound by hand, and by now a region may bar them.
 * The regions are asked, and not the ledger alone, which may have had no memory to record one.
 * dax_cxl can claim what is withheld: its region may have got the DAX region late.
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
		claim_barred(claim, &barred, "not for DAX");
		dax_owner_ledger_edit(&barred, DAX_OWNER_EVENT_WITHHOLD, &late);
		return -ENXIO;
	}
	if (cxl)
		return 0;
	if (dax_owner_ledger_released(span, &barred))
		return claim_barred(claim, &barred, "gone");
	if (dax_owner_ledger_withheld(span, &barred))
		return claim_barred(claim, &barred, "not for DAX");
	return 0;
}

/* Does dax_hmem have what dax_cxl wants because the region covers its range in part? */
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

/* Log it here, because the driver core is silent about -ENODEV. */
static int claim_expectedly_lost(const struct dax_owner_claim *claim, const char *holder)
{
	const struct dax_owner_span *span = &claim->node.span;

	dev_info(claim->dev, "%#llx-%#llx is held by %s: the region covers a Soft Reserved range in part, dax_hmem owns the range\n",
		 span->start, span->end, holder);
	return -ENODEV;
}

static int claim_lost(const struct dax_owner_claim *claim)
{
	const struct dax_owner_span *span = &claim->node.span;
	const struct dax_owner_spannode *first = dax_owner_spantree_first(&claims, span);
	const char *holder = dev_name(node_to_claim(first)->dev);
	const struct dax_owner_args args = { .error = -EBUSY, .holder = holder };

	/* if the region was gone, it has returned, under dax_hmem's memory */
	if (claim->owner == DAX_OWNER_CXL)
		dax_owner_ledger_edit(span, DAX_OWNER_EVENT_REGION_BACK, &args);

	if (is_expected(claim))
		return claim_expectedly_lost(claim, holder);

	dev_err(claim->dev, "cannot claim %#llx-%#llx for %s: held by %s\n",
		span->start, span->end, dax_owner_owner_name(claim->owner), holder);
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
		/* dax_cxl claims a whole region, however the ledger was cut before */
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
 * @span: the extent
 * @owner: which driver
 * @rc: negative errno
 *
 * Context: may sleep; takes dax_owner_lock.
 */
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner,
			    int rc)
{
	const struct dax_owner_args args = { .error = rc };

	mutex_lock(&dax_owner_lock);
	dax_owner_ledger_edit(span, failure_of(owner), &args);
	mutex_unlock(&dax_owner_lock);
}

/**
 * dax_owner_claim() - claim addresses for a driver that is about to make a DAX device
 * @dev: the device being probed, under its device lock; the claim is released when the
 *	driver is unbound from it or its probe fails
 * @span: the addresses
 * @owner: DAX_OWNER_CXL or DAX_OWNER_HMEM
 * @idle: the DAX device is meant to stay without a driver
 *
 * Afterwards "Soft Reserved" in iomem is above what dax_hmem has and absent from what
 * dax_cxl has.
 *
 * Context: may sleep; takes dax_owner_lock.
 * Return: the claim, which stays this module's; ERR_PTR(-EBUSY) if another device holds
 * any of @span (logged with its name, recorded in the ledger); ERR_PTR(-ENODEV) to dax_cxl if
 * dax_hmem holds it by the rules, because the region covers a range in part (logged as
 * information); ERR_PTR(-ENXIO) if a CXL region that is not for DAX decodes any of it, and to
 * dax_hmem if a CXL region that decoded any of it was torn down; ERR_PTR(-ENOMEM);
 * ERR_PTR(-EINTR) if a signal is pending.
 */
struct dax_owner_claim *dax_owner_claim(struct device *dev,
					const struct dax_owner_span *span,
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
 * dax_owner_claim_done() - the driver made its DAX device, or failed to
 * @claim: from dax_owner_claim()
 * @rc: 0, or the negative errno the probe is about to return
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
	/* a driver that comes later begins anew */
	busy_end(claim);
	mutex_unlock(&dax_owner_lock);
}
EXPORT_SYMBOL_GPL(dax_owner_claim_done);
