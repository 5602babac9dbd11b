// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the extent of a DAX device in the ledger or in the daemon's recorded state. Both are files
 * in a temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "helpers/device-extent.h"
#include "model/state.h"
#include "base/paths.h"

#define KEPT STATE_DIRECTORY "/" STATE_FILE

static void put_address(const char *name, const char *attribute, const char *address)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/dax_owner/%s/%s", name, attribute);
	put(path, address);
}

static void put_extent(const char *name, const char *start, const char *end, const char *rest)
{
	char path[128], text[512];

	put_address(name, "start", start);
	put_address(name, "end", end);

	snprintf(path, sizeof(path), "/sys/class/dax_owner/%s/uevent", name);
	snprintf(text, sizeof(text),
		 "DAX_OWNER_SIZE=4096\nDAX_OWNER_PREVIOUS=none\n%sDAX_OWNER_FLAGS=\nDAX_OWNER_DEVICE=\n"
		 "DAX_OWNER_TARGET_NODE=1\nDAX_OWNER_ERROR=0\nDAX_OWNER_HOLDER=\nDAX_OWNER_SETTLED=1\n",
		 rest);
	put(path, text);
}

/* Two devices: at 0x100000000 and at 0x200000000 */
static int begin(void **state)
{
	if (make_directory(state))
		return -1;
	put("/sys/bus/dax/devices/dax0.0/resource", "0x100000000\n");
	put("/sys/bus/dax/devices/dax1.0/resource", "0x200000000\n");
	return 0;
}

static void put_ledger(void)
{
	put("/sys/class/dax_owner/settled", "1\n");
	put_extent("extent0", "0x200000000\n", "0x23fffffff\n",
		   "DAX_OWNER_OWNER=dax_hmem\nDAX_OWNER_STATE=owned\nDAX_OWNER_REASON=no-region\n");
	/* longer than its device, which begins at the same byte */
	put_extent("extent1", "0x100000000\n", "0x17fffffff\n",
		   "DAX_OWNER_OWNER=dax_cxl\nDAX_OWNER_STATE=claimed\nDAX_OWNER_REASON=region-covers\n");
}

static void keep(void)
{
	put(KEPT, "SETTLED=1\nDEVICE=dax dax0.0\n"
		  "DAX_OWNER_START=0xc0000000\nDAX_OWNER_END=0x1ffffffff\nDAX_OWNER_OWNER=dax_hmem\n"
		  "DAX_OWNER_STATE=owned\nDAX_OWNER_REASON=region-partial\nDAX_OWNER_DEVICE=dax0.0\n"
		  "DAX_OWNER_START=0x200000000\nDAX_OWNER_END=0x2ffffffff\nDAX_OWNER_OWNER=none\n"
		  "DAX_OWNER_STATE=pending\nDAX_OWNER_REASON=awaiting-cxl\n");
}

static void add_line(const char *name, const char *value, void *to)
{
	char *text = to;

	snprintf(text + strlen(text), 256 - strlen(text), "%s=%s\n", name, value);
}

static void assert_properties(const char *device, const char *properties)
{
	struct extent extent;
	char text[256] = "";

	assert_int_equal(device_extent_find(directory, device, &extent), 0);
	device_extent_write(&extent, add_line, text);
	assert_string_equal(text, properties);
}

static void is_error(const char *device, int error)
{
	struct extent extent;

	assert_int_equal(device_extent_find(directory, device, &extent), error);
}

static void device_extent_ledger_precedes_state(void **state)
{
	(void)state;
	put_ledger();
	/* not read, because the ledger exists */
	keep();
	assert_properties("dax0.0", "DAX_OWNER_REASON=region-covers\n");
	assert_properties("dax1.0", "DAX_OWNER_REASON=no-region\n");
}

static void device_extent_last_byte_is_inside(void **state)
{
	(void)state;
	put_ledger();
	put("/sys/bus/dax/devices/dax0.0/resource", "0x17fffffff\n");
	assert_properties("dax0.0", "DAX_OWNER_REASON=region-covers\n");
	put("/sys/bus/dax/devices/dax0.0/resource", "0x180000000\n");
	is_error("dax0.0", -ENOENT);
}

static void device_extent_without_ledger_uses_state(void **state)
{
	(void)state;
	keep();
	assert_properties("dax0.0", "DAX_OWNER_REASON=region-partial\n");
}

static void device_extent_unknown_is_enoent(void **state)
{
	(void)state;
	/* neither ledger nor daemon */
	is_error("dax0.0", -ENOENT);
	/* its extent is not decided yet */
	keep();
	is_error("dax1.0", -ENOENT);
	/* the device does not exist */
	is_error("dax2.0", -ENOENT);
	/* no extent has it */
	put("/sys/bus/dax/devices/dax0.0/resource", "0x0\n");
	is_error("dax0.0", -ENOENT);
	/* the device leaves during the search, so its address is empty, although an extent covers all addresses */
	put_ledger();
	put_extent("extent2", "0x0\n", "0xffffffffffffffff\n",
		   "DAX_OWNER_OWNER=dax_cxl\nDAX_OWNER_STATE=owned\nDAX_OWNER_REASON=region-covers\n");
	put("/sys/bus/dax/devices/dax0.0/resource", "");
	is_error("dax0.0", -ENOENT);
}

static void device_extent_incomplete_entry_is_skipped(void **state)
{
	(void)state;
	put_ledger();
	put_extent("extent0", "0x200000000\n", "", "");
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("sys/class/dax_owner/extent9", 0700), 0);
	assert_properties("dax0.0", "DAX_OWNER_REASON=region-covers\n");
	is_error("dax1.0", -ENOENT);
	assert_int_equal(chdir("/"), 0);
}

static void device_extent_damaged_state_is_refused(void **state)
{
	(void)state;
	put(KEPT, "nonsense\n");
	is_error("dax0.0", -EBADMSG);
}

/* An attacker who controls the daemon can put any file there, but must not stop udev. */
static void device_extent_fifo_and_link_are_refused(void **state)
{
	char kept[PATH_SIZE], elsewhere[PATH_SIZE];

	(void)state;
	path_of(kept, KEPT);
	assert_int_equal(mkfifo(kept, 0600), 0);
	is_error("dax0.0", -EBADMSG);
	assert_int_equal(unlink(kept), 0);
	keep();
	path_of(elsewhere, "/elsewhere");
	assert_int_equal(rename(kept, elsewhere), 0);
	assert_int_equal(symlink(elsewhere, kept), 0);
	is_error("dax0.0", -ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(device_extent_ledger_precedes_state, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_last_byte_is_inside, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_without_ledger_uses_state, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_unknown_is_enoent, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_incomplete_entry_is_skipped, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_damaged_state_is_refused, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(device_extent_fifo_and_link_are_refused, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("device-extent", tests, NULL, NULL);
}
