// SPDX-License-Identifier: GPL-2.0-only
/*
 * The start of the daemon on a machine whose files are missing, damaged or not readable. The linker
 * replaces the functions that read the system with the wrappers below, and the test calls the
 * operations of the uevent socket.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <systemd/sd-journal.h>

#include "base/paths.h"
#include "daemon/config.h"
#include "daemon/devices.h"
#include "daemon/manager.h"
#include "daemon/server.h"
#include "directory.h"
#include "model/arbiter.h"
#include "system/facts.h"
#include "system/ledger.h"
#include "system/presence-read.h"
#include "system/uevent-socket.h"

#define GIB (1ull << 30)

/* --- the machine --- */

static struct {
	int arbiter_error;
	enum arbiter arbiter;
	enum arbiter loaded;
	bool ledger;
	int ledger_error;
	bool coldplugged;
	int devices_error;
	int sources_error;
	struct dax_owner_span range;
	struct presence presence;
	bool stopping;
	bool read_stopping;
	const struct uevent_socket_ops *ops;
	void *data;
} machine;

/* The events of all records, each with a blank, and the fields of the last record */
static char recorded[512];
static char last[2048];

int sd_journal_sendv(const struct iovec *fields, int n)
{
	static const char event[] = "DAX_OWNER_EVENT=";

	last[0] = '\0';
	for (int i = 0; i < n; i++) {
		const char *text = fields[i].iov_base;
		int len = (int)fields[i].iov_len;

		snprintf(last + strlen(last), sizeof(last) - strlen(last), "%.*s\n", len, text);
		if (!strncmp(text, event, strlen(event)))
			snprintf(recorded + strlen(recorded), sizeof(recorded) - strlen(recorded),
				 "%.*s ", len - (int)strlen(event), text + strlen(event));
	}
	return 0;
}

/* The number of warnings about skipped entries */
static unsigned int warnings;

int sd_journal_print(int priority, const char *format, ...)
{
	(void)priority;
	(void)format;
	warnings++;
	return 0;
}

int __wrap_arbiter_load(const char *path, enum arbiter *arbiter, bool *untested);
int __wrap_arbiter_load(const char *path, enum arbiter *arbiter, bool *untested)
{
	assert_string_equal(path, ORDER_ARBITER);
	*arbiter = machine.arbiter;
	*untested = false;
	return machine.arbiter_error;
}

enum arbiter __wrap_arbiter_loaded(const char *root);
enum arbiter __wrap_arbiter_loaded(const char *root)
{
	(void)root;
	return machine.loaded;
}

bool __wrap_ledger_exists(void);
bool __wrap_ledger_exists(void)
{
	return machine.ledger;
}

int __wrap_ledger_read(const char *root, struct extent_addresses *places, struct ledger *ledger);
int __wrap_ledger_read(const char *root, struct extent_addresses *places, struct ledger *ledger)
{
	(void)root;
	(void)places;
	*ledger = (struct ledger) { .settled = true };
	return machine.ledger_error;
}

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	if (strcmp(path, ORDER_COLDPLUG))
		return __real_access(path, mode);
	errno = ENOENT;
	return machine.coldplugged ? 0 : -1;
}

int __wrap_config_load(struct config *config, const char *root, config_bad_fn bad, void *data);
int __wrap_config_load(struct config *config, const char *root, config_bad_fn bad, void *data)
{
	(void)root;
	(void)bad;
	(void)data;
	*config = (struct config) { .quiet_us = 1000 };
	return 0;
}

int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data);
int __wrap_fact_sources_open(const char *root, struct fact_sources *sources,
			     firmware_skip_fn skipped, void *data)
{
	(void)root;
	skipped("a damaged entry", data);
	*sources = (struct fact_sources) {};
	if (machine.sources_error || !machine.range.end)
		return machine.sources_error;
	return spans_add(&sources->ranges, machine.range.start, machine.range.end);
}

int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts);
int __wrap_facts_read(struct fact_sources *sources, bool settled, struct facts *facts)
{
	*facts = (struct facts) { .ranges = &sources->ranges,
				  .windows = &sources->windows,
				  .enumerated = settled,
				  .settled = settled };
	return 0;
}

void __wrap_presence_read(const char *root, struct presence *presence);
void __wrap_presence_read(const char *root, struct presence *presence)
{
	assert_string_equal(root, "");
	machine.read_stopping = machine.stopping;
	*presence = machine.presence;
}

int sd_notify(int unset_environment, const char *state)
{
	(void)unset_environment;
	machine.stopping |= !strcmp(state, "STOPPING=1");
	return 0;
}

int __wrap_uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given,
			      const struct uevent_socket_ops *ops, void *data);
int __wrap_uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given,
			      const struct uevent_socket_ops *ops, void *data)
{
	(void)watch;
	(void)event;
	(void)given;
	machine.ops = ops;
	machine.data = data;
	return 0;
}

int __wrap_uevent_socket_receive(struct uevent_socket *watch);
int __wrap_uevent_socket_receive(struct uevent_socket *watch)
{
	(void)watch;
	return 0;
}

int __wrap_devices_read(struct recorder *recorder, struct udev *udev);
int __wrap_devices_read(struct recorder *recorder, struct udev *udev)
{
	(void)recorder;
	(void)udev;
	return machine.devices_error;
}

int __wrap_server_open(struct server **server, sd_event *event, const char *runtime,
		       struct recorder *recorder, struct journal *journal);
int __wrap_server_open(struct server **server, sd_event *event, const char *runtime,
		       struct recorder *recorder, struct journal *journal)
{
	(void)event;
	(void)runtime;
	(void)recorder;
	(void)journal;
	*server = NULL;
	return 0;
}

void __wrap_server_close(struct server *server);
void __wrap_server_close(struct server *server)
{
	(void)server;
}

/* --- the daemon --- */

static struct manager *manager;

static int begin(void **state)
{
	memset(&machine, 0, sizeof(machine));
	recorded[0] = last[0] = '\0';
	warnings = 0;
	manager = NULL;
	return make_directory(state);
}

static int end(void **state)
{
	manager_free(manager);
	return remove_directory(state);
}

static void start(void)
{
	assert_int_equal(manager_new(&manager, directory), 0);
}

static void is_recorded(const char *events)
{
	assert_string_equal(recorded, events);
	recorded[0] = '\0';
}

static void has_field(const char *field)
{
	char line[256];

	snprintf(line, sizeof(line), "%s\n", field);
	assert_non_null(strstr(last, line));
}

/* Run the event loop until an event is recorded. */
static void run_until(const char *event)
{
	sd_event *loop;

	assert_true(sd_event_default(&loop) >= 0);
	for (int i = 0; i < 100 && !strstr(recorded, event); i++)
		assert_true(sd_event_run(loop, 100 * 1000) >= 0);
	sd_event_unref(loop);
	assert_non_null(strstr(recorded, event));
}

static void start_without_arbiter_file_observes(void **state)
{
	(void)state;
	machine.arbiter_error = -ENOENT;
	machine.loaded = ARBITER_LEGACY;
	machine.coldplugged = true;
	machine.range = (struct dax_owner_span) { GIB, 2 * GIB - 1 };
	start();
	is_recorded("failure arbiter ");
	has_field("DAX_OWNER_ARBITER=legacy");
	run_until("settled ");
	is_recorded("stranded settled ");
}

/* Before coldplug no driver is loaded, so the arbiter may change later. */
static void start_without_arbiter_file_follows_drivers(void **state)
{
	const struct uevent uevent = { .subsystem = LEDGER_SUBSYSTEM,
				       .action = "add",
				       .name = "extent0" };

	(void)state;
	machine.arbiter_error = -EBADMSG;
	start();
	is_recorded("failure arbiter ");
	has_field("DAX_OWNER_ARBITER=none");
	machine.ledger = true;
	assert_int_equal(machine.ops->event(&uevent, machine.data), 0);
	is_recorded("arbiter settled ");
	has_field("DAX_OWNER_ARBITER=dax_owner");
}

static void start_without_addresses_records_it_once(void **state)
{
	const struct uevent uevent = { .subsystem = "cxl", .action = "change", .name = "region0" };

	(void)state;
	machine.arbiter = ARBITER_LEGACY;
	machine.sources_error = -EACCES;
	machine.coldplugged = true;
	start();
	is_recorded("arbiter failure ");
	has_field("ERRNO=13");
	assert_int_equal(machine.ops->event(&uevent, machine.data), 0);
	assert_int_equal(machine.ops->lost(machine.data), 0);
	assert_int_equal(machine.ops->done(machine.data), 0);
	is_recorded("missed ");
}

static void lost_uevents_without_devices_records_failure_once(void **state)
{
	(void)state;
	machine.ledger = true;
	machine.devices_error = -EACCES;
	start();
	is_recorded("arbiter failure settled ");
	assert_int_equal(machine.ops->lost(machine.data), 0);
	is_recorded("missed ");
	machine.devices_error = 0;
	assert_int_equal(machine.ops->lost(machine.data), 0);
	machine.devices_error = -EACCES;
	assert_int_equal(machine.ops->lost(machine.data), 0);
	is_recorded("missed missed failure ");
}

static void start_with_unreadable_ledger_reads_it_later(void **state)
{
	(void)state;
	machine.ledger = true;
	machine.ledger_error = -EBADMSG;
	machine.coldplugged = true;
	start();
	is_recorded("arbiter failure ");
	assert_int_equal(machine.ops->done(machine.data), 0);
	is_recorded("");
	machine.ledger_error = 0;
	assert_int_equal(machine.ops->done(machine.data), 0);
	is_recorded("settled ");
}

/* The modules are installed, and udev has not loaded them. */
static void coldplug_without_modules_starts_observer(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_DAX_OWNER;
	machine.coldplugged = true;
	machine.range = (struct dax_owner_span) { GIB, 2 * GIB - 1 };
	start();
	is_recorded("arbiter arbiter ");
	has_field("DAX_OWNER_ARBITER=none");
	run_until("settled ");
	is_recorded("stranded settled ");
	has_field("DAX_OWNER_STRANDED_BYTES=1073741824");
}

static void coldplug_without_soft_reserved_memory_is_settled(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_DAX_OWNER;
	machine.coldplugged = true;
	machine.presence.cxl_host = true;
	start();
	is_recorded("arbiter settled ");
	has_field("DAX_OWNER_ARBITER=dax_owner");
	has_field("DAX_OWNER_EXTENTS=0");
	/* firmware's tables do not change, so neither do the entries that the daemon skips */
	assert_int_equal(machine.ops->lost(machine.data), 0);
	is_recorded("missed ");
	assert_int_equal(warnings, 1);
}

static bool has_file(const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return access(path, F_OK) == 0;
}

/* The daemon ends with success, and its next start records no gap. */
static void assert_ended_empty(void)
{
	assert_true(has_file("settled"));
	assert_int_equal(manager_run(manager), 0);
	assert_false(has_file(STATE_FILE));
}

static void coldplug_on_empty_machine_ends_daemon(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_LEGACY;
	machine.coldplugged = true;
	start();
	is_recorded("arbiter settled empty ");
	assert_ended_empty();
}

/* The modules are installed, and udev does not load them. */
static void coldplug_on_empty_machine_with_modules_ends_daemon(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_DAX_OWNER;
	machine.coldplugged = true;
	start();
	is_recorded("arbiter settled empty ");
	has_field("DAX_OWNER_ARBITER=dax_owner");
	assert_ended_empty();
}

/* From the message on, systemd queues a start of the daemon, so a later device is not missed. */
static void end_on_empty_machine_reads_it_after_notice(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_LEGACY;
	machine.coldplugged = true;
	start();
	assert_false(machine.stopping);
	assert_int_equal(manager_run(manager), 0);
	assert_true(machine.read_stopping);
}

/* systemd restarts the daemon after a failure. */
static void end_on_machine_with_new_device_fails(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_LEGACY;
	machine.coldplugged = true;
	start();
	is_recorded("arbiter settled empty ");
	machine.presence.cxl_host = true;
	assert_int_equal(manager_run(manager), -ERESTART);
}

/* Until the end of coldplug, the daemon waits for the modules. */
static void start_before_coldplug_on_empty_machine_waits(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_DAX_OWNER;
	start();
	is_recorded("arbiter ");
	assert_false(has_file("settled"));
}

/* Firmware's memory map has a range that /proc/iomem does not list. */
static void coldplug_with_hidden_range_is_not_empty(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_LEGACY;
	machine.coldplugged = true;
	machine.range = (struct dax_owner_span) { GIB, 2 * GIB - 1 };
	start();
	is_recorded("arbiter ");
	run_until("settled ");
	is_recorded("stranded settled ");
}

/* The daemon cannot read firmware's memory map, so it does not record that nothing is stranded. */
static void coldplug_without_facts_is_not_settled(void **state)
{
	(void)state;
	machine.arbiter = ARBITER_DAX_OWNER;
	machine.coldplugged = true;
	machine.sources_error = -EACCES;
	start();
	is_recorded("arbiter failure ");
	assert_int_equal(machine.ops->lost(machine.data), 0);
	is_recorded("missed ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(start_without_arbiter_file_observes, begin, end),
		cmocka_unit_test_setup_teardown(start_without_arbiter_file_follows_drivers, begin,
						end),
		cmocka_unit_test_setup_teardown(start_without_addresses_records_it_once, begin, end),
		cmocka_unit_test_setup_teardown(lost_uevents_without_devices_records_failure_once,
						begin, end),
		cmocka_unit_test_setup_teardown(start_with_unreadable_ledger_reads_it_later, begin,
						end),
		cmocka_unit_test_setup_teardown(coldplug_without_modules_starts_observer, begin, end),
		cmocka_unit_test_setup_teardown(coldplug_without_soft_reserved_memory_is_settled,
						begin, end),
		cmocka_unit_test_setup_teardown(coldplug_on_empty_machine_ends_daemon, begin, end),
		cmocka_unit_test_setup_teardown(coldplug_on_empty_machine_with_modules_ends_daemon,
						begin, end),
		cmocka_unit_test_setup_teardown(end_on_empty_machine_reads_it_after_notice, begin,
						end),
		cmocka_unit_test_setup_teardown(end_on_machine_with_new_device_fails, begin, end),
		cmocka_unit_test_setup_teardown(start_before_coldplug_on_empty_machine_waits, begin,
						end),
		cmocka_unit_test_setup_teardown(coldplug_with_hidden_range_is_not_empty, begin, end),
		cmocka_unit_test_setup_teardown(coldplug_without_facts_is_not_settled, begin, end),
	};

	return cmocka_run_group_tests_name("manager", tests, NULL, NULL);
}
