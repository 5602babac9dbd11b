// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turn facts into verdicts and verdicts into offers. Ownership is decided only here.
 *
 * The initial pass decides the ranges inside CXL windows when CXL's first enumeration is
 * over. After it, the first claim wins. Each bind of dax_hmem decides at once, on present
 * evidence, every range of which dax_hmem has claimed nothing. dax_cxl keeps its claims.
 * An administrator can decide one range again without an unbind.
 *
 * pass.c waits for the right time and passes the host to this file.
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
 * struct arbitration - the input and the result of one arbitration
 * @facts: the evidence; its cases are dax_owner_ranges, in the same order
 * @verdicts: array for the verdicts of one range
 * @max: number of elements in @verdicts
 * @offers: the extents to offer to dax_hmem
 * @cxl_wanted: a verdict gives dax_cxl a region that it has not claimed
 */
struct arbitration {
	struct dax_owner_facts facts;
	struct dax_owner_verdict *verdicts;
	size_t max;
	struct list_head offers;
	bool cxl_wanted;
};

/* The number of make_offers() that run. Each may last minutes, because memory comes online. */
static atomic_t offering = ATOMIC_INIT(0);

/**
 * dax_owner_offering() - check whether dax_hmem is being offered extents
 *
 * make_offers() calls dax_owner_enumeration_wake() when the last offers end.
 *
 * Context: any.
 * Return: true while offers are being made.
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

static int arbitration_init(struct arbitration *a, enum dax_owner_pass pass)
{
	struct dax_owner_facts *facts = &a->facts;
	int rc;

	*a = (struct arbitration) {};
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

static void strand(const struct dax_owner_verdict *verdict, const struct dax_owner_span *span,
		   int error)
{
	struct dax_owner_args args = args_of(verdict);

	pr_err("cannot reserve %#llx-%#llx for %s: %d\n", span->start, span->end,
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

/*
 * Return the part of @span before the next region of any kind. The part is empty if @span begins
 * in a region. Set @past to the first byte behind that region, or behind @span.
 */
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
 * Find the first part of @span that was withheld for a region that no longer exists. No notice
 * is sent when a region without a driver is torn down. A region may also leave locked decoders
 * behind. So no driver gets these addresses until a region decodes them again.
 */
static bool first_vacated(const struct dax_owner_facts *facts, const struct dax_owner_span *span,
			  struct dax_owner_span *vacated)
{
	struct dax_owner_span rest = *span, withheld;
	u64 past;

	while (rest.start <= rest.end && dax_owner_ledger_withheld(&rest, &withheld)) {
		struct dax_owner_span part = dax_owner_span_common(&withheld, &rest);

		*vacated = before_region(facts, &part, &past);
		if (vacated->start <= vacated->end)
			return true;
		rest.start = past;
	}
	return false;
}

/* Find the first part of @span that must not be offered to dax_hmem. */
static bool first_taken(const struct arbitration *a, const struct dax_owner_span *span,
			struct dax_owner_span *taken)
{
	struct dax_owner_span other;
	bool found = dax_owner_ledger_released(span, taken);

	if (dax_owner_hmem_holds(span, &other) && (!found || other.start < taken->start)) {
		*taken = other;
		found = true;
	}
	if (first_vacated(&a->facts, span, &other) && (!found || other.start < taken->start)) {
		*taken = other;
		found = true;
	}
	return found;
}

/*
 * Return the first piece of @rest that can be offered to dax_hmem, and move the start of @rest
 * to it. The piece ends before the next part that is taken. A part is taken if dax_hmem has
 * claimed it, if its region was torn down, or if it was withheld and its region is gone.
 * Nothing decodes the addresses of a torn down region, so they hold no memory for dax_hmem.
 */
static struct dax_owner_span before_taken(const struct arbitration *a, struct dax_owner_span *rest)
{
	struct dax_owner_span piece, taken;

	while (rest->start <= rest->end && first_taken(a, rest, &taken) && taken.start <= rest->start)
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

/* Record a verdict for no driver. Released extents and extents with a claim keep their records. */
static void record_unless_taken(const struct arbitration *a, const struct dax_owner_verdict *verdict)
{
	const enum dax_owner_event event = verdict->reason == DAX_OWNER_REASON_AWAITING_CXL ?
						   DAX_OWNER_EVENT_PEND :
						   DAX_OWNER_EVENT_WITHHOLD;
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

/* The addresses at which a new DAX device of dax_hmem has to begin */
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
 * Add the edges inside @span that are known without a test reservation. They are the edges of
 * firmware's windows and nodes, and the bounds of taken parts. Windows are edges even before
 * cxl_acpi inserts them into iomem.
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

/*
 * Add the edges that the iomem tree has inside @part. @part is aligned to DAX_OWNER_ALIGN and
 * has no known edge inside.
 */
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

/* Add the known edges, then search each part between two of them for edges of the iomem tree. */
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
	/* a piece at the edge of a region or window may not be 2 MiB aligned */
	if (!piece->whole)
		strand(verdict, &piece->span, -EINVAL);
	else if (dax_owner_iomem_reservable(&piece->span) < dax_owner_span_len(&piece->span))
		strand(verdict, &piece->span, -EBUSY);
	else
		offer_piece(a, verdict, &piece->span);
}

/* Cut a verdict for dax_hmem into pieces. Each piece can be reserved and lies on one node. */
static void offer_pieces(struct arbitration *a, const struct dax_owner_verdict *verdict)
{
	struct dax_owner_piece *pieces = NULL;
	struct edges edges = {};
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

	/* cannot fail: @verdicts has room for every verdict, and ranges are not empty */
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

/* Offer the extents to dax_hmem. The caller must not hold dax_owner_lock: each offer claims. */
static void make_offers(struct arbitration *a, struct device *host,
			const struct dax_owner_hmem_ops *ops)
{
	struct offer *offer, *next;
	int rc;

	atomic_inc(&offering);
	list_for_each_entry_safe(offer, next, &a->offers, node) {
		rc = ops->offer(host, &offer->span, offer->target_node);
		if (rc) {
			dev_err(host, "cannot register an hmem device for %#llx-%#llx: %d\n",
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

static bool is_to_be_decided(const struct dax_owner_range *range, const struct dax_owner_range *only)
{
	struct dax_owner_span held;

	return only ? range == only : !dax_owner_hmem_holds(&range->span, &held);
}

/*
 * Record verdicts for @only. If @only is NULL, record them for every range of which dax_hmem
 * has claimed nothing.
 */
static int record_verdicts(struct arbitration *a, enum dax_owner_pass pass,
			   const struct dax_owner_range *only)
{
	struct dax_owner_args args = {};
	int rc;

	lockdep_assert_held(&dax_owner_lock);

	if (pass != DAX_OWNER_PASS_PENDING && dax_owner_ledger_end_pass())
		trace_dax_owner_pass(pass == DAX_OWNER_PASS_DEADLINE);
	rc = arbitration_init(a, pass);
	args.error = rc;
	if (rc)
		dax_owner_ledger_edit(only ? &only->span : &everything, DAX_OWNER_EVENT_NO_EVIDENCE,
				      &args);
	dax_owner_ledger_batch_begin();
	for (size_t i = 0; !rc && i < dax_owner_nr_ranges; i++)
		if (is_to_be_decided(&dax_owner_ranges[i], only))
			arbitrate_range(a, i);
	dax_owner_ledger_batch_end();
	dax_owner_ledger_refresh();
	return rc;
}

static int decide(struct device *host, enum dax_owner_pass pass, const struct dax_owner_range *only,
		  const struct dax_owner_hmem_ops *ops)
{
	const struct dax_owner_args unrecorded = { .error = -ENOMEM };
	struct arbitration a;
	int rc;

	device_lock_assert(host);

	mutex_lock(&dax_owner_lock);
	dax_owner_busy_begin();
	rc = record_verdicts(&a, pass, only);
	mutex_unlock(&dax_owner_lock);

	if (!rc)
		make_offers(&a, host, ops);

	mutex_lock(&dax_owner_lock);
	if (!rc && pass != DAX_OWNER_PASS_PENDING)
		dax_owner_ledger_edit(only ? &only->span : &everything, DAX_OWNER_EVENT_UNRECORDED,
				      &unrecorded);
	if (!rc && a.cxl_wanted)
		dax_owner_regions_attach();
	dax_owner_busy_end();
	mutex_unlock(&dax_owner_lock);

	if (!rc)
		arbitration_free(&a);
	return rc;
}

/**
 * dax_owner_decide_all() - decide every range of which dax_hmem has claimed nothing
 * @host: the hmem_platform device, bound or being probed
 * @pass: how far the evidence about CXL goes; if it is not pending, the initial pass is over
 *	afterwards, also after an error
 * @ops: offer() is called once for each extent that dax_hmem owns
 *
 * Context: device lock of @host held; takes dax_owner_lock; may sleep.
 * Return: 0; -ENOMEM or -EINTR if the evidence could not be read. Then nothing is decided, and
 * every extent that no driver has claimed is recorded as stranded with this error.
 */
int dax_owner_decide_all(struct device *host, enum dax_owner_pass pass,
			 const struct dax_owner_hmem_ops *ops)
{
	return decide(host, pass, NULL, ops);
}

/**
 * dax_owner_decide_range() - withdraw one range from dax_hmem and decide it again
 * @host: the hmem_platform device, bound
 * @address: an address of the range; a range must have it
 * @ops: as for dax_owner_decide_all()
 *
 * A DAX device that a driver uses keeps its claim and its owner.
 *
 * Context: device lock of @host held, the initial pass is over; takes dax_owner_lock; may sleep.
 * Return: as dax_owner_decide_all(), for this range.
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
 * dax_owner_range_at() - find the range that contains an address
 * @address: the address
 *
 * Context: any, because ranges do not change after load.
 * Return: the range, which is never freed; NULL if no range contains @address.
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
 * dax_owner_usable_bytes() - compute how many bytes of a DAX device can be system memory
 * @device: its addresses, end inclusive
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
 * Context: may sleep; takes dax_owner_lock.
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
 * dax_owner_arbitrate_init() - create the ledger with one extent per range
 *
 * This cannot fail. An extent is a device whose release is in this module, so the module must
 * stay loaded from the first extent on. If there is no memory for the extent of a range, the
 * range is recorded when it is arbitrated.
 *
 * Context: takes dax_owner_lock; may sleep.
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
	/* without an hmem_platform device, no probe will start the initial pass */
	if (!dax_owner_hmem_present())
		dax_owner_ledger_end_pass();
	dax_owner_ledger_refresh();
	mutex_unlock(&dax_owner_lock);
}
