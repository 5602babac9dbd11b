// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the observer reads the facts, and when ownership is settled. The test replaces the timers of
 * libsystemd by a clock of its own, so that minutes pass at once. It replaces the facts, too.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include <cmocka.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "directory.h"
#include "daemon/observer.h"
#include "system/cxl-devices.h"

#define MS 1000ull
#define S (1000 * MS)
#define GIB (1ull << 30)

/* --- the clock and the timers --- */

struct timer {
	sd_event_time_handler_t fn;
	void *data;
	uint64_t due;
	bool on;
};

/* The observer has two. They are only used as pointers, never by libsystemd. */
static struct timer timers[2];
static size_t n_timers;
static uint64_t now;

static struct timer *timer_of(sd_event_source *source)
{
	return (struct timer *)source;
}

int sd_event_add_time_relative(sd_event *event, sd_event_source **source, clockid_t clock,
			       uint64_t usec, uint64_t accuracy, sd_event_time_handler_t fn,
			       void *data)
{
	(void)event;
	(void)clock;
	(void)accuracy;
	assert_true(n_timers < 2);
	timers[n_timers] = (struct timer) { fn, data, now + usec, true };
	*source = (sd_event_source *)&timers[n_timers++];
	return 0;
}

int sd_event_source_set_exit_on_failure(sd_event_source *source, int yes)
{
	(void)source;
	(void)yes;
	return 0;
}

int sd_event_source_set_time_relative(sd_event_source *source, uint64_t usec)
{
	timer_of(source)->due = now + usec;
	return 0;
}

int sd_event_source_set_enabled(sd_event_source *source, int on)
{
	timer_of(source)->on = on != SD_EVENT_OFF;
	return 0;
}

sd_event *sd_event_source_get_event(sd_event_source *source)
{
	return (sd_event *)source;
}

int sd_event_now(sd_event *event, clockid_t clock, uint64_t *usec)
{
	(void)event;
	(void)clock;
	*usec = now;
	return 0;
}

sd_event_source *sd_event_source_unref(sd_event_source *source)
{
	(void)source;
	return NULL;
}

static struct timer *next_timer(uint64_t end)
{
	struct timer *next = NULL;

	for (size_t i = 0; i < n_timers; i++)
		if (timers[i].on && timers[i].due <= end && (!next || timers[i].due < next->due))
			next = &timers[i];
	return next;
}

/* Let time pass, in µs, and call the functions of timers that expire. */
static void pass(uint64_t usec)
{
	const uint64_t end = now + usec;
	struct timer *next;

	while ((next = next_timer(end))) {
		now = next->due > now ? next->due : now;
		next->on = false;
		assert_true(next->fn((sd_event_source *)next, next->due, next->data) >= 0);
	}
	now = end;
}

/* --- facts and records --- */

static struct dax_owner_span range = { 4 * GIB, 5 * GIB - 1 };
static const struct spans spans = { &range, 1 };

/* Counts readings */
static unsigned int readings;

/* A memory device waits for its endpoint */
static bool enumerating;

/* Results of the readings: 0, or a negative errno */
static int devices_error;
static int facts_error;

int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data);
int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts);

int __wrap_cxl_devices_read(const char *root, struct cxl_devices *devices);

int __wrap_cxl_devices_read(const char *root, struct cxl_devices *devices)
{
	assert_string_equal(root, "");
	*devices = (struct cxl_devices) {
		.memdevs = 1,
		.memdevs_waiting = enumerating,
		.roots = 1,
		.cxl_mem = true,
	};
	return devices_error;
}

int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data)
{
	(void)root;
	(void)skipped;
	(void)data;
	*sources = (struct fact_sources) {};
	return 0;
}

/* A range in a CXL window, without a region and without a DAX device */
int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts)
{
	(void)sources;
	readings++;
	*facts = (struct facts) {
		.ranges = &spans,
		.windows = &spans,
		.enumerated = settled,
		.settled = settled,
	};
	return facts_error;
}

/* The recorded events, with a blank after each */
static char recorded[512];

int sd_journal_sendv(const struct iovec *fields, int n)
{
	static const char event[] = "DAX_OWNER_EVENT=";

	for (int i = 0; i < n; i++)
		if (!strncmp(fields[i].iov_base, event, strlen(event)))
			snprintf(recorded + strlen(recorded), sizeof(recorded) - strlen(recorded),
				 "%.*s ", (int)(fields[i].iov_len - strlen(event)),
				 (const char *)fields[i].iov_base + strlen(event));
	return 0;
}

static void assert_recorded(const char *events)
{
	assert_string_equal(recorded, events);
	recorded[0] = '\0';
}

/* --- the observer --- */

static const struct journal journal = { .arbiter = ARBITER_NATIVE };
static struct recorder recorder;
static struct observer observer;

static int begin(void **state)
{
	int r = make_directory(state);

	if (r)
		return r;
	recorded[0] = '\0';
	n_timers = 0;
	now = 10 * S;
	readings = 0;
	enumerating = false;
	devices_error = facts_error = 0;
	assert_int_equal(recorder_open(&recorder, &journal, directory), 0);
	recorder.blocks = directory;
	return observer_open(&observer, NULL, &recorder, 5 * S);
}

static int end(void **state)
{
	observer_close(&observer);
	recorder_close(&recorder);
	return remove_directory(state);
}

/* A uevent comes each time that @every has passed, in µs, for the time @during. */
static void uevents(uint64_t every, uint64_t during)
{
	for (uint64_t passed = 0; passed < during; passed += every) {
		assert_true(observer_schedule(&observer) >= 0);
		pass(every);
	}
}

static void settle_waits_for_coldplug_and_quiet(void **state)
{
	(void)state;
	pass(1000 * S);
	assert_recorded("");
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(4900 * MS);
	assert_recorded("");
	pass(200 * MS);
	assert_recorded("stranded settled ");
}

static void settle_busy_ends(void **state)
{
	(void)state;
	assert_true(observer_coldplugged(&observer) >= 0);
	uevents(2 * S, 80 * S);
	assert_recorded("");
	uevents(2 * S, 20 * S);
	assert_recorded("stranded settled ");
}

static void settle_longer_quiet_time_counts(void **state)
{
	(void)state;
	observer.quiet_us = 300 * S;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(299 * S);
	assert_recorded("");
	pass(2 * S);
	assert_recorded("stranded settled ");
}

static void settle_waits_for_enumeration(void **state)
{
	(void)state;
	enumerating = true;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(70 * S);
	assert_recorded("");
	enumerating = false;
	pass(6 * S);
	assert_recorded("stranded settled ");
}

static void settle_without_end_of_enumeration_is_uncertain(void **state)
{
	(void)state;
	enumerating = true;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(89 * S);
	assert_recorded("");
	pass(2 * S);
	assert_recorded("deadline stranded settled ");
	assert_int_equal(recorder.recorded.map.extents[0].flags, DAX_OWNER_FLAG_DEADLINE);
	/* a later change is recorded at once, and the extents stay uncertain */
	readings = 0;
	uevents(S, S);
	assert_int_equal(readings, 1);
	assert_int_equal(recorder.recorded.map.extents[0].flags, DAX_OWNER_FLAG_DEADLINE);
	enumerating = false;
	uevents(S, S);
	assert_int_equal(recorder.recorded.map.extents[0].flags, 0);
	assert_recorded("");
}

static void settle_without_quiet_time_waits_for_enumeration(void **state)
{
	(void)state;
	enumerating = true;
	observer.quiet_us = 0;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(89 * S);
	assert_recorded("");
	pass(2 * S);
	assert_recorded("deadline stranded settled ");
}

/* A device that an administrator unbinds leaves the extents certain. */
static void settled_is_not_uncertain_later(void **state)
{
	(void)state;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(6 * S);
	assert_recorded("stranded settled ");
	enumerating = true;
	uevents(2 * S, 2 * S);
	assert_recorded("");
	assert_int_equal(recorder.recorded.map.extents[0].flags, 0);
}

static void read_busy_is_not_postponed(void **state)
{
	(void)state;
	uevents(100 * MS, 10 * S);
	assert_in_range(readings, 9, 11);
}

static void read_busy_after_settled_is_not_postponed(void **state)
{
	(void)state;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(10 * S);
	assert_recorded("stranded settled ");
	readings = 0;
	uevents(500 * MS, 60 * S);
	assert_in_range(readings, 11, 13);
	/* a quiet time begins anew after each reading */
	pass(10 * S);
	readings = 0;
	uevents(500 * MS, 500 * MS);
	assert_int_equal(readings, 0);
	pass(600 * MS);
	assert_int_equal(readings, 1);
}

/* As without the permission to read /sys/bus/cxl/devices */
static void read_unreadable_facts_is_recorded_once(void **state)
{
	(void)state;
	facts_error = -EACCES;
	uevents(2 * S, 10 * S);
	assert_in_range(readings, 4, 6);
	assert_recorded("failure ");
	facts_error = 0;
	uevents(2 * S, 2 * S);
	assert_recorded("");
	/* a failure after a success is another one */
	facts_error = -EACCES;
	uevents(2 * S, 10 * S);
	assert_recorded("failure ");
}

/* No further uevent comes. */
static void settle_failed_reading_is_repeated(void **state)
{
	(void)state;
	facts_error = -ENOMEM;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(100 * S);
	assert_recorded("failure ");
	assert_in_range(readings, 2, 6);
	facts_error = 0;
	pass(30 * S);
	assert_recorded("stranded settled ");
}

static void read_unreadable_cxl_devices_is_recorded_once(void **state)
{
	(void)state;
	devices_error = -ENOMEM;
	assert_true(observer_coldplugged(&observer) >= 0);
	pass(10 * S);
	uevents(6 * S, 60 * S);
	assert_recorded("failure stranded settled ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(settle_waits_for_coldplug_and_quiet, begin, end),
		cmocka_unit_test_setup_teardown(settle_busy_ends, begin, end),
		cmocka_unit_test_setup_teardown(settle_longer_quiet_time_counts, begin, end),
		cmocka_unit_test_setup_teardown(settle_waits_for_enumeration, begin, end),
		cmocka_unit_test_setup_teardown(settle_without_end_of_enumeration_is_uncertain,
						begin, end),
		cmocka_unit_test_setup_teardown(settle_without_quiet_time_waits_for_enumeration,
						begin, end),
		cmocka_unit_test_setup_teardown(settled_is_not_uncertain_later, begin, end),
		cmocka_unit_test_setup_teardown(read_busy_is_not_postponed, begin, end),
		cmocka_unit_test_setup_teardown(read_busy_after_settled_is_not_postponed, begin, end),
		cmocka_unit_test_setup_teardown(settle_failed_reading_is_repeated, begin, end),
		cmocka_unit_test_setup_teardown(read_unreadable_facts_is_recorded_once, begin, end),
		cmocka_unit_test_setup_teardown(read_unreadable_cxl_devices_is_recorded_once, begin,
						end),
	};

	return cmocka_run_group_tests_name("observer", tests, NULL, NULL);
}
