// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of an extent, event by event, and the table in record.h.
 *
 *	test-record RECORD_H
 *	test-record --print	prints the table for record.h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "record.h"

#define MIB (1ull << 20)
#define SPAN(first, last) ((struct dax_owner_span) { MIB * (first), ((last) + 1) * MIB - 1 })

static const char *header;

/* ---- the table ---- */

static void print_cell(FILE *to, int stage, int event)
{
	int next = dax_owner_stage_next(stage, event);

	if (next == -EAGAIN)
		fprintf(to, " .");
	else if (next == -EINVAL)
		fprintf(to, " -");
	else
		fprintf(to, "%s", dax_owner_stage_name(next));
}

static void print_table(FILE *to)
{
	fprintf(to, " *%17s", "");
	for (int stage = 0; stage < DAX_OWNER_NR_STAGES; stage++)
		fprintf(to, "%s%s", stage ? " " : "", dax_owner_stage_name(stage));
	fputc('\n', to);
	for (int event = 0; event < DAX_OWNER_NR_EVENTS; event++) {
		fprintf(to, " *   %-14s", dax_owner_event_name(event));
		for (int stage = 0; stage < DAX_OWNER_NR_STAGES; stage++) {
			if (stage)
				fputc(' ', to);
			print_cell(to, stage, event);
		}
		fputc('\n', to);
	}
}

/* The header contains the output of print_table() in one piece. */
static void record_table_in_header_matches_code(void **state)
{
	char *table, *text;
	size_t size, n;
	FILE *stream = open_memstream(&table, &size);

	(void)state;
	print_table(stream);
	fclose(stream);

	stream = fopen(header, "r");
	assert_non_null(stream);
	text = calloc(1, 1 << 16);
	n = fread(text, 1, (1 << 16) - 1, stream);
	fclose(stream);
	assert_true(n > size);
	assert_non_null(strstr(text, table));
	free(text);
	free(table);
}

/* ---- names ---- */

static void state_parse_accepts_names(void **unused)
{
	(void)unused;
	for (int i = 0; i < DAX_OWNER_NR_STATES; i++) {
		enum dax_owner_state state = (i + 1) % DAX_OWNER_NR_STATES;

		assert_int_equal(dax_owner_state_parse(dax_owner_state_name(i), &state), 0);
		assert_int_equal(state, i);
	}
	for (int i = 0; i < DAX_OWNER_NR_STAGES; i++)
		assert_int_equal(strlen(dax_owner_stage_name(i)), 2);
	assert_string_equal(dax_owner_state_name(DAX_OWNER_NR_STATES), "unknown");
	assert_string_equal(dax_owner_stage_name(DAX_OWNER_NR_STAGES), "??");
	assert_string_equal(dax_owner_event_name(DAX_OWNER_NR_EVENTS), "unknown");
	assert_int_equal(dax_owner_stage_next(DAX_OWNER_NR_STAGES, 0), -EINVAL);
	assert_int_equal(dax_owner_stage_next(0, DAX_OWNER_NR_EVENTS), -EINVAL);
}

static void state_parse_refuses_unknown_names(void **unused)
{
	enum dax_owner_state state = DAX_OWNER_STATE_OWNED;

	(void)unused;
	assert_int_equal(dax_owner_state_parse("", &state), -EINVAL);
	assert_int_equal(dax_owner_state_parse("own", &state), -EINVAL);
	assert_int_equal(dax_owner_state_parse("OWNED", &state), -EINVAL);
	assert_int_equal(state, DAX_OWNER_STATE_OWNED);
}

static void record_each_stage_has_its_state(void **unused)
{
	(void)unused;
	for (int i = 0; i < DAX_OWNER_NR_STAGES; i++) {
		enum dax_owner_state state = dax_owner_stage_state(i);

		/* events that need a claim can happen only in a stage with a claim */
		assert_int_equal(dax_owner_stage_held(i),
				 dax_owner_stage_next(i, DAX_OWNER_EVENT_CLAIM_CXL) == -EINVAL);
		/* only a stage with a due time can be overdue */
		assert_int_equal(dax_owner_stage_due(i),
				 dax_owner_stage_next(i, DAX_OWNER_EVENT_OVERDUE) != -EINVAL);
		assert_int_equal(dax_owner_stage_in_flight(i),
				 state == DAX_OWNER_STATE_PENDING ||
					 state == DAX_OWNER_STATE_DECIDED ||
					 state == DAX_OWNER_STATE_CLAIMED);
	}
}

/* ---- lives ---- */

/* An extent of 96 MiB that begins inside a memory block, in node 1 */
struct life {
	struct dax_owner_record record;
	struct dax_owner_args args;
	struct dax_owner_span dax;
};

static void setup(struct life *l)
{
	memset(l, 0, sizeof(*l));
	l->args = (struct dax_owner_args) {
		.extent = SPAN(1088, 1183),
		.target_node = 1,
		.block_size = 128 * MIB,
		.now_us = 100,
	};
	l->args.reason = DAX_OWNER_REASON_AWAITING_CXL;
	assert_true(dax_owner_record_apply(&l->record, DAX_OWNER_EVENT_PEND, &l->args));
}

#define HAPPENS(l, event) \
	assert_true(dax_owner_record_apply(&(l)->record, DAX_OWNER_EVENT_##event, &(l)->args))
#define IS(l, what) \
	assert_string_equal(dax_owner_state_name(dax_owner_record_state(&(l)->record)), what)
#define WHY(l, what) assert_string_equal(dax_owner_reason_name((l)->record.reason), what)
#define WHOSE(l, what) assert_string_equal(dax_owner_owner_name((l)->record.owner), what)

static void decide(struct life *l, enum dax_owner_owner owner, enum dax_owner_reason reason)
{
	l->args.owner = owner;
	l->args.reason = reason;
	if (owner == DAX_OWNER_CXL)
		HAPPENS(l, DECIDE_CXL);
	else
		HAPPENS(l, DECIDE_HMEM);
}

/* dax_hmem claims the extent, and kmem is bound to the DAX device of @first to @last MiB */
static void owned_by_hmem(struct life *l, u64 first, u64 last)
{
	setup(l);
	decide(l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	l->dax = SPAN(first, last);
	l->args.dax = &l->dax;
	HAPPENS(l, CLAIM_HMEM);
	l->args.device = "dax0.0";
	HAPPENS(l, DEVICE);
	HAPPENS(l, BOUND);
}

static void record_usual_events_lead_to_owned(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	IS(&l, "pending");
	WHY(&l, "awaiting-cxl");
	WHOSE(&l, "none");
	assert_int_equal(l.record.decided_us, 0);

	l.args.now_us = 200;
	l.args.flags = DAX_OWNER_FLAG_DEADLINE;
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL);
	IS(&l, "decided");
	WHY(&l, "region-partial");
	WHOSE(&l, "dax_hmem");
	assert_int_equal(l.record.flags, DAX_OWNER_FLAG_DEADLINE);
	assert_int_equal(l.record.decided_us, 200);

	l.args.now_us = 300;
	l.args.flags = 0;
	HAPPENS(&l, CLAIM_HMEM);
	IS(&l, "claimed");
	assert_int_equal(l.record.decided_us, 200);
	assert_int_equal(l.record.flags, DAX_OWNER_FLAG_DEADLINE);

	l.args.device = "dax1.0";
	HAPPENS(&l, BOUND);
	IS(&l, "owned");
	assert_string_equal(l.record.device, "dax1.0");
	assert_int_equal(l.record.previous, DAX_OWNER_NONE);

	HAPPENS(&l, UNBOUND);
	IS(&l, "claimed");
}

static void record_refusal_strands_until_bound(void **unused)
{
	struct life l;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	HAPPENS(&l, UNBOUND);
	HAPPENS(&l, REFUSE);
	IS(&l, "stranded");
	WHY(&l, "claim-failed");
	assert_int_equal(l.record.error, -ENODEV);
	assert_string_equal(l.record.device, "dax0.0");
	HAPPENS(&l, DEVICE);
	IS(&l, "stranded");
	assert_int_equal(l.record.error, -ENODEV);
	HAPPENS(&l, BOUND);
	IS(&l, "owned");
	WHY(&l, "no-region");
	assert_int_equal(l.record.error, 0);
}

static void record_overdue_strands_with_and_without_claim(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	assert_false(dax_owner_record_apply(&l.record, DAX_OWNER_EVENT_OVERDUE, &l.args));
	IS(&l, "pending");
	decide(&l, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS);
	HAPPENS(&l, OVERDUE);
	IS(&l, "stranded");
	assert_false(dax_owner_stage_held(l.record.stage));
	HAPPENS(&l, CLAIM_CXL);
	HAPPENS(&l, OVERDUE);
	IS(&l, "stranded");
	assert_true(dax_owner_stage_held(l.record.stage));
	l.args.owner = DAX_OWNER_CXL;
	HAPPENS(&l, BOUND);
	IS(&l, "owned");
	WHY(&l, "region-covers");
}

static void record_idle_is_not_in_flight(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	HAPPENS(&l, CLAIM_HMEM);
	assert_true(dax_owner_stage_in_flight(l.record.stage));
	HAPPENS(&l, IDLE);
	IS(&l, "idle");
	assert_false(dax_owner_stage_in_flight(l.record.stage));
	HAPPENS(&l, BOUND);
	IS(&l, "owned");
	HAPPENS(&l, IDLE);
	IS(&l, "idle");
}

static void record_region_gone_under_hmem_releases_later(void **unused)
{
	struct life l;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	HAPPENS(&l, REGION_GONE);
	IS(&l, "owned");
	WHOSE(&l, "dax_hmem");
	HAPPENS(&l, UNBOUND);
	l.args.device = NULL;
	HAPPENS(&l, DEVICE);
	IS(&l, "claimed");
	assert_string_equal(l.record.device, "");
	HAPPENS(&l, LET_GO);
	IS(&l, "released");
	WHY(&l, "no-region");
	WHOSE(&l, "none");
	assert_int_equal(l.record.previous, DAX_OWNER_HMEM);
	assert_int_equal(l.record.usable_bytes + l.record.block_loss_bytes, 0);

	/* dax_hmem does not get memory that no region decodes */
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	IS(&l, "released");
	assert_false(dax_owner_record_apply(&l.record, DAX_OWNER_EVENT_CLAIM_HMEM, &l.args));
	HAPPENS(&l, FAIL_HMEM);
	IS(&l, "released");
	HAPPENS(&l, CLAIM_CXL);
	IS(&l, "claimed");
}

static void record_region_back_under_hmem_undoes_release(void **unused)
{
	struct life l;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	HAPPENS(&l, REGION_GONE);
	HAPPENS(&l, REGION_BACK);
	l.args.error = 0;
	HAPPENS(&l, LET_GO);
	IS(&l, "stranded");
	assert_int_equal(l.record.error, -ENODEV);
	WHOSE(&l, "dax_hmem");
}

static void record_region_still_decoding_withholds(void **unused)
{
	struct life l;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	HAPPENS(&l, REGION_GONE);
	HAPPENS(&l, REGION_BARRED);
	IS(&l, "owned");
	HAPPENS(&l, LET_GO);
	IS(&l, "withheld");
	WHY(&l, "region-not-dax");
	WHOSE(&l, "none");
	assert_false(dax_owner_record_apply(&l.record, DAX_OWNER_EVENT_CLAIM_HMEM, &l.args));
	HAPPENS(&l, REGION_GONE);
	IS(&l, "released");
}

static void record_region_left_releases_withheld_only(void **unused)
{
	struct life l;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	assert_int_equal(dax_owner_stage_next(l.record.stage, DAX_OWNER_EVENT_REGION_LEFT), -EAGAIN);
	HAPPENS(&l, REGION_BARRED);
	HAPPENS(&l, REGION_LEFT);
	IS(&l, "owned");
	HAPPENS(&l, LET_GO);
	IS(&l, "released");
	assert_false(dax_owner_record_apply(&l.record, DAX_OWNER_EVENT_CLAIM_HMEM, &l.args));
}

static void record_verdict_on_claim_changes_nothing(void **unused)
{
	struct life l;
	struct dax_owner_record before;

	(void)unused;
	owned_by_hmem(&l, 1088, 1183);
	before = l.record;
	decide(&l, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS);
	HAPPENS(&l, PEND);
	assert_true(dax_owner_record_equal(&before, &l.record));
	/* when the driver lets go, no driver gets the region's memory */
	HAPPENS(&l, WITHHOLD);
	assert_true(dax_owner_record_looks_equal(&before, &l.record));
	HAPPENS(&l, LET_GO);
	IS(&l, "withheld");
}

static void record_failure_of_other_driver_changes_nothing(void **unused)
{
	struct dax_owner_record before;
	struct life l;

	(void)unused;
	setup(&l);
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL);
	l.args.error = -EBUSY;
	l.args.holder = "hmem.0";
	before = l.record;
	HAPPENS(&l, FAIL_CXL);
	assert_true(dax_owner_record_equal(&before, &l.record));

	l.args.error = -ENOMEM;
	l.args.holder = NULL;
	HAPPENS(&l, FAIL_HMEM);
	IS(&l, "stranded");
	assert_int_equal(l.record.error, -ENOMEM);
	before = l.record;
	l.args.error = -EBUSY;
	l.args.holder = "hmem.0";
	HAPPENS(&l, FAIL_CXL);
	assert_true(dax_owner_record_equal(&before, &l.record));
	/* the later failure of the owner's claim counts */
	HAPPENS(&l, FAIL_HMEM);
	assert_int_equal(l.record.error, -EBUSY);
	assert_string_equal(l.record.holder, "hmem.0");
}

static void record_failure_while_undecided_strands(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	l.args.error = -EBUSY;
	HAPPENS(&l, FAIL_CXL);
	IS(&l, "stranded");
	setup(&l);
	l.args.error = -ENOMEM;
	HAPPENS(&l, UNRECORDED);
	IS(&l, "stranded");
	assert_int_equal(l.record.error, -ENOMEM);
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	assert_int_equal(l.record.error, 0);
	HAPPENS(&l, UNRECORDED);
	IS(&l, "decided");
	HAPPENS(&l, NO_EVIDENCE);
	IS(&l, "stranded");
}

static void record_same_verdict_keeps_time(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	l.args.now_us = 200;
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	l.args.now_us = 300;
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	assert_int_equal(l.record.decided_us, 200);
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL);
	assert_int_equal(l.record.decided_us, 300);
	l.args.now_us = 400;
	HAPPENS(&l, CLAIM_CXL);
	assert_int_equal(l.record.decided_us, 400);
	assert_int_equal(l.record.previous, DAX_OWNER_HMEM);
}

static void record_measure_sets_usable_and_lost_bytes(void **unused)
{
	struct life l;

	(void)unused;
	/* the extent: 1088 to 1183 MiB, blocks at 1024 and 1152; the device ends at 1279 */
	owned_by_hmem(&l, 1088, 1279);
	assert_int_equal(l.record.usable_bytes, 32 * MIB);
	assert_int_equal(l.record.block_loss_bytes, 64 * MIB);
	/* the same without a node */
	l.args.target_node = -1;
	HAPPENS(&l, BOUND);
	assert_int_equal(l.record.usable_bytes, 0);
	assert_int_equal(l.record.block_loss_bytes, 64 * MIB);
	/* without a device the extent counts as the device */
	l.args.target_node = 0;
	HAPPENS(&l, LET_GO);
	assert_int_equal(l.record.usable_bytes, 0);
	assert_int_equal(l.record.block_loss_bytes, 96 * MIB);
	/* with an unknown block size */
	l.args.block_size = 0;
	l.args.error = -EIO;
	HAPPENS(&l, FAIL_HMEM);
	assert_int_equal(l.record.usable_bytes, 96 * MIB);
	assert_int_equal(l.record.block_loss_bytes, 0);
}

/* Each field counts, padding between fields does not. */
static void record_equal_compares_each_field(void **unused)
{
	static const struct dax_owner_record zero;
	struct dax_owner_record a, b;

	(void)unused;
	memset(&a, 0x00, sizeof(a));
	memset(&b, 0xff, sizeof(b));
#define COPY(field) (b.field = a.field)
	COPY(owner), COPY(previous), COPY(reason), COPY(verdict), COPY(stage), COPY(flags);
	COPY(error), COPY(target_node), COPY(decided_us), COPY(usable_bytes);
	COPY(block_loss_bytes), COPY(dax.start), COPY(dax.end);
#undef COPY
	b.device[0] = '\0';
	b.holder[0] = '\0';
	assert_true(dax_owner_record_equal(&a, &b));

#define DIFFERS(field, value, seen) \
	do { \
		a = zero; \
		a.field = value; \
		assert_false(dax_owner_record_equal(&a, &zero)); \
		assert_int_equal(dax_owner_record_looks_equal(&a, &zero), !(seen)); \
	} while (0)
	DIFFERS(owner, DAX_OWNER_CXL, true);
	DIFFERS(previous, DAX_OWNER_CXL, true);
	DIFFERS(reason, DAX_OWNER_REASON_NO_REGION, true);
	DIFFERS(verdict, DAX_OWNER_REASON_NO_REGION, false);
	DIFFERS(stage, DAX_OWNER_STAGE_OWNED, true);
	DIFFERS(flags, 1, true);
	DIFFERS(error, -1, true);
	DIFFERS(target_node, 1, true);
	DIFFERS(decided_us, 1, true);
	DIFFERS(usable_bytes, 1, true);
	DIFFERS(block_loss_bytes, 1, true);
	DIFFERS(dax.start, 1, false);
	DIFFERS(dax.end, 1, false);
	DIFFERS(device[0], 'd', true);
	DIFFERS(holder[0], 'h', true);
#undef DIFFERS
	a = zero, b = zero;
	a.stage = DAX_OWNER_STAGE_OWNED;
	b.stage = DAX_OWNER_STAGE_OWNED_GONE;
	assert_false(dax_owner_record_equal(&a, &b));
	assert_true(dax_owner_record_looks_equal(&a, &b));
}

static void record_long_name_is_cut(void **unused)
{
	struct life l;

	(void)unused;
	setup(&l);
	decide(&l, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION);
	l.args.holder = "a-name-that-is-longer-than-thirty-one-characters";
	l.args.error = -EBUSY;
	HAPPENS(&l, FAIL_HMEM);
	assert_string_equal(l.record.holder, "a-name-that-is-longer-than-thir");
	l.args.holder = "x";
	HAPPENS(&l, FAIL_HMEM);
	for (size_t i = 1; i < DAX_OWNER_NAME_LEN; i++)
		assert_int_equal(l.record.holder[i], 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(record_table_in_header_matches_code),
		cmocka_unit_test(state_parse_accepts_names),
		cmocka_unit_test(state_parse_refuses_unknown_names),
		cmocka_unit_test(record_each_stage_has_its_state),
		cmocka_unit_test(record_usual_events_lead_to_owned),
		cmocka_unit_test(record_refusal_strands_until_bound),
		cmocka_unit_test(record_overdue_strands_with_and_without_claim),
		cmocka_unit_test(record_idle_is_not_in_flight),
		cmocka_unit_test(record_region_gone_under_hmem_releases_later),
		cmocka_unit_test(record_region_back_under_hmem_undoes_release),
		cmocka_unit_test(record_region_still_decoding_withholds),
		cmocka_unit_test(record_region_left_releases_withheld_only),
		cmocka_unit_test(record_verdict_on_claim_changes_nothing),
		cmocka_unit_test(record_failure_of_other_driver_changes_nothing),
		cmocka_unit_test(record_failure_while_undecided_strands),
		cmocka_unit_test(record_same_verdict_keeps_time),
		cmocka_unit_test(record_measure_sets_usable_and_lost_bytes),
		cmocka_unit_test(record_equal_compares_each_field),
		cmocka_unit_test(record_long_name_is_cut),
	};

	if (argc != 2) {
		fprintf(stderr, "test-record RECORD_H | --print\n");
		return 2;
	}
	header = argv[1];
	if (!strcmp(header, "--print")) {
		print_table(stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
