// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CXL memory devices wait for a driver, read from a directory that replaces sysfs, and whether
 * enumeration goes on then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "system/cxl-devices.h"

#define PCI "sys/bus/pci/devices/0000:0d:00.0/"
#define CXL "sys/bus/cxl/devices/"

static void put_link(const char *name, const char *target)
{
	char path[PATH_SIZE];

	path_of(path, name);
	assert_int_equal(symlink(target, path), 0);
}

static struct cxl_devices devices;

/* Return: true if enumeration goes on. */
static bool goes_on(void)
{
	assert_int_equal(cxl_devices_read(directory, &devices), 0);
	return enumeration_goes_on(&devices);
}

/* A memory device's PCI function, with the driver cxl_pci registered */
static void put_function(void)
{
	put("sys/bus/pci/drivers/cxl_pci/uevent", "");
	put(PCI "class", "0x050210\n");
}

/* Two memory devices below a root, with the driver cxl_mem registered; mem1 has an endpoint */
static void put_memdevs(void)
{
	put("sys/bus/cxl/drivers/cxl_mem/uevent", "");
	put(CXL "root0/uevent", "");
	put(CXL "mem1/uevent", "");
	put(CXL "mem11/uevent", "");
	put(CXL "endpoint2/uevent", "");
	put_link(CXL "endpoint2/uport", "../../../pci0000:0c/0000:0d:00.0/mem11");
}

static void function_without_driver_waits(void **state)
{
	(void)state;
	put_function();
	assert_true(goes_on());
	assert_int_equal(devices.functions, 1);
	assert_int_equal(devices.functions_unbound, 1);
	assert_int_equal(devices.functions_waiting, 1);
}

/* The kernel links the driver before its probe, which may wait for the media. */
static void function_in_probe_waits(void **state)
{
	(void)state;
	put_function();
	put_link(PCI "driver", "../../../bus/pci/drivers/cxl_pci");
	assert_true(goes_on());
	put(PCI "mem0/uevent", "");
	assert_false(goes_on());
	assert_int_equal(devices.functions_waiting, 0);
}

static void function_of_another_driver_does_not_wait(void **state)
{
	(void)state;
	put_function();
	put_link(PCI "driver", "../../../bus/pci/drivers/vfio-pci");
	assert_false(goes_on());
}

static void function_without_registered_driver_does_not_wait(void **state)
{
	(void)state;
	put(PCI "class", "0x050210\n");
	assert_false(goes_on());
	assert_int_equal(devices.functions_unbound, 1);
}

static void function_of_another_class_does_not_wait(void **state)
{
	(void)state;
	put_function();
	put(PCI "class", "0x060000\n");
	assert_false(goes_on());
	assert_int_equal(devices.functions, 0);
}

static void memdev_without_endpoint_waits(void **state)
{
	(void)state;
	put_memdevs();
	assert_true(goes_on());
	assert_int_equal(devices.memdevs, 2);
	assert_int_equal(devices.memdevs_waiting, 1);
	put_link(CXL "endpoint3/uport", "../mem1");
	assert_false(goes_on());
}

static void memdev_without_root_or_driver_does_not_wait(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	put_memdevs();
	path_of(path, CXL "root0/uevent");
	assert_int_equal(unlink(path), 0);
	path_of(path, CXL "root0");
	assert_int_equal(rmdir(path), 0);
	assert_false(goes_on());
	put(CXL "root0/uevent", "");
	assert_true(goes_on());
	path_of(path, "sys/bus/cxl/drivers/cxl_mem/uevent");
	assert_int_equal(unlink(path), 0);
	path_of(path, "sys/bus/cxl/drivers/cxl_mem");
	assert_int_equal(rmdir(path), 0);
	assert_false(goes_on());
}

static void machine_without_cxl_does_not_wait(void **state)
{
	(void)state;
	assert_false(goes_on());
	assert_int_equal(devices.functions + devices.memdevs + devices.roots, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(function_without_driver_waits, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(function_in_probe_waits, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(function_of_another_driver_does_not_wait,
						make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(function_without_registered_driver_does_not_wait,
						make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(function_of_another_class_does_not_wait,
						make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(memdev_without_endpoint_waits, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(memdev_without_root_or_driver_does_not_wait,
						make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(machine_without_cxl_does_not_wait, make_directory,
						remove_directory),
	};

	return cmocka_run_group_tests_name("cxl-devices", tests, NULL, NULL);
}
