// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of extents and DAX devices, and CXL regions, read from sysfs by name. The files are in a temporary
 * directory.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "system/ledger.h"
#include "system/dax-addresses.h"
#include "system/extent-addresses.h"
#include "system/regions-read.h"

/* Debian's user nobody */
#define ANOTHER_USER 65534

static void put_extent(const char *name, const char *start, const char *end)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/start", name);
	put(path, start);
	snprintf(path, sizeof(path), "%s/end", name);
	put(path, end);
}

static void is_at(struct extent_addresses *places, const char *name, u64 start, u64 end)
{
	struct dax_owner_span span;

	assert_int_equal(extent_addresses_find(places, name, &span), 0);
	assert_int_equal(span.start, start);
	assert_int_equal(span.end, end);
}

static int find(struct extent_addresses *places, const char *name)
{
	struct dax_owner_span span;

	return extent_addresses_find(places, name, &span);
}

static void addresses_of_extent_are_read_once(void **state)
{
	struct extent_addresses places = { .directory = directory };

	(void)state;
	put_extent("extent7", "0x100000000\n", "0x13fffffff\n");
	put_extent("extent12", "0x0\n", "0xffffffffffffffff\n");
	put_extent("extent3", "0x200000000\n", "0x23fffffff\n");
	is_at(&places, "extent7", 0x100000000, 0x13fffffff);
	is_at(&places, "extent12", 0, ~0ull);
	is_at(&places, "extent3", 0x200000000, 0x23fffffff);
	assert_int_equal(places.n, 3);
	/* an extent never moves: its addresses are read only once */
	put_extent("extent7", "0x500000000\n", "0x53fffffff\n");
	is_at(&places, "extent7", 0x100000000, 0x13fffffff);
	extent_addresses_remove(&places, "extent7");
	extent_addresses_remove(&places, "extent8");
	assert_int_equal(places.n, 2);
	is_at(&places, "extent3", 0x200000000, 0x23fffffff);
	is_at(&places, "extent12", 0, ~0ull);
	is_at(&places, "extent7", 0x500000000, 0x53fffffff);
	extent_addresses_free(&places);
	assert_int_equal(places.n, 0);
}

static void addresses_incomplete_are_refused(void **state)
{
	struct extent_addresses places = { .directory = directory };

	(void)state;
	assert_int_equal(find(&places, "extent1"), -ENOENT);
	/* the extent leaves between the reads of start and end */
	put("extent1/start", "0x1000\n");
	assert_int_equal(find(&places, "extent1"), -ENOENT);
	put("extent1/end", "");
	assert_int_equal(find(&places, "extent1"), -ENOENT);
	put("extent1/end", "0xfff\n");
	assert_int_equal(find(&places, "extent1"), -EBADMSG);
	assert_int_equal(places.n, 0);
}

static void addresses_bad_name_is_refused(void **state)
{
	static const char *const names[] = { "",         "extent",   "extentx", "extent1x",
					     "extent-1", "extent 1", "version", "../extent1" };
	struct extent_addresses places = { .directory = directory };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(find(&places, names[i]), -EINVAL);
}

static void addresses_other_user_gets_eacces(void **state)
{
	struct extent_addresses places = { .directory = directory };
	char path[PATH_SIZE];
	int r;

	(void)state;
	put_extent("extent0", "0x1000\n", "0x1fff\n");
	path_of(path, "extent0/start");
	assert_int_equal(chmod(directory, 0755), 0);
	assert_int_equal(chmod(path, geteuid() ? 0 : 0400), 0);
	assert_int_equal(geteuid() ? 0 : seteuid(ANOTHER_USER), 0);
	r = find(&places, "extent0");
	assert_int_equal(getuid() ? 0 : seteuid(0), 0);
	assert_int_equal(r, -EACCES);
}

/* --- uevents --- */

static void say(struct uevent *uevent, const char *name)
{
	static const char rest[] =
		"ACTION=change\0SUBSYSTEM=dax_owner\0SEQNUM=1\0DAX_OWNER_SIZE=4096\0DAX_OWNER_OWNER=dax_cxl\0"
		"DAX_OWNER_STATE=owned\0DAX_OWNER_REASON=region-covers";
	int len = sprintf(uevent->text, "change@/devices/virtual/dax_owner/%s", name) + 1;

	len += sprintf(uevent->text + len, "DEVPATH=/devices/virtual/dax_owner/%s", name) + 1;
	memcpy(uevent->text + len, rest, sizeof(rest));
	uevent_set(uevent, (size_t)len + sizeof(rest));
	assert_int_equal(uevent_parse(uevent), 0);
}

static void ledger_extent_reads_addresses(void **state)
{
	struct extent_addresses places = { .directory = directory };
	struct uevent uevent;
	struct extent extent;

	(void)state;
	put_extent("extent4", "0x1000\n", "0x1fff\n");
	say(&uevent, "extent4");
	assert_int_equal(ledger_extent(&uevent, &places, &extent), 0);
	assert_false(extent.hidden);
	assert_int_equal(extent.span.start, 0x1000);
	assert_int_equal(extent.span.end, 0x1fff);
	assert_int_equal(extent.owner, DAX_OWNER_CXL);
	say(&uevent, "extent5");
	assert_int_equal(ledger_extent(&uevent, &places, &extent), -ENOENT);
	extent_addresses_free(&places);
}

/* --- DAX devices --- */

static void dax_addresses_grow_to_mapping(void **state)
{
	struct dax_owner_span span = { 0x148000000, 0x15fffffff };
	struct dax_owner_span other = { 0x200000000, 0x207ffffff };

	(void)state;
	put("dax0.0/mapping0/start", "0x100000000\n");
	put("dax0.0/mapping0/end", "0x103ffffff\n");
	put("dax0.0/mapping1/start", "0x144000000\n");
	put("dax0.0/mapping1/end", "0x15fffffff\n");
	dax_addresses_around(directory, "dax0.0", &span);
	assert_int_equal(span.start, 0x144000000);
	assert_int_equal(span.end, 0x15fffffff);
	/* outside the device's mappings, or a device without mappings */
	dax_addresses_around(directory, "dax0.0", &other);
	dax_addresses_around(directory, "dax1.0", &other);
	assert_int_equal(other.start, 0x200000000);
	assert_int_equal(other.end, 0x207ffffff);
}

/* --- regions --- */

static void put_region(const char *name, const char *resource, const char *size, const char *commit,
		       const char *mode)
{
	const struct {
		const char *attribute, *text;
	} all[] = {
		{ "resource", resource },
		{ "size", size },
		{ "commit", commit },
		{ "mode", mode },
	};
	char path[64];

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, all[i].attribute);
		if (all[i].text)
			put(path, all[i].text);
	}
}

static void is_region(const struct regions *regions, size_t i, const char *name, u64 start,
		      const char *no_dax)
{
	assert_true(i < regions->n);
	assert_string_equal(regions->regions[i].name, name);
	assert_int_equal(regions->regions[i].span.start, start);
	assert_string_equal(regions->regions[i].no_dax, no_dax);
}

static void regions_committed_are_listed(void **state)
{
	struct dax_owner_span all = { 0, ~0ull }, first = { 0x1000, 0x1fff };
	struct regions regions;
	char names[REGIONS_WITHHOLDING_LEN];

	(void)state;
	put_region("region0", "0x1000\n", "0x1000\n", "1\n", "ram\n");
	put("region0/dax_region0/uevent", "");
	put_region("region1", "0x2000\n", "0x1000\n", "1\n", "pmem\n");
	/* a RAM region without a DAX region, such as an accelerator's region */
	put_region("region2", "0x3000\n", "0x1000\n", "1\n", "ram\n");
	/* a kernel without the attribute mode */
	put_region("region10", "0x4000\n", "0x1000\n", "1\n", NULL);
	put("region10/dax_region10/uevent", "");
	/* not committed, empty, without attributes, or no region */
	put_region("region3", "0x5000\n", "0x1000\n", "0\n", "ram\n");
	put_region("region4", "0x6000\n", "0x0\n", "1\n", "pmem\n");
	put_region("region5", NULL, NULL, NULL, NULL);
	/* beyond the last address, and not the name of a region */
	put_region("region6", "0xfffffffffffff000\n", "0x2000\n", "1\n", "ram\n");
	put_region("region7x", "0x7000\n", "0x1000\n", "1\n", "ram\n");
	put("root0/uevent", "");
	put("dax_region0/resource", "0x1000\n");
	assert_int_equal(regions_read(&regions, directory), 0);
	assert_int_equal(regions.n, 4);
	is_region(&regions, 0, "region0", 0x1000, "");
	is_region(&regions, 1, "region1", 0x2000, "pmem");
	is_region(&regions, 2, "region2", 0x3000, "no dax_region");
	is_region(&regions, 3, "region10", 0x4000, "");
	regions_withholding(&regions, &all, names);
	assert_string_equal(names, "region1 (pmem), region2 (no dax_region)");
	regions_withholding(&regions, &first, names);
	assert_string_equal(names, "");
	regions_free(&regions);
}

static void regions_without_cxl_are_none(void **state)
{
	struct regions regions;

	(void)state;
	assert_int_equal(regions_read(&regions, "/nowhere"), 0);
	assert_int_equal(regions.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(addresses_of_extent_are_read_once, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(addresses_incomplete_are_refused, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(addresses_bad_name_is_refused, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(addresses_other_user_gets_eacces, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(ledger_extent_reads_addresses, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(dax_addresses_grow_to_mapping, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(regions_committed_are_listed, make_directory,
						remove_directory),
		cmocka_unit_test(regions_without_cxl_are_none),
	};

	return cmocka_run_group_tests_name("extent-addresses", tests, NULL, NULL);
}
