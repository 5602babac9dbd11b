/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of an extent: its owner, the reason and its stage, as a pure function of the events
 * in its life.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon. It does
 * not allocate, sleep, lock or log, and must not know devices or drivers. The caller turns what
 * happened into an event, and dax_owner_record_apply() changes the record.
 *
 * dax_owner_stage_next() is the table below. Columns are stages, by the letters in enum
 * dax_owner_stage. Rows are events. A cell is the stage that follows; "." the event changes
 * nothing; "-" the event cannot happen. If a stage follows itself, other fields may change.
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
 * The table is the output of test-record --print. tests/unit/test-record.c compares it with the
 * code. One rule is not in the table: the failure of one driver changes no extent that the other
 * driver owns.
 */
#ifndef DAX_OWNER_RECORD_H
#define DAX_OWNER_RECORD_H

#include "verdict.h"

/* Bytes of a device name with its terminator; longer names are cut */
#define DAX_OWNER_NAME_LEN 32

/**
 * enum dax_owner_state - how far an extent is on the way to its owner, as userspace reads it
 * @DAX_OWNER_STATE_PENDING: no verdict yet, the initial pass is not over
 * @DAX_OWNER_STATE_DECIDED: verdict made, no claim made
 * @DAX_OWNER_STATE_CLAIMED: claim made, no driver is bound to its DAX device yet
 * @DAX_OWNER_STATE_IDLE: claim made, and the administrator asked for a DAX device without
 *	a driver (region_idle)
 * @DAX_OWNER_STATE_OWNED: a driver is bound to its DAX device
 * @DAX_OWNER_STATE_RELEASED: its CXL region was torn down, nothing decodes it
 * @DAX_OWNER_STATE_STRANDED: no driver uses it although one should: the claim failed, no driver
 *	came, or the driver was unbound
 * @DAX_OWNER_STATE_WITHHELD: a CXL region that dax_cxl cannot have decodes it; no driver gets it
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
 * enum dax_owner_stage - the states in finer steps, with the facts that count when a claim ends
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
	/* with a claim; stranded when the claim ends */
	DAX_OWNER_STAGE_CLAIMED,
	DAX_OWNER_STAGE_IDLE,
	DAX_OWNER_STAGE_OWNED,
	DAX_OWNER_STAGE_REFUSED,
	/* with a claim; released when the claim ends */
	DAX_OWNER_STAGE_CLAIMED_GONE,
	DAX_OWNER_STAGE_IDLE_GONE,
	DAX_OWNER_STAGE_OWNED_GONE,
	DAX_OWNER_STAGE_REFUSED_GONE,
	/* with a claim; withheld when the claim ends */
	DAX_OWNER_STAGE_CLAIMED_BARRED,
	DAX_OWNER_STAGE_IDLE_BARRED,
	DAX_OWNER_STAGE_OWNED_BARRED,
	DAX_OWNER_STAGE_REFUSED_BARRED,
};

#define DAX_OWNER_NR_STAGES (DAX_OWNER_STAGE_REFUSED_BARRED + 1)

/**
 * enum dax_owner_event - the events that change the record of an extent
 * @DAX_OWNER_EVENT_PEND: verdict: no owner yet, the initial pass is not over
 * @DAX_OWNER_EVENT_DECIDE_HMEM: verdict: dax_hmem owns it
 * @DAX_OWNER_EVENT_DECIDE_CXL: verdict: dax_cxl owns it
 * @DAX_OWNER_EVENT_WITHHOLD: verdict: no driver gets it
 * @DAX_OWNER_EVENT_STRAND: verdict: args.owner owns it, but it cannot be offered (args.error)
 * @DAX_OWNER_EVENT_CLAIM_HMEM: dax_hmem claimed it
 * @DAX_OWNER_EVENT_CLAIM_CXL: dax_cxl claimed it
 * @DAX_OWNER_EVENT_FAIL_HMEM: dax_hmem failed to claim it (args.error, args.holder)
 * @DAX_OWNER_EVENT_FAIL_CXL: dax_cxl failed to claim it (args.error, args.holder)
 * @DAX_OWNER_EVENT_DEVICE: the DAX devices of its claim changed, no driver is bound to one
 * @DAX_OWNER_EVENT_IDLE: the same, and the administrator wants no driver for them
 * @DAX_OWNER_EVENT_BOUND: a driver is bound to a DAX device of its claim
 * @DAX_OWNER_EVENT_UNBOUND: the last driver was unbound from the DAX devices of its claim
 * @DAX_OWNER_EVENT_REFUSE: a driver refused the DAX device of its claim, and none is bound
 * @DAX_OWNER_EVENT_LET_GO: its claim ended (args.error: errno if the claiming driver failed)
 * @DAX_OWNER_EVENT_REGION_GONE: its CXL region was torn down, nothing decodes it
 * @DAX_OWNER_EVENT_REGION_BARRED: its CXL region lost its DAX region and still decodes it
 * @DAX_OWNER_EVENT_REGION_LEFT: an uncommitted CXL region was torn down: this changes only an
 *	extent that is withheld, or will be when its claim ends, because the region was committed
 *	at that time
 * @DAX_OWNER_EVENT_REGION_BACK: a CXL region with a DAX region decodes it again
 * @DAX_OWNER_EVENT_OVERDUE: no driver came for it in time
 * @DAX_OWNER_EVENT_NO_EVIDENCE: a decision was due, but the evidence could not be read (args.error)
 * @DAX_OWNER_EVENT_UNRECORDED: a decision was made, but could not be recorded (args.error)
 *
 * A failure of one driver changes no extent that the other driver owns. It neither strands such
 * an extent nor overwrites the error of the owner's own failure.
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
 * struct dax_owner_record - the record of an extent in the ledger
 * @owner: the driver that claimed it, or that is to claim it
 * @previous: @owner before its last change
 * @reason: why @owner owns it; claim-failed while it is stranded
 * @verdict: the reason of the verdict, which becomes @reason again when the owner gets it later
 * @stage: how far it is on the way to its owner
 * @flags: DAX_OWNER_FLAG_* of the verdict
 * @error: negative errno of the failure that stranded it, else 0
 * @target_node: NUMA node when it is online; -1: unknown
 * @decided_us: time of the verdict, in microseconds since boot; a verdict that stays the same
 *	keeps its time
 * @usable_bytes: bytes of it that can be system memory; see dax_owner_record_measure()
 * @block_loss_bytes: bytes of it that lie in no whole memory block of its DAX device
 * @dax: the addresses of its DAX device, or of the one to be made; empty (start past end, or
 *	all zero): those of the extent
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
 * struct dax_owner_args - the arguments of an event
 * @owner: STRAND: the owner by the verdict. DEVICE to REFUSE: the driver that made the claim
 * @reason: PEND, DECIDE_*, STRAND: of the verdict
 * @flags: PEND, DECIDE_*, WITHHOLD, STRAND: of the verdict
 * @error: negative errno; LET_GO: 0 if the claiming driver did not fail
 * @dax: DECIDE_*, STRAND, CLAIM_* to REFUSE: addresses of the DAX device or of the one to be
 *	made; NULL: for DECIDE_* and STRAND those of the extent, for the others no change
 * @device: DEVICE to REFUSE: name of the DAX device; NULL: none
 * @holder: FAIL_*: name of the device that has claimed the addresses; NULL: unknown
 * @extent: the addresses of the extent; filled in by the ledger
 * @target_node: its NUMA node; -1: unknown; filled in by the ledger
 * @block_size: bytes of a memory block; 0: no block rule applies; filled in by the ledger
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
 * dax_owner_record_state() - return the state that userspace reads from a record
 * @record: the record
 *
 * Return: the state of its stage.
 */
static inline enum dax_owner_state dax_owner_record_state(const struct dax_owner_record *record)
{
	return dax_owner_stage_state(record->stage);
}

#endif /* DAX_OWNER_RECORD_H */
