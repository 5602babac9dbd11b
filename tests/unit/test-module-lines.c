// SPDX-License-Identifier: GPL-2.0-only
/*
 * An administrator's lines about a module, in a temporary directory, and the programs that follow them:
 * the release and the fallback. The test replaces libkmod's function that loads a module.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libkmod.h>

#include "directory.h"
#include "base/paths.h"
#include "helpers/fallback.h"
#include "helpers/order.h"
#include "system/module-lines.h"

/* The calls that load a module, the flags of the last one, and its result */
static unsigned int loads;
static unsigned int load_flags;
static int load_result;

int kmod_module_probe_insert_module(
	struct kmod_module *module, unsigned int flags, const char *options,
	int (*run)(struct kmod_module *m, const char *cmdline, void *data), const void *data,
	void (*print)(struct kmod_module *m, bool install, const char *options))
{
	(void)module;
	(void)options;
	(void)run;
	(void)data;
	(void)print;
	loads++;
	load_flags = flags;
	return load_result;
}

static int begin(void **state)
{
	loads = 0;
	load_result = 0;
	return make_directory(state);
}

static struct module_lines lines_of(const char *module)
{
	struct module_lines lines;

	assert_int_equal(module_lines_read(directory, module, &lines), 0);
	return lines;
}

/* --- lines --- */

static void lines_without_configuration_are_empty(void **state)
{
	struct module_lines lines = lines_of("dax_cxl");

	(void)state;
	assert_string_equal(lines.forbidden, "");
	assert_string_equal(lines.blacklist, "");
	assert_string_equal(lines.install, "");
	assert_string_equal(lines.softdep, "");
	assert_false(module_lines_keep_out(&lines));
}

static void lines_name_file(void **state)
{
	struct module_lines lines;

	(void)state;
	put("etc/modprobe.d/local.conf", "# dax_hmem\nblacklist dax-cxl\n");
	put("usr/lib/modprobe.d/vendor.conf",
	    "install dax_[ch]* /bin/false\nsoftdep dax_cxl pre: x\n");
	put("etc/modprobe.d/local.txt", "blacklist dax_hmem\n");
	lines = lines_of("dax_cxl");
	assert_string_equal(lines.blacklist, "/etc/modprobe.d/local.conf");
	assert_string_equal(lines.install, "/usr/lib/modprobe.d/vendor.conf");
	assert_string_equal(lines.softdep, "/usr/lib/modprobe.d/vendor.conf");
	assert_true(module_lines_keep_out(&lines));
	lines = lines_of("dax_hmem");
	assert_string_equal(lines.blacklist, "");
	assert_string_equal(lines.install, "/usr/lib/modprobe.d/vendor.conf");
	assert_false(module_lines_keep_out(&lines));
}

static void lines_of_our_files_do_not_count(void **state)
{
	struct module_lines lines;

	(void)state;
	put(ORDER_HOLD, "blacklist dax_cxl\n");
	put(FALLBACK, "install dax_cxl /sbin/insmod x\n");
	lines = lines_of("dax_cxl");
	assert_string_equal(lines.blacklist, "");
	assert_string_equal(lines.install, "");
	put("run/modprobe.d/other.conf", "blacklist dax_cxl\n");
	assert_string_equal(lines_of("dax_cxl").blacklist, "/run/modprobe.d/other.conf");
}

static void lines_replaced_file_does_not_count(void **state)
{
	(void)state;
	put("usr/lib/modprobe.d/vendor.conf", "blacklist dax_cxl\n");
	put("etc/modprobe.d/vendor.conf", "");
	assert_string_equal(lines_of("dax_cxl").blacklist, "");
}

static void lines_of_command_line_are_found(void **state)
{
	static const struct {
		const char *cmdline;
		const char *forbidden;
		const char *blacklist;
	} known[] = {
		{ "quiet module_blacklist=dax_cxl\n", "module_blacklist=", "" },
		{ "module_blacklist=x,dax-cxl,y quiet\n", "module_blacklist=", "" },
		{ "modprobe.blacklist=dax_hmem,dax_cxl\n", "", "modprobe.blacklist=" },
		{ "module_blacklist=dax_cxl2,dax_cx,xdax_cxl\n", "", "" },
		{ "xmodule_blacklist=dax_cxl module_blacklist= dax_cxl\n", "", "" },
		{ "module_blacklist=dax_hmem modprobe.blacklist=dax_cxl", "", "modprobe.blacklist=" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct module_lines lines;

		put("proc/cmdline", known[i].cmdline);
		lines = lines_of("dax_cxl");
		assert_string_equal(lines.forbidden, known[i].forbidden);
		assert_string_equal(lines.blacklist, known[i].blacklist);
	}
}

/* --- release --- */

static void load_without_lines_loads_as_udev_does(void **state)
{
	(void)state;
	assert_int_equal(order_load(directory, "dax_cxl"), 0);
	assert_int_equal(loads, 1);
	assert_int_equal(load_flags, KMOD_PROBE_APPLY_BLACKLIST);
	/* libkmod returns the flag if a blacklist has the module */
	load_result = KMOD_PROBE_APPLY_BLACKLIST;
	assert_int_equal(order_load(directory, "dax_cxl"), 0);
	load_result = -ENOENT;
	assert_int_equal(order_load(directory, "dax_cxl"), -ENOENT);
}

static void load_blacklisted_driver_is_left_out(void **state)
{
	(void)state;
	put("etc/modprobe.d/local.conf", "blacklist dax_cxl\n");
	assert_int_equal(order_load(directory, "dax_cxl"), 0);
	put("proc/cmdline", "module_blacklist=dax_hmem\n");
	assert_int_equal(order_load(directory, "dax_hmem"), 0);
	assert_int_equal(loads, 0);
}

static void load_failed_install_line_is_no_failure(void **state)
{
	(void)state;
	put("etc/modprobe.d/local.conf", "install dax_cxl /bin/false\n");
	load_result = -EINVAL;
	assert_int_equal(order_load(directory, "dax_cxl"), 0);
	assert_int_equal(loads, 1);
	assert_int_equal(order_load(directory, "dax_hmem"), -EINVAL);
}

/* --- fallback --- */

static void prints(const struct fallback *fallback, const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	fallback_print(file, fallback);
	fclose(file);
	/* after the two lines of comment */
	assert_string_equal(strchr(strchr(text, '\n') + 1, '\n') + 1, expected);
	free(text);
}

static void fallback_follows_administrators_lines(void **state)
{
	struct fallback fallback = {
		.drivers = {
			{ "dax_hmem", "/h.ko", "dax", "cxl_acpi" },
			{ "dax_cxl", "/c.ko", "", "" },
		},
		.n = 2,
	};

	(void)state;
	prints(&fallback,
	       "install dax_owner /bin/true\n"
	       "install dax_hmem /sbin/modprobe -qab cxl_acpi; /sbin/modprobe -a dax && /sbin/insmod /h.ko "
	       "$CMDLINE_OPTS || [ -e /sys/module/dax_hmem ]\n"
	       "install dax_cxl /sbin/insmod /c.ko $CMDLINE_OPTS || [ -e /sys/module/dax_cxl ]\n");
	strcpy(fallback.lines[0].softdep, "/etc/modprobe.d/local.conf");
	strcpy(fallback.lines[1].install, "/etc/modprobe.d/local.conf");
	strcpy(fallback.owner.install, "/etc/modprobe.d/local.conf");
	prints(&fallback, "install dax_hmem /sbin/modprobe -a dax && /sbin/insmod /h.ko "
			  "$CMDLINE_OPTS || [ -e /sys/module/dax_hmem ]\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_without_configuration_are_empty),
		TEST(lines_name_file),
		TEST(lines_of_our_files_do_not_count),
		TEST(lines_replaced_file_does_not_count),
		TEST(lines_of_command_line_are_found),
		TEST(load_without_lines_loads_as_udev_does),
		TEST(load_blacklisted_driver_is_left_out),
		TEST(load_failed_install_line_is_no_failure),
		TEST(fallback_follows_administrators_lines),
	};

	return cmocka_run_group_tests_name("module-lines", tests, NULL, NULL);
}
