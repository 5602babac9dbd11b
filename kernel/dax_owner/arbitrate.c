// SPDX-License-Identifier: GPL-2.0-only
/*
 * From facts to verdicts to offers: the one place where ownership is decided.
 *
 * The initial pass decides the ranges inside CXL windows once CXL's first
 * enumeration is over. That it has happened is a fact of this boot, and lives
 * here because this module is never unloaded. From then on it is first come,
 * first served: each time dax_hmem is bound, everything it does not have is
 * decided at once on present evidence, and what dax_cxl holds it keeps. An
 * administrator can have one range decided again without unbinding anything.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "internal.h"
#include "trace.h"

/* Under dax_owner_lock; from PENDING to OVER, once */
static enum dax_owner_pass initial_pass = DAX_OWNER_PASS_PENDING;

/* Under dax_owner_lock: the hmem_platform device while dax_hmem is bound to it */
static struct device *bound_host;
static const struct dax_owner_hmem_ops *bound_ops;

struct offer {
	struct dax_owner_span span;
	int target_node;
	struct list_head node;
};

/* What one arbitration works with and what comes of it. */
struct arbitration {
	struct dax_owner_facts facts;
	struct dax_owner_region *regions;
	struct dax_owner_case *cases;	/* as dax_owner_ranges */
	struct dax_owner_verdict *verdicts;
	size_t max;
	struct list_head offers;
	bool cxl_wanted;
};

/**
 * dax_owner_pass_over() - is the initial pass over?
 *
 * Context: dax_owner_lock held.
 */
bool dax_owner_pass_over(void)
{
	lockdep_assert_held(&dax_owner_lock);

	return initial_pass == DAX_OWNER_PASS_OVER;
}

static bool in_window(const struct dax_owner_span *span)
{
	for (size_t i = 0; i < dax_owner_nr_windows; i++)
		if (dax_owner_span_meets(&dax_owner_windows[i], span))
			return true;
	return false;
}

static void arbitration_free(struct arbitration *a)
{
	kfree(a->regions);
	kvfree(a->cases);
	kvfree(a->verdicts);
}

static int arbitration_gather(struct arbitration *a, enum dax_owner_pass pass)
{
	size_t nr_regions;
	int rc;

	*a = (struct arbitration) { };
	INIT_LIST_HEAD(&a->offers);

	rc = dax_owner_regions_get(&a->regions, &nr_regions);
	if (rc)
		return rc;

	a->max = DAX_OWNER_MAX_VERDICTS(nr_regions);
	a->verdicts = kvcalloc(a->max, sizeof(*a->verdicts), GFP_KERNEL);
	a->cases = kvcalloc(dax_owner_nr_ranges + 1, sizeof(*a->cases), GFP_KERNEL);
	rc = -ENOMEM;
	if (!a->verdicts || !a->cases)
		goto err;

	for (size_t i = 0; i < dax_owner_nr_ranges; i++)
		a->cases[i].span = dax_owner_ranges[i].span;
	a->facts = (struct dax_owner_facts) {
		.windows = dax_owner_windows,
		.nr_windows = dax_owner_nr_windows,
		.regions = a->regions,
		.nr_regions = nr_regions,
		.cases = a->cases,
		.nr_cases = dax_owner_nr_ranges,
		.policy = dax_owner_policy,
		.pass = pass,
	};
	rc = dax_owner_prepare(&a->facts);
	if (rc)
		goto err;
	return 0;

err:
	arbitration_free(a);
	return rc;
}

static struct dax_owner_args args_of(const struct dax_owner_verdict *verdict)
{
	return (struct dax_owner_args) {
		.owner = verdict->owner,
		.reason = verdict->reason,
		.flags = verdict->flags,
	};
}

static void strand(const struct dax_owner_verdict *verdict,
		   const struct dax_owner_span *span, int error)
{
	struct dax_owner_args args = args_of(verdict);

	pr_err("%#llx-%#llx cannot be reserved for %s: %d\n", span->start, span->end,
	       dax_owner_owner_name(verdict->owner), error);
	args.error = error;
	dax_owner_ledger_set(span, DAX_OWNER_EVENT_STRAND, &args);
}

static void offer_piece(struct arbitration *a, const struct dax_owner_verdict *verdict,
			const struct dax_owner_span *piece,
			const struct dax_owner_range *range)
{
	const struct dax_owner_args args = args_of(verdict);
	struct offer *offer = kmalloc(sizeof(*offer), GFP_KERNEL);

	if (!offer) {
		strand(verdict, piece, -ENOMEM);
		return;
	}
	offer->span = *piece;
	offer->target_node = dax_owner_target_node(range, piece->start);
	list_add_tail(&offer->node, &a->offers);
	dax_owner_ledger_set(piece, DAX_OWNER_EVENT_DECIDE_HMEM, &args);
}

/* The first part of @span that dax_hmem cannot be offered. */
static bool first_taken(const struct dax_owner_span *span, struct dax_owner_span *taken)
{
	bool found = dax_owner_ledger_released(span, taken);
	struct dax_owner_span held;

	if (!dax_owner_hmem_holds(span, &held))
		return found;
	if (!found || held.start < taken->start)
		*taken = held;
	return true;
}

/*
 * Where a torn down region was, nothing decodes the addresses any more: dax_hmem
 * would get memory that is not there. What it has already it has. Steps over such
 * a part at the start of @rest and ends the piece before the next one.
 */
static struct dax_owner_span before_taken(struct dax_owner_span *rest)
{
	struct dax_owner_span piece, taken;

	while (rest->start <= rest->end && first_taken(rest, &taken) &&
	       taken.start <= rest->start)
		rest->start = taken.end + 1;
	piece = *rest;
	if (rest->start <= rest->end && first_taken(rest, &taken))
		piece.end = taken.start - 1;
	return piece;
}

/* Windows are edges even before cxl_acpi inserts them. Ends @piece before the next one. */
static void before_window_edge(struct dax_owner_span *piece)
{
	for (size_t i = 0; i < dax_owner_nr_windows; i++) {
		const struct dax_owner_span *window = &dax_owner_windows[i];

		if (window->start > piece->start && window->start <= piece->end)
			piece->end = window->start - 1;
		if (window->end >= piece->start && window->end < piece->end)
			piece->end = window->end;
	}
}

/* Cut what dax_hmem shall have into pieces that can each be reserved. */
static void offer_pieces(struct arbitration *a, const struct dax_owner_verdict *verdict,
			 const struct dax_owner_range *range)
{
	struct dax_owner_span rest = verdict->span;

	/* regions need not end on a 2 MiB boundary */
	rest.start = ALIGN(rest.start, DAX_OWNER_ALIGN);
	rest.end = ALIGN_DOWN(rest.end + 1, DAX_OWNER_ALIGN) - 1;
	if (rest.start > rest.end) {
		strand(verdict, &verdict->span, -EINVAL);
		return;
	}
	if (rest.start > verdict->span.start)
		strand(verdict, &(struct dax_owner_span) {
			verdict->span.start, rest.start - 1 }, -EINVAL);
	if (rest.end < verdict->span.end)
		strand(verdict, &(struct dax_owner_span) {
			rest.end + 1, verdict->span.end }, -EINVAL);

	while (rest.start <= rest.end) {
		struct dax_owner_span piece = before_taken(&rest);
		u64 len;

		if (piece.start > piece.end)
			break;
		before_window_edge(&piece);
		len = dax_owner_iomem_reservable(&piece);
		if (len) {
			piece.end = piece.start + len - 1;
			offer_piece(a, verdict, &piece, range);
		} else {
			/* somebody has it */
			piece.end = piece.start + dax_owner_iomem_blocked(&piece) - 1;
			strand(verdict, &piece, -EBUSY);
		}
		rest.start = piece.end + 1;
	}
}

static void arbitrate_range(struct arbitration *a, const struct dax_owner_range *range)
{
	ssize_t nr = dax_owner_decide(&a->cases[range - dax_owner_ranges], &a->facts,
				      a->verdicts, a->max);

	/* there is room for every verdict, and ranges are not empty */
	WARN_ON_ONCE(nr < 0);
	for (ssize_t i = 0; i < nr; i++) {
		const struct dax_owner_verdict *verdict = &a->verdicts[i];
		const struct dax_owner_args args = args_of(verdict);

		switch (verdict->owner) {
		case DAX_OWNER_HMEM:
			offer_pieces(a, verdict, range);
			break;
		case DAX_OWNER_CXL:
			if (a->regions[verdict->region].held)
				break;
			a->cxl_wanted = true;
			dax_owner_ledger_set(&verdict->span, DAX_OWNER_EVENT_DECIDE_CXL, &args);
			break;
		case DAX_OWNER_NONE:
			dax_owner_ledger_set(&verdict->span,
					     verdict->reason == DAX_OWNER_REASON_REGION_NOT_DAX ?
					     DAX_OWNER_EVENT_WITHHOLD : DAX_OWNER_EVENT_PEND,
					     &args);
			break;
		}
	}
}

/* Hand out the extents, with no lock of ours held: each is claimed within. */
static void make_offers(struct arbitration *a, struct device *host,
			const struct dax_owner_hmem_ops *ops)
{
	struct offer *offer, *next;
	int rc;

	list_for_each_entry_safe(offer, next, &a->offers, node) {
		rc = ops->offer(host, &offer->span, offer->target_node);
		if (rc) {
			dev_err(host, "cannot register %#llx-%#llx: %d\n",
				offer->span.start, offer->span.end, rc);
			dax_owner_claim_failed(&offer->span, DAX_OWNER_HMEM, rc);
		}
		list_del(&offer->node);
		kfree(offer);
	}
}

/* What dax_hmem does not have any of, or @only the one range, whatever it has of it. */
static bool shall_arbitrate(const struct dax_owner_range *range,
			    const struct dax_owner_range *only)
{
	struct dax_owner_span held;

	return only ? range == only : !dax_owner_hmem_holds(&range->span, &held);
}

static int arbitrate(struct device *host, enum dax_owner_pass pass,
		     const struct dax_owner_range *only, const struct dax_owner_hmem_ops *ops)
{
	const struct dax_owner_span everything = { 0, U64_MAX };
	const struct dax_owner_span *scope = only ? &only->span : &everything;
	const struct dax_owner_args unrecorded = { .error = -ENOMEM };
	struct dax_owner_args no_evidence = { };
	struct arbitration a;
	int rc;

	device_lock_assert(host);

	mutex_lock(&dax_owner_lock);
	if (pass != DAX_OWNER_PASS_PENDING && initial_pass == DAX_OWNER_PASS_PENDING) {
		initial_pass = DAX_OWNER_PASS_OVER;
		trace_dax_owner_pass(pass == DAX_OWNER_PASS_DEADLINE);
	}
	rc = arbitration_gather(&a, pass);
	no_evidence.error = rc;
	if (rc)
		dax_owner_ledger_edit(scope, DAX_OWNER_EVENT_NO_EVIDENCE, &no_evidence);
	dax_owner_ledger_batch_begin();
	for (size_t i = 0; !rc && i < dax_owner_nr_ranges; i++)
		if (shall_arbitrate(&dax_owner_ranges[i], only))
			arbitrate_range(&a, &dax_owner_ranges[i]);
	dax_owner_ledger_batch_end();
	dax_owner_ledger_refresh();
	/* what is offered last waits for what is offered first */
	dax_owner_busy_begin();
	mutex_unlock(&dax_owner_lock);
	if (rc)
		dev_err(host, "cannot arbitrate: %d\n", rc);
	else
		make_offers(&a, host, ops);

	mutex_lock(&dax_owner_lock);
	dax_owner_busy_end();
	if (!rc && pass != DAX_OWNER_PASS_PENDING)
		dax_owner_ledger_edit(scope, DAX_OWNER_EVENT_UNRECORDED, &unrecorded);
	mutex_unlock(&dax_owner_lock);
	if (rc)
		return rc;
	if (a.cxl_wanted)
		dax_owner_regions_attach();
	arbitration_free(&a);
	return 0;
}

/**
 * dax_owner_awaits_cxl() - has a range to wait for the end of the initial pass?
 *
 * Return: true while the initial pass is not over and a range meets a CXL window.
 */
bool dax_owner_awaits_cxl(void)
{
	bool awaits = false;

	mutex_lock(&dax_owner_lock);
	if (!dax_owner_pass_over())
		for (size_t i = 0; i < dax_owner_nr_ranges; i++)
			awaits |= in_window(&dax_owner_ranges[i].span);
	mutex_unlock(&dax_owner_lock);
	return awaits;
}
EXPORT_SYMBOL_GPL(dax_owner_awaits_cxl);

static void forget_host(void *host)
{
	mutex_lock(&dax_owner_lock);
	bound_host = NULL;
	bound_ops = NULL;
	mutex_unlock(&dax_owner_lock);
}

/* Until it is unbound, dax_owner_arbitrate_again() knows whom to ask. */
static void remember_host(struct device *host, const struct dax_owner_hmem_ops *ops)
{
	if (devm_add_action(host, forget_host, host)) {
		dev_warn(host, "no memory, single ranges cannot be arbitrated again\n");
		return;
	}
	mutex_lock(&dax_owner_lock);
	bound_host = host;
	bound_ops = ops;
	mutex_unlock(&dax_owner_lock);
}

/**
 * dax_owner_arbitrate() - decide every range that dax_hmem does not have already
 * @host: the hmem_platform device, being probed; there is one
 * @ops: offer() is called once for each extent that is dax_hmem's; there while it is bound
 *
 * Ranges that dax_owner_awaits_cxl() speaks of are recorded as pending. One range's
 * failure never stops the others.
 *
 * Context: device lock of @host held; may sleep.
 * Return: 0; -ENOMEM if the evidence could not be gathered, nothing decided then.
 */
int dax_owner_arbitrate(struct device *host, const struct dax_owner_hmem_ops *ops)
{
	int rc = arbitrate(host, dax_owner_awaits_cxl() ? DAX_OWNER_PASS_PENDING :
							 DAX_OWNER_PASS_OVER, NULL, ops);

	if (!rc)
		remember_host(host, ops);
	return rc;
}
EXPORT_SYMBOL_GPL(dax_owner_arbitrate);

static const struct dax_owner_range *range_at(u64 address)
{
	const struct dax_owner_span span = { address, address };

	for (size_t i = 0; i < dax_owner_nr_ranges; i++)
		if (dax_owner_span_meets(&dax_owner_ranges[i].span, &span))
			return &dax_owner_ranges[i];
	return NULL;
}

static int arbitrate_again(struct device *host, const struct dax_owner_range *range)
{
	const struct dax_owner_hmem_ops *ops;
	bool over;

	device_lock_assert(host);

	mutex_lock(&dax_owner_lock);
	/* not if it was unbound while we waited for it; from here on it cannot be */
	ops = bound_host == host ? bound_ops : NULL;
	over = dax_owner_pass_over();
	mutex_unlock(&dax_owner_lock);
	if (!ops)
		return -ENODEV;
	if (!over)
		return -EBUSY;

	ops->withdraw(host, &range->span);
	return arbitrate(host, DAX_OWNER_PASS_OVER, range, ops);
}

/**
 * dax_owner_arbitrate_again() - decide one range anew, on present evidence
 * @address: any of the range's
 *
 * What a driver of the DAX bus uses stays with its owner; all else of the range is taken
 * back and decided. What becomes dax_cxl's is claimed asynchronously.
 *
 * Context: takes the device lock of the hmem_platform device and dax_owner_lock, may sleep.
 * Return: 0; -ENXIO if no range has @address; -ENODEV if dax_hmem is not bound; -EBUSY if
 * the initial pass is not over; -ENOMEM.
 */
int dax_owner_arbitrate_again(u64 address)
{
	const struct dax_owner_range *range = range_at(address);
	struct device *host;
	int rc;

	if (!range)
		return -ENXIO;

	mutex_lock(&dax_owner_lock);
	host = get_device(bound_host);
	mutex_unlock(&dax_owner_lock);
	if (!host)
		return -ENODEV;

	device_lock(host);
	rc = arbitrate_again(host, range);
	device_unlock(host);
	put_device(host);
	return rc;
}

/**
 * dax_owner_end_initial_pass() - the initial arbitration of this boot
 * @host: the hmem_platform device, bound
 * @pass: what dax_owner_await_cxl() said, not DAX_OWNER_PASS_PENDING
 * @ops: as for dax_owner_arbitrate()
 *
 * Context: device lock of @host held; may sleep.
 * Return: as dax_owner_arbitrate(). The pass is over in any case.
 */
int dax_owner_end_initial_pass(struct device *host, enum dax_owner_pass pass,
			       const struct dax_owner_hmem_ops *ops)
{
	if (pass == DAX_OWNER_PASS_DEADLINE)
		dev_warn(host, "CXL enumeration did not end within %u s, deciding on the evidence so far\n",
			 dax_owner_deadline_s);
	return arbitrate(host, pass, NULL, ops);
}
EXPORT_SYMBOL_GPL(dax_owner_end_initial_pass);

/**
 * dax_owner_arbitrate_init() - make the ledger: one extent per range
 *
 * Cannot fail: an extent is a device, whose release is in this module, and there is no
 * way back from the first of them. A range that no memory could be had for is recorded
 * when it is arbitrated.
 */
void __init dax_owner_arbitrate_init(void)
{
	mutex_lock(&dax_owner_lock);
	dax_owner_ledger_made = true;
	for (size_t i = 0; i < dax_owner_nr_ranges; i++) {
		const struct dax_owner_span *span = &dax_owner_ranges[i].span;
		const struct dax_owner_args args = {
			.reason = in_window(span) ? DAX_OWNER_REASON_AWAITING_CXL :
						    DAX_OWNER_REASON_OUTSIDE_WINDOW,
		};

		dax_owner_ledger_set(span, DAX_OWNER_EVENT_PEND, &args);
	}
	/* nobody to arbitrate for */
	if (!dax_owner_hmem_present())
		initial_pass = DAX_OWNER_PASS_OVER;
	dax_owner_ledger_refresh();
	mutex_unlock(&dax_owner_lock);
}
