// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plain files and names below a root directory, so that a test can have one of its own.
 */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/snapshot/machine.h"
#include "system/firmware.h"
#include "system/online.h"

/* Larger than any of the files */
#define MAX_FILE (1 << 20)

/* PCI class of CXL memory devices (CXL 3.1, 8.1.12.1) */
#define CLASS_CXL_MEMORY 0x050210

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
 * surroundings_option() - what the kernel's configuration calls it
 * @option: which
 *
 * Return: the name without CONFIG_.
 */
const char *surroundings_option(enum kernel_option option)
{
	return option_names[option];
}

/* --- files --- */

/* A path that is too long is none. */
static const char *join(char path[PATH_MAX], const char *directory, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX)
		*path = '\0';
	return path;
}

/* Return: all of it, with a zero behind, for the caller to free; NULL with errno set. */
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

/* Calls @fn with each path that matches. */
static int each(const char *root, const char *pattern, int (*fn)(const char *path, struct surroundings *around),
		struct surroundings *around)
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
		r = fn(found.gl_pathv[i], around);
	globfree(&found);
	return r;
}

/* --- firmware --- */

static int load_windows(const char *root, struct surroundings *around)
{
	_cleanup_(freep) char *table = NULL;
	char path[PATH_MAX];
	size_t len;
	int r;

	around->has_cedt = file_exists("%s/sys/firmware/acpi/tables/CEDT", root);
	table = read_file(join(path, root, "sys/firmware/acpi/tables/CEDT"), &len);
	if (!table)
		return errno == ENOMEM ? -ENOMEM : 0;
	r = firmware_windows(table, len, &around->windows, NULL, NULL);
	around->windows_known = !r;
	around->cedt_damaged = r == -EBADMSG;
	return r == -ENOMEM ? r : 0;
}

/* efi=debug,nosoftreserve: words with commas between, of a parameter with blanks around */
static bool is_told_to_ignore(const char *cmdline)
{
	for (const char *at = cmdline; (at = strstr(at, "efi=")); at++) {
		size_t len = strcspn(at, " \n");
		const char *word = memmem(at, len, "nosoftreserve", strlen("nosoftreserve"));

		if ((at == cmdline || at[-1] == ' ') && word)
			return true;
	}
	return false;
}

/* --- the kernel --- */

static bool is_set(const char *config, const char *name, char value)
{
	char line[64];

	snprintf(line, sizeof(line), "\nCONFIG_%s=%c", name, value);
	return strstr(config, line);
}

static void load_config(const char *root, const char *release, struct surroundings *around)
{
	_cleanup_(freep) char *config = NULL;
	char name[NAME_MAX];

	snprintf(name, sizeof(name), "boot/config-%s", release);
	config = read_below(root, name);
	if (!config)
		return;
	around->config_known = true;
	for (enum kernel_option i = 0; i < OPTIONS; i++)
		if (!is_set(config, option_names[i], 'y') && !is_set(config, option_names[i], 'm'))
			around->missing |= 1u << i;
	around->hmem_built_in = is_set(config, "DEV_DAX_HMEM", 'y');
}

static void load_policy(const char *root, struct surroundings *around)
{
	_cleanup_(freep) char *cmdline = read_below(root, "proc/cmdline");
	_cleanup_(freep) char *policy = read_below(root, "sys/devices/system/memory/auto_online_blocks");

	char blocks[PATH_MAX];

	if (online_block_size(join(blocks, root, "sys/devices/system/memory"), &around->block_size))
		around->block_size = 0;
	around->no_soft_reserve = cmdline && is_told_to_ignore(cmdline);
	if (policy)
		snprintf(around->auto_online, sizeof(around->auto_online), "%.*s",
			 (int)strcspn(policy, "\n"), policy);
}

/* --- CXL --- */

static int count_function(const char *path, struct surroundings *around)
{
	if (number(path, "class") != CLASS_CXL_MEMORY)
		return 0;
	around->functions++;
	around->functions_unbound += !file_exists("%s/driver", path);
	return 0;
}

static int count_memdev(const char *path, struct surroundings *around)
{
	around->memdevs++;
	around->memdevs_idle += !file_exists("%s/driver", path);
	return 0;
}

static int count_root(const char *path, struct surroundings *around)
{
	(void)path;
	around->roots++;
	return 0;
}

static bool is_pmem(const char *region)
{
	_cleanup_(freep) char *mode = read_below(region, "mode");

	return mode && !strncmp(mode, "pmem", strlen("pmem"));
}

static int add_region(const char *path, struct surroundings *around)
{
	u64 start = number(path, "resource"), size = number(path, "size");
	const char *name = strrchr(path, '/') + 1;
	struct cxl_region *more;

	more = reallocarray(around->regions, around->n_regions + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	around->regions = more;
	more += around->n_regions++;
	*more = (struct cxl_region){
		.span = { start, start + size - 1 },
		.committed = number(path, "commit") == 1,
		.bound = file_exists("%s/driver", path),
		.pmem = is_pmem(path),
	};
	if (!size)
		more->span = (struct dax_owner_span){ 1, 0 };
	snprintf(more->name, sizeof(more->name), "%s", name);
	more->dax = file_exists("%s/dax_%s", path, name);
	return 0;
}

/**
 * surroundings_region() - a region by its name
 * @around: where to look
 * @name: "region0"
 *
 * Return: the region, @around's; NULL if there is none.
 */
const struct cxl_region *surroundings_region(const struct surroundings *around, const char *name)
{
	for (size_t i = 0; i < around->n_regions; i++)
		if (!strcmp(around->regions[i].name, name))
			return &around->regions[i];
	return NULL;
}

/**
 * surroundings_free() - forget
 * @around: may be loaded again
 */
void surroundings_free(struct surroundings *around)
{
	spans_free(&around->windows);
	free(around->regions);
	*around = (struct surroundings){ };
}

/**
 * surroundings_load() - look around
 * @root: directory that stands for /, "" for the real one
 * @release: of the running kernel
 * @around: filled in; empty after an error. What may not be read is not known, which is no error.
 *
 * Return: 0, or -ENOMEM.
 */
int surroundings_load(const char *root, const char *release, struct surroundings *around)
{
	int r;

	*around = (struct surroundings){ };
	load_config(root, release, around);
	around->modules = modules_find(root, release);
	modules_command(around->modules, release, around->modules_command);
	around->untested = modules_untested(root);
	load_policy(root, around);
	r = load_windows(root, around);
	if (!r)
		r = each(root, "sys/bus/pci/devices/*", count_function, around);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/root[0-9]*", count_root, around);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/mem[0-9]*", count_memdev, around);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/region[0-9]*", add_region, around);
	if (r)
		surroundings_free(around);
	return r;
}
