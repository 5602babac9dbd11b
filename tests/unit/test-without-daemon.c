// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command without a daemon and without a ledger: an empty machine gives an answer, also to a user
 * without privileges. The linker replaces the functions that read the system with the wrappers below.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sysexits.h>

#include <cmocka.h>

#include "cli/command.h"
#include "cli/settle.h"
#include "cli/snapshot/daemon-client.h"
#include "cli/snapshot/snapshot.h"
#include "system/arbiter-find.h"
#include "system/facts.h"
#include "system/ledger.h"
#include "system/presence-read.h"

static struct presence machine;
static int sources_error;

int __wrap_arbiter_find(enum arbiter *arbiter);
int __wrap_arbiter_find(enum arbiter *arbiter)
{
	*arbiter = ARBITER_LEGACY;
	return 0;
}

int __wrap_daemon_client_settle(uint64_t timeout_us);
int __wrap_daemon_client_settle(uint64_t timeout_us)
{
	(void)timeout_us;
	return -ENOENT;
}

int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data);
int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data)
{
	assert_string_equal(root, "");
	(void)skipped;
	(void)data;
	*sources = (struct fact_sources) {};
	return sources_error;
}

int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts);
int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts)
{
	*facts = (struct facts) { .ranges = &sources->ranges,
				  .windows = &sources->windows,
				  .settled = settled };
	return 0;
}

/* udev is busy. */
bool __wrap_file_exists(const char *format, ...);
bool __wrap_file_exists(const char *format, ...)
{
	(void)format;
	return true;
}

bool __wrap_ledger_exists(void);
bool __wrap_ledger_exists(void)
{
	return false;
}

void __wrap_presence_read(const char *root, struct presence *presence);
void __wrap_presence_read(const char *root, struct presence *presence)
{
	assert_string_equal(root, "");
	*presence = machine;
}

static void snapshot_of_empty_machine_is_settled(void **state)
{
	struct snapshot snapshot = {};
	struct extent_map map = {};

	(void)state;
	machine = (struct presence) {};
	sources_error = -EACCES;
	assert_int_equal(snapshot_derive("", &snapshot, &map), 0);
	assert_true(snapshot.settled);
	assert_int_equal(snapshot.arbiter, ARBITER_LEGACY);
	assert_int_equal(map.n, 0);
}

/* Root can read addresses, and udev is at work on other devices. */
static void snapshot_of_empty_machine_ignores_udev(void **state)
{
	struct snapshot snapshot = {};
	struct extent_map map = {};

	(void)state;
	sources_error = 0;
	machine = (struct presence) { .cxl_host = true };
	assert_int_equal(snapshot_derive("", &snapshot, &map), 0);
	assert_false(snapshot.settled);
	machine = (struct presence) {};
	assert_int_equal(snapshot_derive("", &snapshot, &map), 0);
	assert_true(snapshot.settled);
}

static void snapshot_of_other_machine_needs_addresses(void **state)
{
	struct snapshot snapshot = {};
	struct extent_map map = {};

	(void)state;
	machine = (struct presence) { .soft_reserved = true };
	sources_error = -EACCES;
	assert_int_equal(snapshot_derive("", &snapshot, &map), -EACCES);
}

static int settle(void)
{
	static char name[] = "settle";
	char *argv[] = { name, NULL };

	return command_settle.run(1, argv, "");
}

static void settle_on_empty_machine_returns_at_once(void **state)
{
	(void)state;
	machine = (struct presence) {};
	assert_int_equal(settle(), 0);
	machine = (struct presence) { .cxl_host = true };
	assert_int_equal(settle(), EX_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot_of_empty_machine_is_settled),
		cmocka_unit_test(snapshot_of_empty_machine_ignores_udev),
		cmocka_unit_test(snapshot_of_other_machine_needs_addresses),
		cmocka_unit_test(settle_on_empty_machine_returns_at_once),
	};

	return cmocka_run_group_tests_name("without-daemon", tests, NULL, NULL);
}
