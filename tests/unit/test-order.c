// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of dax-owner-order go on after a step that failed. The linker replaces the functions
 * that read and write the system with the wrappers below.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "base/files.h"
#include "base/paths.h"
#include "helpers/order.h"
#include "helpers/unloaded.h"

/* The paths that were written, each with a blank */
static char written[256];
static int save_error, unloaded_error;

int sd_journal_sendv(const struct iovec *fields, int n)
{
	(void)fields;
	(void)n;
	return 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	if (strcmp(path, "/sys/class/dax_owner/coldplug"))
		return __real_open(path, flags);
	errno = EACCES;
	return -1;
}

/* The name of open() where offsets have 64 bits */
int __wrap_open64(const char *path, int flags, ...) __attribute__((alias("__wrap_open")));

int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	(void)path;
	(void)mode;
	errno = ENOENT;
	return -1;
}

int __wrap_directory_make(const char *path);
int __wrap_directory_make(const char *path)
{
	(void)path;
	return 0;
}

int __wrap_file_replace(const char *path, file_fn fn, const void *data);
int __wrap_file_replace(const char *path, file_fn fn, const void *data)
{
	size_t len = strlen(written);

	(void)fn;
	(void)data;
	snprintf(written + len, sizeof(written) - len, "%s ", path);
	return 0;
}

int __wrap_arbiter_save(const char *path, enum arbiter arbiter, bool untested);
int __wrap_arbiter_save(const char *path, enum arbiter arbiter, bool untested)
{
	(void)path;
	(void)arbiter;
	(void)untested;
	return save_error;
}

int __wrap_unloaded_record(void);
int __wrap_unloaded_record(void)
{
	return unloaded_error;
}

static int begin(void **state)
{
	(void)state;
	written[0] = '\0';
	save_error = unloaded_error = 0;
	return 0;
}

static void coldplug_failed_steps_stop_no_other(void **state)
{
	(void)state;
	assert_int_equal(order_coldplug(), -EACCES);
	assert_string_equal(written, ORDER_COLDPLUG " ");
	written[0] = '\0';
	unloaded_error = -ENOMEM;
	assert_int_equal(order_coldplug(), -ENOMEM);
	assert_string_equal(written, ORDER_COLDPLUG " ");
}

static void hold_without_arbiter_file_holds_dax_cxl(void **state)
{
	const struct journal journal = { .arbiter = ARBITER_LEGACY };

	(void)state;
	save_error = -ENOSPC;
	assert_int_equal(order_hold(&journal, true), -ENOSPC);
	assert_string_equal(written, ORDER_HOLD " ");
	written[0] = '\0';
	assert_int_equal(order_hold(&journal, false), -ENOSPC);
	assert_string_equal(written, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(coldplug_failed_steps_stop_no_other, begin),
		cmocka_unit_test_setup(hold_without_arbiter_file_holds_dax_cxl, begin),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
