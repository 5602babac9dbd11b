// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command of a user without privileges, without a daemon and without a ledger: an empty machine
 * gives an answer. The linker replaces the functions that read the system with the wrappers below.
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
	(void)sources;
	(void)skipped;
	(void)data;
	return -EACCES;
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
	assert_int_equal(snapshot_derive("", &snapshot, &map), 0);
	assert_true(snapshot.settled);
	assert_int_equal(snapshot.arbiter, ARBITER_LEGACY);
	assert_int_equal(map.n, 0);
}

static void snapshot_of_other_machine_needs_addresses(void **state)
{
	struct snapshot snapshot = {};
	struct extent_map map = {};

	(void)state;
	machine = (struct presence) { .soft_reserved = true };
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
		cmocka_unit_test(snapshot_of_other_machine_needs_addresses),
		cmocka_unit_test(settle_on_empty_machine_returns_at_once),
	};

	return cmocka_run_group_tests_name("without-daemon", tests, NULL, NULL);
}
