// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the committed CXL regions from attributes in sysfs
 * (Documentation/ABI/testing/sysfs-bus-cxl). The daemon does not use libcxl, because libcxl needs
 * libkmod, and libkmod needs libcrypto. Together they are larger than the rest of the daemon.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "system/regions-read.h"

DEFINE_CLEANUP(DIR *, closedir)

/* Return: the first line of an attribute, "" if the attribute does not exist. */
static const char *read_text(const char *path, const char *attribute, char text[32])
{
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s/%s", path, attribute) >= (int)sizeof(full) ||
	    file_first_line(full, text, 32))
		*text = '\0';
	return text;
}

static u64 read_number(const char *path, const char *attribute)
{
	char text[32];

	return strtoull(read_text(path, attribute, text), NULL, 0);
}

/*
 * Return: why dax_cxl cannot have the region, "" if it can. Not every kernel has the attribute
 * mode, so the existence of the DAX region decides there.
 */
static const char *why_not_dax(const char *path, const char *name)
{
	char mode[32];

	if (!strcmp(read_text(path, "mode", mode), "pmem"))
		return "pmem";
	return file_exists("%s/dax_%s", path, name) ? "" : "no dax_region";
}

static int add(struct regions *regions, const char *path, const char *name)
{
	u64 start = read_number(path, "resource"), size = read_number(path, "size");
	struct region *more;

	/* a region of size zero decodes nothing, and no region goes beyond the last address */
	if (read_number(path, "commit") != 1 || !size || start + size - 1 < start)
		return 0;
	if (strlen(name) >= sizeof(more->name))
		return 0;
	more = reallocarray(regions->regions, regions->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	regions->regions = more;
	more += regions->n++;
	more->span = (struct dax_owner_span) { start, start + size - 1 };
	strcpy(more->name, name);
	snprintf(more->no_dax, sizeof(more->no_dax), "%s", why_not_dax(path, name));
	return 0;
}

/**
 * regions_name_is_valid() - check whether a name is one of a region: "region" and a number
 * @name: of a directory. In a copy of a machine it may contain any character.
 *
 * Return: true if it is.
 */
bool regions_name_is_valid(const char *name)
{
	static const char prefix[] = "region";
	const char *number = name + strlen(prefix);

	return !strncmp(name, prefix, strlen(prefix)) && *number &&
	       !number[strspn(number, "0123456789")];
}

static int compare(const void *a, const void *b)
{
	return strverscmp(((const struct region *)a)->name, ((const struct region *)b)->name);
}

/**
 * regions_read() - read the committed CXL regions
 * @regions: filled in, in the order of their names; empty after an error; the caller frees it
 * @directory: path of the devices, %REGIONS_DIRECTORY
 *
 * Return: 0, also on a machine without CXL; a negative errno.
 */
int regions_read(struct regions *regions, const char *directory)
{
	_cleanup_(closedirp) DIR *devices = opendir(directory);
	const struct dirent *entry;
	char path[PATH_MAX];
	int r = 0;

	*regions = (struct regions) {};
	if (!devices)
		return errno == ENOENT ? 0 : -errno;
	while (!r && (entry = readdir(devices))) {
		if (!regions_name_is_valid(entry->d_name))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) <
		    (int)sizeof(path))
			r = add(regions, path, entry->d_name);
	}
	if (r)
		regions_free(regions);
	else if (regions->n)
		qsort(regions->regions, regions->n, sizeof(*regions->regions), compare);
	return r;
}
