// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim tree: which device holds which addresses.
 *
 * Every DAX region of dax_hmem and of dax_cxl is claimed here before it is
 * made, so that the loser of a contest gets -EBUSY and the name of the holder.
 * A claim lives as long as the driver is bound to the claiming device.
 *
 * The tree is flat: a claim never lies inside another one.
 */
#include <linux/ioport.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"
#include "trace.h"

/**
 * struct dax_owner_claim - a device's hold on a span of addresses
 * @res: in the claim tree; its name is the holder's
 * @dev: the holder, pinned by the devres entry this claim is released from
 * @span: the addresses
 * @owner: which driver @dev belongs to
 * @dax: name of the DAX device made below @dev, "" until there is one
 * @idle: no driver is to bind the DAX device (region_idle)
 * @refused: a driver tried the DAX device and failed
 * @region_gone: the CXL region is being torn down
 * @error: negative errno with which the driver gave up, 0 if it did not
 *
 * Protected by dax_owner_lock, but for what does not change once claimed.
 */
struct dax_owner_claim {
	struct resource res;
	struct device *dev;
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	char dax[DAX_OWNER_NAME_LEN];
	bool idle;
	bool refused;
	bool region_gone;
	int error;
};

static struct resource claim_tree = DEFINE_RES_MEM_NAMED(0, -1, "DAX owner claims");

#define for_each_claim(claim)							\
	for (struct resource *__r = claim_tree.child;				\
	     __r && ((claim) = container_of(__r, struct dax_owner_claim, res));	\
	     __r = __r->sibling)

static struct dax_owner_claim *claim_meeting(const struct dax_owner_span *span)
{
	struct dax_owner_claim *claim;

	for_each_claim(claim)
		if (dax_owner_span_meets(&claim->span, span))
			return claim;
	return NULL;
}

static struct dax_owner_claim *claim_of(const struct device *dev)
{
	struct dax_owner_claim *claim;

	for_each_claim(claim)
		if (claim->dev == dev)
			return claim;
	return NULL;
}

/**
 * dax_owner_cxl_holds() - has dax_cxl a claim on just this span?
 * @span: the span of a CXL region
 *
 * Context: dax_owner_lock held.
 */
bool dax_owner_cxl_holds(const struct dax_owner_span *span)
{
	struct dax_owner_claim *claim;

	lockdep_assert_held(&dax_owner_lock);

	claim = claim_meeting(span);
	return claim && claim->owner == DAX_OWNER_CXL &&
	       claim->span.start == span->start && claim->span.end == span->end;
}

/**
 * dax_owner_hmem_holds() - the first claim of dax_hmem that meets a span
 * @span: where to look
 * @held: set to the addresses of that claim
 *
 * Context: dax_owner_lock held.
 * Return: true if there is one.
 */
bool dax_owner_hmem_holds(const struct dax_owner_span *span, struct dax_owner_span *held)
{
	struct dax_owner_claim *claim;

	lockdep_assert_held(&dax_owner_lock);

	for_each_claim(claim) {
		if (claim->owner != DAX_OWNER_HMEM || !dax_owner_span_meets(&claim->span, span))
			continue;
		*held = claim->span;
		return true;
	}
	return false;
}

static const struct dax_owner_record released = {
	.owner = DAX_OWNER_NONE,
	.state = DAX_OWNER_STATE_RELEASED,
	.reason = DAX_OWNER_REASON_NO_REGION,
	.verdict = DAX_OWNER_REASON_NO_REGION,
};

static void edit_gone(struct dax_owner_record *record, const void *arg)
{
	record->owner = released.owner;
	record->state = released.state;
	record->reason = released.reason;
	record->verdict = released.verdict;
	record->gone = false;
	record->error = 0;
	memset(record->holder, 0, sizeof(record->holder));
}

static void edit_gone_unless_held(struct dax_owner_record *record, const void *arg)
{
	/* a claim without a driver is stranded, and is held all the same: it has its device */
	if (record->state == DAX_OWNER_STATE_OWNED ||
	    record->state == DAX_OWNER_STATE_CLAIMED || record->device[0])
		record->gone = true;
	else
		edit_gone(record, arg);
}

/* A region shall find room again where one was: iomem must not say Soft Reserved there. */
static void hide_released(const struct dax_owner_span *span)
{
	struct dax_owner_span rest = *span, gone;

	while (rest.start <= rest.end && dax_owner_ledger_released(&rest, &gone)) {
		gone = dax_owner_span_common(&gone, &rest);
		dax_owner_iomem_hide(&gone);
		rest.start = gone.end + 1;
	}
}

/**
 * dax_owner_claims_region_gone() - a CXL region is about to be torn down
 * @dev: its dax_region device
 * @span: its addresses
 *
 * Its addresses do not decode any more once it is gone: they are then released, not
 * offered to dax_hmem, whether dax_cxl had claimed them or not. What dax_hmem holds
 * of them at that moment is released when it lets go.
 *
 * Context: takes dax_owner_lock.
 */
void dax_owner_claims_region_gone(struct device *dev, const struct dax_owner_span *span)
{
	struct dax_owner_claim *claim;

	mutex_lock(&dax_owner_lock);
	claim = claim_of(dev);
	if (claim) {
		claim->region_gone = true;
	} else if (!dax_owner_ledger_made) {
		/* as if it had gone before we came */
	} else if (claim_meeting(span)) {
		dax_owner_ledger_cut(span);
		dax_owner_ledger_edit(span, edit_gone_unless_held, NULL);
	} else {
		dax_owner_ledger_set(span, &released);
	}
	hide_released(span);
	mutex_unlock(&dax_owner_lock);
}

/* --- what a claim does to the records of its extents --- */

static void edit_extents(const struct dax_owner_claim *claim, dax_owner_edit_fn edit)
{
	dax_owner_ledger_cut(&claim->span);
	dax_owner_ledger_edit(&claim->span, edit, claim);
}

static void edit_claimed(struct dax_owner_record *record, const void *arg)
{
	const struct dax_owner_claim *claim = arg;

	record->owner = claim->owner;
	record->state = DAX_OWNER_STATE_CLAIMED;
	/* a region comes of its own accord, whatever the verdict was */
	if (claim->owner == DAX_OWNER_CXL) {
		record->verdict = DAX_OWNER_REASON_REGION_COVERS;
		record->gone = false;
	}
	record->reason = record->verdict;
	record->idle = claim->idle;
	record->error = 0;
	memset(record->holder, 0, sizeof(record->holder));
	strscpy_pad(record->device, claim->dax, sizeof(record->device));
}

static void edit_owned(struct dax_owner_record *record, const void *arg)
{
	edit_claimed(record, arg);
	record->state = DAX_OWNER_STATE_OWNED;
}

static void edit_released(struct dax_owner_record *record, const void *arg)
{
	const struct dax_owner_claim *claim = arg;

	memset(record->device, 0, sizeof(record->device));
	record->idle = false;
	if (claim->region_gone || record->gone) {
		edit_gone(record, NULL);
	} else {
		/* the memory is still there: its driver failed, or was taken away */
		dax_owner_record_fail(record, claim->error ?: -ENODEV);
	}
}

/* Why a claim could not be made. */
struct failure {
	enum dax_owner_owner owner;
	int error;
	const char *holder;
};

static void edit_failed(struct dax_owner_record *record, const void *arg)
{
	const struct failure *failure = arg;

	/* the region has come back, under dax_hmem */
	if (failure->owner == DAX_OWNER_CXL)
		record->gone = false;
	/* somebody else's extent: nothing is stranded by our not getting it */
	if (record->state == DAX_OWNER_STATE_CLAIMED ||
	    record->state == DAX_OWNER_STATE_OWNED)
		return;
	/* nor by dax_hmem's not getting what nothing decodes */
	if (record->state == DAX_OWNER_STATE_RELEASED && failure->owner == DAX_OWNER_HMEM)
		return;
	dax_owner_record_fail(record, failure->error);
	strscpy_pad(record->holder, failure->holder, sizeof(record->holder));
}

/* --- is a driver bound to the DAX device? --- */

/* No driver would have it. One that will, later, makes it owned all the same. */
static void edit_refused(struct dax_owner_record *record, const void *arg)
{
	edit_claimed(record, arg);
	dax_owner_record_fail(record, -ENODEV);
}

static int is_bound(struct device *dev, void *data)
{
	return device_is_bound(dev);
}

/* An administrator may have made several DAX devices of one region. */
static bool any_bound(struct dax_owner_claim *claim)
{
	return device_for_each_child(claim->dev, NULL, is_bound);
}

/* What the drivers of the DAX bus made of the claim's device, or devices. */
static void record_dax(struct dax_owner_claim *claim, struct device *dax)
{
	dax_owner_edit_fn edit = edit_claimed;

	lockdep_assert_held(&dax_owner_lock);

	if (any_bound(claim))
		edit = edit_owned;
	else if (claim->refused && !claim->idle)
		edit = edit_refused;
	strscpy_pad(claim->dax, dev_name(dax), sizeof(claim->dax));
	edit_extents(claim, edit);
}

static int dax_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dax = data;
	struct dax_owner_claim *claim;

	if (event != BUS_NOTIFY_BOUND_DRIVER && event != BUS_NOTIFY_UNBOUND_DRIVER &&
	    event != BUS_NOTIFY_DRIVER_NOT_BOUND)
		return NOTIFY_DONE;

	mutex_lock(&dax_owner_lock);
	claim = claim_of(dax->parent);
	if (claim) {
		claim->refused = event == BUS_NOTIFY_DRIVER_NOT_BOUND;
		record_dax(claim, dax);
	}
	mutex_unlock(&dax_owner_lock);
	return NOTIFY_OK;
}

static struct notifier_block dax_bus_nb = { .notifier_call = dax_bus_event };

/*
 * The DAX bus itself is not within reach of a module, a device on it is. The
 * bus is built in and outlives the registration. Not under dax_owner_lock: the
 * notifier takes that inside the chain's own lock.
 */
static void watch_dax_bus(struct device *dax)
{
	static DEFINE_MUTEX(lock);
	static bool watching;

	mutex_lock(&lock);
	if (!watching)
		watching = !bus_register_notifier(dax->bus, &dax_bus_nb);
	mutex_unlock(&lock);
}

/* --- claiming --- */

static void release_claim(void *data)
{
	struct dax_owner_claim *claim = data;

	mutex_lock(&dax_owner_lock);
	release_resource(&claim->res);
	edit_extents(claim, edit_released);
	if (claim->owner == DAX_OWNER_HMEM)
		dax_owner_iomem_release(&claim->span);
	hide_released(&claim->span);
	mutex_unlock(&dax_owner_lock);

	trace_dax_owner_release(dev_name(claim->dev), &claim->span, claim->owner);
	kfree(claim);
}

static int claim_addresses(struct dax_owner_claim *claim)
{
	struct failure failure = { .owner = claim->owner, .holder = "" };
	struct dax_owner_claim *holder;
	struct dax_owner_span gone;

	lockdep_assert_held(&dax_owner_lock);

	/* offered, or bound by hand, and by now nothing decodes it */
	if (claim->owner == DAX_OWNER_HMEM &&
	    dax_owner_ledger_released(&claim->span, &gone)) {
		dev_err(claim->dev, "cannot claim %#llx-%#llx: its CXL region is gone\n",
			gone.start, gone.end);
		failure.error = -ENXIO;
		dax_owner_ledger_edit(&claim->span, edit_failed, &failure);
		return -ENXIO;
	}

	if (!request_resource(&claim_tree, &claim->res))
		return 0;

	holder = claim_meeting(&claim->span);
	failure.error = -EBUSY;
	if (holder)
		failure.holder = dev_name(holder->dev);
	dev_err(claim->dev, "cannot claim %#llx-%#llx for %s: held by %s\n",
		claim->span.start, claim->span.end, dax_owner_owner_name(claim->owner),
		failure.holder);
	dax_owner_ledger_edit(&claim->span, edit_failed, &failure);
	return -EBUSY;
}

/* dax_cxl comes with a region of its own making, whatever the ledger was cut to. */
static void record_cxl_claim(const struct dax_owner_claim *claim)
{
	const struct dax_owner_record record = {
		.owner = DAX_OWNER_CXL,
		.reason = DAX_OWNER_REASON_REGION_COVERS,
		.verdict = DAX_OWNER_REASON_REGION_COVERS,
		.state = DAX_OWNER_STATE_CLAIMED,
		.decided_us = ktime_get_boottime_ns() / NSEC_PER_USEC,
	};

	dax_owner_ledger_set(&claim->span, &record);
}

/**
 * dax_owner_claim_failed() - record that a driver did not even get to claim its extent
 * @span: the extent
 * @owner: which driver
 * @rc: negative errno
 *
 * Context: may sleep; takes dax_owner_lock.
 */
void dax_owner_claim_failed(const struct dax_owner_span *span, enum dax_owner_owner owner,
			    int rc)
{
	const struct failure failure = { .owner = owner, .error = rc, .holder = "" };

	mutex_lock(&dax_owner_lock);
	dax_owner_ledger_cut(span);
	dax_owner_ledger_edit(span, edit_failed, &failure);
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
 * any of @span (logged with its name, recorded in the ledger); ERR_PTR(-ENXIO) to dax_hmem
 * if a CXL region that decoded any of it was torn down; ERR_PTR(-ENOMEM).
 */
struct dax_owner_claim *dax_owner_claim(struct device *dev,
					const struct dax_owner_span *span,
					enum dax_owner_owner owner, bool idle)
{
	struct dax_owner_claim *claim;
	int rc;

	claim = kzalloc(sizeof(*claim), GFP_KERNEL);
	if (!claim) {
		dax_owner_claim_failed(span, owner, -ENOMEM);
		return ERR_PTR(-ENOMEM);
	}

	claim->res = DEFINE_RES_MEM_NAMED(span->start, dax_owner_span_len(span),
					  dev_name(dev));
	claim->dev = dev;
	claim->span = *span;
	claim->owner = owner;
	claim->idle = idle;

	mutex_lock(&dax_owner_lock);
	rc = claim_addresses(claim);
	if (!rc) {
		if (owner == DAX_OWNER_CXL) {
			dax_owner_iomem_hide(span);
			record_cxl_claim(claim);
		} else {
			dax_owner_iomem_show(span);
			edit_extents(claim, edit_claimed);
		}
	}
	mutex_unlock(&dax_owner_lock);

	trace_dax_owner_claim(dev_name(dev), span, owner, rc);
	if (rc) {
		kfree(claim);
		return ERR_PTR(rc);
	}

	/* in case it cannot be: the claim is released with the reason why */
	claim->error = -ENOMEM;
	rc = devm_add_action_or_reset(dev, release_claim, claim);
	if (rc)
		return ERR_PTR(rc);
	claim->error = 0;
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
	struct device *dax;

	mutex_lock(&dax_owner_lock);
	claim->error = rc;
	mutex_unlock(&dax_owner_lock);
	if (rc)
		return;

	dax = device_find_any_child(claim->dev);
	if (!dax)
		return;

	watch_dax_bus(dax);

	/* Watching from here on; what was bound before shows in the device itself. */
	device_lock(dax);
	mutex_lock(&dax_owner_lock);
	record_dax(claim, dax);
	mutex_unlock(&dax_owner_lock);
	device_unlock(dax);

	put_device(dax);
}
EXPORT_SYMBOL_GPL(dax_owner_claim_done);
