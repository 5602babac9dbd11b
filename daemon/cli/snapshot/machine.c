// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the facts on the machine from files below a root directory, which a test can replace.
 */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/format/printable.h"
#include "cli/snapshot/copy.h"
#include "cli/snapshot/machine.h"
#include "cli/snapshot/topology-child.h"
#include "cli/snapshot/topology-json.h"
#include "system/cxl-devices.h"
#include "system/firmware.h"
#include "system/online.h"
#include "system/regions-read.h"

DEFINE_CLEANUP(struct json_object *, json_object_put)

/* In bytes, larger than each of the files */
#define MAX_FILE (1 << 20)

static const char *const option_names[] = {
	[OPTION_EFI_SOFT_RESERVE] = "EFI_SOFT_RESERVE",
	[OPTION_CXL_BUS] = "CXL_BUS",
	[OPTION_CXL_ACPI] = "CXL_ACPI",
	[OPTION_CXL_PCI] = "CXL_PCI",
	[OPTION_CXL_MEM] = "CXL_MEM",
	[OPTION_CXL_REGION] = "CXL_REGION",
	[OPTION_DEV_DAX_CXL] = "DEV_DAX_CXL",
	[OPTION_DEV_DAX_HMEM] = "DEV_DAX_HMEM",
	[OPTION_DEV_DAX_KMEM] = "DEV_DAX_KMEM",
};

/**
 * machine_option() - return the name of an option in the kernel's configuration
 * @option: the option
 *
 * Return: a constant string, without CONFIG_.
 */
const char *machine_option(enum kernel_option option)
{
	return option_names[option];
}

/**
 * machine_module() - return the name of a module
 * @module: the module
 *
 * Return: a constant string.
 */
const char *machine_module(enum machine_module module)
{
	static const char *const names[] = {
		[MACHINE_DAX_OWNER] = "dax_owner",
		[MACHINE_DAX_HMEM] = "dax_hmem",
		[MACHINE_DAX_CXL] = "dax_cxl",
	};

	return names[module];
}

/* --- files --- */

/* A path that is too long becomes "", which no function opens. */
static const char *join(char path[PATH_MAX], const char *directory, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX)
		*path = '\0';
	return path;
}

/* Return: the content with a terminating zero, which the caller frees; NULL with errno set. */
static char *read_file(const char *path, size_t *len)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");
	char *text;

	if (!file)
		return NULL;
	text = malloc(MAX_FILE);
	if (!text)
		return NULL;
	*len = fread(text, 1, MAX_FILE - 1, file);
	text[*len] = '\0';
	return text;
}

static char *read_below(const char *root, const char *name)
{
	char path[PATH_MAX];
	size_t len;

	return read_file(join(path, root, name), &len);
}

static u64 number(const char *directory, const char *name)
{
	_cleanup_(freep) char *text = read_below(directory, name);

	return text ? strtoull(text, NULL, 0) : 0;
}

/* Call @fn with each path that matches, until it returns an error. */
static int each(const char *root, const char *pattern,
		int (*fn)(const char *path, struct machine *machine), struct machine *machine)
{
	char path[PATH_MAX];
	glob_t found;
	int r = 0;

	switch (glob(join(path, root, pattern), 0, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOSPACE:
		return -ENOMEM;
	default:
		return 0;
	}
	for (size_t i = 0; !r && i < found.gl_pathc; i++)
		r = fn(found.gl_pathv[i], machine);
	globfree(&found);
	return r;
}

/* --- firmware --- */

static int load_windows(const char *root, struct machine *machine)
{
	_cleanup_(freep) char *table = NULL;
	char path[PATH_MAX];
	size_t len;
	int r;

	machine->has_cedt = file_exists("%s/sys/firmware/acpi/tables/CEDT", root);
	table = read_file(join(path, root, "sys/firmware/acpi/tables/CEDT"), &len);
	if (!table)
		return errno == ENOMEM ? -ENOMEM : 0;
	r = firmware_windows(table, len, &machine->windows, NULL, NULL);
	machine->windows_known = !r;
	machine->cedt_damaged = r == -EBADMSG;
	return r == -ENOMEM ? r : 0;
}

/* The parameter is a list with commas, for example efi=debug,nosoftreserve. */
static bool has_nosoftreserve(const char *cmdline)
{
	for (const char *at = cmdline; (at = strstr(at, "efi=")); at++) {
		size_t len = strcspn(at, " \n");
		const char *word = memmem(at, len, "nosoftreserve", strlen("nosoftreserve"));

		if ((at == cmdline || at[-1] == ' ') && word)
			return true;
	}
	return false;
}

/* --- kernel --- */

static bool is_set(const char *config, const char *name, char value)
{
	char line[64];

	snprintf(line, sizeof(line), "\nCONFIG_%s=%c", name, value);
	return strstr(config, line) || !strncmp(config, line + 1, strlen(line + 1));
}

static void load_config(const char *root, const char *release, struct machine *machine)
{
	_cleanup_(freep) char *config = NULL;
	char name[NAME_MAX];

	snprintf(name, sizeof(name), "boot/config-%s", release);
	config = read_below(root, name);
	if (!config)
		return;
	machine->config_known = true;
	for (enum kernel_option i = 0; i < OPTIONS; i++)
		if (!is_set(config, option_names[i], 'y') && !is_set(config, option_names[i], 'm'))
			machine->missing |= 1u << i;
	machine->hmem_built_in = is_set(config, "DEV_DAX_HMEM", 'y');
}

static int load_lines(const char *root, struct machine *machine)
{
	int r = 0;

	for (enum machine_module i = 0; !r && i < MACHINE_MODULES; i++) {
		r = module_lines_read(root, machine_module(i), &machine->lines[i]);
		printable(machine->lines[i].blacklist);
		printable(machine->lines[i].install);
		printable(machine->lines[i].softdep);
	}
	return r == -ENOMEM ? r : 0;
}

static void load_policy(const char *root, struct machine *machine)
{
	_cleanup_(freep) char *cmdline = read_below(root, "proc/cmdline");
	_cleanup_(freep) char *policy =
		read_below(root, "sys/devices/system/memory/auto_online_blocks");

	char blocks[PATH_MAX];

	if (online_block_size(join(blocks, root, "sys/devices/system/memory"), &machine->block_size))
		machine->block_size = 0;
	machine->no_soft_reserve = cmdline && has_nosoftreserve(cmdline);
	if (policy)
		snprintf(machine->auto_online, sizeof(machine->auto_online), "%.*s",
			 (int)strcspn(policy, "\n"), policy);
	printable(machine->auto_online);
}

/* --- CXL --- */

static int count_devices(const char *root, struct machine *machine)
{
	struct cxl_devices devices;
	int r = cxl_devices_read(root, &devices);

	if (r)
		return r;
	machine->functions = devices.functions;
	machine->functions_unbound = devices.functions_unbound;
	machine->memdevs = devices.memdevs;
	machine->memdevs_idle = devices.memdevs_idle;
	machine->roots = devices.roots;
	return 0;
}

static bool is_pmem(const char *region)
{
	_cleanup_(freep) char *mode = read_below(region, "mode");

	return mode && !strncmp(mode, "pmem", strlen("pmem"));
}

static int add_region(const char *path, struct machine *machine)
{
	u64 start = number(path, "resource"), size = number(path, "size");
	const char *name = strrchr(path, '/') + 1;
	struct topology *topology = &machine->topology;
	struct topology_region *more;

	if (!regions_name_is_valid(name))
		return 0;
	more = reallocarray(topology->regions, topology->n_regions + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	topology->regions = more;
	more += topology->n_regions++;
	*more = (struct topology_region) {
		.span = { start, start + size - 1 },
		.committed = number(path, "commit") == 1,
		.bound = file_exists("%s/driver", path),
		.pmem = is_pmem(path),
	};
	if (!size || more->span.end < start)
		more->span = (struct dax_owner_span) { 1, 0 };
	snprintf(more->name, sizeof(more->name), "%s", name);
	more->dax = file_exists("%s/dax_%s", path, name);
	return 0;
}

/* A copy of a directory, or of a report that lacks the topology, is no error. */
static int take_copied(const char *root, struct topology *topology)
{
	_cleanup_(copy_free) struct copy copy;
	int r = copy_read(root, &copy);

	if (r || !copy.topology)
		return -ENOENT;
	r = topology_from_json(copy.topology, topology);
	if (r == -EBADMSG)
		fputs("dax-owner: cannot read the topology of CXL: " COPY_FILE " is invalid\n",
		      stderr);
	return r;
}

static int take_present(struct topology *topology)
{
	_cleanup_(json_object_putp) struct json_object *json = NULL;
	int r = topology_child_read(&json);

	if (!r)
		r = topology_from_json(json, topology);
	if (r && r != -ENOMEM)
		fprintf(stderr,
			"dax-owner: cannot read the topology of CXL: %s: journalctl -k -g cxl\n",
			topology_child_problem(r));
	return r;
}

/* libcxl reads no other root. Without the topology, the regions are read from sysfs. */
static int load_cxl(const char *root, struct machine *machine)
{
	int r = count_devices(root, machine);

	if (r)
		return r;
	r = *root ? take_copied(root, &machine->topology) : take_present(&machine->topology);
	if (!r || r == -ENOMEM)
		return r;
	return each(root, "sys/bus/cxl/devices/region[0-9]*", add_region, machine);
}

/**
 * machine_free() - release the windows and the topology
 * @machine: empty afterwards, may be read again
 */
void machine_free(struct machine *machine)
{
	spans_free(&machine->windows);
	topology_free(&machine->topology);
	*machine = (struct machine) {};
}

/**
 * machine_read() - read the facts on the machine
 * @root: directory that stands for /, "" for the real one
 * @release: of the running kernel
 * @machine: filled in; the caller releases it with machine_free(); empty after an error
 *
 * A file that is missing or not readable leaves its facts unknown, which is no error. Without the
 * topology, of which the function prints the cause, only the regions are known. libcxl has five
 * seconds to read it.
 *
 * Return: 0, or -ENOMEM.
 */
int machine_read(const char *root, const char *release, struct machine *machine)
{
	int r;

	*machine = (struct machine) {};
	load_config(root, release, machine);
	machine->modules = modules_find(root, release);
	modules_command(machine->modules, release, machine->modules_command);
	machine->untested = modules_untested(root);
	load_policy(root, machine);
	r = load_windows(root, machine);
	if (!r)
		r = load_lines(root, machine);
	if (!r)
		r = load_cxl(root, machine);
	if (r)
		machine_free(machine);
	return r;
}
