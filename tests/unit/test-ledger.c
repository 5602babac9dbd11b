// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger of the kernel module, in userspace. Random events are compared with one record for
 * each unit of memory, also while allocations and devices fail. Further tests check due times,
 * and count the calls for ten thousand extents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <inttypes.h>
#include <time.h>

/* included, because the test checks its static trees and sums */
#include "../../kernel/dax_owner/ledger.c"

#include <cmocka.h>

#define UNIT (2ull << 20)
#define UNITS 512
#define SECOND 1000ull

static struct dax_owner_range ranges[] = {
	{ .span = { 16 * UNIT, 256 * UNIT - 1 } },
	{ .span = { 256 * UNIT, 300 * UNIT - 1 } },
	{ .span = { 400 * UNIT, UNITS *UNIT - 1 } },
};

struct dax_owner_range *dax_owner_ranges = ranges;
size_t dax_owner_nr_ranges = 3;
struct mutex dax_owner_lock;
struct workqueue_struct *dax_owner_wq;
unsigned int dax_owner_deadline_s = 100;
const struct class dax_owner_class = { "dax_owner" };

static struct dax_owner_span at_work = { 1, 0 };

u64 dax_owner_block_size;

void dax_owner_class_notify_settled(void) { }

int dax_owner_target_node(u64 start)
{
	return (int)(start / UNIT / 64);
}

bool dax_owner_claim_in_progress(const struct dax_owner_span *span)
{
	return dax_owner_span_meets(&at_work, span);
}

/* ---- the state of the ledger ---- */

static u64 random_state;

static unsigned int below(unsigned int n)
{
	u64 z = (random_state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned int)((z ^ (z >> 31)) % n);
}

static const struct dax_owner_span everything = { 0, U64_MAX };

static struct dax_owner_span units(unsigned int first, unsigned int nr)
{
	return (struct dax_owner_span) { first * UNIT, (first + nr) * UNIT - 1 };
}

static struct dax_owner_extent *extent_at(unsigned int unit)
{
	struct dax_owner_span span = units(unit, 1);

	return extent_first(&span);
}

static bool in_a_range(unsigned int unit)
{
	struct dax_owner_span span = units(unit, 1);

	for (size_t i = 0; i < dax_owner_nr_ranges; i++)
		if (dax_owner_span_meets(&ranges[i].span, &span))
			return true;
	return false;
}

static struct device daxes[3];

static void release_dax(struct device *dev)
{
	(void)dev;
	abort();
}

/* Sums, trees, queue, links and references, computed anew */
static void is_sound(void)
{
	unsigned int refs[3] = { 1, 1, 1 };
	size_t in_flight = 0, nr_released = 0, nr_withheld = 0;
	u64 stranded = 0, last = 0, linked = 0;

	for (struct dax_owner_extent *e = extent_first(&everything); e;
	     e = extent_next(e, &everything)) {
		enum dax_owner_stage stage = e->record.stage;

		assert_true(e->node.span.start >= last);
		assert_true(e->node.span.start <= e->node.span.end);
		last = e->node.span.end;
		in_flight += dax_owner_stage_in_flight(stage);
		nr_released += stage == DAX_OWNER_STAGE_RELEASED;
		nr_withheld += stage == DAX_OWNER_STAGE_WITHHELD;
		if (dax_owner_stage_state(stage) == DAX_OWNER_STATE_STRANDED)
			stranded += dax_owner_span_len(&e->node.span);
		assert_int_equal(dax_owner_stage_due(stage), !list_empty(&e->queued));
		assert_int_equal(e->linked, e->published && e->dax);
		assert_int_equal(e->published, e->dev.added);
		linked += e->linked;
		if (e->dax) {
			assert_string_equal(e->record.device, e->dax->name);
			refs[e->dax - daxes]++;
		}
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(daxes[i].refs, refs[i]);
	assert_int_equal(shim.links - shim.unlinks, linked);
	assert_int_equal(nr_in_flight, in_flight);
	assert_int_equal(stranded_bytes, stranded);
	assert_int_equal(settled, !in_flight);
	for (struct dax_owner_spannode *n = dax_owner_spantree_first(&released, &everything); n;
	     n = dax_owner_spantree_next(n, &everything))
		nr_released--;
	for (struct dax_owner_spannode *n = dax_owner_spantree_first(&withheld, &everything); n;
	     n = dax_owner_spantree_next(n, &everything))
		nr_withheld--;
	assert_int_equal(nr_released, 0);
	assert_int_equal(nr_withheld, 0);
}

static void start(void)
{
	const struct dax_owner_args args = { .reason = DAX_OWNER_REASON_AWAITING_CXL };

	mutex_lock(&dax_owner_lock);
	for (size_t i = 0; i < dax_owner_nr_ranges; i++)
		dax_owner_ledger_set(&dax_owner_ranges[i].span, DAX_OWNER_EVENT_PEND, &args);
	dax_owner_ledger_end_pass();
	dax_owner_ledger_refresh();
	for (int i = 0; i < 3; i++) {
		daxes[i] = (struct device) { .refs = 1, .added = true, .release = release_dax };
		snprintf(daxes[i].name, sizeof(daxes[i].name), "dax%d.0", i);
	}
	dax_owner_block_size = 16 * UNIT;
}

static void end(void)
{
	struct dax_owner_extent *extent;

	while ((extent = extent_first(&everything))) {
		extent_leave(extent);
		extent_drop(extent);
	}
	assert_int_equal(shim.live, 0);
	mutex_unlock(&dax_owner_lock);
}

/* ---- random events ---- */

static bool can_happen(const struct dax_owner_span *span, enum dax_owner_event event)
{
	for (struct dax_owner_extent *e = extent_first(span); e; e = extent_next(e, span))
		if (dax_owner_stage_next(e->record.stage, event) == -EINVAL)
			return false;
	/* a unit without an extent counts as pending */
	return event != DAX_OWNER_EVENT_OVERDUE;
}

/* Apply one event to the ledger and to the records of the units */
static void any_event(struct dax_owner_record *model)
{
	unsigned int first = below(UNITS), nr = 1 + below(below(4) ? 8 : UNITS - first);
	struct dax_owner_span span, dax;
	enum dax_owner_event event = below(DAX_OWNER_NR_EVENTS);
	bool of_dax = event >= DAX_OWNER_EVENT_DEVICE && event <= DAX_OWNER_EVENT_REFUSE;
	struct device *device = of_dax && below(4) ? &daxes[below(3)] : NULL;
	struct dax_owner_args args = {
		.owner = below(2) ? DAX_OWNER_CXL : DAX_OWNER_HMEM,
		.reason = below(DAX_OWNER_REASON_CLAIM_FAILED),
		.error = -EBUSY,
		.dax = &dax,
	};

	if (first + nr > UNITS)
		nr = UNITS - first;
	span = dax = units(first, nr);
	if (!can_happen(&span, event))
		return;
	if (of_dax)
		dax_owner_ledger_device(&span, event, &args, device);
	else if (event == DAX_OWNER_EVENT_FAIL_HMEM || event == DAX_OWNER_EVENT_FAIL_CXL || below(2))
		dax_owner_ledger_edit(&span, event, &args);
	else
		dax_owner_ledger_set(&span, event, &args);

	for (unsigned int i = first; model && i < first + nr; i++) {
		if (!in_a_range(i))
			continue;
		args.extent = units(i, 1);
		args.device = device ? device->name : NULL;
		assert_true(dax_owner_record_apply(&model[i], event, &args));
	}
}

static void is_as(const struct dax_owner_record *model)
{
	for (unsigned int i = 0; i < UNITS; i++) {
		struct dax_owner_extent *extent = extent_at(i);

		assert_int_equal(extent != NULL, in_a_range(i));
		if (!extent)
			continue;
		assert_true(extent->published);
		assert_int_equal(extent->record.stage, model[i].stage);
		assert_int_equal(extent->record.owner, model[i].owner);
		assert_int_equal(extent->record.verdict, model[i].verdict);
		assert_int_equal(extent->record.reason, model[i].reason);
		assert_int_equal(extent->record.error, model[i].error);
		assert_string_equal(extent->record.device, model[i].device);
		assert_int_equal(extent->record.target_node,
				 dax_owner_target_node(extent->node.span.start));
	}
}

static void ledger_random_events_keep_every_record(void **unused)
{
	(void)unused;
	random_state = 1;
	for (unsigned int life = 0; life < 50; life++) {
		static struct dax_owner_record model[UNITS];

		memset(model, 0, sizeof(model));
		for (unsigned int i = 0; i < UNITS; i++)
			model[i].reason = model[i].verdict = DAX_OWNER_REASON_AWAITING_CXL;
		start();
		for (unsigned int i = 0; i < 400; i++) {
			bool batched = !below(4);

			if (batched)
				dax_owner_ledger_batch_begin();
			for (unsigned int n = batched ? below(8) : 1; n; n--)
				any_event(model);
			if (batched)
				dax_owner_ledger_batch_end();
			is_as(model);
			is_sound();
		}
		end();
	}
}

static void ledger_without_memory_loses_no_extent(void **unused)
{
	(void)unused;
	random_state = 2;
	for (unsigned int life = 0; life < 50; life++) {
		start();
		shim.fail_alloc = 2 + below(4);
		shim.fail_device = 2 + below(4);
		for (unsigned int i = 0; i < 400; i++) {
			any_event(NULL);
			is_sound();
			for (unsigned int u = 0; u < UNITS; u++)
				assert_int_equal(extent_at(u) != NULL, in_a_range(u));
		}
		shim.fail_alloc = shim.fail_device = 0;
		end();
	}
}

static void ledger_gap_is_filled_by_next_event(void **unused)
{
	(void)unused;
	shim.fail_alloc = 1;
	start();
	assert_null(extent_at(20));
	shim.fail_alloc = 0;
	dax_owner_ledger_edit(&ranges[0].span, DAX_OWNER_EVENT_UNRECORDED,
			      &(struct dax_owner_args) { .error = -ENOMEM });
	assert_non_null(extent_at(20));
	assert_int_equal(extent_at(20)->record.error, -ENOMEM);
	is_sound();
	end();
}

static void ledger_unchanged_extent_is_not_cut(void **unused)
{
	const struct dax_owner_args args = { .error = -EBUSY };
	const struct dax_owner_span some = { 20 * UNIT, 30 * UNIT - 1 };
	struct dax_owner_extent *extent;
	u64 allocs;

	(void)unused;
	start();
	dax_owner_ledger_set(&ranges[0].span, DAX_OWNER_EVENT_DECIDE_HMEM, &args);
	extent = extent_at(20);
	allocs = shim.allocs;
	dax_owner_ledger_edit(&some, DAX_OWNER_EVENT_FAIL_CXL, &args);
	dax_owner_ledger_set(&some, DAX_OWNER_EVENT_REGION_BACK, &args);
	assert_ptr_equal(extent_at(20), extent);
	assert_int_equal(allocs, shim.allocs);
	end();
}

static void ledger_device_event_sets_link(void **unused)
{
	const struct dax_owner_args args = { .owner = DAX_OWNER_HMEM };
	const struct dax_owner_span some = units(20, 10);
	u64 links;

	(void)unused;
	start();
	dax_owner_ledger_device(&some, DAX_OWNER_EVENT_DEVICE, &args, &daxes[0]);
	links = shim.links;
	dax_owner_ledger_device(&some, DAX_OWNER_EVENT_BOUND, &args, &daxes[0]);
	assert_int_equal(shim.links, links);

	/* another device of the same name, so no field of the record differs */
	snprintf(daxes[1].name, sizeof(daxes[1].name), "%s", daxes[0].name);
	dax_owner_ledger_device(&some, DAX_OWNER_EVENT_BOUND, &args, &daxes[1]);
	assert_ptr_equal(extent_at(20)->dax, &daxes[1]);
	assert_int_equal(daxes[0].refs, 1);
	is_sound();
	dax_owner_ledger_device(&some, DAX_OWNER_EVENT_DEVICE, &args, NULL);
	assert_null(extent_at(20)->dax);
	assert_int_equal(daxes[1].refs, 1);
	is_sound();
	end();
}

/* ---- due times ---- */

static const char *state_at(unsigned int unit)
{
	return dax_owner_state_name(dax_owner_record_state(&extent_at(unit)->record));
}

static void happens(unsigned int first, unsigned int nr, enum dax_owner_event event)
{
	const struct dax_owner_args args = { .owner = DAX_OWNER_HMEM };
	const struct dax_owner_span span = units(first, nr);

	dax_owner_ledger_edit(&span, event, &args);
}

static void seconds_pass(u64 seconds)
{
	mutex_unlock(&dax_owner_lock);
	shim_wait(seconds * SECOND);
	mutex_lock(&dax_owner_lock);
}

static void overdue_extents_are_independent(void **unused)
{
	(void)unused;
	start();
	happens(20, 10, DAX_OWNER_EVENT_DECIDE_HMEM);
	seconds_pass(50);
	happens(30, 10, DAX_OWNER_EVENT_DECIDE_HMEM);
	seconds_pass(49);
	assert_string_equal(state_at(20), "decided");
	seconds_pass(2);
	assert_string_equal(state_at(20), "stranded");
	assert_string_equal(state_at(30), "decided");
	seconds_pass(50);
	assert_string_equal(state_at(30), "stranded");
	assert_string_equal(state_at(100), "pending");
	is_sound();
	end();
}

static void overdue_flapping_driver_postpones_itself_only(void **unused)
{
	(void)unused;
	start();
	happens(20, 20, DAX_OWNER_EVENT_DECIDE_HMEM);
	happens(30, 10, DAX_OWNER_EVENT_CLAIM_HMEM);
	for (int i = 0; i < 99; i++) {
		seconds_pass(1);
		happens(30, 10, i & 1 ? DAX_OWNER_EVENT_UNBOUND : DAX_OWNER_EVENT_BOUND);
	}
	assert_string_equal(state_at(20), "decided");
	seconds_pass(2);
	assert_string_equal(state_at(20), "stranded");
	assert_string_equal(state_at(30), "owned");
	end();
}

static void overdue_part_inherits_due_time(void **unused)
{
	(void)unused;
	start();
	happens(20, 20, DAX_OWNER_EVENT_DECIDE_HMEM);
	seconds_pass(90);
	happens(25, 5, DAX_OWNER_EVENT_CLAIM_HMEM);
	seconds_pass(11);
	assert_string_equal(state_at(20), "stranded");
	assert_string_equal(state_at(25), "claimed");
	assert_string_equal(state_at(30), "stranded");
	seconds_pass(90);
	assert_string_equal(state_at(25), "stranded");
	end();
}

static void overdue_unchanged_stage_keeps_due_time(void **unused)
{
	(void)unused;
	start();
	happens(20, 10, DAX_OWNER_EVENT_CLAIM_HMEM);
	seconds_pass(90);
	dax_owner_ledger_device(&(struct dax_owner_span) { 20 * UNIT, 30 * UNIT - 1 },
				DAX_OWNER_EVENT_DEVICE,
				&(struct dax_owner_args) { .owner = DAX_OWNER_HMEM }, &daxes[0]);
	seconds_pass(11);
	assert_string_equal(state_at(20), "stranded");
	end();
}

static void overdue_driver_at_work_is_not_overdue(void **unused)
{
	(void)unused;
	start();
	happens(20, 10, DAX_OWNER_EVENT_CLAIM_HMEM);
	happens(30, 10, DAX_OWNER_EVENT_CLAIM_HMEM);
	at_work = units(20, 10);
	seconds_pass(1000);
	assert_string_equal(state_at(20), "claimed");
	assert_string_equal(state_at(30), "stranded");
	at_work = (struct dax_owner_span) { 1, 0 };
	seconds_pass(101);
	assert_string_equal(state_at(20), "stranded");
	end();
}

static void overdue_busy_end_restarts_all_times(void **unused)
{
	(void)unused;
	start();
	happens(20, 10, DAX_OWNER_EVENT_DECIDE_HMEM);
	dax_owner_busy_begin();
	seconds_pass(90);
	dax_owner_busy_begin();
	happens(30, 10, DAX_OWNER_EVENT_DECIDE_HMEM);
	seconds_pass(500);
	dax_owner_busy_end();
	seconds_pass(500);
	assert_string_equal(state_at(20), "decided");
	dax_owner_busy_end();
	seconds_pass(99);
	assert_string_equal(state_at(20), "decided");
	assert_string_equal(state_at(30), "decided");
	seconds_pass(2);
	assert_string_equal(state_at(20), "stranded");
	assert_string_equal(state_at(30), "stranded");
	end();
}

/* ---- scale ---- */

#define MANY 10000u

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void report(const char *what, double since)
{
	print_message("%u extents, %s: %.1f ms, %" PRIu64 " steps, %" PRIu64
		      " nodes in and %" PRIu64 " out, %" PRIu64 " devices, %" PRIu64 " uevents\n",
		      MANY, what, milliseconds() - since, shim.steps, shim.inserts, shim.erases,
		      shim.device_adds, shim.uevents);
}

static void none_so_far(void)
{
	shim.steps = shim.inserts = shim.erases = shim.device_adds = shim.uevents = 0;
}

/* A few calls for each extent; a pass over all extents would take 10,000 calls */
static void ledger_ten_thousand_extents_take_few_steps(void **unused)
{
	static struct dax_owner_range one = { .span = { UNIT, (MANY + 1) * UNIT - 1 } };
	const struct dax_owner_args args = { .owner = DAX_OWNER_HMEM,
					     .reason = DAX_OWNER_REASON_REGION_PARTIAL };
	struct dax_owner_span span, found;
	double since;

	(void)unused;
	dax_owner_ranges = &one;
	dax_owner_nr_ranges = 1;
	start();
	none_so_far();
	since = milliseconds();
	dax_owner_ledger_batch_begin();
	for (unsigned int i = 1; i <= MANY; i++) {
		span = units(i, 1);
		dax_owner_ledger_set(&span,
				     i & 1 ? DAX_OWNER_EVENT_DECIDE_HMEM : DAX_OWNER_EVENT_WITHHOLD,
				     &args);
	}
	dax_owner_ledger_batch_end();
	report("decided", since);
	assert_in_range(shim.device_adds, MANY, MANY + 1);
	assert_in_range(shim.steps, 0, 8 * MANY);
	assert_in_range(shim.inserts, MANY, 4 * MANY);

	none_so_far();
	since = milliseconds();
	for (unsigned int i = 1; i <= MANY; i += 2) {
		span = units(i, 1);
		assert_false(dax_owner_ledger_released(&span, &found));
		assert_false(dax_owner_ledger_withheld(&span, &found));
		dax_owner_ledger_edit(&span, DAX_OWNER_EVENT_CLAIM_HMEM, &args);
		dax_owner_ledger_device(&span, DAX_OWNER_EVENT_BOUND, &args, &daxes[0]);
	}
	report("half of them claimed and bound", since);
	assert_int_equal(shim.device_adds, 0);
	assert_int_equal(shim.uevents, MANY);
	assert_in_range(shim.steps, 0, 8 * MANY);
	assert_true(dax_owner_settled());

	none_so_far();
	since = milliseconds();
	for (unsigned int i = 2; i <= MANY; i += 2) {
		span = units(i, 1);
		dax_owner_ledger_set(&span, DAX_OWNER_EVENT_DECIDE_CXL, &args);
	}
	seconds_pass(101);
	report("the others overdue", since);
	assert_int_equal(stranded_bytes, MANY / 2 * UNIT);
	assert_in_range(shim.steps, 0, 8 * MANY);
	is_sound();
	end();
	dax_owner_ranges = ranges;
	dax_owner_nr_ranges = 3;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ledger_random_events_keep_every_record),
		cmocka_unit_test(ledger_without_memory_loses_no_extent),
		cmocka_unit_test(ledger_gap_is_filled_by_next_event),
		cmocka_unit_test(ledger_unchanged_extent_is_not_cut),
		cmocka_unit_test(ledger_device_event_sets_link),
		cmocka_unit_test(overdue_extents_are_independent),
		cmocka_unit_test(overdue_flapping_driver_postpones_itself_only),
		cmocka_unit_test(overdue_part_inherits_due_time),
		cmocka_unit_test(overdue_unchanged_stage_keeps_due_time),
		cmocka_unit_test(overdue_driver_at_work_is_not_overdue),
		cmocka_unit_test(overdue_busy_end_restarts_all_times),
		cmocka_unit_test(ledger_ten_thousand_extents_take_few_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
