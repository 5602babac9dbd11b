// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of coldplug with installed modules that are not loaded. The process has no capability to
 * read the addresses in /proc/iomem, so systemd opens the file. The linker replaces the functions
 * that read and write the system with the wrappers below.
 */
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
#include <systemd/sd-journal.h>

#include "base/paths.h"
#include "helpers/fallback.h"
#include "helpers/unloaded.h"
#include "model/arbiter.h"
#include "system/arbiter-find.h"
#include "system/module-lines.h"

static enum modules saved;
static enum arbiter arbiter;

int sd_journal_sendv(const struct iovec *fields, int n)
{
	(void)fields;
	(void)n;
	return 0;
}

int __wrap_arbiter_find(enum arbiter *found);
int __wrap_arbiter_find(enum arbiter *found)
{
	*found = saved == MODULES_USED ? ARBITER_DAX_OWNER : ARBITER_NONE;
	return 0;
}

int __wrap_arbiter_save(const char *path, enum arbiter found, bool untested);
int __wrap_arbiter_save(const char *path, enum arbiter found, bool untested)
{
	assert_string_equal(path, ORDER_ARBITER);
	assert_false(untested);
	arbiter = found;
	return 0;
}

int __wrap_modules_save(const char *path, enum modules modules);
int __wrap_modules_save(const char *path, enum modules modules)
{
	assert_string_equal(path, ORDER_MODULES);
	saved = modules;
	return 0;
}

/* An administrator's blacklist has each module. */
int __wrap_module_lines_read(const char *root, const char *module, struct module_lines *lines);
int __wrap_module_lines_read(const char *root, const char *module, struct module_lines *lines)
{
	(void)root;
	(void)module;
	*lines = (struct module_lines) { .blacklist = "/etc/modprobe.d/no.conf" };
	return 0;
}

/* Pass a file as the descriptor that systemd opens for /proc/iomem. */
static void pass_iomem(const char *text)
{
	FILE *file = tmpfile();
	char pid[16];

	assert_non_null(file);
	fputs(text, file);
	fflush(file);
	assert_int_equal(dup2(fileno(file), SD_LISTEN_FDS_START), SD_LISTEN_FDS_START);
	if (fileno(file) != SD_LISTEN_FDS_START)
		fclose(file);
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", "iomem", 1);
}

static int begin(void **state)
{
	(void)state;
	saved = MODULES_USED;
	arbiter = ARBITER_DAX_OWNER;
	return 0;
}

static void unloaded_with_passed_iomem_records_cause(void **state)
{
	(void)state;
	pass_iomem("00000000-0fffffff : System RAM\n40000000-7fffffff : Soft Reserved\n");
	assert_int_equal(unloaded_record(), 0);
	assert_int_equal(saved, MODULES_EXCLUDED);
	assert_int_equal(arbiter, ARBITER_NONE);
}

static void unloaded_without_soft_reserved_memory_records_nothing(void **state)
{
	(void)state;
	pass_iomem("00000000-0fffffff : System RAM\n");
	assert_int_equal(unloaded_record(), 0);
	assert_int_equal(saved, MODULES_USED);
	assert_int_equal(arbiter, ARBITER_DAX_OWNER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(unloaded_with_passed_iomem_records_cause, begin),
		cmocka_unit_test_setup(unloaded_without_soft_reserved_memory_records_nothing, begin),
	};

	return cmocka_run_group_tests_name("unloaded", tests, NULL, NULL);
}
