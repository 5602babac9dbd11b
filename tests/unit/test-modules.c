// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether our modules are installed and used on a kernel, by the files of kmod and DKMS in a temporary directory.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/arbiter.h"
#include "directory.h"
#include "system/modules.h"
#include "system/arbiter-loaded.h"
#include "helpers/fallback.h"
#include "helpers/unloaded.h"
#include "base/paths.h"

#define RELEASE "6.12.0-test"
#define KERNEL "lib/modules/" RELEASE

static void put_dkms(const char *kernels)
{
	char text[128];

	snprintf(text, sizeof(text), "PACKAGE_NAME=\"dax-owner\"\nBUILD_EXCLUSIVE_KERNEL=\"%s\"\n",
		 kernels);
	put("var/lib/dkms/dax-owner/0.1.0/source/dkms.conf", text);
}

static int begin(void **state)
{
	if (make_directory(state))
		return -1;
	/* a module that depends on dax_owner is not dax_owner */
	put(KERNEL "/modules.dep",
	    "kernel/drivers/dax/hmem/dax_hmem.ko:\nkernel/x.ko: updates/dkms/dax_owner.ko\n");
	put(KERNEL "/modules.builtin", "kernel/drivers/dax/dax.ko\n");
	put(KERNEL "/build/Makefile", "");
	return 0;
}

/* The result and its command. A message explains why the in-tree drivers decide although ours are installed. */
static void expect(enum modules modules, const char *command)
{
	char typed[MODULES_COMMAND_LEN];

	assert_int_equal(modules_find(directory, RELEASE), modules);
	assert_int_equal(*modules_message(modules) == '\0',
			 modules == MODULES_ABSENT || modules == MODULES_USED);
	modules_command(modules, RELEASE, typed);
	assert_string_equal(typed, command);
}

static void put_modules(void)
{
	put(KERNEL "/modules.dep",
	    "updates/dkms/dax_hmem.ko.xz: updates/dkms/dax_owner.ko.xz\nupdates/dkms/dax_owner.ko.xz:\n");
}

static void modules_not_installed_are_absent(void **state)
{
	(void)state;
	expect(MODULES_ABSENT, "");
}

static void modules_installed_are_used(void **state)
{
	(void)state;
	put_modules();
	expect(MODULES_USED, "");
	put("sys/module/dax_hmem/refcnt", "0\n");
	put("sys/module/dax_owner/refcnt", "0\n");
	expect(MODULES_USED, "");
}

/* The modules are loaded, but no longer installed. */
static void modules_loaded_are_used(void **state)
{
	(void)state;
	put("sys/module/dax_owner/refcnt", "0\n");
	expect(MODULES_USED, "");
}

static void modules_installed_late_need_reboot(void **state)
{
	(void)state;
	put_modules();
	put("sys/module/dax_hmem/refcnt", "0\n");
	expect(MODULES_NEXT_BOOT, "systemctl reboot");
}

static void modules_refused_name_mokutil(void **state)
{
	(void)state;
	put_modules();
	put(FALLBACK, "");
	put("sys/module/dax_hmem/refcnt", "0\n");
	expect(MODULES_REFUSED, "mokutil --import /var/lib/dkms/mok.pub");
}

static void modules_not_loaded_after_coldplug_name_cause(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	put_modules();
	path_of(path, "run/dax-owner-order/modules");
	assert_int_equal(modules_save(path, MODULES_EXCLUDED), 0);
	expect(MODULES_EXCLUDED,
	       "grep -rE 'dax_(owner|hmem)' /etc/modprobe.d /run/modprobe.d /usr/lib/modprobe.d /proc/cmdline");
	assert_int_equal(modules_save(path, MODULES_NO_KEY), 0);
	expect(MODULES_NO_KEY, "mokutil --import /var/lib/dkms/mok.pub");
	assert_int_equal(modules_save(path, MODULES_NO_DEVICE), 0);
	expect(MODULES_NO_DEVICE, "");
	assert_int_equal(modules_save(path, MODULES_FAILED), 0);
	expect(MODULES_FAILED, "modprobe dax_hmem || journalctl -k -g dax_");
	put("run/dax-owner-order/modules", "");
	expect(MODULES_USED, "");
	/* an administrator has loaded them since */
	assert_int_equal(modules_save(path, MODULES_FAILED), 0);
	put("sys/module/dax_owner/refcnt", "0\n");
	expect(MODULES_USED, "");
}

static void unloaded_cause_follows_facts(void **state)
{
	(void)state;
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) { .has_device = true }),
			 MODULES_USED);
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) { .error = -EPERM }),
			 MODULES_NO_DEVICE);
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) {
				 .has_device = true, .excluded = true, .error = -EPERM }),
			 MODULES_EXCLUDED);
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) {
				 .has_device = true, .error = -ENOEXEC, .signed_only = true }),
			 MODULES_FAILED);
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) { .has_device = true,
								    .error = -EKEYREJECTED }),
			 MODULES_NO_KEY);
	/* lockdown */
	assert_int_equal(unloaded_decide(&(struct unloaded_facts) {
				 .has_device = true, .error = -EPERM, .signed_only = true }),
			 MODULES_NO_KEY);
	assert_int_equal(unloaded_decide(
				 &(struct unloaded_facts) { .has_device = true, .error = -EPERM }),
			 MODULES_FAILED);
}

static void modules_built_in_dax_hmem_is_reported(void **state)
{
	(void)state;
	put_dkms("^6\\.12");
	put(KERNEL "/modules.builtin", "kernel/drivers/dax/hmem/dax_hmem.ko\n");
	expect(MODULES_BUILT_IN, "");
}

static void modules_excluded_kernel_is_unsupported(void **state)
{
	(void)state;
	put_dkms("^(6\\.1[3-9]|7\\.[0-3])[.-]");
	expect(MODULES_UNSUPPORTED, "");
	/* another version of the modules is for this kernel */
	put("var/lib/dkms/dax-owner/0.0.9/source/dkms.conf", "BUILD_EXCLUSIVE_KERNEL=\"^6\\.12\"\n");
	expect(MODULES_NOT_BUILT, "dkms autoinstall -k " RELEASE);
	put_dkms("^(6\\.1[2-9]|7\\.[0-3])[.-]");
	expect(MODULES_NOT_BUILT, "dkms autoinstall -k " RELEASE);
}

/* Repeat counts of a copy could fill the memory. */
static void modules_expression_with_counts_is_ignored(void **state)
{
	(void)state;
	put_dkms("^5{1,2}");
	expect(MODULES_NOT_BUILT, "dkms autoinstall -k " RELEASE);
}

/* DKMS skips an untested kernel that differs from the tested kernels. */
static void modules_newer_kernel_is_reported(void **state)
{
	(void)state;
	put("var/lib/dkms/dax-owner/0.1.0/source/dkms.conf",
	    "TESTED_KERNELS=\"6.11 6.1 6.120 16.12\"\nBUILD_EXCLUSIVE_KERNEL=\"^6\\.12\"\n");
	expect(MODULES_NEWER, "dkms autoinstall -k " RELEASE);
	put("var/lib/dkms/dax-owner/0.0.9/source/dkms.conf", "TESTED_KERNELS=\"6.11 6.12\"\n");
	expect(MODULES_NOT_BUILT, "dkms autoinstall -k " RELEASE);
}

static void modules_untested_follows_ledger(void **state)
{
	(void)state;
	assert_false(modules_untested(directory));
	put("sys/class/dax_owner/tested", "1\n");
	assert_false(modules_untested(directory));
	put("sys/class/dax_owner/tested", "0\n");
	assert_true(modules_untested(directory));
}

/* dax-owner-order saves the arbiter, because the daemon may not read the files of the modules. */
static void arbiter_saved_is_loaded_unchanged(void **state)
{
	enum arbiter arbiter;
	char path[PATH_SIZE];
	bool untested;

	(void)state;
	path_of(path, "arbiter");
	assert_int_equal(arbiter_save(path, ARBITER_DAX_OWNER, true), 0);
	assert_int_equal(arbiter_load(path, &arbiter, &untested), 0);
	assert_true(arbiter == ARBITER_DAX_OWNER && untested);
	assert_int_equal(arbiter_save(path, ARBITER_DAX_OWNER, false), 0);
	assert_int_equal(arbiter_load(path, &arbiter, &untested), 0);
	assert_true(arbiter == ARBITER_DAX_OWNER && !untested);
	/* the file is not written through a link */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_int_equal(arbiter_save(path, ARBITER_DAX_OWNER, false), -EEXIST);
	path_of(path, "elsewhere");
	assert_int_equal(arbiter_load(path, &arbiter, &untested), -ENOENT);
}

static void arbiter_loaded_follows_drivers(void **state)
{
	(void)state;
	assert_int_equal(arbiter_loaded(directory), ARBITER_NONE);
	put("sys/module/dax_cxl/refcnt", "0\n");
	assert_int_equal(arbiter_loaded(directory), ARBITER_LEGACY);
	put("sys/module/dax_hmem/holders/dax_cxl", "");
	assert_int_equal(arbiter_loaded(directory), ARBITER_NATIVE);
}

/* Write a BTF whose names begin after some zero bytes. */
static void put_btf(size_t zeros, const char *names, size_t len)
{
	char path[PATH_SIZE];
	FILE *file;

	path_of(path, "sys/kernel/btf/vmlinux");
	file = fopen(path, "w");
	assert_non_null(file);
	while (zeros--)
		fputc('\0', file);
	assert_int_equal(fwrite(names, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void arbiter_loaded_of_built_in_drivers_follows_btf(void **state)
{
	static const char old[] =
		"\0dax_bus_type\0dax_hmem_flush_work_until\0my_dax_hmem_flush_work";
	static const char ordered[] = "\0dax_bus_type\0dax_hmem_flush_work\0dax_region_rescan";

	(void)state;
	put("sys/module/dax_hmem/parameters/region_idle", "N\n");
	assert_int_equal(arbiter_loaded(directory), ARBITER_LEGACY);
	put_btf(24, "", 0);
	assert_int_equal(arbiter_loaded(directory), ARBITER_LEGACY);
	put_btf(24, old, sizeof(old));
	assert_int_equal(arbiter_loaded(directory), ARBITER_LEGACY);
	put_btf(24, ordered, sizeof(ordered));
	assert_int_equal(arbiter_loaded(directory), ARBITER_NATIVE);
	/* the name lies on the edge of 64 KiB */
	for (size_t zeros = (1 << 16) - sizeof(ordered); zeros <= 1 << 16; zeros++) {
		put_btf(zeros, ordered, sizeof(ordered));
		assert_int_equal(arbiter_loaded(directory), ARBITER_NATIVE);
	}
	/* a module's dependencies count */
	put("sys/module/dax_hmem/initstate", "live\n");
	assert_int_equal(arbiter_loaded(directory), ARBITER_LEGACY);
}

static void is_arbiter(struct arbiter_facts facts, enum arbiter arbiter)
{
	assert_string_equal(arbiter_name(arbiter_decide(&facts)), arbiter_name(arbiter));
}

#define IS_ARBITER(arbiter, ...) is_arbiter((struct arbiter_facts) { __VA_ARGS__ }, arbiter)

static void arbiter_of_files_follows_modprobe(void **state)
{
	(void)state;
	IS_ARBITER(ARBITER_NONE, .installed = false);
	IS_ARBITER(ARBITER_LEGACY, .installed = true);
	IS_ARBITER(ARBITER_NATIVE, .installed = true, .ordered = true);
	IS_ARBITER(ARBITER_DAX_OWNER, .installed = true, .ordered = true, .ours = true);
	IS_ARBITER(ARBITER_NATIVE, .installed = true, .ordered = true, .ours = true,
		   .refused = true);
	IS_ARBITER(ARBITER_DAX_OWNER, .installed = true, .hmem_loaded = true, .owner_loaded = true);
}

/* In-tree dax_hmem is loaded, ours is installed; whether dax_cxl is loaded does not count. */
static void arbiter_of_loaded_in_tree_driver_needs_no_dax_cxl(void **state)
{
	(void)state;
	IS_ARBITER(ARBITER_NATIVE, .installed = true, .ours = true, .hmem_loaded = true,
		   .ordered = true);
	IS_ARBITER(ARBITER_NATIVE, .installed = true, .ours = true, .hmem_loaded = true,
		   .ordered = true, .holder = true);
	/* the file of the in-tree dax_cxl is gone */
	IS_ARBITER(ARBITER_NATIVE, .installed = true, .ours = true, .hmem_loaded = true,
		   .holder = true);
	IS_ARBITER(ARBITER_LEGACY, .installed = true, .ours = true, .hmem_loaded = true);
}

/* Early at boot, when /var is not mounted yet */
static void modules_without_var_use_usr_src(void **state)
{
	(void)state;
	put("usr/src/dax-owner-0.1.0/dkms.conf", "BUILD_EXCLUSIVE_KERNEL=\"^7\"\n");
	expect(MODULES_UNSUPPORTED, "");
	/* DKMS works on another module, so /var is mounted */
	put("var/lib/dkms/other/1/source/dkms.conf", "");
	expect(MODULES_ABSENT, "");
}

static void modules_without_headers_name_package(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	put_dkms("^6\\.12");
	path_of(path, KERNEL "/build/Makefile");
	remove(path);
	expect(MODULES_NO_HEADERS, "apt install linux-headers-" RELEASE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(modules_not_installed_are_absent, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_installed_are_used, begin, remove_directory),
		cmocka_unit_test_setup_teardown(modules_loaded_are_used, begin, remove_directory),
		cmocka_unit_test_setup_teardown(modules_installed_late_need_reboot, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_refused_name_mokutil, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_not_loaded_after_coldplug_name_cause, begin,
						remove_directory),
		cmocka_unit_test(unloaded_cause_follows_facts),
		cmocka_unit_test_setup_teardown(modules_built_in_dax_hmem_is_reported, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_excluded_kernel_is_unsupported, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_expression_with_counts_is_ignored, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_newer_kernel_is_reported, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_untested_follows_ledger, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(arbiter_saved_is_loaded_unchanged, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(arbiter_loaded_follows_drivers, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(arbiter_loaded_of_built_in_drivers_follows_btf,
						begin, remove_directory),
		cmocka_unit_test(arbiter_of_files_follows_modprobe),
		cmocka_unit_test(arbiter_of_loaded_in_tree_driver_needs_no_dax_cxl),
		cmocka_unit_test_setup_teardown(modules_without_var_use_usr_src, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(modules_without_headers_name_package, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
