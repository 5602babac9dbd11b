// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the daemon reads its configuration, and which values it accepts. The files are in a temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.h"
#include "daemon/config.h"

static char said[1024];

static void on_bad(const char *file, unsigned int line, const char *what, void *data)
{
	size_t len = strlen(said);

	(void)data;
	snprintf(said + len, sizeof(said) - len, "%s:%u: %s\n", file + strlen(directory), line,
		 what);
}

static int begin(void **state)
{
	(void)state;
	said[0] = '\0';
	return make_directory(state);
}

static struct config load(void)
{
	struct config config;

	assert_int_equal(config_load(&config, directory, on_bad, NULL), 0);
	return config;
}

static void config_without_file_has_defaults(void **state)
{
	struct config config = load();

	(void)state;
	assert_true(config.hold_dax_cxl);
	assert_int_equal(config.quiet_us, 5000000);
	assert_string_equal(said, "");
}

static void config_values_are_read(void **state)
{
	(void)state;
	put("/etc/dax-owner/dax-ownerd.conf",
	    "# a comment\n[Daemon]\nHoldDaxCxl=no\nQuietSec=1500ms\n");
	assert_false(load().hold_dax_cxl);
	assert_int_equal(load().quiet_us, 1500000);
	put("/etc/dax-owner/dax-ownerd.conf", "[Daemon]\nHoldDaxCxl = ON\nQuietSec=2min\n");
	assert_true(load().hold_dax_cxl);
	assert_int_equal(load().quiet_us, 120000000);
	assert_string_equal(said, "");
}

static void config_etc_file_hides_vendor_file(void **state)
{
	(void)state;
	put("/usr/lib/dax-owner/dax-ownerd.conf", "[Daemon]\nHoldDaxCxl=no\n");
	assert_false(load().hold_dax_cxl);
	put("/etc/dax-owner/dax-ownerd.conf", "[Daemon]\nQuietSec=1\n");
	assert_true(load().hold_dax_cxl);
}

static void config_drop_ins_apply_by_name(void **state)
{
	(void)state;
	put("/etc/dax-owner/dax-ownerd.conf", "[Daemon]\nQuietSec=1\n");
	put("/usr/lib/dax-owner/dax-ownerd.conf.d/50-vendor.conf", "[Daemon]\nQuietSec=50\n");
	assert_int_equal(load().quiet_us, 50000000);
	put("/etc/dax-owner/dax-ownerd.conf.d/10-mine.conf", "[Daemon]\nQuietSec=10\n");
	assert_int_equal(load().quiet_us, 50000000);
	/* a file in /etc replaces the file of the same name in /usr/lib */
	put("/etc/dax-owner/dax-ownerd.conf.d/50-vendor.conf", "[Daemon]\nHoldDaxCxl=no\n");
	assert_int_equal(load().quiet_us, 10000000);
	assert_false(load().hold_dax_cxl);
	put("/etc/dax-owner/dax-ownerd.conf.d/60-not.conf.bak", "[Daemon]\nQuietSec=60\n");
	assert_int_equal(load().quiet_us, 10000000);
}

static void config_bad_lines_are_reported(void **state)
{
	(void)state;
	put("/etc/dax-owner/dax-ownerd.conf",
	    "[Daemon]\nQuietSec=soon\nQuietSec=11min\nnonsense\nHoldDaxCxl=maybe\nColour=red\n[Other]\nQuietSec=1\n");
	assert_int_equal(load().quiet_us, 5000000);
	assert_string_equal(said,
			    "/etc/dax-owner/dax-ownerd.conf:2: QuietSec= must be a time up to 10min\n"
			    "/etc/dax-owner/dax-ownerd.conf:3: QuietSec= must be a time up to 10min\n"
			    "/etc/dax-owner/dax-ownerd.conf:5: HoldDaxCxl= must be yes or no\n"
			    "/etc/dax-owner/dax-ownerd.conf:6: unknown setting\n"
			    "/etc/dax-owner/dax-ownerd.conf:8: the setting is not in section [Daemon]\n"
			    "/etc/dax-owner/dax-ownerd.conf:4: the line is not a section, a setting or a comment\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(config_without_file_has_defaults, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(config_values_are_read, begin, remove_directory),
		cmocka_unit_test_setup_teardown(config_etc_file_hides_vendor_file, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(config_drop_ins_apply_by_name, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(config_bad_lines_are_reported, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
