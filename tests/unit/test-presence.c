// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a machine is empty: the rule, and the files of a made-up machine in a temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "system/presence-read.h"

/* As the kernel shows it to a process without privileges */
#define IOMEM "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n"

static void presence_each_fact_makes_not_empty(void **state)
{
	static const struct presence facts[] = {
		{ .unknown = true },  { .soft_reserved = true }, { .hmem_host = true },
		{ .cxl_host = true }, { .ledger = true },
	};
	const struct presence nothing = {};

	(void)state;
	assert_true(presence_is_empty(&nothing));
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		assert_false(presence_is_empty(&facts[i]));
}

static int begin(void **state)
{
	if (make_directory(state))
		return -1;
	put("proc/iomem", IOMEM);
	/* other devices of the same buses */
	put("sys/bus/platform/devices/ACPI0013:00/uevent", "");
	put("sys/bus/cxl/drivers/cxl_mem/uevent", "");
	put("sys/firmware/acpi/tables/SRAT", "");
	return 0;
}

static bool is_empty(void)
{
	struct presence presence;

	presence_read(directory, &presence);
	return presence_is_empty(&presence);
}

static void presence_of_ordinary_machine_is_empty(void **state)
{
	(void)state;
	assert_true(is_empty());
	put("proc/iomem", "00001000-0009ffff : System RAM\n");
	assert_true(is_empty());
}

static void presence_of_soft_reserved_range_is_read_without_addresses(void **state)
{
	(void)state;
	put("proc/iomem",
	    IOMEM "00000000-00000000 : CXL Window 0\n  00000000-00000000 : Soft Reserved\n");
	assert_false(is_empty());
}

static void presence_without_iomem_is_unknown(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	path_of(path, "proc/iomem");
	assert_int_equal(unlink(path), 0);
	assert_false(is_empty());
}

static void presence_of_each_host_is_found(void **state)
{
	static const char *const files[] = {
		"sys/bus/platform/devices/hmem_platform.0/uevent",
		"sys/bus/platform/devices/ACPI0017:00/uevent",
		"sys/bus/cxl/devices/root0/uevent",
		"sys/firmware/acpi/tables/CEDT",
		"sys/class/dax_owner/settled",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		assert_true(is_empty());
		put(files[i], "");
		assert_false(is_empty());
		assert_int_equal(remove_directory(state), 0);
		assert_int_equal(begin(state), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence_each_fact_makes_not_empty),
		cmocka_unit_test_setup_teardown(presence_of_ordinary_machine_is_empty, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(presence_of_soft_reserved_range_is_read_without_addresses,
						begin, remove_directory),
		cmocka_unit_test_setup_teardown(presence_without_iomem_is_unknown, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(presence_of_each_host_is_found, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
