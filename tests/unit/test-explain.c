// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner explain and arbitrate: words of the command line, the machine around the extents, advice, explanations
 * and forecasts. Units of 256 MiB: AT(1, 2) is 0x10000000-0x2fffffff.
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

#include "cli/explain/explanation.h"
#include "cli/explain/advice.h"
#include "cli/explain/forecast.h"
#include "cli/target.h"
#include "directory.h"

#define UNIT 0x10000000ull
/* clang-format off: an initializer */
#define AT(first, last) \
	{ \
		(first) * UNIT, ((last) + 1) * UNIT - 1 \
	}
/* clang-format on */

/* --- words --- */

static void is_addresses(const char *word, u64 start, u64 end)
{
	struct target target;

	assert_int_equal(target_parse(word, &target), 0);
	assert_int_equal(target.kind, TARGET_ADDRESSES);
	assert_int_equal(target.span.start, start);
	assert_int_equal(target.span.end, end);
}

static void target_addresses_are_parsed(void **state)
{
	(void)state;
	is_addresses("0x1000", 0x1000, 0x1000);
	is_addresses("4096", 4096, 4096);
	is_addresses("010", 10, 10);
	is_addresses("0x1000-0x1fff", 0x1000, 0x1fff);
	is_addresses("0-0xffffffffffffffff", 0, ~0ull);
}

static void target_names_are_parsed(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(target_parse("/dev/dax1.0", &target), 0);
	assert_int_equal(target.kind, TARGET_DEVICE);
	assert_string_equal(target.name, "dax1.0");
	assert_int_equal(target_parse("region12", &target), 0);
	assert_int_equal(target.kind, TARGET_REGION);
	assert_string_equal(target.name, "region12");
	assert_int_equal(target_parse("node0", &target), 0);
	assert_int_equal(target.kind, TARGET_NODE);
	assert_int_equal(target.node, 0);
}

static void target_nonsense_is_refused(void **state)
{
	static const char *const words[] = {
		"",        "0x",           "0x10g",  "-1",       "+1",       " 1",
		"1 ",      "0x2-0x1",      "0x1-",   "1-2-3",    "dax0",     "dax0.",
		"dax0.0x", "daxa.0",       "region", "region0x", "region-1", "node",
		"node-1",  "node99999999", "mem0",   "1G",
	};
	struct target target;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_int_equal(target_parse(words[i], &target), -EINVAL);
	assert_int_equal(target_parse("0x10000000000000000", &target), -ERANGE);
	assert_int_equal(target_parse("0-18446744073709551616", &target), -ERANGE);
}

/* --- the machine --- */

#define PCI "sys/bus/pci/devices/"
#define CXL "sys/bus/cxl/devices/"

static void put_link(const char *name, const char *target)
{
	char path[PATH_SIZE];

	path_of(path, name);
	assert_int_equal(symlink(target, path), 0);
}

static void a_region(const char *name, const char *resource, const char *size, const char *commit)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), CXL "%s/resource", name);
	put(path, resource);
	snprintf(path, sizeof(path), CXL "%s/size", name);
	put(path, size);
	snprintf(path, sizeof(path), CXL "%s/commit", name);
	put(path, commit);
}

static void machine_read_finds_all_facts(void **state)
{
	struct machine machine;

	(void)state;
	put("boot/config-7.3",
	    "CONFIG_CXL_BUS=m\n# a configuration\nCONFIG_CXL_ACPI=m\nCONFIG_CXL_PCI=m\nCONFIG_CXL_MEM=m\n"
	    "# CONFIG_CXL_REGION is not set\nCONFIG_DEV_DAX_CXL=m\nCONFIG_DEV_DAX_HMEM=y\nCONFIG_DEV_DAX_KMEM=m\n"
	    "CONFIG_EFI_SOFT_RESERVE=y\n");
	put("proc/cmdline", "root=/dev/vda defi=nosoftreserve efi=debug,nosoftreserve quiet\n");
	put("sys/devices/system/memory/auto_online_blocks", "online_movable\n");
	put("etc/modprobe.d/local.conf", "blacklist dax_cxl\n");
	put("sys/class/dax_owner/tested", "0\n");
	put("sys/devices/system/memory/block_size_bytes", "8000000\n");
	put("sys/firmware/acpi/tables/CEDT", "not a table");
	put(PCI "0000:0d:00.0/class", "0x050210\n");
	put_link(PCI "0000:0d:00.0/driver", "../../../bus/pci/drivers/cxl_pci");
	put(PCI "0000:0e:00.0/class", "0x050210\n");
	put(PCI "0000:00:00.0/class", "0x060000\n");
	put(CXL "root0/uevent", "");
	put(CXL "mem0/serial", "0x1\n");
	put(CXL "mem0/driver/module", "");
	put(CXL "mem1/serial", "0x2\n");
	a_region("region0", "0x100000000\n", "0x40000000\n", "1\n");
	put(CXL "region0/driver/module", "");
	put(CXL "region0/dax_region0/uevent", "");
	a_region("region1", "0xffffffffffffffff\n", "0x0\n", "0\n");

	assert_int_equal(machine_read(directory, "7.3", &machine), 0);
	assert_true(machine.config_known);
	assert_int_equal(machine.missing, 1u << OPTION_CXL_REGION);
	assert_true(machine.hmem_built_in);
	assert_true(machine.no_soft_reserve);
	assert_true(machine.untested);
	assert_string_equal(machine.lines[MACHINE_DAX_CXL].blacklist, "/etc/modprobe.d/local.conf");
	assert_string_equal(machine.lines[MACHINE_DAX_HMEM].blacklist, "");
	assert_string_equal(machine.auto_online, "online_movable");
	assert_int_equal(machine.block_size, 128 << 20);
	assert_true(machine.has_cedt);
	assert_false(machine.windows_known);
	assert_int_equal(machine.functions, 2);
	assert_int_equal(machine.functions_unbound, 1);
	assert_int_equal(machine.roots, 1);
	assert_int_equal(machine.memdevs, 2);
	assert_int_equal(machine.memdevs_idle, 1);
	assert_int_equal(machine.topology.n_regions, 2);
	assert_int_equal(machine.topology.regions[0].span.start, 0x100000000);
	assert_int_equal(machine.topology.regions[0].span.end, 0x13fffffff);
	assert_true(machine.topology.regions[0].committed && machine.topology.regions[0].bound &&
		    machine.topology.regions[0].dax);
	assert_true(machine.topology.regions[1].span.end < machine.topology.regions[1].span.start);
	assert_false(machine.topology.regions[1].committed || machine.topology.regions[1].bound ||
		     machine.topology.regions[1].dax);
	assert_ptr_equal(topology_region(&machine.topology, "region1"),
			 &machine.topology.regions[1]);
	assert_null(topology_region(&machine.topology, "region2"));
	machine_free(&machine);
}

static void machine_read_empty_root_has_none(void **state)
{
	struct machine machine;

	(void)state;
	put("proc/cmdline", "efi=debug nosoftreserve defi=nosoftreserve\n");
	assert_int_equal(machine_read(directory, "7.3", &machine), 0);
	assert_false(machine.config_known || machine.no_soft_reserve || machine.has_cedt ||
		     machine.hmem_built_in);
	assert_false(machine.untested);
	assert_int_equal(machine.missing + machine.functions + machine.memdevs + machine.roots +
				 machine.topology.n_regions,
			 0);
	machine_free(&machine);
}

/* --- advice --- */

/* All advice, a line each: the sentence, then "> " and the command */
struct said {
	char text[4096];
	size_t len;
};

static void hear(const char *what, const char *command, void *data)
{
	struct said *said = data;

	said->len += snprintf(said->text + said->len, sizeof(said->text) - said->len, "%s%s%s\n",
			      what, *command ? " > " : "", command);
}

static void of_extent(struct snapshot_extent entry, const struct machine *machine,
		      enum arbiter arbiter, const char *expected)
{
	struct said said = {};

	advice_on_extent(&entry, machine, arbiter, hear, &said);
	assert_string_equal(said.text, expected);
}

static const struct machine nothing = { .auto_online = "offline" };

static void advice_used_extent_names_other_use(void **state)
{
	(void)state;
	of_extent((struct snapshot_extent) { .extent = { .state = DAX_OWNER_STATE_OWNED,
							 .owner = DAX_OWNER_HMEM,
							 .device = "dax0.0" },
					     .driver = "kmem",
					     .online = { .offline = 1 } },
		  &nothing, ARBITER_DAX_OWNER,
		  "Not all of the memory is online; the kernel's policy for new memory is offline, but udev rules may differ > "
		  "daxctl online-memory dax0.0\n"
		  "The memory is system memory; it can be a device that programs can map, /dev/dax0.0 > "
		  "daxctl reconfigure-device --mode=devdax --force dax0.0\n");
	of_extent((struct snapshot_extent) { .extent = { .state = DAX_OWNER_STATE_OWNED,
							 .owner = DAX_OWNER_CXL,
							 .usable_bytes = 1,
							 .device = "dax0.0" },
					     .driver = "device_dax" },
		  &nothing, ARBITER_DAX_OWNER,
		  "The memory is a device that programs can map, /dev/dax0.0; it can be system memory when no "
		  "program maps it > "
		  "daxctl reconfigure-device --mode=system-ram --force dax0.0\n");
	of_extent((struct snapshot_extent) { .extent = { .state = DAX_OWNER_STATE_OWNED,
							 .owner = DAX_OWNER_HMEM,
							 .expected = DAX_OWNER_CXL,
							 .device = "dax0.0" } },
		  &nothing, ARBITER_NATIVE,
		  "The rules give the extent to dax_cxl: the in-tree drivers did not follow them, the modules of dax_owner do\n");
}

static void advice_unused_extent_names_command(void **state)
{
	struct snapshot_extent stranded = { .extent = { .span = AT(4, 5),
							.state = DAX_OWNER_STATE_STRANDED,
							.owner = DAX_OWNER_CXL,
							.error = -EBUSY,
							.holder = "hmem.0" } };

	(void)state;
	of_extent(stranded, &nothing, ARBITER_DAX_OWNER,
		  "hmem.0 had already claimed the addresses when the claim failed\n"
		  "When the cause is gone, the extent can be decided again > dax-owner arbitrate 0x40000000\n");
	of_extent(stranded, &nothing, ARBITER_LEGACY,
		  "hmem.0 had already claimed the addresses when the claim failed\n"
		  "The in-tree drivers leave the extent stranded until the next boot, and may strand it again then: the modules of "
		  "dax_owner do not\n");
	stranded.extent.error = -ENODEV;
	*stranded.extent.holder = '\0';
	strcpy(stranded.extent.device, "dax1.0");
	of_extent(stranded, &nothing, ARBITER_DAX_OWNER,
		  "No driver is bound to dax1.0 > daxctl reconfigure-device --mode=system-ram --force dax1.0\n");
	of_extent((struct snapshot_extent) { .extent = { .state = DAX_OWNER_STATE_PENDING } },
		  &nothing, ARBITER_DAX_OWNER, "Ownership is not settled yet > dax-owner settle\n");
	of_extent((struct snapshot_extent) { .extent = { .state = DAX_OWNER_STATE_CLAIMED } },
		  &nothing, ARBITER_DAX_OWNER,
		  "The extent has no DAX device, as with the parameter region_idle > daxctl create-device -r REGION\n");
}

static void advice_no_dax_extent_names_region(void **state)
{
	struct topology_region region = {
		.name = "region1", .span = AT(4, 5), .committed = true, .bound = true, .pmem = true
	};
	struct machine machine = { .topology = { .regions = &region, .n_regions = 1 } };
	struct snapshot_extent entry = { .extent = { .span = AT(4, 5),
						     .state = DAX_OWNER_STATE_WITHHELD,
						     .reason = DAX_OWNER_REASON_REGION_NOT_DAX,
						     .node = -1 } };

	(void)state;
	of_extent(entry, &machine, ARBITER_DAX_OWNER,
		  "region1 (pmem) decodes the extent: it is persistent memory, so no DAX driver gets it; this is not a fault > "
		  "ndctl list -RN\n");
	region.pmem = false;
	of_extent(entry, &machine, ARBITER_DAX_OWNER,
		  "region1 (no dax_region) decodes the extent: it may be an accelerator's, so no DAX driver gets it; this is not a "
		  "fault > cxl list -R -r region1 -uvv\n");
	region.bound = false;
	of_extent(entry, &machine, ARBITER_DAX_OWNER,
		  "region1 is disabled and still decodes the extent, so no driver gets it; "
		  "a RAM region can be enabled again > cxl enable-region region1\n");
	/* data at risk: only the advice on that is given */
	entry.extent.state = DAX_OWNER_STATE_OWNED;
	entry.extent.owner = DAX_OWNER_HMEM;
	strcpy(entry.extent.device, "dax0.0");
	strcpy(entry.driver, "kmem");
	region.pmem = true;
	of_extent(entry, &machine, ARBITER_NATIVE,
		  "Do not write to dax0.0: region1 (pmem) decodes its memory, so each write overwrites data of that region. Take the "
		  "memory offline, then unbind the driver > daxctl offline-memory dax0.0 && daxctl disable-device dax0.0\n"
		  "The data of region1 may be damaged already: check the data before you use the region again\n");
}

static void advice_unusable_extent_names_cause(void **state)
{
	struct snapshot_extent entry = { .extent = { .span = AT(4, 5),
						     .state = DAX_OWNER_STATE_OWNED,
						     .owner = DAX_OWNER_HMEM,
						     .node = -1,
						     .device = "dax0.0" },
					 .driver = "device_dax" };

	(void)state;
	of_extent(entry, &nothing, ARBITER_DAX_OWNER,
		  "The memory is a device that programs can map, /dev/dax0.0; it cannot be system memory: no NUMA node is known\n");
	entry.extent.node = 1;
	entry.extent.block_loss_bytes = 2 * UNIT;
	of_extent(entry, &nothing, ARBITER_DAX_OWNER,
		  "The memory is a device that programs can map, /dev/dax0.0; it cannot be system memory: it has no whole memory block\n");
	entry.extent.state = DAX_OWNER_STATE_IDLE;
	*entry.driver = '\0';
	of_extent(entry, &nothing, ARBITER_DAX_OWNER,
		  "No driver is bound to dax0.0 > daxctl reconfigure-device --mode=devdax dax0.0\n");
}

static void advice_late_region_can_get_extent(void **state)
{
	struct topology_region region = {
		.name = "region0", .span = AT(4, 7), .committed = true, .bound = true, .dax = true
	};
	struct machine machine = { .topology = { .regions = &region, .n_regions = 1 } };
	struct snapshot_extent entry = { .extent = { .span = AT(4, 5),
						     .state = DAX_OWNER_STATE_OWNED,
						     .owner = DAX_OWNER_HMEM,
						     .device = "dax0.0" } };

	(void)state;
	of_extent(entry, &machine, ARBITER_DAX_OWNER,
		  "region0 is committed now: dax_cxl can get the extent when the memory is not in use > "
		  "daxctl reconfigure-device --mode=devdax --force dax0.0 && daxctl disable-device dax0.0 && "
		  "cxl disable-region region0 && cxl enable-region region0 && dax-owner arbitrate 0x40000000\n");
	of_extent(entry, &machine, ARBITER_NATIVE, "");
	region.span.start += UNIT;
	of_extent(entry, &machine, ARBITER_DAX_OWNER, "");
}

static void of_machine(const struct machine *machine, enum arbiter arbiter, const char *expected)
{
	struct said said = {};

	advice_on_machine(machine, arbiter, hear, &said);
	assert_string_equal(said.text, expected);
}

static void advice_machine_names_each_fault(void **state)
{
	static struct topology_region regions[] = {
		{ .name = "region0", .committed = true, .bound = true, .dax = true },
		{ .name = "region1" },
		{ .name = "region2", .committed = true },
		{ .name = "region3", .committed = true, .bound = true },
		{ .name = "region4", .pmem = true },
	};

	(void)state;
	of_machine(&(struct machine) { .has_cedt = true,
				       .windows_known = false,
				       .functions = 1,
				       .memdevs = 1,
				       .roots = 1 },
		   ARBITER_DAX_OWNER, "");
	of_machine(&(struct machine) { .no_soft_reserve = true,
				       .config_known = true,
				       .missing = 1u << OPTION_DEV_DAX_CXL,
				       .hmem_built_in = true },
		   ARBITER_NATIVE,
		   "The kernel ignores the Soft Reserved mark, because efi=nosoftreserve is on its command line: remove it and "
		   "reboot\n"
		   "Firmware has no ACPI table CEDT, so it describes no CXL window: CXL may be off in its setup\n"
		   "This kernel is built without CONFIG_DEV_DAX_CXL\n"
		   "dax_hmem is built into this kernel, so the modules of dax_owner cannot replace it: dax-ownerd is an observer\n");
	of_machine(&(struct machine) { .has_cedt = true,
				       .functions = 1,
				       .memdevs = 1,
				       .roots = 1,
				       .modules = MODULES_USED,
				       .untested = true },
		   ARBITER_DAX_OWNER,
		   "This is an untested kernel: the modules of dax_owner were not tested on its series\n");
	of_machine(&(struct machine) { .has_cedt = true,
				       .functions = 1,
				       .memdevs = 1,
				       .roots = 1,
				       .lines = { [MACHINE_DAX_OWNER].softdep =
							  "/etc/modprobe.d/a.conf",
						  [MACHINE_DAX_HMEM] = { .forbidden =
										 "module_blacklist=",
									 .install =
										 "/etc/modprobe.d/b.conf" },
						  [MACHINE_DAX_CXL].blacklist =
							  "/etc/modprobe.d/c.conf" } },
		   ARBITER_LEGACY,
		   "A softdep line in /etc/modprobe.d/a.conf replaces the soft dependencies of dax_owner\n"
		   "The kernel refuses dax_hmem, because module_blacklist= on its command line names the module: "
		   "remove the name and reboot\n"
		   "An install line in /etc/modprobe.d/b.conf replaces the loading of dax_hmem by a command\n"
		   "dax_cxl is not loaded for its devices, because /etc/modprobe.d/c.conf blacklists it "
		   "> modprobe dax_cxl\n");
	of_machine(&(struct machine) { .has_cedt = true,
				       .functions = 1,
				       .memdevs = 1,
				       .roots = 1,
				       .lines[MACHINE_DAX_HMEM].blacklist = "modprobe.blacklist=" },
		   ARBITER_LEGACY,
		   "dax_hmem is not loaded for its devices, because modprobe.blacklist= on the kernel's command "
		   "line blacklists it > modprobe dax_hmem\n");
	of_machine(&(struct machine) { .has_cedt = true,
				       .functions = 2,
				       .functions_unbound = 1,
				       .memdevs = 2,
				       .memdevs_idle = 1,
				       .topology = { .regions = regions, .n_regions = 5 } },
		   ARBITER_DAX_OWNER,
		   "1 of 2 CXL memory devices on PCI have no driver > modprobe cxl_pci && journalctl -k -g cxl_pci\n"
		   "cxl list prints nothing, because cxl_acpi found no CXL hierarchy > modprobe cxl_acpi && cxl list -B\n"
		   "1 of 2 CXL memory devices are not attached to a host bridge > modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -Mi\n"
		   "region1 is not committed: nothing decodes its addresses > cxl list -R -r region1 -uvv\n"
		   "region2 is committed but disabled > cxl enable-region region2\n"
		   "region3 has no DAX region, so it has no DAX device: another DEVICE used its memory as system memory when the "
		   "region was created > "
		   "daxctl reconfigure-device --mode=devdax --force DEVICE && daxctl disable-device DEVICE && "
		   "cxl disable-region region3 && cxl enable-region region3\n");
}

/* --- explanations --- */

static void explanation_of_two_extents_is_printed(void **state)
{
	static struct snapshot_extent entries[] = {
		{ .extent = { .span = AT(4, 5),
			      .owner = DAX_OWNER_CXL,
			      .state = DAX_OWNER_STATE_OWNED,
			      .reason = DAX_OWNER_REASON_REGION_COVERS,
			      .node = 1,
			      .usable_bytes = 2 * UNIT,
			      .decided_us = 12000034,
			      .device = "dax0.0" },
		  .driver = "kmem",
		  .online = { .online = 2 * UNIT } },
		{ .extent = { .span = AT(6, 6),
			      .owner = DAX_OWNER_HMEM,
			      .state = DAX_OWNER_STATE_STRANDED,
			      .node = -1,
			      .reason = DAX_OWNER_REASON_CLAIM_FAILED,
			      .error = -EBUSY,
			      .holder = "hmem.0" } },
	};
	static struct topology_region region = {
		.name = "region0", .span = AT(4, 5), .committed = true, .bound = true, .dax = true
	};
	static struct dax_owner_span windows[] = { AT(4, 11), AT(20, 21) };
	const struct machine machine = {
		.has_cedt = true,
		.windows_known = true,
		.windows = { windows, 2 },
		.functions = 1,
		.memdevs = 1,
		.roots = 1,
		.topology = { .regions = &region, .n_regions = 1 },
	};
	const struct snapshot snapshot = {
		.source = SOURCE_LEDGER,
		.kernel = "7.3.4",
		.arbiter = ARBITER_DAX_OWNER,
		.entries = entries,
		.n = 2,
	};
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	explanation_print(&(struct question) { &snapshot, entries, 2, &machine }, file);
	fclose(file);
	assert_string_equal(text,
			    "0x40000000-0x5fffffff, 512M: owned by dax_cxl, dax0.0 under kmem, node 1, 512M online\n"
			    "  range      0x40000000-0x6fffffff 768M, Soft Reserved\n"
			    "  window     0x40000000-0xbfffffff 2G\n"
			    "  region0    0x40000000-0x5fffffff 512M, committed\n"
			    "  decided    12.000034s after boot\n"
			    "  why        Committed CXL regions cover the extent, so dax_cxl gets it.\n"
			    "  otherwise  dax_hmem gets it if no committed region meets the extent when the range is decided.\n"
			    "             The memory is system memory; it can be a device that programs can map, /dev/dax0.0.\n"
			    "  warning    The command takes the memory away from programs that use it.\n"
			    "                 daxctl reconfigure-device --mode=devdax --force dax0.0\n"
			    "\n"
			    "0x60000000-0x6fffffff, 256M: stranded, for dax_hmem\n"
			    "  range      0x40000000-0x6fffffff 768M, Soft Reserved\n"
			    "  window     0x40000000-0xbfffffff 2G\n"
			    "  region0    0x40000000-0x5fffffff 512M, committed\n"
			    "  error      Device or resource busy, already claimed by hmem.0\n"
			    "  why        The extent was decided for dax_hmem, whose claim failed: Device or resource busy, already claimed by "
			    "hmem.0.\n"
			    "  otherwise  When the cause is gone, the extent can be decided again; each boot decides it again.\n"
			    "             hmem.0 had already claimed the addresses when the claim failed.\n"
			    "             When the cause is gone, the extent can be decided again.\n"
			    "                 dax-owner arbitrate 0x60000000\n"
			    "\n"
			    "Source: ledger; arbiter of this kernel, 7.3.4: dax_owner.\n");
	free(text);
}

static void explains(const struct snapshot_extent *entry, const struct machine *machine,
		     const char *expected)
{
	const struct snapshot snapshot = {
		.source = SOURCE_LEDGER,
		.kernel = "7.3.4",
		.arbiter = ARBITER_DAX_OWNER,
		.entries = (struct snapshot_extent *)entry,
		.n = 1,
	};
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	explanation_print(&(struct question) { &snapshot, entry, 1, machine }, file);
	fclose(file);
	assert_non_null(strstr(text, expected));
	free(text);
}

static const struct machine blocks = {
	.has_cedt = true, .functions = 1, .memdevs = 1, .roots = 1, .block_size = UNIT / 2
};

static void explanation_partly_usable_names_cause(void **state)
{
	struct snapshot_extent entry = { .extent = { .span = AT(4, 5),
						     .owner = DAX_OWNER_HMEM,
						     .state = DAX_OWNER_STATE_OWNED,
						     .node = 1,
						     .reason = DAX_OWNER_REASON_NO_REGION,
						     .device = "dax0.0",
						     .usable_bytes = UNIT,
						     .block_loss_bytes = UNIT },
					 .driver = "kmem" };

	(void)state;
	explains(&entry, &blocks,
		 "\n  usable     256M of 512M: 256M lie in no whole memory block of 128M\n");
	entry.extent.usable_bytes = 0;
	entry.extent.node = -1;
	explains(&entry, &blocks,
		 "\n  usable     0: the firmware's tables name no NUMA node; use the device as devdax\n");
}

static void explanation_unsplit_names_missing_block(void **state)
{
	struct snapshot_extent entry = { .extent = { .span = AT(4, 5),
						     .owner = DAX_OWNER_HMEM,
						     .state = DAX_OWNER_STATE_OWNED,
						     .node = 1,
						     .reason = DAX_OWNER_REASON_REGION_PARTIAL,
						     .flags = DAX_OWNER_FLAG_UNSPLIT,
						     .usable_bytes = 2 * UNIT,
						     .device = "dax0.0" } };

	(void)state;
	explains(&entry, &blocks,
		 "so dax_hmem gets what dax_cxl does not get; policy split acts as whole, because the part that no region covers "
		 "has no whole memory block of 128 MiB.\n"
		 "  otherwise  dax_cxl gets it if committed regions cover the whole range when it is decided.\n");
}

static void explanation_hidden_extent_has_no_addresses(void **state)
{
	struct snapshot_extent entry = { .extent = { .span = { 0, 2 * UNIT - 1 },
						     .hidden = true,
						     .owner = DAX_OWNER_HMEM,
						     .node = 1,
						     .state = DAX_OWNER_STATE_OWNED,
						     .reason = DAX_OWNER_REASON_NO_REGION,
						     .usable_bytes = 2 * UNIT,
						     .device = "dax0.0" },
					 .driver = "kmem" };

	(void)state;
	explains(&entry, &blocks,
		 "512M: owned by dax_hmem, dax0.0 under kmem, node 1\n"
		 "  range      shown only to root, like windows and regions\n"
		 "  why        ");
}

/* --- forecasts --- */

struct expected {
	struct dax_owner_span span;
	bool stays;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
};

static void forecasts(struct snapshot_extent *entries, size_t n, struct topology_region *region,
		      enum dax_owner_policy policy, u64 address, const struct expected *expected,
		      size_t n_expected)
{
	static struct dax_owner_span window = AT(4, 11);
	const struct machine machine = {
		.windows_known = true,
		.windows = { &window, 1 },
		.topology = { .regions = region, .n_regions = region ? 1 : 0 },
	};
	const struct snapshot snapshot = { .entries = entries, .n = n };
	struct forecast forecast;

	assert_int_equal(forecast_range(&snapshot, &machine, policy, address, &forecast), 0);
	assert_int_equal(forecast.n, n_expected);
	for (size_t i = 0; i < n_expected; i++) {
		assert_int_equal(forecast.pieces[i].span.start, expected[i].span.start);
		assert_int_equal(forecast.pieces[i].span.end, expected[i].span.end);
		assert_int_equal(forecast.pieces[i].stays, expected[i].stays);
		if (expected[i].stays)
			continue;
		assert_int_equal(forecast.pieces[i].owner, expected[i].owner);
		assert_int_equal(forecast.pieces[i].reason, expected[i].reason);
	}
	forecast_free(&forecast);
}

#define FORESEES(entries, n, region, policy, address, ...) \
	forecasts(entries, n, region, policy, address, (struct expected[]) { __VA_ARGS__ }, \
		  sizeof((struct expected[]) { __VA_ARGS__ }) / sizeof(struct expected))

static void forecast_range_follows_rules(void **state)
{
	struct topology_region region = {
		.name = "region0", .span = AT(4, 5), .committed = true, .bound = true, .dax = true
	};
	struct snapshot_extent entries[] = {
		{ .extent = { .span = AT(2, 2),
			      .state = DAX_OWNER_STATE_STRANDED,
			      .owner = DAX_OWNER_HMEM } },
		{ .extent = { .span = AT(4, 5),
			      .state = DAX_OWNER_STATE_STRANDED,
			      .owner = DAX_OWNER_HMEM } },
		{ .extent = { .span = AT(6, 7),
			      .state = DAX_OWNER_STATE_STRANDED,
			      .owner = DAX_OWNER_HMEM } },
	};

	(void)state;
	/* this extent touches no other, so it is a range of its own, outside the windows */
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_WHOLE, 2 * UNIT,
		 { AT(2, 2), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_OUTSIDE_WINDOW });
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_WHOLE, 7 * UNIT,
		 { AT(4, 5), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL });
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_SPLIT, 7 * UNIT,
		 { AT(4, 5), false, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL });
	/* dax_cxl cannot claim the region, so no driver gets its bytes */
	region.dax = false;
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_SPLIT, 7 * UNIT,
		 { AT(4, 5), false, DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION });
	entries[1].extent.state = DAX_OWNER_STATE_WITHHELD;
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_SPLIT, 7 * UNIT,
		 { .span = AT(4, 5), .stays = true },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION });
	entries[1].extent.state = DAX_OWNER_STATE_STRANDED;
	region.dax = true;
	region.span = (struct dax_owner_span)AT(4, 7);
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_WHOLE, 4 * UNIT,
		 { AT(4, 5), false, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS },
		 { AT(6, 7), false, DAX_OWNER_CXL, DAX_OWNER_REASON_REGION_COVERS });
	/* dax_hmem owns a part of the region, so dax_cxl gets none of it */
	entries[1].extent.state = DAX_OWNER_STATE_OWNED;
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_WHOLE, 4 * UNIT,
		 { .span = AT(4, 5), .stays = true },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL });
	/* dax_cxl keeps the extent that it owns, whatever the policy gives to the rest */
	region.span = (struct dax_owner_span)AT(4, 5);
	entries[1].extent.owner = DAX_OWNER_CXL;
	FORESEES(entries, 3, &region, DAX_OWNER_POLICY_WHOLE, 4 * UNIT,
		 { .span = AT(4, 5), .stays = true },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_REGION_PARTIAL });
	/* the region was torn down, so dax_hmem does not get its bytes */
	entries[1].extent = (struct extent) { .span = AT(4, 5), .state = DAX_OWNER_STATE_RELEASED };
	FORESEES(entries, 3, NULL, DAX_OWNER_POLICY_WHOLE, 4 * UNIT,
		 { .span = AT(4, 5), .stays = true },
		 { AT(6, 7), false, DAX_OWNER_HMEM, DAX_OWNER_REASON_NO_REGION });
}

static void forecast_address_outside_ranges_is_refused(void **state)
{
	struct snapshot_extent entry = { .extent = { .span = AT(2, 2) } };
	const struct snapshot snapshot = { .entries = &entry, .n = 1 };
	struct forecast forecast;

	(void)state;
	assert_int_equal(forecast_range(&snapshot, &nothing, DAX_OWNER_POLICY_WHOLE, 3 * UNIT,
					&forecast),
			 -ENXIO);
	assert_int_equal(forecast.n, 0);
}

static void advice_that_takes_memory_is_marked(void **state)
{
	(void)state;
	assert_true(advice_takes_memory("daxctl reconfigure-device --mode=devdax --force dax0.0"));
	assert_true(
		advice_takes_memory("daxctl offline-memory dax0.0 && daxctl disable-device dax0.0"));
	assert_true(advice_takes_memory("cxl disable-region region0 && cxl enable-region region0"));
	assert_false(
		advice_takes_memory("daxctl reconfigure-device --mode=system-ram --force dax0.0"));
	assert_false(advice_takes_memory("daxctl online-memory dax0.0"));
	assert_false(advice_takes_memory("cxl enable-region region0"));
	assert_false(advice_takes_memory("dax-owner arbitrate 0x690000000"));
	assert_false(advice_takes_memory(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_that_takes_memory_is_marked),
		cmocka_unit_test(target_addresses_are_parsed),
		cmocka_unit_test(target_names_are_parsed),
		cmocka_unit_test(target_nonsense_is_refused),
		cmocka_unit_test_setup_teardown(machine_read_finds_all_facts, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(machine_read_empty_root_has_none, make_directory,
						remove_directory),
		cmocka_unit_test(advice_used_extent_names_other_use),
		cmocka_unit_test(advice_unused_extent_names_command),
		cmocka_unit_test(advice_no_dax_extent_names_region),
		cmocka_unit_test(advice_unusable_extent_names_cause),
		cmocka_unit_test(advice_late_region_can_get_extent),
		cmocka_unit_test(advice_machine_names_each_fault),
		cmocka_unit_test(explanation_of_two_extents_is_printed),
		cmocka_unit_test(explanation_partly_usable_names_cause),
		cmocka_unit_test(explanation_unsplit_names_missing_block),
		cmocka_unit_test(explanation_hidden_extent_has_no_addresses),
		cmocka_unit_test(forecast_range_follows_rules),
		cmocka_unit_test(forecast_address_outside_ranges_is_refused),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
