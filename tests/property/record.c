// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property test of the record: random lives of extents, against a naive model.
 *
 *	property-record [SEED [STEPS]]
 *
 * The same seed gives the same lives on every machine. After each step:
 *  - the record and the model agree on whether the event can happen, and on every field;
 *  - an event that cannot happen does not change the record;
 *  - state, stage and the predicates of the stage agree;
 *  - each byte of the extent is usable, lost to blocks, or without a node.
 * At the end, every cell of the table has been used.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record-model.h"
#include "random.h"

#define DEFAULT_SEED 20260101u
#define DEFAULT_STEPS 5000000u
#define UNIT (2ull << 20)
#define LIFE 40

static const char *any_name(void)
{
	static const char *const names[] = {
		NULL,     "dax0.0",      "dax1.0",
		"hmem.0", "dax_region7", "a-name-that-is-longer-than-thirty-one-characters",
	};

	return names[below(6)];
}

/* Random arguments; the device contains the extent or only meets it */
static void any_args(struct dax_owner_args *args, struct dax_owner_span *dax, u64 now)
{
	static const int errors[] = { -ENODEV, -EBUSY, -ENOMEM };

	args->owner = below(2) ? DAX_OWNER_CXL : DAX_OWNER_HMEM;
	args->reason = below(DAX_OWNER_REASON_CLAIM_FAILED);
	args->flags = below(4);
	args->error = below(4) ? errors[below(3)] : 0;
	args->device = any_name();
	args->holder = any_name();
	args->target_node = (int)below(3) - 1;
	args->block_size = below(4) ? UNIT << below(5) : 0;
	args->now_us = now;
	dax->start = args->extent.start - below(8) * UNIT;
	dax->end = args->extent.end + below(8) * UNIT;
	if (!below(4))
		dax->start = args->extent.start;
	if (!below(8))
		dax->end -=
			below((unsigned int)((args->extent.end - args->extent.start) / UNIT) + 1) *
			UNIT;
	args->dax = below(3) ? dax : NULL;
}

#define SAME(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "differs: %s\n", #what); \
			return false; \
		} \
	} while (0)

static bool same(const struct dax_owner_record *r, const struct model *m)
{
	enum dax_owner_state state = dax_owner_record_state(r);

	SAME(!strcmp(dax_owner_state_name(state), model_state(m)));
	SAME(dax_owner_stage_held(r->stage) == m->claimed);
	SAME(dax_owner_stage_in_flight(r->stage) ==
	     (dax_owner_stage_due(r->stage) || state == DAX_OWNER_STATE_PENDING));
	SAME(r->owner == m->owner);
	SAME(r->previous == m->previous);
	SAME(r->reason == m->reason);
	SAME(r->verdict == m->verdict);
	SAME(r->flags == m->flags);
	SAME(r->error == m->error);
	SAME(r->target_node == m->node);
	SAME(r->decided_us == m->decided_us);
	SAME(r->usable_bytes == m->usable);
	SAME(r->block_loss_bytes == m->loss);
	SAME(!memcmp(r->device, m->device, sizeof(m->device)));
	SAME(!memcmp(r->holder, m->holder, sizeof(m->holder)));
	return true;
}

static bool sound(const struct dax_owner_record *r, const struct dax_owner_args *args)
{
	u64 size = args->extent.end - args->extent.start + 1;

	SAME(r->usable_bytes + r->block_loss_bytes <= size);
	SAME(r->owner == DAX_OWNER_NONE || r->target_node == -1 ||
	     r->usable_bytes + r->block_loss_bytes == size);
	SAME(r->target_node != -1 || r->usable_bytes == 0);
	SAME((r->error != 0) <= (r->reason == DAX_OWNER_REASON_CLAIM_FAILED));
	SAME((dax_owner_record_state(r) == DAX_OWNER_STATE_STRANDED) ==
	     (r->reason == DAX_OWNER_REASON_CLAIM_FAILED));
	return true;
}

struct counts {
	u64 steps, changes, ignored, impossible;
	u64 cells[DAX_OWNER_NR_STAGES][DAX_OWNER_NR_EVENTS];
};

/* Apply one event. Return: false after printing a difference. */
static bool step(struct dax_owner_record *r, struct model *m, struct dax_owner_args *args,
		 struct counts *counts)
{
	enum dax_owner_event event = below(DAX_OWNER_NR_EVENTS);
	struct dax_owner_record before = *r;
	struct dax_owner_span dax;
	bool can, model_can;

	any_args(args, &dax, ++counts->steps);
	counts->cells[r->stage][event]++;
	can = dax_owner_record_apply(r, event, args);
	model_can = model_apply(m, event, args, UNIT);
	if (!can)
		counts->impossible++;
	else if (dax_owner_record_equal(r, &before))
		counts->ignored++;
	else
		counts->changes++;

	if (can == model_can && (can || dax_owner_record_equal(r, &before)) && same(r, m) &&
	    (!can || dax_owner_record_equal(r, &before) || sound(r, args)))
		return true;
	fprintf(stderr, "step %" PRIu64 ": event %s in stage %s: possible %d, in the model %d\n",
		counts->steps, dax_owner_event_name(event), dax_owner_stage_name(before.stage), can,
		model_can);
	return false;
}

int main(int argc, char **argv)
{
	static struct counts counts;
	u64 steps = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_STEPS;
	unsigned int missing = 0;

	random_state = argc > 1 ? strtoull(argv[1], NULL, 0) : DEFAULT_SEED;
	while (counts.steps < steps) {
		struct dax_owner_record r = {};
		struct model m = { .pending = true };
		struct dax_owner_args args = {};

		args.extent.start = (64 + below(64)) * UNIT;
		args.extent.end = args.extent.start + (1 + below(24)) * UNIT - 1;
		for (unsigned int i = 0; i < LIFE; i++)
			if (!step(&r, &m, &args, &counts))
				return 1;
	}
	for (int stage = 0; stage < DAX_OWNER_NR_STAGES; stage++)
		for (int event = 0; event < DAX_OWNER_NR_EVENTS; event++)
			missing += !counts.cells[stage][event];
	printf("%" PRIu64 " steps: %" PRIu64 " changed the record, %" PRIu64 " did not, %" PRIu64
	       " cannot happen; %u of %u cells of the table not used\n",
	       counts.steps, counts.changes, counts.ignored, counts.impossible, missing,
	       DAX_OWNER_NR_STAGES * DAX_OWNER_NR_EVENTS);
	return missing != 0;
}
