// SPDX-License-Identifier: GPL-2.0-only
/*
 * The archive of dax-owner report, collected from a made-up root directory and read by libarchive, and the
 * file that it is written to.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "cli/report/collect.h"
#include "cli/snapshot/programs.h"
#include "cli/format/whole-file.h"
#include "cli/report/summary.h"
#include "directory.h"

#define UUID "9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a11"
#define MEM0 "sys/devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0/mem0"

static void put_link(const char *name, const char *target)
{
	char path[PATH_SIZE];

	path_of(path, name);
	assert_int_equal(symlink(target, path), 0);
}

/* Make the files of a host with a CXL memory device */
static void put_machine(void)
{
	put("proc/version", "Linux version 7.3.4 (me@db1)\n");
	put("proc/sys/kernel/hostname", "db1.example.org\n");
	put("proc/sys/kernel/osrelease", "7.3.4\n");
	put("proc/sys/kernel/random/boot_id", UUID "\n");
	put("proc/cmdline", "root=UUID=" UUID " secret=1 efi=debug cxl_core.x=1\n");
	put("proc/iomem",
	    "00001000-0009ffff : System RAM\n  00002000-00002fff : Kernel code\n690000000-6cfffffff : Soft Reserved\n");
	put("proc/modules", "cxl_core 540672 3 cxl_acpi,cxl_pci, Live 0xffffffffc0a1b000 (E)\n");
	put("boot/config-7.3.4",
	    "CONFIG_CXL_BUS=m\nCONFIG_NET=y\n# CONFIG_DEV_DAX_HMEM is not set\n");
	put("etc/os-release", "ID=debian\nVERSION_ID=13\n");
	put("etc/resolv.conf", "nameserver 10.0.0.1\nsearch lab.example.net\n");
	put("var/lib/dkms/dax-owner/0.1.0/build/make.log", "make on db2.lab.example.net\n");
	put("var/lib/dkms/dax-owner/0.1.0/7.3.4/x86_64/log/make.log",
	    "serial: 0x00C200000000E in /home"
	    "/me/src\n");
	put("etc/machine-id", "00112233445566778899aabbccddeeff\n");
	put("etc/dax-owner/dax-ownerd.conf", "[Daemon]\nQuietSec=3\n");
	put("etc/dax-owner/dax-ownerd.conf.d/10.conf", "# of db1\n");
	put("etc/modprobe.d/a.conf", "options snd x=1\noptions dax_owner policy=split\n");
	put("sys/firmware/acpi/tables/CEDT", "CEDT\001\002");
	put("sys/firmware/memmap/0/start", "0x0\n");
	put("sys/firmware/memmap/0/type", "System RAM\n");
	put("sys/module/dax_owner/version", "0.1.0\n");
	put("sys/module/dax_owner/parameters/policy", "whole\n");
	put("sys/devices/system/memory/block_size_bytes", "8000000\n");
	put("sys/devices/system/node/node1/access0/initiators/read_latency", "200\n");
	put("sys/class/dax_owner/settled", "1\n");

	put(MEM0 "/serial", "0xc100000000e\n");
	put(MEM0 "/firmware_version", "1.2.3.4\n");
	put(MEM0 "/ram/size", "0x40000000\n");
	put(MEM0 "/uevent", "MAJOR=250\nDEVNAME=cxl/mem0\n");
	put(MEM0 "/a/b/c/too_deep", "1\n");
	put(MEM0 "/a/b/deep", "1\n");
	put(MEM0 "/security/state", "asks hardware\n");
	put(MEM0 "/trigger_poison_list", "1\n");
	put(MEM0 "/child/value", "of another device\n");
	put_link(MEM0 "/child/subsystem", "../../../bus/dax");
	put_link(MEM0 "/driver", "../../../../../bus/cxl/drivers/cxl_mem");
	put_link(MEM0 "/other", "..");
	put_link("sys/bus/cxl/devices/mem0",
		 "../../../devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0/mem0");
	put("sys/bus/cxl/devices/region0/uuid", UUID "\n");
	put("sys/bus/cxl/devices/region0/resource", "0x690000000\n");

	put("sys/bus/pci/devices/0000:0d:00.0/class", "0x050210\n");
	put("sys/bus/pci/devices/0000:0d:00.0/config", "binary");
	put("sys/bus/pci/devices/0000:0d:00.0/resource", "0x1 0x2 0x3\n");
	put("sys/bus/pci/devices/0000:0d:00.0/resource0", "binary");
	put("sys/bus/pci/devices/0000:0d:00.0/vpd", "secret");
	put("sys/bus/pci/devices/0000:0d:00.0/serial_number", "00-80-ee-00-00-6e-24-c1\n");
	put("sys/bus/pci/devices/0000:00:01.0/class", "0x020000\n");
	put("sys/bus/pci/devices/0000:00:02.0/class", "0x050200\n");
	put_link("sys/bus/pci/devices/0000:00:02.0/driver", "../../../bus/pci/drivers/cxl_pci");
}

/* --- the archive --- */

static void collect_machine(struct collection *c, bool masked)
{
	put_machine();
	assert_int_equal(collection_init(c, directory, masked), 0);
	collect_all(c);
	if (masked)
		assert_int_equal(bundle_mask(&c->bundle, c->mask), 0);
}

/* Return: the text of a member, which the caller frees; NULL if there is no such member. */
static char *member(const struct collection *c, const char *name)
{
	struct archive *archive = archive_read_new();
	int fd = memfd_create("archive", 0);
	struct archive_entry *entry;
	char path[PATH_SIZE], *text = NULL;

	assert_int_equal(bundle_write(&c->bundle, fd, 1700000000), 0);
	lseek(fd, 0, SEEK_SET);
	archive_read_support_filter_gzip(archive);
	archive_read_support_format_tar(archive);
	assert_int_equal(archive_read_open_fd(archive, fd, 4096), ARCHIVE_OK);
	snprintf(path, sizeof(path), "dax-owner-report/%s", name);
	while (!text && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
		size_t size = (size_t)archive_entry_size(entry);

		if (strcmp(archive_entry_pathname(entry), path))
			continue;
		assert_int_equal(archive_entry_mtime(entry), 1700000000);
		text = calloc(size + 1, 1);
		assert_int_equal(archive_read_data(archive, text, size), size);
	}
	archive_read_free(archive);
	close(fd);
	return text;
}

static void has(const struct collection *c, const char *name, const char *expected)
{
	char *text = member(c, name);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void report_masked_hides_identities(void **state)
{
	struct collection c;

	(void)state;
	collect_machine(&c, true);
	has(&c, "proc/version", "Linux version 7.3.4 (<masked>)\n");
	has(&c, "proc/cmdline", "root=<masked> secret=<masked> efi=debug cxl_core.x=1\n");
	has(&c, "proc/iomem",
	    "00001000-0009ffff : System RAM\n  <masked> : Kernel code\n690000000-6cfffffff : Soft Reserved\n");
	has(&c, "proc/modules", "cxl_core 540672 3 cxl_acpi,cxl_pci, Live <masked> (E)\n");
	has(&c, "boot/config-7.3.4", "CONFIG_CXL_BUS=m\n# CONFIG_DEV_DAX_HMEM is not set\n");
	has(&c, "etc/os-release", "ID=debian\nVERSION_ID=13\n");
	has(&c, "var/lib/dkms/dax-owner/0.1.0/build/make.log", "make on <host-3>\n");
	has(&c, "var/lib/dkms/dax-owner/0.1.0/7.3.4/x86_64/log/make.log",
	    "serial: <serial-3> in /home"
	    "/<user-1>/src\n");
	has(&c, "etc/dax-owner/dax-ownerd.conf", "[Daemon]\nQuietSec=3\n");
	has(&c, "etc/dax-owner/dax-ownerd.conf.d/10.conf", "# of <host-2>\n");
	has(&c, "modprobe.txt", "/etc/modprobe.d/a.conf: options dax_owner policy=split\n");
	has(&c, "sys/firmware/acpi/tables/CEDT", "CEDT\001\002");
	has(&c, "memmap.txt", "0/start: 0x0\n0/type: System RAM\n");
	has(&c, "sysfs/node.txt", "node1/access0/initiators/read_latency: 200\n");
	has(&c, "sysfs/dax_owner.txt", "settled: 1\n");
	has(&c, "sysfs/cxl.txt",
	    "mem0/a/b/deep: 1\n"
	    "mem0/driver: cxl_mem\n"
	    "mem0/firmware_version: 1.2.3.4\n"
	    "mem0/ram/size: 0x40000000\n"
	    "mem0/serial: <serial-1>\n"
	    "mem0/uevent: MAJOR=250\n"
	    "mem0/uevent: DEVNAME=cxl/mem0\n"
	    "region0/resource: 0x690000000\n"
	    /* in this test the region has the UUID of the boot */
	    "region0/uuid: <boot-id-1>\n");
	has(&c, "sysfs/pci.txt",
	    "0000:00:02.0/class: 0x050200\n"
	    "0000:00:02.0/driver: cxl_pci\n"
	    "0000:0d:00.0/class: 0x050210\n"
	    "0000:0d:00.0/resource: 0x1 0x2 0x3\n"
	    "0000:0d:00.0/serial_number: <serial-2>\n");
	collection_free(&c);
}

/* A text reveals what another text, earlier in the report, has without a sign. */
static void report_revealed_serial_is_masked_everywhere(void **state)
{
	static const char *const texts[] = { "13333333333333 in a log\n", "serial=0xc206898d555\n" };
	struct collection c;

	(void)state;
	assert_int_equal(collection_init(&c, directory, true), 0);
	for (int i = 0; i < 2; i++) {
		FILE *page = bundle_page(&c.bundle, i ? "last" : "first");

		fputs(texts[i], page);
		bundle_end(&c.bundle, page);
	}
	assert_int_equal(bundle_mask(&c.bundle, c.mask), 0);
	has(&c, "first", "<serial-1> in a log\n");
	has(&c, "last", "serial=<serial-1>\n");
	collection_free(&c);
}

static void report_masked_json_is_json(void **state)
{
	struct collection c;
	FILE *page;

	(void)state;
	assert_int_equal(collection_init(&c, directory, true), 0);
	/* values that are also numbers, literals or names of members */
	assert_string_equal(mask_value(c.mask, MASK_SERIAL, "0x40000000"), "<serial-1>");
	assert_string_equal(mask_value(c.mask, MASK_HOST, "42"), "<host-1>");
	assert_string_equal(mask_value(c.mask, MASK_HOST, "true"), "<host-2>");
	assert_string_equal(mask_value(c.mask, MASK_HOST, "size"), "<host-3>");
	page = bundle_page(&c.bundle, "a.jsonl");
	fputs("{\"message\":\"of true, the command line: pw=1\",\"size\":1073741824,\"n\":42,\"flag\":true}\n"
	      "{\"message\":\"a\\n0x40000000 \\\"/b\",\"serials\":[\"0x17\",\"0x40000000\"]}\n",
	      page);
	bundle_end(&c.bundle, page);
	page = bundle_page(&c.bundle, "b.json");
	fputs("{\n  \"serial\":\"0x17\",\n  \"size\":18446744073709551615,\n  \"list\":[\n    42\n  ],\n"
	      "  \"start\":\"0x40000000\",\n  \"state\":\"true\"\n}\n",
	      page);
	bundle_end(&c.bundle, page);
	assert_int_equal(bundle_mask(&c.bundle, c.mask), 0);
	has(&c, "a.jsonl",
	    "{\"message\":\"of <host-2>, the command line: pw=<masked>\",\"size\":1073741824,\"n\":42,"
	    "\"flag\":true}\n"
	    "{\"message\":\"a\\n<serial-1> \\\"/b\",\"serials\":[\"<serial-2>\",\"<serial-1>\"]}\n");
	has(&c, "b.json",
	    "{\n  \"serial\":\"<serial-2>\",\n  \"size\":18446744073709551615,\n  \"list\":[\n    42\n  ],\n"
	    "  \"start\":\"0x40000000\",\n  \"state\":\"true\"\n}\n");
	collection_free(&c);
}

/* --- programs --- */

static int run_shell(const char *script, unsigned int limit_ms, char *text, size_t size)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	FILE *file = fmemopen(text, size, "w");
	int r = program_run(argv, limit_ms, file);

	fclose(file);
	return r;
}

static time_t seconds_since(time_t begun)
{
	return time(NULL) - begun;
}

static void program_output_is_copied(void **state)
{
	static const char *const none[] = { "/none", NULL };
	char text[64] = "";

	(void)state;
	/* standard output, standard error, no input, and the exit status */
	assert_int_equal(run_shell("echo one; echo two >&2; cat; exit 3", 10000, text, 64), 3);
	assert_string_equal(text, "one\ntwo\n");
	assert_int_equal(run_shell("kill -9 $$", 10000, text, 64), -ECHILD);
	assert_int_equal(program_run(none, 10000, stderr), -ENOENT);
}

static void program_that_hangs_is_killed(void **state)
{
	time_t begun = time(NULL);
	char text[64] = "";
	char command[PATH_SIZE + 64];

	(void)state;
	/* the output before the end is kept, and a child is killed, too */
	snprintf(command, sizeof(command), "echo begun; (sleep 2; echo >%s/late) & sleep 60",
		 directory);
	assert_int_equal(run_shell(command, 300, text, 64), -ETIME);
	assert_string_equal(text, "begun\n");
	/* a program that closes its output, and one that leaves its output to a child */
	assert_int_equal(run_shell("exec >&- 2>&-; sleep 60", 300, text, 64), -ETIME);
	assert_int_equal(run_shell("sleep 60 & exit 4", 10000, text, 64), 4);
	assert_true(seconds_since(begun) < 20);
	sleep(3);
	snprintf(command, sizeof(command), "%s/late", directory);
	assert_int_not_equal(access(command, F_OK), 0);
}

/* The descriptor of a file that the parent has open, like its standard output */
static int of_parent;

static int print_files(FILE *output)
{
	struct stat status;

	fprintf(output, "%s", fcntl(of_parent, F_GETFD) < 0 ? "closed" : "open");
	return fstat(STDERR_FILENO, &status) || !S_ISCHR(status.st_mode) ? 1 : 5;
}

static int wait_for_ever(FILE *output)
{
	fputs("begun", output);
	fflush(output);
	pause();
	return 0;
}

static void program_function_runs_in_child(void **state)
{
	time_t begun = time(NULL);
	char text[64] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	(void)state;
	of_parent = open("/", O_RDONLY);
	assert_int_equal(program_call(print_files, 10000, 64, file), 5);
	rewind(file);
	assert_string_equal(text, "closed");
	assert_int_equal(program_call(print_files, 10000, 5, file), -EFBIG);
	rewind(file);
	assert_int_equal(program_call(wait_for_ever, 300, 64, file), -ETIME);
	fclose(file);
	assert_string_equal(text, "begund");
	assert_true(seconds_since(begun) < 20);
	close(of_parent);
}

static void program_long_output_is_cut(void **state)
{
	static char text[1 << 20];

	(void)state;
	assert_int_equal(run_shell("while :; do echo 0123456789; done", 60000, text, sizeof(text)),
			 -EFBIG);
	assert_true(strlen(text) <= 1 << 18);
}

static void report_hanging_program_is_listed(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c", "echo of db1; sleep 60", NULL };
	const char *const none[] = { "/none", NULL };
	struct collection c;

	(void)state;
	put("proc/sys/kernel/hostname", "db1\n");
	assert_int_equal(collection_init(&c, directory, true), 0);
	collect_all(&c);
	assert_false(collect_program(&c, "none.txt", none, 300));
	assert_true(collect_program(&c, "a.txt", argv, 300));
	assert_non_null(strstr(collect_what_is_missing(&c),
			       "a.txt: rest of the output of /bin/sh: Timer expired\n"));
	assert_int_equal(bundle_mask(&c.bundle, c.mask), 0);
	has(&c, "a.txt", "of <host-1>\n");
	collection_free(&c);
}

static void report_unmasked_keeps_texts(void **state)
{
	struct collection c;

	(void)state;
	collect_machine(&c, false);
	has(&c, "proc/version", "Linux version 7.3.4 (me@db1)\n");
	has(&c, "proc/cmdline", "root=UUID=" UUID " secret=1 efi=debug cxl_core.x=1\n");
	has(&c, "proc/modules", "cxl_core 540672 3 cxl_acpi,cxl_pci, Live 0xffffffffc0a1b000 (E)\n");
	collection_free(&c);
}

static void report_missing_files_are_listed(void **state)
{
	const char *missing;
	struct collection c;

	(void)state;
	put("proc/iomem", "00000000-00000000 : System RAM\n");
	assert_int_equal(collection_init(&c, directory, true), 0);
	collect_all(&c);
	missing = collect_what_is_missing(&c);
	assert_non_null(strstr(missing, "/proc/version: No such file or directory\n"));
	assert_non_null(strstr(missing, "addresses in /proc/iomem: Permission denied\n"));
	assert_non_null(strstr(missing, "/sys/firmware/acpi/tables/CEDT: no such table\n"));
	assert_non_null(strstr(missing, "sysfs/cxl.txt: nothing in /sys/bus/cxl/devices\n"));
	assert_int_equal(c.denied, 1);
	/* the other members are written */
	has(&c, "proc/iomem", "00000000-00000000 : System RAM\n");
	collection_free(&c);
}

static void summary_has_all_fields(void **state)
{
	struct snapshot snapshot = { .arbiter = ARBITER_NATIVE,
				     .settled = true,
				     .source = SOURCE_DRIVERS };
	struct summary summary = {
		.when = 1700000000,
		.kernel = "7.3.4",
		.masked = true,
		.known = true,
		.snapshot = &snapshot,
		.problem = "there is no memory",
		.missing = "a: no\n",
	};
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	summary_print(&summary, file);
	fclose(file);
	assert_non_null(
		strstr(text, "made:     2023-11-14 22:13:20 UTC\nkernel:   7.3.4\nmasked:   yes"));
	assert_non_null(
		strstr(text,
		       "arbiter:  native\nsettled:  yes\nstranded: 0 bytes\nsource:   drivers\n"));
	assert_non_null(strstr(text, "\nthere is no memory\n\nnot in this report:\na: no\n"));
	free(text);
}

/* --- the file --- */

static int from_text(const char *text)
{
	int fd = memfd_create("text", 0);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static void reads(const char *path, const char *expected)
{
	char text[64] = "";
	struct stat status;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(expected));
	fclose(file);
	assert_string_equal(text, expected);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void whole_file_existing_is_kept(void **state)
{
	int one = from_text("one"), two = from_text("two");
	char path[PATH_SIZE];

	(void)state;
	path_of(path, "file");
	assert_int_equal(whole_file_write(path, false, one), 0);
	reads(path, "one");
	assert_int_equal(whole_file_write(path, false, two), -EEXIST);
	reads(path, "one");
	assert_int_equal(whole_file_write(path, true, two), 0);
	reads(path, "two");
	close(one);
	close(two);
}

/* Count the entries of the test's directory */
static int count(void)
{
	char command[64];

	snprintf(command, sizeof(command), "exit $(ls -A %s | wc -l)", directory);
	return WEXITSTATUS(system(command));
}

static void whole_file_failure_leaves_no_file(void **state)
{
	int text = from_text("text"), bad = open("/", O_PATH);
	char path[PATH_SIZE];
	struct stat status;

	(void)state;
	path_of(path, "file");
	assert_int_equal(whole_file_write(path, false, bad), -EBADF);
	assert_int_equal(count(), 0);
	assert_int_equal(whole_file_write(path, true, text), 0);
	assert_int_equal(whole_file_write(path, true, bad), -EBADF);
	reads(path, "text");
	assert_int_equal(count(), 1);
	/* a link and a pipe are not replaced by a file */
	path_of(path, "link");
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(whole_file_write(path, true, text), -EEXIST);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	path_of(path, "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(whole_file_write(path, true, text), -EEXIST);
	path_of(path, "file");
	strcat(path, "/below");
	assert_int_equal(whole_file_write(path, true, text), -ENOTDIR);
	close(text);
	close(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(report_masked_hides_identities, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(report_revealed_serial_is_masked_everywhere,
						make_directory, remove_directory),
		cmocka_unit_test_setup_teardown(report_masked_json_is_json, make_directory,
						remove_directory),
		cmocka_unit_test(program_output_is_copied),
		cmocka_unit_test(program_function_runs_in_child),
		cmocka_unit_test_setup_teardown(program_that_hangs_is_killed, make_directory,
						remove_directory),
		cmocka_unit_test(program_long_output_is_cut),
		cmocka_unit_test_setup_teardown(report_hanging_program_is_listed, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(report_unmasked_keeps_texts, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(report_missing_files_are_listed, make_directory,
						remove_directory),
		cmocka_unit_test(summary_has_all_fields),
		cmocka_unit_test_setup_teardown(whole_file_existing_is_kept, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(whole_file_failure_leaves_no_file, make_directory,
						remove_directory),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
