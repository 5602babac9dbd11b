// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of an extent, as a pure function of the events in its life.
 *
 * The table below gives the stage that follows. The changes of the other fields depend only on
 * the event and on that stage.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include "cut.h"
#include "record.h"

#define NO_NODE (-1)

/* The event changes nothing */
#define __ (-1)
/* The event cannot happen */
#define XX (-2)

#define PE DAX_OWNER_STAGE_PENDING
#define DE DAX_OWNER_STAGE_DECIDED
#define RE DAX_OWNER_STAGE_RELEASED
#define ST DAX_OWNER_STAGE_STRANDED
#define WI DAX_OWNER_STAGE_WITHHELD
#define CL DAX_OWNER_STAGE_CLAIMED
#define ID DAX_OWNER_STAGE_IDLE
#define OW DAX_OWNER_STAGE_OWNED
#define RF DAX_OWNER_STAGE_REFUSED
#define CG DAX_OWNER_STAGE_CLAIMED_GONE
#define IG DAX_OWNER_STAGE_IDLE_GONE
#define OG DAX_OWNER_STAGE_OWNED_GONE
#define RG DAX_OWNER_STAGE_REFUSED_GONE
#define CB DAX_OWNER_STAGE_CLAIMED_BARRED
#define IB DAX_OWNER_STAGE_IDLE_BARRED
#define OB DAX_OWNER_STAGE_OWNED_BARRED
#define RB DAX_OWNER_STAGE_REFUSED_BARRED

/*
 * A verdict does not change an extent with a claim. The one exception is a region that bars the
 * bytes: then the present claim is the last one. dax_hmem does not get bytes that no region
 * decodes any more.
 *
 * If there is no memory to cut the ledger, a claim is not recorded. So the events of a DAX device
 * can happen to an extent without a claim.
 */
static const signed char next_stages[DAX_OWNER_NR_EVENTS][DAX_OWNER_NR_STAGES] = {
	/*	PE  DE  RE  ST  WI  CL  ID  OW  RF  CG  IG  OG  RG  CB  IB  OB  RB */
	[DAX_OWNER_EVENT_PEND] = {
		PE, PE, __, PE, __, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_DECIDE_HMEM] = {
		DE, DE, __, DE, DE, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_DECIDE_CXL] = {
		DE, DE, DE, DE, DE, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_WITHHOLD] = {
		WI, WI, WI, WI, WI, CB, IB, OB, RB, CB, IB, OB, RB, __, __, __, __,
	},
	[DAX_OWNER_EVENT_STRAND] = {
		ST, ST, __, ST, ST, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_CLAIM_HMEM] = {
		CL, CL, XX, CL, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	},
	[DAX_OWNER_EVENT_CLAIM_CXL] = {
		CL, CL, CL, CL, CL, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	},
	[DAX_OWNER_EVENT_FAIL_HMEM] = {
		ST, ST, __, ST, __, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_FAIL_CXL] = {
		ST, ST, ST, ST, ST, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_DEVICE] = {
		CL, CL, CG, CL, CB, CL, XX, CL, RF, CG, XX, CG, RG, CB, XX, CB, RB,
	},
	[DAX_OWNER_EVENT_IDLE] = {
		ID, ID, IG, ID, IB, ID, ID, ID, XX, IG, IG, IG, XX, IB, IB, IB, XX,
	},
	[DAX_OWNER_EVENT_BOUND] = {
		OW, OW, OG, OW, OB, OW, OW, OW, OW, OG, OG, OG, OG, OB, OB, OB, OB,
	},
	[DAX_OWNER_EVENT_UNBOUND] = {
		CL, CL, CG, CL, CB, CL, XX, CL, CL, CG, XX, CG, CG, CB, XX, CB, CB,
	},
	[DAX_OWNER_EVENT_REFUSE] = {
		RF, RF, RG, RF, RB, RF, XX, RF, RF, RG, XX, RG, RG, RB, XX, RB, RB,
	},
	[DAX_OWNER_EVENT_LET_GO] = {
		ST, ST, __, ST, __, ST, ST, ST, ST, RE, RE, RE, RE, WI, WI, WI, WI,
	},
	[DAX_OWNER_EVENT_REGION_GONE] = {
		RE, RE, __, RE, RE, CG, IG, OG, RG, __, __, __, __, CG, IG, OG, RG,
	},
	[DAX_OWNER_EVENT_REGION_BARRED] = {
		WI, WI, WI, WI, __, CB, IB, OB, RB, CB, IB, OB, RB, __, __, __, __,
	},
	[DAX_OWNER_EVENT_REGION_LEFT] = {
		__, __, __, __, RE, __, __, __, __, __, __, __, __, CG, IG, OG, RG,
	},
	[DAX_OWNER_EVENT_REGION_BACK] = {
		__, __, __, __, __, __, __, __, __, CL, ID, OW, RF, CL, ID, OW, RF,
	},
	[DAX_OWNER_EVENT_OVERDUE] = {
		XX, ST, XX, XX, XX, RF, XX, XX, XX, RG, XX, XX, XX, RB, XX, XX, XX,
	},
	[DAX_OWNER_EVENT_NO_EVIDENCE] = {
		ST, ST, __, ST, __, __, __, __, __, __, __, __, __, __, __, __, __,
	},
	[DAX_OWNER_EVENT_UNRECORDED] = {
		ST, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __, __,
	},
};

/* --- names --- */

static const char *const state_names[DAX_OWNER_NR_STATES] = {
	[DAX_OWNER_STATE_PENDING] = "pending",   [DAX_OWNER_STATE_DECIDED] = "decided",
	[DAX_OWNER_STATE_CLAIMED] = "claimed",   [DAX_OWNER_STATE_IDLE] = "idle",
	[DAX_OWNER_STATE_OWNED] = "owned",       [DAX_OWNER_STATE_RELEASED] = "released",
	[DAX_OWNER_STATE_STRANDED] = "stranded", [DAX_OWNER_STATE_WITHHELD] = "withheld",
};

/**
 * dax_owner_state_name() - return the name of a state, as in sysfs, journal and JSON
 * @state: the state
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_state_name(enum dax_owner_state state)
{
	return (unsigned int)state < DAX_OWNER_NR_STATES ? state_names[state] : "unknown";
}

/**
 * dax_owner_state_parse() - find the state that has a name
 * @text: the name
 * @state: set to the state
 *
 * Return: 0; -EINVAL if no state has that name, with @state unchanged.
 */
int dax_owner_state_parse(const char *text, enum dax_owner_state *state)
{
	for (unsigned int i = 0; i < DAX_OWNER_NR_STATES; i++) {
		if (!strcmp(text, state_names[i])) {
			*state = i;
			return 0;
		}
	}
	return -EINVAL;
}

/**
 * dax_owner_stage_name() - return the two letters of a stage in the table
 * @stage: the stage
 *
 * Return: a constant string, "??" for a value outside the enum.
 */
const char *dax_owner_stage_name(enum dax_owner_stage stage)
{
	static const char names[DAX_OWNER_NR_STAGES][3] = {
		[PE] = "PE", [DE] = "DE", [RE] = "RE", [ST] = "ST", [WI] = "WI", [CL] = "CL",
		[ID] = "ID", [OW] = "OW", [RF] = "RF", [CG] = "CG", [IG] = "IG", [OG] = "OG",
		[RG] = "RG", [CB] = "CB", [IB] = "IB", [OB] = "OB", [RB] = "RB",
	};

	return (unsigned int)stage < DAX_OWNER_NR_STAGES ? names[stage] : "??";
}

/**
 * dax_owner_event_name() - return the name of an event, as in the table
 * @event: the event
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_event_name(enum dax_owner_event event)
{
	static const char *const names[DAX_OWNER_NR_EVENTS] = {
		[DAX_OWNER_EVENT_PEND] = "PEND",
		[DAX_OWNER_EVENT_DECIDE_HMEM] = "DECIDE_HMEM",
		[DAX_OWNER_EVENT_DECIDE_CXL] = "DECIDE_CXL",
		[DAX_OWNER_EVENT_WITHHOLD] = "WITHHOLD",
		[DAX_OWNER_EVENT_STRAND] = "STRAND",
		[DAX_OWNER_EVENT_CLAIM_HMEM] = "CLAIM_HMEM",
		[DAX_OWNER_EVENT_CLAIM_CXL] = "CLAIM_CXL",
		[DAX_OWNER_EVENT_FAIL_HMEM] = "FAIL_HMEM",
		[DAX_OWNER_EVENT_FAIL_CXL] = "FAIL_CXL",
		[DAX_OWNER_EVENT_DEVICE] = "DEVICE",
		[DAX_OWNER_EVENT_IDLE] = "IDLE",
		[DAX_OWNER_EVENT_BOUND] = "BOUND",
		[DAX_OWNER_EVENT_UNBOUND] = "UNBOUND",
		[DAX_OWNER_EVENT_REFUSE] = "REFUSE",
		[DAX_OWNER_EVENT_LET_GO] = "LET_GO",
		[DAX_OWNER_EVENT_REGION_GONE] = "REGION_GONE",
		[DAX_OWNER_EVENT_REGION_BARRED] = "REGION_BARRED",
		[DAX_OWNER_EVENT_REGION_LEFT] = "REGION_LEFT",
		[DAX_OWNER_EVENT_REGION_BACK] = "REGION_BACK",
		[DAX_OWNER_EVENT_OVERDUE] = "OVERDUE",
		[DAX_OWNER_EVENT_NO_EVIDENCE] = "NO_EVIDENCE",
		[DAX_OWNER_EVENT_UNRECORDED] = "UNRECORDED",
	};

	return (unsigned int)event < DAX_OWNER_NR_EVENTS ? names[event] : "unknown";
}

/* --- stages --- */

/**
 * dax_owner_stage_state() - return the state that userspace reads for a stage
 * @stage: the stage
 *
 * Return: the state; stranded for a value outside the enum.
 */
enum dax_owner_state dax_owner_stage_state(enum dax_owner_stage stage)
{
	switch (stage) {
	case PE:
		return DAX_OWNER_STATE_PENDING;
	case DE:
		return DAX_OWNER_STATE_DECIDED;
	case RE:
		return DAX_OWNER_STATE_RELEASED;
	case WI:
		return DAX_OWNER_STATE_WITHHELD;
	case CL:
	case CG:
	case CB:
		return DAX_OWNER_STATE_CLAIMED;
	case ID:
	case IG:
	case IB:
		return DAX_OWNER_STATE_IDLE;
	case OW:
	case OG:
	case OB:
		return DAX_OWNER_STATE_OWNED;
	case ST:
	case RF:
	case RG:
	case RB:
		break;
	}
	return DAX_OWNER_STATE_STRANDED;
}

/**
 * dax_owner_stage_held() - check whether an extent of a stage has a claim
 * @stage: the stage
 *
 * Return: true if it has.
 */
bool dax_owner_stage_held(enum dax_owner_stage stage)
{
	return stage >= CL;
}

/**
 * dax_owner_stage_due() - check whether an extent of a stage waits for a driver
 * @stage: the stage
 *
 * Return: true if the extent becomes overdue when no driver comes in time.
 */
bool dax_owner_stage_due(enum dax_owner_stage stage)
{
	enum dax_owner_state state = dax_owner_stage_state(stage);

	return state == DAX_OWNER_STATE_DECIDED || state == DAX_OWNER_STATE_CLAIMED;
}

/**
 * dax_owner_stage_in_flight() - check whether an extent of a stage is on the way to an owner
 * @stage: the stage
 *
 * Return: true if ownership is not settled as long as an extent has this stage.
 */
bool dax_owner_stage_in_flight(enum dax_owner_stage stage)
{
	return stage == PE || dax_owner_stage_due(stage);
}

/**
 * dax_owner_stage_next() - look up the stage that follows an event
 * @stage: the stage before
 * @event: the event
 *
 * Return: the stage that follows, which may be @stage; -EAGAIN if the event changes nothing;
 * -EINVAL if it cannot happen.
 */
int dax_owner_stage_next(enum dax_owner_stage stage, enum dax_owner_event event)
{
	int next = XX;

	if ((unsigned int)stage < DAX_OWNER_NR_STAGES && (unsigned int)event < DAX_OWNER_NR_EVENTS)
		next = next_stages[event][stage];
	if (next == __)
		return -EAGAIN;
	return next == XX ? -EINVAL : next;
}

/* --- the other fields --- */

static bool span_is_set(const struct dax_owner_span *span)
{
	return span->end && span->start <= span->end;
}

static bool same_name(const char *a, const char *b)
{
	return !strncmp(a, b, DAX_OWNER_NAME_LEN);
}

/* Copy a name and zero the rest, because whole records are copied to userspace and trace buffers. */
static void set_name(char *to, const char *from)
{
	size_t i = 0;

	for (; from && from[i] && i < DAX_OWNER_NAME_LEN - 1; i++)
		to[i] = from[i];
	memset(to + i, 0, DAX_OWNER_NAME_LEN - i);
}

static void set_dax(struct dax_owner_record *record, const struct dax_owner_span *dax)
{
	record->dax = dax ? *dax : (struct dax_owner_span) { 0, 0 };
}

/* Set the verdict. Return true if it stays the same: then it keeps its time. */
static bool set_verdict(struct dax_owner_record *record, enum dax_owner_owner owner,
			enum dax_owner_reason verdict, u64 now_us)
{
	bool same = record->decided_us && record->owner == owner && record->verdict == verdict;

	record->owner = owner;
	record->verdict = verdict;
	if (!same)
		record->decided_us = now_us;
	return same;
}

static void clear_failure(struct dax_owner_record *record)
{
	record->reason = record->verdict;
	record->error = 0;
	set_name(record->holder, NULL);
}

static void set_failure(struct dax_owner_record *record, int error, const char *holder)
{
	record->reason = DAX_OWNER_REASON_CLAIM_FAILED;
	record->error = error;
	set_name(record->holder, holder);
}

/* Set the fields of an extent that has a new verdict and no claim. */
static void decide(struct dax_owner_record *record, enum dax_owner_owner owner,
		   enum dax_owner_reason verdict, const struct dax_owner_args *args)
{
	set_verdict(record, owner, verdict, args->now_us);
	clear_failure(record);
	record->flags = args->flags;
	set_name(record->device, NULL);
	set_dax(record, args->dax);
}

/* Set the fields of a claimed extent. dax_cxl may claim whatever the verdict was: regions appear late. */
static void claim(struct dax_owner_record *record, enum dax_owner_owner owner,
		  const struct dax_owner_args *args)
{
	if (owner == DAX_OWNER_CXL) {
		if (!set_verdict(record, owner, DAX_OWNER_REASON_REGION_COVERS, args->now_us))
			record->flags = 0;
	} else {
		record->owner = owner;
	}
	clear_failure(record);
	if (args->dax)
		set_dax(record, args->dax);
}

/* Set the fields of a released or withheld extent: no driver has it, and that is no failure. */
static void bar(struct dax_owner_record *record, const struct dax_owner_args *args)
{
	enum dax_owner_reason verdict = record->stage == RE ? DAX_OWNER_REASON_NO_REGION :
							      DAX_OWNER_REASON_REGION_NOT_DAX;

	set_verdict(record, DAX_OWNER_NONE, verdict, args->now_us);
	clear_failure(record);
	record->flags = 0;
	set_name(record->device, NULL);
	set_dax(record, NULL);
}

/* Apply an event of the DAX bus. record->stage is already the stage that follows. */
static void dax_changed(struct dax_owner_record *record, enum dax_owner_event event,
			const struct dax_owner_args *args)
{
	bool stranded = dax_owner_record_state(record) == DAX_OWNER_STATE_STRANDED;

	if (event == DAX_OWNER_EVENT_REFUSE || !stranded)
		claim(record, args->owner, args);
	if (event == DAX_OWNER_EVENT_REFUSE)
		set_failure(record, -ENODEV, NULL);
	set_name(record->device, args->device);
}

static void let_go(struct dax_owner_record *record, const struct dax_owner_args *args)
{
	if (record->stage != ST) {
		bar(record, args);
		return;
	}
	/* the memory still works: its driver failed or was unbound */
	set_failure(record, args->error ? args->error : -ENODEV, NULL);
	set_name(record->device, NULL);
	set_dax(record, NULL);
}

/* Change the other fields. record->stage is already the stage that follows. */
static void change_fields(struct dax_owner_record *record, enum dax_owner_event event,
			  const struct dax_owner_args *args)
{
	switch (event) {
	case DAX_OWNER_EVENT_PEND:
		decide(record, DAX_OWNER_NONE, args->reason, args);
		record->decided_us = 0;
		break;
	case DAX_OWNER_EVENT_DECIDE_HMEM:
		decide(record, DAX_OWNER_HMEM, args->reason, args);
		break;
	case DAX_OWNER_EVENT_DECIDE_CXL:
		decide(record, DAX_OWNER_CXL, args->reason, args);
		break;
	case DAX_OWNER_EVENT_WITHHOLD:
		if (!dax_owner_stage_held(record->stage))
			decide(record, DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, args);
		break;
	case DAX_OWNER_EVENT_STRAND:
		decide(record, args->owner, args->reason, args);
		set_failure(record, args->error, NULL);
		break;
	case DAX_OWNER_EVENT_CLAIM_HMEM:
		claim(record, DAX_OWNER_HMEM, args);
		break;
	case DAX_OWNER_EVENT_CLAIM_CXL:
		claim(record, DAX_OWNER_CXL, args);
		break;
	case DAX_OWNER_EVENT_FAIL_HMEM:
	case DAX_OWNER_EVENT_FAIL_CXL:
		set_failure(record, args->error, args->holder);
		break;
	case DAX_OWNER_EVENT_DEVICE:
	case DAX_OWNER_EVENT_IDLE:
	case DAX_OWNER_EVENT_BOUND:
	case DAX_OWNER_EVENT_UNBOUND:
	case DAX_OWNER_EVENT_REFUSE:
		dax_changed(record, event, args);
		break;
	case DAX_OWNER_EVENT_LET_GO:
		let_go(record, args);
		break;
	case DAX_OWNER_EVENT_REGION_GONE:
	case DAX_OWNER_EVENT_REGION_BARRED:
	case DAX_OWNER_EVENT_REGION_LEFT:
		if (!dax_owner_stage_held(record->stage))
			bar(record, args);
		break;
	case DAX_OWNER_EVENT_REGION_BACK:
		break;
	case DAX_OWNER_EVENT_OVERDUE:
		set_failure(record, -ENODEV, NULL);
		break;
	case DAX_OWNER_EVENT_NO_EVIDENCE:
	case DAX_OWNER_EVENT_UNRECORDED:
		set_failure(record, args->error, NULL);
		break;
	}
}

/* Check whether a driver failed to claim an extent of the other driver, which the rules expect. */
static bool others_failure(const struct dax_owner_record *record, enum dax_owner_event event)
{
	return (event == DAX_OWNER_EVENT_FAIL_HMEM && record->owner == DAX_OWNER_CXL) ||
	       (event == DAX_OWNER_EVENT_FAIL_CXL && record->owner == DAX_OWNER_HMEM);
}

/**
 * dax_owner_record_apply() - apply an event to a record
 * @record: the record
 * @event: the event of the extent
 * @args: the arguments of the event
 *
 * Return: true; false, with @record unchanged, if the event cannot happen to the extent.
 */
bool dax_owner_record_apply(struct dax_owner_record *record, enum dax_owner_event event,
			    const struct dax_owner_args *args)
{
	const enum dax_owner_owner owner = record->owner;
	int next = dax_owner_stage_next(record->stage, event);

	if (next == -EAGAIN || (next >= 0 && others_failure(record, event)))
		return true;
	if (next < 0)
		return false;

	record->stage = next;
	change_fields(record, event, args);
	if (record->owner != owner)
		record->previous = owner;
	record->target_node = args->target_node;
	dax_owner_record_measure(record, &args->extent, args->block_size);
	return true;
}

/**
 * dax_owner_record_measure() - compute how many bytes of an extent can be system memory
 * @record: usable_bytes and block_loss_bytes of it are set
 * @extent: the addresses of the extent, end inclusive
 * @block_size: bytes of a memory block; 0: no block rule applies
 *
 * kmem uses the whole memory blocks of a DAX device, and refuses a device without a NUMA node.
 * Bytes that count in neither number have no node. Both numbers are 0 while the extent has no
 * owner.
 */
void dax_owner_record_measure(struct dax_owner_record *record, const struct dax_owner_span *extent,
			      u64 block_size)
{
	const struct dax_owner_span *dax = span_is_set(&record->dax) ? &record->dax : extent;

	record->usable_bytes = 0;
	record->block_loss_bytes = 0;
	if (record->owner == DAX_OWNER_NONE)
		return;
	record->block_loss_bytes = dax_owner_block_loss(dax, extent, block_size);
	if (record->target_node != NO_NODE)
		record->usable_bytes = dax_owner_usable(dax, extent, block_size);
}

/**
 * dax_owner_record_looks_equal() - check whether userspace reads the same from two records
 * @a: a record
 * @b: another record
 *
 * Return: true if all fields that userspace can read are equal.
 */
bool dax_owner_record_looks_equal(const struct dax_owner_record *a, const struct dax_owner_record *b)
{
	return a->owner == b->owner && a->previous == b->previous && a->reason == b->reason &&
	       dax_owner_record_state(a) == dax_owner_record_state(b) && a->flags == b->flags &&
	       a->error == b->error && a->target_node == b->target_node &&
	       a->decided_us == b->decided_us && a->usable_bytes == b->usable_bytes &&
	       a->block_loss_bytes == b->block_loss_bytes && same_name(a->device, b->device) &&
	       same_name(a->holder, b->holder);
}

/**
 * dax_owner_record_equal() - check whether two records are the same
 * @a: a record
 * @b: another record
 *
 * This compares field by field, because the padding of a record does not count.
 *
 * Return: true if all fields are equal.
 */
bool dax_owner_record_equal(const struct dax_owner_record *a, const struct dax_owner_record *b)
{
	return dax_owner_record_looks_equal(a, b) && a->verdict == b->verdict &&
	       a->stage == b->stage && a->dax.start == b->dax.start && a->dax.end == b->dax.end;
}
