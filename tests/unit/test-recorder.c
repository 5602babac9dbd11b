// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records that the recorder writes to the journal, their fields, and that it records nothing
 * twice, also after a restart. The test replaces libsystemd's sd_journal_sendv() and keeps the records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "directory.h"
#include "daemon/settled-file.h"
#include "daemon/journal.h"
#include "daemon/recorder.h"

#define UNIT 0x200000ull
#define EXTENT(...) (&(struct extent) { __VA_ARGS__ })
#define AT(first, last) .span = { UNIT * (first), ((last) + 1) * UNIT - 1 }

/* The recorded events, with a blank after each, and the fields of the last record */
static char recorded[512];
static char last[8192];

static const struct journal journal;

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

static int begin(void **state)
{
	(void)state;
	recorded[0] = '\0';
	return make_directory(state);
}

static void journal_untested_kernel_is_marked(void **state)
{
	struct journal by = { .arbiter = ARBITER_DAX_OWNER };

	(void)state;
	journal_arbiter(&by, false);
	assert_non_null(strstr(last, "\nDAX_OWNER_TESTED=1\n"));
	assert_non_null(strstr(last, "MESSAGE=dax_owner decides\n"));
	journal_arbiter(&by, true);
	assert_non_null(strstr(last, "\nDAX_OWNER_TESTED=0\n"));
	assert_non_null(strstr(last, "MESSAGE=dax_owner decides; untested kernel: "));
	assert_non_null(strstr(last, "\nPRIORITY=5\n"));
	by.arbiter = ARBITER_NATIVE;
	journal_arbiter(&by, false);
	assert_null(strstr(last, "DAX_OWNER_TESTED"));
}

static void report_extent(struct recorder *recorder, struct extent *extent)
{
	assert_int_equal(recorder_extent(recorder, extent), 0);
}

static void assert_recorded(const char *events)
{
	assert_string_equal(recorded, events);
	recorded[0] = '\0';
}

static void has_field(const char *field)
{
	char line[4096];

	snprintf(line, sizeof(line), "%s\n", field);
	assert_non_null(strstr(last, line));
}

static void open_recorder(struct recorder *recorder)
{
	assert_int_equal(recorder_open(recorder, &journal, directory), 0);
	/* use no memory block of the machine that runs the test */
	recorder->blocks = directory;
}

/* Make an online memory block at the addresses of the owned extent */
static void put_block(void)
{
	char path[256];

	put("block_size_bytes", "400000\n");
	snprintf(path, sizeof(path), "%s/memory1", directory);
	assert_int_equal(mkdir(path, 0700), 0);
	put("memory1/state", "online\n");
}

static void recorder_boot_records_each_step(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	report_extent(&recorder, EXTENT(AT(0, 3)));
	assert_recorded("");
	/* the range is cut into a part for dax_cxl and a part for dax_hmem */
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_DECIDED,
			     .reason = DAX_OWNER_REASON_REGION_COVERS));
	report_extent(&recorder, EXTENT(AT(2, 3), .owner = DAX_OWNER_HMEM,
					.state = DAX_OWNER_STATE_OWNED, .device = "dax1.0",
					.reason = DAX_OWNER_REASON_REGION_PARTIAL, .node = 2));
	assert_recorded("decided decided claimed owned ");
	has_field("PRIORITY=6");
	has_field("DAX_OWNER_START=0x400000");
	has_field("DAX_OWNER_END=0x7fffff");
	has_field("DAX_OWNER_SIZE=4194304");
	has_field("DAX_OWNER_OWNER=dax_hmem");
	has_field("DAX_OWNER_REASON=region-partial");
	has_field("DAX_OWNER_DEVICE=dax1.0");
	has_field("DAX_OWNER_TARGET_NODE=2");
	has_field("MESSAGE=0x400000-0x7fffff (4 MiB): owned by dax_hmem as dax1.0");
	assert_null(strstr(last, "DAX_OWNER_HOLDER="));

	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_STRANDED,
			     .error = -EBUSY, .reason = DAX_OWNER_REASON_CLAIM_FAILED,
			     .holder = "hmem.0"));
	assert_recorded("conflict stranded ");
	has_field("PRIORITY=3");
	has_field("DAX_OWNER_ERROR=-16");
	has_field("DAX_OWNER_HOLDER=hmem.0");

	put_block();
	recorder_settled(&recorder, true);
	recorder_settled(&recorder, true);
	assert_recorded("settled ");
	has_field("PRIORITY=4");
	has_field("DAX_OWNER_EXTENTS=2");
	has_field("DAX_OWNER_HMEM_BYTES=4194304");
	has_field("DAX_OWNER_CXL_BYTES=0");
	has_field("DAX_OWNER_STRANDED_BYTES=4194304");
	has_field("DAX_OWNER_ONLINE_BYTES=4194304");
	assert_int_equal(settled_file_wait(directory), 0);
	recorder_close(&recorder);
}

static void recorder_deadline_is_recorded_once(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	for (u64 i = 0; i < 2; i++)
		report_extent(&recorder, EXTENT(AT(i, i), .owner = DAX_OWNER_HMEM,
						.state = DAX_OWNER_STATE_DECIDED,
						.flags = DAX_OWNER_FLAG_DEADLINE));
	assert_recorded("deadline decided decided ");
	report_extent(&recorder,
		      EXTENT(AT(0, 0), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_STRANDED,
			     .reason = DAX_OWNER_REASON_CLAIM_FAILED,
			     .flags = DAX_OWNER_FLAG_DEADLINE));
	assert_recorded("stranded ");
	has_field("MESSAGE=0x0-0x1fffff (2 MiB): stranded: no driver owns it: claim-failed; "
		  "CXL enumeration did not end by the deadline");
	recorder_close(&recorder);
}

static void recorder_device_is_recorded_once(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	recorder_device(&recorder, "cxl", "region0", true);
	recorder_device(&recorder, "cxl", "region0", true);
	recorder_device(&recorder, "dax", "dax0.0", false);
	assert_recorded("add ");
	has_field("DAX_OWNER_DEVICE=region0");
	recorder_device(&recorder, "cxl", "region0", false);
	assert_recorded("remove ");
	recorder_close(&recorder);
}

static void recorder_restart_records_only_new(void **state)
{
	struct extent *owned =
		EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_OWNED);
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	report_extent(&recorder, owned);
	recorder_device(&recorder, "cxl", "region0", true);
	assert_recorded("decided claimed owned add ");
	/* as after a kill: no record of the end */
	recorder_close(&recorder);

	open_recorder(&recorder);
	assert_recorded("missed ");
	has_field("PRIORITY=4");
	report_extent(&recorder, owned);
	recorder_device(&recorder, "cxl", "region0", true);
	assert_recorded("");
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_CLAIMED));
	assert_recorded("unbound ");
	recorder_close(&recorder);
}

static void recorder_restart_without_records_is_a_gap(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	assert_recorded("");
	recorder_close(&recorder);
	open_recorder(&recorder);
	assert_recorded("missed ");
	recorder_close(&recorder);
}

static void recorder_damaged_state_is_a_gap(void **state)
{
	struct recorder recorder;

	(void)state;
	put("recorded", "nonsense\n");
	open_recorder(&recorder);
	assert_recorded("missed ");
	assert_non_null(strstr(last, "the recorded state cannot be read"));
	recorder_close(&recorder);
}

static void recorder_wrong_owner_is_warning(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_HMEM, .expected = DAX_OWNER_CXL,
			     .state = DAX_OWNER_STATE_OWNED,
			     .reason = DAX_OWNER_REASON_REGION_COVERS, .device = "dax0.0"));
	assert_recorded("decided claimed owned ");
	has_field("PRIORITY=4");
	has_field("DAX_OWNER_EXPECTED=dax_cxl");
	has_field(
		"MESSAGE=0x0-0x3fffff (4 MiB): owned by dax_hmem as dax0.0, but must be owned by dax_cxl: region-covers");
	recorder_close(&recorder);
}

static void put_region(struct recorder *recorder, u64 from, u64 to, const char *no_dax)
{
	recorder->regions.regions = calloc(1, sizeof(*recorder->regions.regions));
	recorder->regions.regions[0] = (struct region) { AT(from, to), .name = "region0" };
	strcpy(recorder->regions.regions[0].no_dax, no_dax);
	recorder->regions.n = 1;
	recorder->regions_changed = false;
}

/* cxl disable-region unbinds the driver and then decommits the region, which sends no uevent. */
static void regions_decommitted_without_uevent_are_gone(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	recorder.cxl = directory;
	put("region0/resource", "0x200000\n");
	put("region0/size", "0x200000\n");
	put("region0/commit", "1\n");
	assert_int_equal(recorder_regions(&recorder)->n, 1);
	put("region0/commit", "0\n");
	recorder_end_turn(&recorder);
	assert_int_equal(recorder_regions(&recorder)->n, 0);
	recorder_close(&recorder);
}

static void put_link(const char *name, const char *target)
{
	char path[PATH_SIZE];

	path_of(path, name);
	assert_int_equal(symlink(target, path), 0);
}

/* Two devices below region0, one of them twice; the third target has no memory device yet. */
static void put_targets(void)
{
	put("region0/resource", "0x0\n");
	put("region0/size", "0x400000\n");
	put("region0/commit", "1\n");
	put("region0/target0", "decoder2.0\n");
	put("region0/target1", "decoder13.1\n");
	put("region0/target2", "\n");
	put("region0/target3", "decoder2.1\n");
	put("region0/target4", "decoder7.0\n");
	put("mem0/serial", "0xabc\n");
	put("mem1/serial", "0xdef\n");
	put_link("endpoint2/uport", "../mem1");
	put_link("endpoint13/uport", "../mem0");
}

static void recorder_extent_names_serials(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	recorder.cxl = directory;
	put_targets();
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_OWNED,
			     .reason = DAX_OWNER_REASON_REGION_COVERS, .device = "dax0.0"));
	has_field("DAX_OWNER_REGIONS=region0");
	has_field("DAX_OWNER_SERIALS=0xdef 0xabc");
	report_extent(&recorder,
		      EXTENT(AT(2, 3), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
			     .reason = DAX_OWNER_REASON_NO_REGION, .device = "dax1.0"));
	assert_null(strstr(last, "DAX_OWNER_SERIALS="));
	recorder_close(&recorder);
}

static void recorder_withheld_is_information(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	put_region(&recorder, 0, 1, "pmem");
	report_extent(&recorder, EXTENT(AT(0, 1), .state = DAX_OWNER_STATE_WITHHELD,
					.reason = DAX_OWNER_REASON_REGION_NOT_DAX));
	assert_recorded("withheld ");
	has_field("PRIORITY=6");
	has_field("DAX_OWNER_STATE=withheld");
	has_field("DAX_OWNER_REASON=region-not-dax");
	has_field("DAX_OWNER_REGIONS=region0");
	has_field("DAX_OWNER_USABLE_BYTES=0");
	has_field("MESSAGE=0x0-0x3fffff (4 MiB): withheld: region0 (pmem) decodes it");
	recorder_settled(&recorder, true);
	has_field("PRIORITY=6");
	has_field("DAX_OWNER_STRANDED_BYTES=0");
	recorder_close(&recorder);
}

/* Names as long as they can be: no field and no message ends in the middle of one */
static void recorder_many_regions_are_not_cut(void **state)
{
	static char names[65 * EXTENT_NAME_LEN] = "DAX_OWNER_REGIONS=";
	struct region regions[64];
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	for (int i = 0; i < 64; i++) {
		regions[i] = (struct region) { AT(0, 1), .no_dax = "no dax_region" };
		snprintf(regions[i].name, EXTENT_NAME_LEN, "region%025d", i);
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? " " : "",
			 regions[i].name);
	}
	recorder.regions = (struct regions) { regions, 64 };
	recorder.regions_changed = false;
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
			     .reason = DAX_OWNER_REASON_REGION_NOT_DAX,
			     .device = "dax1000000000.1000000000"));
	has_field(names);
	has_field("MESSAGE=0x0-0x3fffff (4 MiB): owned by dax_hmem as dax1000000000.1000000000, "
		  "but must have no driver: region0000000000000000000000000 (no dax_region), "
		  "region0000000000000000000000001 (no dax_region), "
		  "region0000000000000000000000002 (no dax_region), "
		  "region0000000000000000000000003 (no dax_region) and 60 more decodes it, and its "
		  "data is at risk");
	recorder.regions = (struct regions) {};
	recorder_close(&recorder);
}

static void recorder_data_at_risk_is_critical(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	put_region(&recorder, 0, 0, "no dax_region");
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
			     .reason = DAX_OWNER_REASON_REGION_NOT_DAX, .device = "dax0.0"));
	assert_recorded("decided claimed owned ");
	has_field("PRIORITY=2");
	has_field("DAX_OWNER_EXPECTED=none");
	has_field("MESSAGE=0x0-0x3fffff (4 MiB): owned by dax_hmem as dax0.0, but must have no driver: region0 (no dax_region) "
		  "decodes it, and its data is at risk");
	recorder_close(&recorder);
}

static void recorder_usable_bytes_are_recorded(void **state)
{
	struct recorder recorder;

	(void)state;
	open_recorder(&recorder);
	report_extent(&recorder,
		      EXTENT(AT(0, 1), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
			     .usable_bytes = UNIT, .block_loss_bytes = UNIT, .decided_us = 7,
			     .flags = DAX_OWNER_FLAG_UNSPLIT));
	has_field("DAX_OWNER_USABLE_BYTES=2097152");
	has_field("DAX_OWNER_BLOCK_LOSS_BYTES=2097152");
	has_field("DAX_OWNER_DECIDED_US=7");
	has_field("DAX_OWNER_FLAGS=unsplit");
	recorder_settled(&recorder, true);
	has_field("DAX_OWNER_USABLE_BYTES=2097152");
	has_field(
		"MESSAGE=ownership is settled: dax_cxl owns 0 B, dax_hmem owns 4 MiB, stranded 0 B, usable 2 MiB");
	recorder_close(&recorder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(journal_untested_kernel_is_marked, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_boot_records_each_step, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_deadline_is_recorded_once, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_device_is_recorded_once, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_restart_records_only_new, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_restart_without_records_is_a_gap, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_damaged_state_is_a_gap, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_wrong_owner_is_warning, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(regions_decommitted_without_uevent_are_gone, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_extent_names_serials, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_withheld_is_information, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_many_regions_are_not_cut, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_data_at_risk_is_critical, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(recorder_usable_bytes_are_recorded, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
