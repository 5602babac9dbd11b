// SPDX-License-Identifier: GPL-2.0-only
/*
 * test-copy PROGRAM: a made-up machine, its report, and the commands of PROGRAM on both. The machine
 * is another one than the one that runs the test. Then archives that a stranger made.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "cli/explain/explanation.h"
#include "cli/report/collect.h"
#include "cli/report/unpack.h"
#include "directory.h"
#include "fake-libcxl.h"
#include "table-bytes.h"

#define REGION "sys/devices/platform/ACPI0017:00/root0/decoder0.0/region0"
#define DAX REGION "/dax_region0/dax0.0"
#define MEM "sys/devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0"
#define SERIAL "0xc100000000e"
#define LARGE_SERIAL "0xfedcba9876543210"
#define EXTENTS "sys/devices/virtual/dax_owner/"

static const char *program;

/* --- a machine --- */

static void put_link(const char *name, const char *target)
{
	char path[PATH_SIZE];

	path_of(path, name);
	assert_int_equal(symlink(target, path), 0);
}

/* A window of 1 GiB at 0x690000000, which needs no alignment of more than 256 MiB */
static void put_cedt(void)
{
	struct bytes table;
	char path[PATH_SIZE];
	FILE *file;

	begin_table(&table, "CEDT", 36);
	put_number(&table, 1, 1);
	put_number(&table, 0, 1);
	put_number(&table, 40, 2);
	put_number(&table, 0, 4);
	put_number(&table, 0x690000000, 8);
	put_number(&table, 0x40000000, 8);
	put_number(&table, 0, 16);
	put_number(&table, 7, 4);
	say_length(&table, table.len);
	path_of(path, "sys/firmware/acpi/tables/CEDT");
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(table.bytes, 1, table.len, file), table.len);
	fclose(file);
}

static void put_kernel(void)
{
	put("proc/sys/kernel/osrelease", "7.3.4-elsewhere\n");
	put("proc/cmdline", "root=/dev/sda1 efi=debug modprobe.blacklist=dax_cxl\n");
	put("proc/iomem", "00001000-0009ffff : System RAM\n"
			  "690000000-6cfffffff : CXL Window 0\n"
			  "  690000000-6afffffff : region0\n"
			  "    690000000-6afffffff : dax0.0\n"
			  "      690000000-6afffffff : System RAM (kmem)\n"
			  "690000000-6cfffffff : Soft Reserved\n");
	put("boot/config-7.3.4-elsewhere", "CONFIG_CXL_BUS=m\nCONFIG_DEV_DAX_KMEM=m\n");
	put("sys/kernel/uevent_seqnum", "17\n");
	put("etc/modprobe.d/a.conf", "install dax_hmem \\\n/bin/false\noptions snd x=1\n");
	put("usr/lib/modprobe.d/b.conf", "blacklist dax_owner\n");
	/* an empty file hides the one above */
	put("etc/modprobe.d/b.conf", "");
	put("run/udev/data/none", "");
	put("sys/module/dax_hmem/version", "1\n");
	put("sys/module/dax_cxl/version", "1\n");
}

static void put_devices(void)
{
	put("sys/firmware/memmap/0/start", "0x690000000\n");
	put("sys/firmware/memmap/0/end", "0x6cfffffff\n");
	put("sys/firmware/memmap/0/type", "Soft Reserved\n");
	put("sys/devices/system/memory/block_size_bytes", "8000000\n");
	put("sys/devices/system/memory/auto_online_blocks", "online_movable\n");
	put("sys/devices/system/memory/memory210/state", "online\n");
	put("sys/devices/system/memory/memory211/state", "offline\n");

	put(REGION "/commit", "1\n");
	put(REGION "/resource", "0x690000000\n");
	put(REGION "/size", "0x20000000\n");
	put(REGION "/mode", "ram\n");
	put_link(REGION "/driver", "../../../../../../bus/cxl/drivers/cxl_region");
	put("sys/bus/cxl/drivers/cxl_region/uevent", "");
	put_link("sys/bus/cxl/devices/region0",
		 "../../../devices/platform/ACPI0017:00/root0/decoder0.0/region0");
	put_link("sys/bus/cxl/devices/root0", "../../../devices/platform/ACPI0017:00/root0");

	put(DAX "/target_node", "1\n");
	put(DAX "/mapping0/start", "0x690000000\n");
	put(DAX "/mapping0/end", "0x6afffffff\n");
	put_link(DAX "/driver", "../../../../../../../../bus/dax/drivers/kmem");
	put("sys/bus/dax/drivers/kmem/uevent", "");
	put_link("sys/bus/dax/devices/dax0.0", "../../../devices/platform/ACPI0017:00/root0/"
					       "decoder0.0/region0/dax_region0/dax0.0");

	put(MEM "/class", "0x050210\n");
	put(MEM "/mem0/serial", SERIAL "\n");
	put_link("sys/bus/pci/devices/0000:0d:00.0",
		 "../../../devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0");
	put_link("sys/bus/cxl/devices/mem0",
		 "../../../devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0/mem0");
}

static void put_extent(const char *name, const char *start, const char *end, const char *record)
{
	char path[PATH_SIZE], target[PATH_SIZE];

	snprintf(path, sizeof(path), EXTENTS "%s/uevent", name);
	put(path, record);
	if (start) {
		snprintf(path, sizeof(path), EXTENTS "%s/start", name);
		put(path, start);
		snprintf(path, sizeof(path), EXTENTS "%s/end", name);
		put(path, end);
	}
	snprintf(path, sizeof(path), "sys/class/dax_owner/%s", name);
	snprintf(target, sizeof(target), "../../devices/virtual/dax_owner/%s", name);
	put_link(path, target);
}

static void put_ledger(bool addresses)
{
	put("sys/module/dax_owner/version", "1\n");
	put("sys/class/dax_owner/settled", "1\n");
	put("sys/class/dax_owner/tested", "0\n");
	put_extent("extent7", addresses ? "0x690000000\n" : NULL, "0x6afffffff\n",
		   "DAX_OWNER_SIZE=536870912\nDAX_OWNER_OWNER=dax_cxl\nDAX_OWNER_PREVIOUS=none\n"
		   "DAX_OWNER_STATE=owned\nDAX_OWNER_REASON=region-covers\nDAX_OWNER_FLAGS=deadline unsplit\n"
		   "DAX_OWNER_DEVICE=dax0.0\nDAX_OWNER_TARGET_NODE=1\nDAX_OWNER_DECIDED_US=1234567\n"
		   "DAX_OWNER_USABLE_BYTES=536870912\n");
	put_extent("extent12", addresses ? "0x6b0000000\n" : NULL, "0x6cfffffff\n",
		   "DAX_OWNER_SIZE=536870912\nDAX_OWNER_OWNER=none\nDAX_OWNER_EXPECTED=dax_hmem\n"
		   "DAX_OWNER_STATE=stranded\nDAX_OWNER_REASON=claim-failed\nDAX_OWNER_ERROR=-16\n"
		   "DAX_OWNER_HOLDER=other\nDAX_OWNER_USABLE_BYTES=0\n");
}

static void put_daemon(void)
{
	put("copy.json",
	    "{\"schema\":1,\"kernel\":\"7.3.4-daemon\",\"booting\":true,"
	    "\"daemon\":{\"arbiter\":\"native\",\"settled\":false,"
	    "\"extents\":[{\"start\":\"0x690000000\",\"end\":\"0x6cfffffff\",\"size\":1073741824,"
	    "\"owner\":\"dax_cxl\",\"state\":\"claimed\",\"reason\":\"region-covers\","
	    "\"flags\":[\"deadline\",\"unsplit\"],\"device\":\"dax0.0\","
	    "\"target_node\":1,\"usable_bytes\":1073741824,\"block_loss_bytes\":0}]}}\n");
}

/* --- its report --- */

#define ARCHIVE "report.tar.gz"

/* Only a machine with made-up devices has libcxl, and a record. */
static void put_topology(struct collection *c, struct copy *copy)
{
	FILE *page;

	if (!fake_libcxl.root)
		return;
	collect_topology(c, copy);
	page = bundle_page(&c->bundle, COPY_RECORDS);
	fputs("{\"event\":\"owned\",\"serials\":[\"" SERIAL "\",\"" LARGE_SERIAL "\"]}\n", page);
	bundle_end(&c->bundle, page);
}

static void make_report(void)
{
	struct copy copy = { .time_us = 1700000000000000, .kernel = "7.3.4-elsewhere" };
	struct snapshot snapshot;
	struct collection c;
	char path[PATH_SIZE];
	int r = snapshot_take(directory, &snapshot), fd;

	if (!r) {
		strcpy(copy.kernel, snapshot.kernel);
		copy.booting = snapshot.booting;
	}
	assert_int_equal(collection_init(&c, directory, true), 0);
	collect_all(&c);
	put_topology(&c, &copy);
	collect_facts(&c, r ? NULL : &snapshot, &copy);
	assert_int_equal(bundle_mask(&c.bundle, c.mask), 0);
	path_of(path, ARCHIVE);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(bundle_write(&c.bundle, fd, 1700000000), 0);
	close(fd);
	copy_free(&copy);
	collection_free(&c);
	snapshot_free(&snapshot);
}

/* Run the program. Return: its output with its exit status, which the caller frees. */
static char *output_of(const char *copy, const char *arguments)
{
	char command[8 * PATH_SIZE], *text;
	size_t len;
	FILE *all = open_memstream(&text, &len), *from;
	int byte, status;

	snprintf(command, sizeof(command), "%s %s %s 2>&1", program, copy, arguments);
	from = popen(command, "r");
	assert_non_null(from);
	while ((byte = fgetc(from)) != EOF)
		fputc(byte, all);
	status = pclose(from);
	fprintf(all, "exit status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	fclose(all);
	return text;
}

/* The words of both copies of the machine */
static char tree[2 * PATH_SIZE], archive[2 * PATH_SIZE];

/* libsmartcols pads columns to the width of a hidden heading, depending on its version. */
static void squeeze_blanks(char *text)
{
	char *end = text;

	for (const char *from = text; *from; from++)
		if (*from != ' ' || from[1] != ' ')
			*end++ = *from;
	*end = '\0';
}

/* The output has a text. Any number of blanks is equal to one. */
static void prints(const char *arguments, const char *words)
{
	char *text = output_of(archive, arguments), *expected = strdup(words);

	assert_non_null(expected);
	squeeze_blanks(expected);
	squeeze_blanks(text);
	if (!strstr(text, expected))
		fprintf(stderr, "dax-owner %s: not \"%s\" in\n%s", arguments, expected, text);
	assert_non_null(strstr(text, expected));
	free(expected);
	free(text);
}

static void lacks(const char *arguments, const char *words)
{
	char *text = output_of(archive, arguments);

	assert_non_null(strstr(text, "exit status 0\n"));
	assert_null(strstr(text, words));
	free(text);
}

/* The report shows a reader what the machine showed. */
static void replays(void)
{
	static const char *const commands[] = {
		"list --json",
		"list -o RANGE,OWNER,EXPECTED,STATE,REASON,FLAGS,DRIVER,NODE,ONLINE,OFFLINE,REGIONS,ERROR,HOLDER",
		"map",
		"map --svg=-",
		"explain",
		"explain --json",
		"check",
		"metrics",
	};

	make_report();
	snprintf(tree, sizeof(tree), "--sysroot=%s", directory);
	snprintf(archive, sizeof(archive), "--from %s/" ARCHIVE, directory);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		char *machine = output_of(tree, commands[i]), *report;

		report = output_of(archive, commands[i]);
		assert_string_equal(report, machine);
		free(machine);
		free(report);
	}
}

/* --- its devices, as libcxl reads them --- */

static struct cxl_port endpoint, bridge, root;
static struct cxl_memdev memdevs[2];
static struct cxl_decoder decoders[3], window;
static struct cxl_region regions[2];

/* decoder2.1 is in no region, and at the end of the addresses. */
static void make_decoders(void)
{
	static const char *const names[] = { "decoder2.0", "decoder3.0", "decoder2.1" };

	for (int i = 0; i < 3; i++)
		decoders[i] = (struct cxl_decoder) { .name = names[i],
						     .resource = 0x690000000,
						     .size = 0x20000000,
						     .dpa_size = 0x10000000,
						     .ways = 2,
						     .granularity = 256,
						     .region = &regions[0],
						     .memdev = &memdevs[i % 2],
						     .port = &endpoint };
	decoders[0].next = &decoders[1];
	decoders[1].next = &decoders[2];
	decoders[2].region = NULL;
	decoders[2].resource = 0xfffffffff0000000;
	decoders[2].size = 0x10000000;
}

/* Two devices serve region0 together, region1 lacks a target, and a port has no driver. */
static void make_devices(void)
{
	memdevs[0] = (struct cxl_memdev) { "mem0", "0000:0d:00.0", "1.2.3.4", 0xc100000000e, true,
					   true,   true,           &endpoint, &memdevs[1] };
	memdevs[1] = (struct cxl_memdev) { .name = "mem1",
					   .host = "0000:0e:00.0",
					   .serial = 0xfedcba9876543210 };
	make_decoders();
	regions[0] = (struct cxl_region) { .name = "region0",
					   .resource = 0x690000000,
					   .size = 0x20000000,
					   .committed = 1,
					   .enabled = 1,
					   .ways = 2,
					   .granularity = 256,
					   .targets = { &decoders[0], &decoders[1] },
					   .next = &regions[1] };
	regions[1] = (struct cxl_region) { .name = "region1",
					   .resource = ULLONG_MAX,
					   .ways = 4,
					   .granularity = 256,
					   .targets = { &decoders[2] } };
	endpoint = (struct cxl_port) { .name = "endpoint2", .decoders = &decoders[0] };
	window = (struct cxl_decoder) { .name = "decoder0.0",
					.resource = 0x690000000,
					.size = 0x40000000,
					.regions = &regions[0],
					.port = &root };
	bridge = (struct cxl_port) { .name = "port1", .host = "pci0000:0c", .endpoints = &endpoint };
	root = (struct cxl_port) { .name = "root0", .decoders = &window, .ports = &bridge };
	fake_libcxl = (struct fake_libcxl) { .memdevs = memdevs, .root = &root };
}

static void print_question(const struct question *question, bool as_json, FILE *file)
{
	struct json_object *json;

	if (!as_json) {
		explanation_print(question, file);
		return;
	}
	assert_int_equal(explanation_json(question, &json), 0);
	fprintf(file, "%s\n",
		json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

/* Return: the output of explain on the machine itself, which the caller frees. */
static char *explanation_of_machine(bool as_json)
{
	struct snapshot snapshot;
	struct machine machine;
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	assert_int_equal(snapshot_take(directory, &snapshot), 0);
	assert_int_equal(machine_read(directory, snapshot.kernel, &machine), 0);
	topology_free(&machine.topology);
	assert_int_equal(topology_read(&machine.topology), 0);
	print_question(&(struct question) { &snapshot, snapshot.entries, snapshot.n, &machine },
		       as_json, file);
	fputs("exit status 0\n", file);
	fclose(file);
	machine_free(&machine);
	snapshot_free(&snapshot);
	return text;
}

/* Replace a word by another one that is not longer. */
static void replace(char *text, const char *word, const char *with)
{
	for (char *at = text; (at = strstr(at, word)); at += strlen(with)) {
		memcpy(at, with, strlen(with));
		memmove(at + strlen(with), at + strlen(word), strlen(at + strlen(word)) + 1);
	}
}

static void copy_explains_devices_of_machine(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_cedt();
	put_ledger(true);
	make_devices();
	make_report();
	snprintf(archive, sizeof(archive), "--from %s/" ARCHIVE, directory);
	for (int as_json = 0; as_json < 2; as_json++) {
		char *machine = explanation_of_machine(as_json);
		char *report = output_of(archive, as_json ? "explain --json" : "explain");

		replace(machine, SERIAL, "<serial-1>");
		replace(machine, LARGE_SERIAL, "<serial-2>");
		assert_string_equal(report, machine);
		free(machine);
		free(report);
	}
	prints("explain", "  device     mem0  serial <serial-1>, 0000:0d:00.0\n"
			  "  device     mem1  serial <serial-2>, 0000:0e:00.0\n");
	prints("explain", "mem1 (0000:0e:00.0) has no endpoint");
	prints("explain", "port1 (pci0000:0c) has no driver");
	prints("explain", "region1 has 1 of 4 targets (mem0)");
	prints("explain",
	       "decoder2.1 of mem0 is programmed (0xfffffffff0000000-0xffffffffffffffff)");
	prints("explain --json", "\"firmware\":\"1.2.3.4\"");
	prints("audit --json", "\"serials\":[\"<serial-1>\",\"<serial-2>\"]");
	fake_libcxl = (struct fake_libcxl) {};
}

/* A report of a machine whose kernel waits for a device */
static void report_goes_on_while_libcxl_waits(void **state)
{
	struct copy copy = {};
	struct collection c;

	(void)state;
	assert_int_equal(collection_init(&c, directory, true), 0);
	fake_libcxl.hangs = true;
	collect_topology(&c, &copy);
	fake_libcxl.hangs = false;
	assert_null(copy.topology);
	assert_string_equal(collect_what_is_missing(&c),
			    "copy.json: topology of CXL: libcxl took longer than five seconds\n");
	collection_free(&c);
}

/* A report without the topology, and one that a stranger has changed, have the regions of sysfs. */
static void copy_without_topology_has_regions(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_ledger(true);
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	prints("explain", "  region0    0x690000000-0x6afffffff 512M, committed\n"
			  "  decided");
	put("copy.json", "{\"kernel\":\"7.3\",\"topology\":{\"memdevs\":[]}}\n");
	prints("explain", "dax-owner: cannot read the topology of CXL: copy.json is invalid\n");
	prints("explain", "  region0    0x690000000-0x6afffffff 512M, committed\n");
	prints("explain", "exit status 0\n");
}

static void copy_with_ledger_replays(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_cedt();
	put_ledger(true);
	replays();
	prints("list --json", "\"source\":\"ledger\"");
	prints("list --json", "\"kernel\":\"7.3.4-elsewhere\"");
	prints("list -o RANGE,DRIVER,ONLINE,OFFLINE,FLAGS --noheadings",
	       "0x690000000-0x6afffffff kmem 128M 128M deadline unsplit\n"
	       "0x6b0000000-0x6cfffffff - 0B 0B -\n");
	prints("map --ascii", "window 1G");
	prints("explain", "untested kernel");
	prints("explain", "/etc/modprobe.d/a.conf");
	prints("explain", "without CONFIG_CXL_REGION");
	prints("check", "DAX-OWNER CRITICAL - memory is stranded, 512M owned");
	prints("check", "exit status 2\n");
}

static void copy_with_drivers_replays(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_cedt();
	put("run/dax-owner-order/arbiter", "native\n");
	replays();
	prints("list --json", "\"source\":\"drivers\"");
	prints("list --json", "\"arbiter\":\"native\"");
	prints("list --json", "\"settled\":true");
	prints("list --noheadings -o RANGE,OWNER,DEVICE,NODE",
	       "0x690000000-0x6afffffff dax_cxl dax0.0 1\n");
}

static void copy_of_busy_machine_is_not_settled(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put("run/udev/queue", "");
	replays();
	prints("list --json", "\"settled\":false");
	/* without a note of dax-owner-order, the loaded drivers show the arbiter */
	prints("list --json", "\"arbiter\":\"legacy\"");
}

static void copy_with_daemon_replays(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_ledger(true);
	put_daemon();
	replays();
	prints("list --json", "\"source\":\"dax-ownerd\"");
	prints("list --json", "\"kernel\":\"7.3.4-daemon\"");
	prints("list --json", "\"settled\":false");
	prints("list -o STATE,FLAGS,SIZE --noheadings", "claimed deadline unsplit 1G\n");
	prints("check", "WARNING - not settled during boot");
}

static void copy_without_addresses_hides_extents(void **state)
{
	(void)state;
	put_kernel();
	put_devices();
	put_ledger(false);
	replays();
	prints("list --noheadings -o SIZE,STATE,DEVICE", "512M stranded -\n512M owned dax0.0\n");
	prints("map", "exit status 77\n");
}

#define EXTENT \
	"{\"start\":\"0x0\",\"end\":\"0xfff\",\"owner\":\"none\",\"state\":\"stranded\"," \
	"\"reason\":\"claim-failed\"}"

/* The end of a copy with one extent */
#define STRANDED ",\"daemon\":{\"arbiter\":\"native\",\"settled\":true,\"extents\":[" EXTENT "]}}\n"

/* A stranger may have made the copy, so no text of it may begin a sequence of the terminal. */
static void copy_control_characters_are_replaced(void **state)
{
	(void)state;
	put("copy.json",
	    "{\"schema\":1,\"kernel\":\"7.3\\u001b[2J\",\"daemon\":{\"arbiter\":\"native\",\"settled\":true,"
	    "\"extents\":[{\"start\":\"0x0\",\"end\":\"0xfff\",\"owner\":\"none\",\"state\":\"stranded\","
	    "\"reason\":\"claim-failed\",\"device\":\"dax\\u001b[2J\",\"holder\":\"a\\u007fb\\u009bc\"}]}}\n");
	put("journal/dax-ownerd.jsonl", "{\"event\":\"a\",\"message\":\"b\\u001b[2J\"}\n");
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	prints("list --noheadings -o DEVICE,HOLDER", "dax__2J a?b??c\n");
	prints("explain", "arbiter of this kernel, 7.3__2J: native");
	prints("audit", "b?[2J\n");
	put("etc/modprobe.d/a.conf", "\033[2J\n");
	lacks("explain", "\033");
}

/* The release of a kernel is a part of paths and of commands to type. */
static void copy_kernel_release_is_a_name(void **state)
{
	(void)state;
	put("outside", "CONFIG_CXL_BUS=m\n");
	put("in/boot/config-../none", "");
	put("in/copy.json", "{\"kernel\":\"../../../../outside\"" STRANDED);
	snprintf(archive, sizeof(archive), "--sysroot %s/in", directory);
	lacks("explain", "CONFIG_CXL_ACPI");
	put("in/copy.json", "{\"kernel\":\"-7.3;id\"" STRANDED);
	put("in/var/lib/dkms/dax-owner/1/source/dkms.conf", "");
	put("in/lib/modules/_7.3_id/build/Makefile", "");
	prints("explain", "dkms autoinstall -k _7.3_id\n");
}

/* The names of devices and of their directories are in commands to type, too. */
static void copy_device_names_are_names(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	put("copy.json",
	    "{\"kernel\":\"7.3\",\"daemon\":{\"arbiter\":\"dax_owner\",\"settled\":true,"
	    "\"extents\":[{\"start\":\"0x0\",\"end\":\"0xfff\",\"owner\":\"dax_hmem\","
	    "\"state\":\"idle\",\"reason\":\"claim-failed\",\"device\":\"dax0.0;id\"}]}}\n");
	path_of(path, "sys/bus/cxl/devices/region1/commit");
	strcpy(strrchr(path, '/'), ";id");
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	prints("explain", "--force dax0.0_id\n");
	prints("explain", "region1 is not committed");
	lacks("explain", ";id");
}

static void copy_without_files_has_no_addresses(void **state)
{
	(void)state;
	put("proc/iomem", "00000000-00000000 : System RAM\n");
	replays();
	prints("list", "the copy holds no addresses");
	prints("list", "exit status 69\n");
}

static void copy_with_damaged_facts_is_refused(void **state)
{
	(void)state;
	put("copy.json", "[]\n");
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	prints("list", "exit status 71\n");
}

/* A text that json-c would make hundreds of times larger */
static void put_many(const char *name, const char *begin, const char *each, int n, const char *end)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	fputs(begin, file);
	while (n--)
		fputs(each, file);
	fputs(end, file);
	fclose(file);
	put(name, text);
	free(text);
}

static void copy_of_many_values_is_refused(void **state)
{
	(void)state;
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	put_many("copy.json", "{\"a\":[", "{},", 200000, "{}]}\n");
	prints("list", "exit status 71\n");
	put_many("copy.json", "{\"a\":[", "0,", 2000000, "0]}\n");
	prints("list", "exit status 71\n");
	put_many("copy.json", "{\"daemon\":{\"arbiter\":\"native\",\"extents\":[", EXTENT ",",
		 16384, EXTENT "]}}\n");
	prints("list", "exit status 71\n");
	put_many("journal/dax-ownerd.jsonl", "{\"a\":[", "{},", 200000, "{}]}\n{\"event\":\"b\"}\n");
	prints("audit --json", "{\"schema\":1,\"event\":\"b\"}\nexit status 0\n");
}

static void put_list(FILE *file, const char *key, const char *name, int n, const char *rest)
{
	fprintf(file, "\"%s\":[", key);
	for (int i = 0; i < n; i++)
		fprintf(file, "%s{\"%s\":\"%s%d\"%s}", i ? "," : "", name, name, i, rest);
	fputc(']', file);
}

/* Each region names targets that are no decoder, which was found out for each memory device again. */
static void copy_with_many_devices_is_explained(void **state)
{
	char command[4 * PATH_SIZE], path[PATH_SIZE];
	FILE *file;

	(void)state;
	path_of(path, "copy.json");
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("{\"topology\":{\"ports\":[],", file);
	put_list(file, "memdevs", "device", 256, "");
	fputc(',', file);
	put_list(file, "decoders", "decoder", 32768, ",\"kind\":\"switch\"");
	fputc(',', file);
	put_list(file, "regions", "region", 256,
		 ",\"start\":\"0x0\",\"end\":\"0xfff\",\"committed\":true,\"targets\":"
		 "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\",\"n\",\"o\",\"p\"]");
	fputs("}" STRANDED, file);
	fclose(file);
	snprintf(command, sizeof(command), "ulimit -S -t 20; %s --sysroot %s explain >%s/none",
		 program, directory, directory);
	assert_int_equal(system(command), 0);
}

#define RECORD(event, realtime, rest) \
	"{\"schema\":1,\"event\":\"" event "\",\"message\":\"" event \
	" it\",\"boot\":\"<boot-id-1>\",\"boot_us\":5," \
	"\"realtime_us\":" realtime ",\"priority\":5" rest "}\n"

/* The records are those of the reporter, and so is the present time. */
static void copy_has_its_own_records(void **state)
{
	static const char first[] =
		RECORD("owned", "1699990000000000", ",\"flags\":[\"deadline\",\"unsplit\"]");
	static const char last[] = RECORD("settled", "1699999999000000", ",\"settled\":true");
	char both[4 * PATH_SIZE];

	(void)state;
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	prints("audit", "the copy has no such record of dax-ownerd\nexit status 69\n");
	put("copy.json",
	    "{\"schema\":1,\"time_us\":1700000000000000,\"kernel\":\"7.3\",\"booting\":false}\n");
	snprintf(both, sizeof(both), "%sno record\n%s", first, last);
	put("journal/dax-ownerd.jsonl", both);
	prints("audit", ":26:40 owned owned it\n");
	/* all members return, in the order of audit --json */
	prints("audit --json -n 1",
	       "\"realtime_us\":1699999999000000,\"settled\":true}\nexit status 0\n");
	prints("audit --json", "\"flags\":[\"deadline\",\"unsplit\"]");
	prints("audit --since='1min ago'", "settled it\nexit status 0\n");
	prints("audit --until=@1699990000 --boot", "owned it\nexit status 0\n");
	prints("audit -r", "owned owned it\nexit status 0\n");
	prints("audit -n 0", "exit status 0\n");
	prints("audit -f", "exclude --follow\nexit status 64\n");
	prints("audit -b -1", "a copy has the records of one boot: use --boot=0\nexit status 64\n");
}

static void copy_refuses_commands_for_running_system(void **state)
{
	static const char *const commands[] = { "arbitrate node1", "monitor", "settle", "report" };

	(void)state;
	snprintf(archive, sizeof(archive), "--sysroot %s", directory);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		prints(commands[i], "works only on the running system, without --sysroot and --from\n"
				    "exit status 64\n");
	prints("--from x list", "--sysroot excludes --from\nexit status 64\n");
	prints("--sysroot= list", "the path of a copy is missing\nexit status 64\n");
	snprintf(archive, sizeof(archive), "--sysroot %s/none", directory);
	prints("list", "No such file or directory\nexit status 66\n");
	snprintf(archive, sizeof(archive), "--from %s/none", directory);
	prints("list", "No such file or directory\nexit status 66\n");
}

/* --- archives that a stranger made --- */

struct member {
	const char *name;
	const char *link;
	const char *hard_link;
	mode_t type;
	long long size;
};

static void put_member(struct archive *to, const struct member *member)
{
	struct archive_entry *entry = archive_entry_new();
	static const char zeros[4096];

	archive_entry_set_pathname(entry, member->name);
	archive_entry_set_filetype(entry, member->type ?: member->link ? AE_IFLNK : AE_IFREG);
	archive_entry_set_perm(entry, 04777);
	archive_entry_set_size(entry, member->size);
	if (member->link)
		archive_entry_set_symlink(entry, member->link);
	if (member->hard_link)
		archive_entry_set_hardlink(entry, member->hard_link);
	assert_int_equal(archive_write_header(to, entry), ARCHIVE_OK);
	for (long long left = member->size; left > 0; left -= (long long)sizeof(zeros))
		archive_write_data(to, zeros, sizeof(zeros));
	archive_entry_free(entry);
}

/* Return: the result of unpack() for an archive of these members. */
static int unpack_all(const struct member *members, size_t n)
{
	struct archive *to = archive_write_new();
	char path[PATH_SIZE], into[PATH_SIZE], problem[UNPACK_PROBLEM_LEN];
	int r;

	path_of(path, ARCHIVE);
	archive_write_add_filter_gzip(to);
	archive_write_set_format_pax_restricted(to);
	assert_int_equal(archive_write_open_filename(to, path), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		put_member(to, &members[i]);
	archive_write_close(to);
	archive_write_free(to);
	path_of(into, "into/x");
	strcpy(strrchr(into, '/'), "");
	r = unpack(path, into, problem);
	assert_int_equal(!r, !*problem);
	return r;
}

#define UNPACK(...) \
	unpack_all((const struct member[]) { __VA_ARGS__ }, \
		   sizeof((const struct member[]) { __VA_ARGS__ }) / sizeof(struct member))

static bool is_there(const char *name)
{
	char path[PATH_SIZE];

	path_of(path, name);
	return access(path, F_OK) == 0;
}

static void unpack_links_of_sysfs_are_kept(void **state)
{
	char path[PATH_SIZE], target[32] = "";
	struct stat status;

	(void)state;
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a/b/link", .link = "../../c/d" },
				{ .name = "dax-owner-report/c/d/file", .size = 3 }),
			 0);
	path_of(path, "into/dax-owner-report/a/b/link");
	assert_int_equal(readlink(path, target, sizeof(target) - 1), strlen("../../c/d"));
	path_of(path, "into/dax-owner-report/a/b/link/file");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_size, 3);
}

static void unpack_path_outside_is_refused(void **state)
{
	static const char *const names[] = {
		"dax-owner-report/../../x",
		"../x",
		"x",
		"dax-owner-report2/x",
		"dax-owner-report//x",
		"dax-owner-report/./x",
		"/x",
		"dax-owner-report/region0\033[2J",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(UNPACK({ .name = names[i] }), -EBADMSG);
	assert_int_equal(UNPACK({ .name = "/tmp/dax-owner-report/x" }), -EBADMSG);
	assert_false(is_there("x") || is_there("into/x") || access("/x", F_OK) == 0);
}

static void unpack_link_outside_is_refused(void **state)
{
	static const char *const targets[] = { "/etc",         "../..", "../../x", "../../../x",
					       "a/../../../x", "..",    ".",       "",
					       "../" };

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		assert_int_equal(UNPACK({ .name = "dax-owner-report/a/link", .link = targets[i] }),
				 -EBADMSG);
	assert_int_equal(UNPACK({ .name = "dax-owner-report", .link = "etc" }), -EBADMSG);
	/* each link alone stays inside, both together do not */
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a/b/up", .link = "../../c" },
				{ .name = "dax-owner-report/z", .link = "a/b/up/../../etc" }),
			 -EBADMSG);
}

static void unpack_file_through_link_is_refused(void **state)
{
	(void)state;
	assert_int_equal(UNPACK({ .name = "dax-owner-report/c/d/file" },
				{ .name = "dax-owner-report/a", .link = "c/d" },
				{ .name = "dax-owner-report/a/x" }),
			 -EBADMSG);
	assert_false(is_there("into/dax-owner-report/c/d/x"));
}

static void unpack_other_kinds_are_refused(void **state)
{
	(void)state;
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a", .type = AE_IFIFO }), -EBADMSG);
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a", .type = AE_IFCHR }), -EBADMSG);
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a" },
				{ .name = "dax-owner-report/b", .hard_link = "dax-owner-report/a" }),
			 -EBADMSG);
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a", .hard_link = "/etc/passwd" }),
			 -EBADMSG);
}

static void unpack_huge_file_is_refused(void **state)
{
	struct member members[UNPACK_MAX_ALL / UNPACK_MAX_FILE + 1];
	size_t n = sizeof(members) / sizeof(*members);

	(void)state;
	assert_int_equal(UNPACK({ .name = "dax-owner-report/a", .size = UNPACK_MAX_FILE + 4096 }),
			 -EFBIG);
	assert_false(is_there("into/dax-owner-report/a"));
	/* each file is allowed, all together are not */
	for (size_t i = 0; i < n; i++)
		members[i] =
			(struct member) { .name = "dax-owner-report/a", .size = UNPACK_MAX_FILE };
	assert_int_equal(unpack_all(members, n), -EFBIG);
}

static void unpack_deep_path_is_refused(void **state)
{
	char name[PATH_SIZE] = "dax-owner-report";

	(void)state;
	for (int i = 0; i <= UNPACK_MAX_DEPTH; i++)
		strcat(name, "/a");
	assert_int_equal(UNPACK({ .name = name }), -EBADMSG);
}

/* Paths in the deepest directories that are allowed, each with directories of its own */
enum { PATHS = UNPACK_MAX_IMPLIED / (UNPACK_MAX_DEPTH - 1) + 1 };

static int unpack_paths(const char *prefix, size_t n)
{
	static char names[PATHS][PATH_SIZE];
	struct member members[PATHS] = {};

	for (int i = 0; i < PATHS; i++) {
		snprintf(names[i], PATH_SIZE, "dax-owner-report/%s%d", prefix, i);
		for (int depth = 1; depth < UNPACK_MAX_DEPTH; depth++)
			strcat(names[i], "/a");
		members[i].name = names[i];
	}
	return unpack_all(members, n);
}

static void unpack_many_directories_are_refused(void **state)
{
	(void)state;
	assert_int_equal(unpack_paths("few", PATHS / 4), 0);
	assert_int_equal(unpack_paths("many", PATHS), -EFBIG);
}

static void unpack_damaged_archive_is_refused(void **state)
{
	char problem[UNPACK_PROBLEM_LEN], path[PATH_SIZE];

	(void)state;
	put("none.tar.gz", "no archive");
	path_of(path, "none.tar.gz");
	assert_int_equal(unpack(path, directory, problem), -EBADMSG);
	put("none.tar.gz", "");
	assert_int_equal(unpack(path, directory, problem), -EBADMSG);
	snprintf(archive, sizeof(archive), "--from %s", path);
	prints("list", "not an archive of dax-owner report\nexit status 65\n");
}

/* The directory for the files is private, and nothing of it is left, not even after a signal. */
static void unpacked_files_are_removed(void **state)
{
	char command[4 * PATH_SIZE];

	(void)state;
	put_kernel();
	put_devices();
	put_ledger(true);
	make_report();
	snprintf(command, sizeof(command), "%s/temporary", directory);
	assert_int_equal(mkdir(command, 0700), 0);
	assert_int_equal(setenv("TMPDIR", command, 1), 0);
	snprintf(archive, sizeof(archive), "--from %s/" ARCHIVE, directory);
	prints("list", "exit status 0\n");
	prints("list --no-such-option", "exit status 64\n");
	/* the reader of the output leaves */
	snprintf(command, sizeof(command), "(%s %s map --svg=-; echo $? >%s/status) | true",
		 program, archive, directory);
	assert_int_equal(system(command), 0);
	/* The caller ignores the end of processes. */
	snprintf(command, sizeof(command), "timeout 60 env --ignore-signal=CHLD %s %s list >%s/none",
		 program, archive, directory);
	assert_int_equal(system(command), 0);
	unsetenv("TMPDIR");
	snprintf(command, sizeof(command), "rmdir %s/temporary", directory);
	assert_int_equal(system(command), 0);
}

/* The time for a map grows with the square of the number of extents. */
static void unpacked_time_is_limited(void **state)
{
	char command[4 * PATH_SIZE], *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	fputs("{\"daemon\":{\"arbiter\":\"native\",\"settled\":true,\"extents\":[", file);
	for (unsigned int i = 0; i < 12000; i++)
		fprintf(file,
			"%s{\"start\":\"0x%x000\",\"end\":\"0x%xfff\",\"owner\":\"none\","
			"\"state\":\"stranded\",\"reason\":\"claim-failed\"}",
			i ? "," : "", i, i);
	fputs("]}}", file);
	fclose(file);
	put("dax-owner-report/copy.json", text);
	free(text);
	/* the test has less time than the command allows */
	snprintf(command, sizeof(command),
		 "d=%s; tar -C $d -czf $d/" ARCHIVE " dax-owner-report && ulimit -S -t 1 && "
		 "%s --from $d/" ARCHIVE
		 " map 2>$d/text >$d/none; test $? = 65 && grep -q 'too much time' $d/text",
		 directory, program);
	assert_int_equal(system(command), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
		TEST(copy_explains_devices_of_machine),
		TEST(report_goes_on_while_libcxl_waits),
		TEST(copy_without_topology_has_regions),
		TEST(copy_with_ledger_replays),
		TEST(copy_with_drivers_replays),
		TEST(copy_of_busy_machine_is_not_settled),
		TEST(copy_with_daemon_replays),
		TEST(copy_without_addresses_hides_extents),
		TEST(copy_control_characters_are_replaced),
		TEST(copy_kernel_release_is_a_name),
		TEST(copy_device_names_are_names),
		TEST(copy_without_files_has_no_addresses),
		TEST(copy_with_damaged_facts_is_refused),
		TEST(copy_of_many_values_is_refused),
		TEST(copy_with_many_devices_is_explained),
		TEST(copy_has_its_own_records),
		TEST(copy_refuses_commands_for_running_system),
		TEST(unpack_links_of_sysfs_are_kept),
		TEST(unpack_path_outside_is_refused),
		TEST(unpack_link_outside_is_refused),
		TEST(unpack_file_through_link_is_refused),
		TEST(unpack_other_kinds_are_refused),
		TEST(unpack_huge_file_is_refused),
		TEST(unpack_deep_path_is_refused),
		TEST(unpack_many_directories_are_refused),
		TEST(unpack_damaged_archive_is_refused),
		TEST(unpacked_files_are_removed),
		TEST(unpacked_time_is_limited),
#undef TEST
	};

	if (argc != 2)
		return EXIT_FAILURE;
	program = argv[1];
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
