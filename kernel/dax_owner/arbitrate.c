// SPDX-License-Identifier: GPL-2.0-only
/*
 * From facts to verdicts to offers: the one place where ownership is decided.
 *
 * The initial pass decides the ranges inside CXL windows once CXL's first
 * enumeration is over. From then on it is first come, first served: each time
 * dax_hmem is bound, everything it does not have is decided at once on present
 * evidence, and what dax_cxl holds it keeps. An administrator can have one range
 * decided again without unbinding anything.
 *
 * pass.c knows the host and decides when to ask it.
 */
#include <linux/bsearch.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include "cut.h"
#include "internal.h"
#include "reach.h"
#include "trace.h"

struct offer {
	struct dax_owner_span span;
	int target_node;
	struct list_head node;
};

/**
 * struct arbitration - what one arbitration works with and what comes of it
 * @facts: the evidence; its cases are dax_owner_ranges, in that order
 * @verdicts: room for the verdicts of one range
 * @max: how many
 * @offers: what dax_hmem is to be offered
 * @cxl_wanted: dax_cxl is to claim a region that it does not have
 */
struct arbitration {
	struct dax_owner_facts facts;
	struct dax_owner_verdict *verdicts;
	size_t max;
	struct list_head offers;
	bool cxl_wanted;
};

/* Offers that are being made: memory may be coming online, for minutes */
static atomic_t offering = ATOMIC_INIT(0);

/**
 * dax_owner_offering() - check whether dax_hmem is being offered extents
 *
 * Context: any. dax_owner_enumeration_wake() is called when the offers end.
 */
bool dax_owner_offering(void)
{
	return atomic_read(&offering);
}

static void arbitration_free(struct arbitration *a)
{
	kvfree(a->facts.regions);
	kvfree(a->facts.cases);
	kvfree(a->verdicts);
}

static int arbitration_gather(struct arbitration *a, enum dax_owner_pass pass)
{
	struct dax_owner_facts *facts = &a->facts;
	int rc;

	*a = (struct arbitration) { };
	INIT_LIST_HEAD(&a->offers);
	*facts = (struct dax_owner_facts) {
		.windows = dax_owner_windows,
		.nr_windows = dax_owner_nr_windows,
		.block_size = dax_owner_block_size,
		.policy = dax_owner_policy,
		.pass = pass,
	};

	rc = dax_owner_regions_get(&facts->regions, &facts->nr_regions);
	if (rc)
		return rc;

	a->max = DAX_OWNER_MAX_VERDICTS(facts->nr_regions);
	a->verdicts = kvcalloc(a->max, sizeof(*a->verdicts), GFP_KERNEL);
	facts->cases = kvcalloc(dax_owner_nr_ranges + 1, sizeof(*facts->cases), GFP_KERNEL);
	if (!a->verdicts || !facts->cases) {
		arbitration_free(a);
		return -ENOMEM;
	}
	facts->nr_cases = dax_owner_nr_ranges;
	for (size_t i = 0; i < dax_owner_nr_ranges; i++)
		facts->cases[i].span = dax_owner_ranges[i].span;

	/* cannot fail: both lists are sorted */
	rc = dax_owner_prepare(facts);
	if (WARN_ON_ONCE(rc))
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
			const struct dax_owner_span *piece)
{
	const struct dax_owner_args args = args_of(verdict);
	struct offer *offer = kmalloc(sizeof(*offer), GFP_KERNEL);

	if (!offer) {
		strand(verdict, piece, -ENOMEM);
		return;
	}
	offer->span = *piece;
	offer->target_node = dax_owner_target_node(piece->start);
	list_add_tail(&offer->node, &a->offers);
	dax_owner_ledger_set(piece, DAX_OWNER_EVENT_DECIDE_HMEM, &args);
}

/* The part of @span up to the next region, of whatever kind; empty if @span begins in one. */
static struct dax_owner_span before_region(const struct dax_owner_facts *facts,
					   const struct dax_owner_span *span, u64 *past)
{
	const unsigned int all = DAX_OWNER_KIND_BIT(DAX_OWNER_NR_KINDS) - 1;
	size_t i = dax_owner_reach_find(facts->regions, facts->nr_regions, 0, all, span->start);
	const struct dax_owner_span *region;

	*past = span->end + 1;
	if (i == DAX_OWNER_NO_INDEX || facts->regions[i].span.start > span->end)
		return *span;
	region = &facts->regions[i].span;
	*past = min(region->end, span->end) + 1;
	if (region->start <= span->start)
		return dax_owner_span_sized(0, 0);
	return (struct dax_owner_span) { span->start, region->start - 1 };
}

/*
 * The first part of @span that was withheld for a region which is not there any more. A region
 * without a driver is torn down without a notice. A region may also leave locked decoders
 * behind. So no driver gets the addresses until a region is there again.
 */
static bool first_forsaken(const struct dax_owner_facts *facts, const struct dax_owner_span *span,
			   struct dax_owner_span *forsaken)
{
	struct dax_owner_span rest = *span, withheld;
	u64 past;

	while (rest.start <= rest.end && dax_owner_ledger_withheld(&rest, &withheld)) {
		struct dax_owner_span part = dax_owner_span_common(&withheld, &rest);

		*forsaken = before_region(facts, &part, &past);
		if (forsaken->start <= forsaken->end)
			return true;
		rest.start = past;
	}
	return false;
}

/* The first part of @span that dax_hmem cannot be offered. */
static bool first_taken(const struct arbitration *a, const struct dax_owner_span *span,
			struct dax_owner_span *taken)
{
	struct dax_owner_span other;
	bool found = dax_owner_ledger_released(span, taken);

	if (dax_owner_hmem_holds(span, &other) && (!found || other.start < taken->start)) {
		*taken = other;
		found = true;
	}
	if (first_forsaken(&a->facts, span, &other) && (!found || other.start < taken->start)) {
		*taken = other;
		found = true;
	}
	return found;
}

/*
 * Where a torn down region was, nothing decodes the addresses any more: dax_hmem
 * would get memory that is not there. What it has already it has. Steps over such
 * a part at the start of @rest and ends the piece before the next one.
 */
static struct dax_owner_span before_taken(const struct arbitration *a,
					  struct dax_owner_span *rest)
{
	struct dax_owner_span piece, taken;

	while (rest->start <= rest->end && first_taken(a, rest, &taken) &&
	       taken.start <= rest->start)
		rest->start = taken.end + 1;
	piece = *rest;
	if (rest->start <= rest->end && first_taken(a, rest, &taken))
		piece.end = taken.start - 1;
	return piece;
}

static bool is_taken(const struct arbitration *a, const struct dax_owner_span *span)
{
	struct dax_owner_span taken;

	return first_taken(a, span, &taken);
}

/* A verdict for no driver. Released extents and claims keep their records. */
static void record_unless_taken(const struct arbitration *a,
				const struct dax_owner_verdict *verdict)
{
	const enum dax_owner_event event = verdict->reason == DAX_OWNER_REASON_AWAITING_CXL ?
		DAX_OWNER_EVENT_PEND : DAX_OWNER_EVENT_WITHHOLD;
	const struct dax_owner_args args = args_of(verdict);
	struct dax_owner_span rest = verdict->span;

	while (rest.start <= rest.end) {
		struct dax_owner_span piece = before_taken(a, &rest);

		if (piece.start > piece.end)
			break;
		dax_owner_ledger_set(&piece, event, &args);
		rest.start = piece.end + 1;
	}
}

static void record_cxl(struct arbitration *a, const struct dax_owner_verdict *verdict)
{
	const struct dax_owner_region *region = &a->facts.regions[verdict->region];
	struct dax_owner_args args = args_of(verdict);

	if (region->held)
		return;
	a->cxl_wanted = true;
	args.dax = &region->span;
	dax_owner_ledger_set(&verdict->span, DAX_OWNER_EVENT_DECIDE_CXL, &args);
}

/* Edges of what dax_hmem is to have, ascending: addresses at which a new device begins */
struct edges {
	u64 *at;
	size_t nr;
	size_t room;
};

static int edges_add(struct edges *edges, u64 at)
{
	u64 *more;

	if (edges->nr == edges->room) {
		size_t room = max(2 * edges->room, 16);

		more = kvrealloc(edges->at, array_size(room, sizeof(*more)), GFP_KERNEL);
		if (!more)
			return -ENOMEM;
		edges->at = more;
		edges->room = room;
	}
	edges->at[edges->nr++] = at;
	return 0;
}

/*
 * Windows and nodes of firmware are edges, windows even before cxl_acpi inserts them. So
 * are the bounds of what dax_hmem has, or cannot have.
 */
static int add_known_edges(const struct arbitration *a, struct edges *edges,
			   const struct dax_owner_span *span)
{
	struct dax_owner_span rest = *span;
	int rc = 0;

	for (size_t i = dax_owner_next_edge(dax_owner_edges, dax_owner_nr_edges, span->start);
	     !rc && i < dax_owner_nr_edges && dax_owner_edges[i] <= span->end; i++)
		rc = edges_add(edges, dax_owner_edges[i]);

	while (!rc && rest.start <= rest.end) {
		struct dax_owner_span piece = before_taken(a, &rest);

		rc = edges_add(edges, rest.start);
		if (piece.start > piece.end)
			break;
		if (!rc && piece.end < rest.end)
			rc = edges_add(edges, piece.end + 1);
		rest.start = piece.end + 1;
	}
	return rc;
}

/* Where one device ends because the iomem tree has an edge there; @part is aligned and known to have no other. */
static int add_iomem_edges(struct edges *edges, const struct dax_owner_span *part)
{
	struct dax_owner_span rest = *part;
	int rc = 0;

	while (!rc && rest.start <= rest.end) {
		rest.start += dax_owner_iomem_reservable(&rest) ?: dax_owner_iomem_blocked(&rest);
		if (rest.start <= rest.end)
			rc = edges_add(edges, rest.start);
	}
	return rc;
}

static ssize_t cut_at(const struct edges *edges, const struct dax_owner_span *span,
		      struct dax_owner_piece **pieces)
{
	const size_t max = DAX_OWNER_MAX_PIECES(edges->nr);

	*pieces = kvcalloc(max, sizeof(**pieces), GFP_KERNEL);
	if (!*pieces)
		return -ENOMEM;
	return dax_owner_cut(span, edges->at, edges->nr, DAX_OWNER_ALIGN, *pieces, max);
}

/* Each part between two known edges can have edges of the iomem tree in it. */
static int add_all_edges(const struct arbitration *a, struct edges *edges,
			 const struct dax_owner_span *span)
{
	struct dax_owner_piece *parts;
	ssize_t nr;
	int rc;

	rc = add_known_edges(a, edges, span);
	if (rc)
		return rc;
	sort(edges->at, edges->nr, sizeof(*edges->at), dax_owner_edge_cmp, NULL);
	nr = cut_at(edges, span, &parts);
	if (nr < 0)
		return nr;
	for (ssize_t i = 0; !rc && i < nr; i++)
		if (parts[i].whole && !is_taken(a, &parts[i].span))
			rc = add_iomem_edges(edges, &parts[i].span);
	kvfree(parts);
	sort(edges->at, edges->nr, sizeof(*edges->at), dax_owner_edge_cmp, NULL);
	return rc;
}

static void offer_or_strand(struct arbitration *a, const struct dax_owner_verdict *verdict,
			    const struct dax_owner_piece *piece)
{
	if (is_taken(a, &piece->span))
		return;
	/* regions and windows need not end on a 2 MiB boundary */
	if (!piece->whole)
		strand(verdict, &piece->span, -EINVAL);
	else if (dax_owner_iomem_reservable(&piece->span) < dax_owner_span_len(&piece->span))
		strand(verdict, &piece->span, -EBUSY);
	else
		offer_piece(a, verdict, &piece->span);
}

/* Cut what dax_hmem is to have into pieces that can each be reserved, on one node. */
static void offer_pieces(struct arbitration *a, const struct dax_owner_verdict *verdict)
{
	struct dax_owner_piece *pieces = NULL;
	struct edges edges = { };
	ssize_t nr = add_all_edges(a, &edges, &verdict->span);

	if (!nr)
		nr = cut_at(&edges, &verdict->span, &pieces);
	if (nr < 0)
		strand(verdict, &verdict->span, nr);
	for (ssize_t i = 0; i < nr; i++)
		offer_or_strand(a, verdict, &pieces[i]);
	kvfree(pieces);
	kvfree(edges.at);
}

static void arbitrate_range(struct arbitration *a, size_t index)
{
	ssize_t nr = dax_owner_decide(&a->facts.cases[index], &a->facts, a->verdicts, a->max);

	/* there is room for every verdict, and ranges are not empty */
	WARN_ON_ONCE(nr < 0);
	for (ssize_t i = 0; i < nr; i++) {
		const struct dax_owner_verdict *verdict = &a->verdicts[i];

		switch (verdict->owner) {
		case DAX_OWNER_HMEM:
			offer_pieces(a, verdict);
			break;
		case DAX_OWNER_CXL:
			record_cxl(a, verdict);
			break;
		case DAX_OWNER_NONE:
			record_unless_taken(a, verdict);
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

	atomic_inc(&offering);
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
	if (atomic_dec_and_test(&offering))
		dax_owner_enumeration_wake();
}

static const struct dax_owner_span everything = { 0, U64_MAX };

static bool is_to_be_decided(const struct dax_owner_range *range,
			     const struct dax_owner_range *only)
{
	struct dax_owner_span held;

	return only ? range == only : !dax_owner_hmem_holds(&range->span, &held);
}

/* Verdicts for the ranges of which dax_hmem has nothing, or for @only in any case. */
static int give_verdicts(struct arbitration *a, enum dax_owner_pass pass,
			 const struct dax_owner_range *only)
{
	struct dax_owner_args args = { };
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	if (pass != DAX_OWNER_PASS_PENDING && dax_owner_ledger_end_pass())
		trace_dax_owner_pass(pass == DAX_OWNER_PASS_DEADLINE);
	rc = arbitration_gather(a, pass);
	args.error = rc;
	if (rc)
		dax_owner_ledger_edit(only ? &only->span : &everything,
				      DAX_OWNER_EVENT_NO_EVIDENCE, &args);
	dax_owner_ledger_batch_begin();
	for (size_t i = 0; !rc && i < dax_owner_nr_ranges; i++)
		if (is_to_be_decided(&dax_owner_ranges[i], only))
			arbitrate_range(a, i);
	dax_owner_ledger_batch_end();
	dax_owner_ledger_refresh();
	return rc;
}

static int decide(struct device *host, enum dax_owner_pass pass,
		  const struct dax_owner_range *only, const struct dax_owner_hmem_ops *ops)
{
	const struct dax_owner_args unrecorded = { .error = -ENOMEM };
	struct arbitration a;
	int rc;

	device_lock_assert(host);

	mutex_lock(&dax_owner_lock);
	dax_owner_busy_begin();
	rc = give_verdicts(&a, pass, only);
	mutex_unlock(&dax_owner_lock);

	if (!rc)
		make_offers(&a, host, ops);

	mutex_lock(&dax_owner_lock);
	if (!rc && pass != DAX_OWNER_PASS_PENDING)
		dax_owner_ledger_edit(only ? &only->span : &everything,
				      DAX_OWNER_EVENT_UNRECORDED, &unrecorded);
	if (!rc && a.cxl_wanted)
		dax_owner_regions_attach();
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);

	if (!rc)
		arbitration_free(&a);
	return rc;
}

/**
 * dax_owner_decide_all() - decide every range that dax_hmem has nothing of
 * @host: the hmem_platform device, bound or being probed
 * @pass: how far the evidence about CXL goes; if not pending, the initial pass is over
 *	afterwards, whatever is returned
 * @ops: offer() is called once for each extent that is dax_hmem's
 *
 * Context: device lock of @host held; may sleep.
 * Return: 0; -ENOMEM or -EINTR if the evidence could not be gathered: nothing is decided
 * then, and what no driver holds is recorded as stranded for that.
 */
int dax_owner_decide_all(struct device *host, enum dax_owner_pass pass,
			 const struct dax_owner_hmem_ops *ops)
{
	return decide(host, pass, NULL, ops);
}

/**
 * dax_owner_decide_range() - take one range back from dax_hmem and decide it
 * @host: the hmem_platform device, bound
 * @address: any of the range's; there is such a range
 * @ops: as for dax_owner_decide_all()
 *
 * What a driver of the DAX bus uses stays with its owner.
 *
 * Context: device lock of @host held, the initial pass is over; may sleep.
 * Return: as dax_owner_decide_all(), for the range.
 */
int dax_owner_decide_range(struct device *host, u64 address, const struct dax_owner_hmem_ops *ops)
{
	const struct dax_owner_range *range = dax_owner_range_at(address);

	ops->withdraw(host, &range->span);
	return decide(host, DAX_OWNER_PASS_OVER, range, ops);
}

static int range_cmp(const void *key, const void *element)
{
	const u64 *address = key;
	const struct dax_owner_range *range = element;

	if (*address < range->span.start)
		return -1;
	return *address > range->span.end;
}

/**
 * dax_owner_range_at() - find the range that has an address
 * @address: any
 *
 * Context: any; ranges do not change after load.
 * Return: the range or NULL.
 */
const struct dax_owner_range *dax_owner_range_at(u64 address)
{
	return bsearch(&address, dax_owner_ranges, dax_owner_nr_ranges, sizeof(*dax_owner_ranges),
		       range_cmp);
}

static bool in_window(const struct dax_owner_span *span)
{
	for (size_t i = 0; i < dax_owner_nr_windows; i++)
		if (dax_owner_span_meets(&dax_owner_windows[i], span))
			return true;
	return false;
}

/**
 * dax_owner_usable_bytes() - compute how much of a DAX device can be system memory
 * @device: its addresses
 * @target_node: its NUMA node
 *
 * Context: any.
 * Return: bytes in whole memory blocks; 0 without a node, because kmem refuses a device
 * without one.
 */
u64 dax_owner_usable_bytes(const struct dax_owner_span *device, int target_node)
{
	if (target_node == NUMA_NO_NODE)
		return 0;
	return dax_owner_usable(device, device, dax_owner_block_size);
}
EXPORT_SYMBOL_GPL(dax_owner_usable_bytes);

/**
 * dax_owner_awaits_cxl() - check whether a range must wait for the initial pass
 *
 * Return: true while the initial pass is not over and a range meets a CXL window.
 */
bool dax_owner_awaits_cxl(void)
{
	bool awaits = false;

	mutex_lock(&dax_owner_lock);
	if (!dax_owner_ledger_pass_over())
		for (size_t i = 0; i < dax_owner_nr_ranges; i++)
			awaits |= in_window(&dax_owner_ranges[i].span);
	mutex_unlock(&dax_owner_lock);
	return awaits;
}

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
	/* no host will come */
	if (!dax_owner_hmem_present())
		dax_owner_ledger_end_pass();
	dax_owner_ledger_refresh();
	mutex_unlock(&dax_owner_lock);
}
