/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of an extent: who owns it, why, and how far it is, as a pure function
 * of the events in its life.
 *
 * Compiled into dax_owner.ko and, unchanged, into the tests and the daemon. Nothing
 * here allocates, sleeps, locks or logs. It must not know what a device or a driver
 * is: the caller turns what happens into an event, and dax_owner_record_apply()
 * changes the record.
 *
 * dax_owner_stage_next() is the table below. Columns are stages, by the letters that their
 * enum names. Rows are events. A cell is the stage that follows: "." the event changes
 * nothing, "-" the event cannot happen. A stage that follows itself may get other fields.
 *
 *                 PE DE RE ST WI CL ID OW RF CG IG OG RG CB IB OB RB
 *   PEND          PE PE  . PE  .  .  .  .  .  .  .  .  .  .  .  .  .
 *   DECIDE_HMEM   DE DE  . DE DE  .  .  .  .  .  .  .  .  .  .  .  .
 *   DECIDE_CXL    DE DE DE DE DE  .  .  .  .  .  .  .  .  .  .  .  .
 *   WITHHOLD      WI WI WI WI WI CB IB OB RB CB IB OB RB  .  .  .  .
 *   STRAND        ST ST  . ST ST  .  .  .  .  .  .  .  .  .  .  .  .
 *   CLAIM_HMEM    CL CL  - CL  -  -  -  -  -  -  -  -  -  -  -  -  -
 *   CLAIM_CXL     CL CL CL CL CL  -  -  -  -  -  -  -  -  -  -  -  -
 *   FAIL_HMEM     ST ST  . ST  .  .  .  .  .  .  .  .  .  .  .  .  .
 *   FAIL_CXL      ST ST ST ST ST  .  .  .  .  .  .  .  .  .  .  .  .
 *   DEVICE        CL CL CG CL CB CL  - CL RF CG  - CG RG CB  - CB RB
 *   IDLE          ID ID IG ID IB ID ID ID  - IG IG IG  - IB IB IB  -
 *   BOUND         OW OW OG OW OB OW OW OW OW OG OG OG OG OB OB OB OB
 *   UNBOUND       CL CL CG CL CB CL  - CL CL CG  - CG CG CB  - CB CB
 *   REFUSE        RF RF RG RF RB RF  - RF RF RG  - RG RG RB  - RB RB
 *   LET_GO        ST ST  . ST  . ST ST ST ST RE RE RE RE WI WI WI WI
 *   REGION_GONE   RE RE  . RE RE CG IG OG RG  .  .  .  . CG IG OG RG
 *   REGION_BARRED WI WI WI WI  . CB IB OB RB CB IB OB RB  .  .  .  .
 *   REGION_LEFT    .  .  .  . RE  .  .  .  .  .  .  .  . CG IG OG RG
 *   REGION_BACK    .  .  .  .  .  .  .  .  . CL ID OW RF CL ID OW RF
 *   OVERDUE        - ST  -  -  - RF  -  -  - RG  -  -  - RB  -  -  -
 *   NO_EVIDENCE   ST ST  . ST  .  .  .  .  .  .  .  .  .  .  .  .  .
 *   UNRECORDED    ST  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
 *
 * The table is the output of test-record --print; tests/unit/test-record.c compares it with
 * the code. Beside it there is one rule: the failure of one driver changes nothing where the
 * owner is the other one.
 */
#ifndef DAX_OWNER_RECORD_H
#define DAX_OWNER_RECORD_H

#include "verdict.h"

/* Longest name of a device, with its terminator; longer names are cut */
#define DAX_OWNER_NAME_LEN 32

/**
 * enum dax_owner_state - how far an extent is on the way to its owner, as userspace sees it
 * @DAX_OWNER_STATE_PENDING: no verdict yet, the initial pass is not over
 * @DAX_OWNER_STATE_DECIDED: verdict given, no claim made
 * @DAX_OWNER_STATE_CLAIMED: claim made, no driver is bound to its DAX device yet
 * @DAX_OWNER_STATE_IDLE: claim made, and the administrator asked for a DAX device without
 *	a driver (region_idle)
 * @DAX_OWNER_STATE_OWNED: a driver is bound to its DAX device
 * @DAX_OWNER_STATE_RELEASED: its CXL region was torn down, nothing decodes it
 * @DAX_OWNER_STATE_STRANDED: no driver uses it although one was to: the claim failed, no
 *	driver came, or the driver was unbound
 * @DAX_OWNER_STATE_WITHHELD: it belongs to a CXL region that dax_cxl cannot have; no driver
 *	gets it
 */
enum dax_owner_state {
	DAX_OWNER_STATE_PENDING,
	DAX_OWNER_STATE_DECIDED,
	DAX_OWNER_STATE_CLAIMED,
	DAX_OWNER_STATE_IDLE,
	DAX_OWNER_STATE_OWNED,
	DAX_OWNER_STATE_RELEASED,
	DAX_OWNER_STATE_STRANDED,
	DAX_OWNER_STATE_WITHHELD,
};

#define DAX_OWNER_NR_STATES (DAX_OWNER_STATE_WITHHELD + 1)

/**
 * enum dax_owner_stage - the states, finer: what has to be remembered until a claim ends
 * @DAX_OWNER_STAGE_PENDING: PE, as the state
 * @DAX_OWNER_STAGE_DECIDED: DE, as the state
 * @DAX_OWNER_STAGE_RELEASED: RE, as the state
 * @DAX_OWNER_STAGE_STRANDED: ST, stranded, no claim is on it
 * @DAX_OWNER_STAGE_WITHHELD: WI, as the state
 * @DAX_OWNER_STAGE_CLAIMED: CL, as the state
 * @DAX_OWNER_STAGE_IDLE: ID, as the state
 * @DAX_OWNER_STAGE_OWNED: OW, as the state
 * @DAX_OWNER_STAGE_REFUSED: RF, stranded with a claim on it: a driver refused its DAX device, or
 *	none came in time
 * @DAX_OWNER_STAGE_CLAIMED_GONE: CG, claimed; released when the claim ends, because the CXL region
 *	that decoded it was torn down meanwhile
 * @DAX_OWNER_STAGE_IDLE_GONE: IG, idle, otherwise the same
 * @DAX_OWNER_STAGE_OWNED_GONE: OG, owned, otherwise the same
 * @DAX_OWNER_STAGE_REFUSED_GONE: RG, stranded, otherwise the same
 * @DAX_OWNER_STAGE_CLAIMED_BARRED: CB, claimed; withheld when the claim ends, because the CXL region
 *	still decodes it and lost its DAX region meanwhile
 * @DAX_OWNER_STAGE_IDLE_BARRED: IB, idle, otherwise the same
 * @DAX_OWNER_STAGE_OWNED_BARRED: OB, owned, otherwise the same
 * @DAX_OWNER_STAGE_REFUSED_BARRED: RB, stranded, otherwise the same
 */
enum dax_owner_stage {
	DAX_OWNER_STAGE_PENDING,
	DAX_OWNER_STAGE_DECIDED,
	DAX_OWNER_STAGE_RELEASED,
	DAX_OWNER_STAGE_STRANDED,
	DAX_OWNER_STAGE_WITHHELD,
	/* with a claim, and what becomes of it when the claim ends: stranded */
	DAX_OWNER_STAGE_CLAIMED,
	DAX_OWNER_STAGE_IDLE,
	DAX_OWNER_STAGE_OWNED,
	DAX_OWNER_STAGE_REFUSED,
	/* released */
	DAX_OWNER_STAGE_CLAIMED_GONE,
	DAX_OWNER_STAGE_IDLE_GONE,
	DAX_OWNER_STAGE_OWNED_GONE,
	DAX_OWNER_STAGE_REFUSED_GONE,
	/* withheld */
	DAX_OWNER_STAGE_CLAIMED_BARRED,
	DAX_OWNER_STAGE_IDLE_BARRED,
	DAX_OWNER_STAGE_OWNED_BARRED,
	DAX_OWNER_STAGE_REFUSED_BARRED,
};

#define DAX_OWNER_NR_STAGES (DAX_OWNER_STAGE_REFUSED_BARRED + 1)

/**
 * enum dax_owner_event - what happens to an extent
 * @DAX_OWNER_EVENT_PEND: verdict: no owner yet, the initial pass is not over
 * @DAX_OWNER_EVENT_DECIDE_HMEM: verdict: dax_hmem owns it
 * @DAX_OWNER_EVENT_DECIDE_CXL: verdict: dax_cxl owns it
 * @DAX_OWNER_EVENT_WITHHOLD: verdict: no driver gets it
 * @DAX_OWNER_EVENT_STRAND: verdict: args.owner owns it, but it cannot be offered (args.error)
 * @DAX_OWNER_EVENT_CLAIM_HMEM: dax_hmem claimed it
 * @DAX_OWNER_EVENT_CLAIM_CXL: dax_cxl claimed it
 * @DAX_OWNER_EVENT_FAIL_HMEM: dax_hmem could not claim it (args.error, args.holder)
 * @DAX_OWNER_EVENT_FAIL_CXL: dax_cxl could not claim it (args.error, args.holder)
 * @DAX_OWNER_EVENT_DEVICE: the DAX devices of its claim changed, no driver is bound to one
 * @DAX_OWNER_EVENT_IDLE: the same, and the administrator wants no driver for them
 * @DAX_OWNER_EVENT_BOUND: a driver is bound to a DAX device of its claim
 * @DAX_OWNER_EVENT_UNBOUND: the last driver was unbound from the DAX devices of its claim
 * @DAX_OWNER_EVENT_REFUSE: a driver refused the DAX device of its claim, none is bound
 * @DAX_OWNER_EVENT_LET_GO: its claim ended (args.error: the claiming driver failed with that)
 * @DAX_OWNER_EVENT_REGION_GONE: its CXL region was torn down, nothing decodes it
 * @DAX_OWNER_EVENT_REGION_BARRED: its CXL region lost its DAX region and still decodes it
 * @DAX_OWNER_EVENT_REGION_LEFT: the CXL region that it is withheld for is torn down by now; one
 *	that never was committed is torn down, too, and changes nothing
 * @DAX_OWNER_EVENT_REGION_BACK: a CXL region with a DAX region decodes it again
 * @DAX_OWNER_EVENT_OVERDUE: no driver came for it in time
 * @DAX_OWNER_EVENT_NO_EVIDENCE: a decision was due and the evidence could not be gathered
 *	(args.error)
 * @DAX_OWNER_EVENT_UNRECORDED: a decision was made and could not be recorded (args.error)
 *
 * A failure of one driver changes no extent that is the other's: it is neither stranded by it
 * nor loses the error of its own failure.
 */
enum dax_owner_event {
	DAX_OWNER_EVENT_PEND,
	DAX_OWNER_EVENT_DECIDE_HMEM,
	DAX_OWNER_EVENT_DECIDE_CXL,
	DAX_OWNER_EVENT_WITHHOLD,
	DAX_OWNER_EVENT_STRAND,
	DAX_OWNER_EVENT_CLAIM_HMEM,
	DAX_OWNER_EVENT_CLAIM_CXL,
	DAX_OWNER_EVENT_FAIL_HMEM,
	DAX_OWNER_EVENT_FAIL_CXL,
	DAX_OWNER_EVENT_DEVICE,
	DAX_OWNER_EVENT_IDLE,
	DAX_OWNER_EVENT_BOUND,
	DAX_OWNER_EVENT_UNBOUND,
	DAX_OWNER_EVENT_REFUSE,
	DAX_OWNER_EVENT_LET_GO,
	DAX_OWNER_EVENT_REGION_GONE,
	DAX_OWNER_EVENT_REGION_BARRED,
	DAX_OWNER_EVENT_REGION_LEFT,
	DAX_OWNER_EVENT_REGION_BACK,
	DAX_OWNER_EVENT_OVERDUE,
	DAX_OWNER_EVENT_NO_EVIDENCE,
	DAX_OWNER_EVENT_UNRECORDED,
};

#define DAX_OWNER_NR_EVENTS (DAX_OWNER_EVENT_UNRECORDED + 1)

/**
 * struct dax_owner_record - what the ledger says of an extent
 * @owner: whose it is, or is to be once claimed
 * @previous: @owner before its last change
 * @reason: why; claim-failed while it is stranded
 * @verdict: the reason of the verdict, @reason again when the owner gets it after all
 * @stage: how far it is
 * @flags: DAX_OWNER_FLAG_* of the verdict
 * @error: negative errno of what stranded it, else 0
 * @target_node: NUMA node when onlined, -1: not known
 * @decided_us: when the verdict was given, microseconds since boot; a verdict that stays the
 *	same keeps its date
 * @usable_bytes: bytes of it that can be system memory; see dax_owner_record_measure()
 * @block_loss_bytes: bytes of it that lie in no whole memory block of its DAX device
 * @dax: the addresses of its DAX device, or of the one to be made; empty (start past end, or
 *	all zero): the extent's own
 * @device: the DAX device, "" if there is none
 * @holder: the device that held the addresses when a claim failed, or ""
 */
struct dax_owner_record {
	enum dax_owner_owner owner;
	enum dax_owner_owner previous;
	enum dax_owner_reason reason;
	enum dax_owner_reason verdict;
	enum dax_owner_stage stage;
	unsigned int flags;
	int error;
	int target_node;
	u64 decided_us;
	u64 usable_bytes;
	u64 block_loss_bytes;
	struct dax_owner_span dax;
	char device[DAX_OWNER_NAME_LEN];
	char holder[DAX_OWNER_NAME_LEN];
};

/**
 * struct dax_owner_args - what belongs to an event
 * @owner: STRAND: whose it was to be. DEVICE to REFUSE: the driver whose claim it is
 * @reason: PEND, DECIDE_*, STRAND: of the verdict
 * @flags: PEND, DECIDE_*, WITHHOLD, STRAND: of the verdict
 * @error: negative errno; LET_GO: 0 if the claiming driver did not fail
 * @dax: DECIDE_*, STRAND, CLAIM_* to REFUSE: addresses of the DAX device or of the one to be
 *	made; NULL: DECIDE_*, STRAND: the extent's own, else what they were
 * @device: DEVICE to REFUSE: name of the DAX device; NULL: none
 * @holder: FAIL_*: name of the device that holds the addresses; NULL: not known
 * @extent: the extent; filled in by the ledger
 * @target_node: its NUMA node, -1: not known; filled in by the ledger
 * @block_size: bytes of a memory block, 0: no block rule applies; filled in by the ledger
 * @now_us: microseconds since boot; filled in by the ledger
 */
struct dax_owner_args {
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	unsigned int flags;
	int error;
	const struct dax_owner_span *dax;
	const char *device;
	const char *holder;
	struct dax_owner_span extent;
	int target_node;
	u64 block_size;
	u64 now_us;
};

const char *dax_owner_state_name(enum dax_owner_state state);
int dax_owner_state_parse(const char *text, enum dax_owner_state *state);

const char *dax_owner_stage_name(enum dax_owner_stage stage);
const char *dax_owner_event_name(enum dax_owner_event event);
enum dax_owner_state dax_owner_stage_state(enum dax_owner_stage stage);
bool dax_owner_stage_held(enum dax_owner_stage stage);
bool dax_owner_stage_in_flight(enum dax_owner_stage stage);
bool dax_owner_stage_due(enum dax_owner_stage stage);
int dax_owner_stage_next(enum dax_owner_stage stage, enum dax_owner_event event);

bool dax_owner_record_apply(struct dax_owner_record *record, enum dax_owner_event event,
			    const struct dax_owner_args *args);
void dax_owner_record_measure(struct dax_owner_record *record, const struct dax_owner_span *extent,
			      u64 block_size);
bool dax_owner_record_equal(const struct dax_owner_record *a, const struct dax_owner_record *b);
bool dax_owner_record_looks_equal(const struct dax_owner_record *a,
				  const struct dax_owner_record *b);

/**
 * dax_owner_record_state() - return the public state of a record
 * @record: the record
 */
static inline enum dax_owner_state dax_owner_record_state(const struct dax_owner_record *record)
{
	return dax_owner_stage_state(record->stage);
}

#endif /* DAX_OWNER_RECORD_H */
