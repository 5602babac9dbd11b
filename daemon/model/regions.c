// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plain attributes in sysfs (Documentation/ABI/testing/sysfs-bus-cxl): libcxl needs libkmod and with it
 * libcrypto, more than all the rest of the daemon takes.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "model/regions.h"

DEFINE_CLEANUP(DIR *, closedir)

/**
 * regions_free() - forget
 * @regions: may be used again
 */
void regions_free(struct regions *regions)
{
	free(regions->regions);
	*regions = (struct regions){ };
}

/* Return: the first line of an attribute, "" if there is none (any more). */
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

/* The mode is not there on every kernel; that there is a DAX region is what counts then. */
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

	/* a region of size zero decodes nothing */
	if (read_number(path, "commit") != 1 || !size)
		return 0;
	if (strlen(name) >= sizeof(more->name))
		return 0;
	more = reallocarray(regions->regions, regions->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	regions->regions = more;
	more += regions->n++;
	more->span = (struct dax_owner_span){ start, start + size - 1 };
	strcpy(more->name, name);
	snprintf(more->no_dax, sizeof(more->no_dax), "%s", why_not_dax(path, name));
	return 0;
}

static bool is_region(const char *name)
{
	static const char prefix[] = "region";

	return !strncmp(name, prefix, strlen(prefix)) && name[strlen(prefix)] >= '0' && name[strlen(prefix)] <= '9';
}

static int compare(const void *a, const void *b)
{
	return strverscmp(((const struct region *)a)->name, ((const struct region *)b)->name);
}

/**
 * regions_load() - look at them
 * @regions: filled in, in the order of their names; empty after an error
 * @directory: %REGIONS_DIRECTORY
 *
 * Return: 0, also on a machine without CXL; a negative errno.
 */
int regions_load(struct regions *regions, const char *directory)
{
	_cleanup_(closedirp) DIR *devices = opendir(directory);
	const struct dirent *entry;
	char path[PATH_MAX];
	int r = 0;

	*regions = (struct regions){ };
	if (!devices)
		return errno == ENOENT ? 0 : -errno;
	while (!r && (entry = readdir(devices))) {
		if (!is_region(entry->d_name))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) < (int)sizeof(path))
			r = add(regions, path, entry->d_name);
	}
	if (r)
		regions_free(regions);
	else if (regions->n)
		qsort(regions->regions, regions->n, sizeof(*regions->regions), compare);
	return r;
}

/**
 * regions_meeting() - the names of those that meet a span
 * @regions: where to look
 * @span: the addresses
 * @names: filled in, with a blank between two; cut short if there are too many
 * @len: bytes in @names, not 0
 */
void regions_meeting(const struct regions *regions, const struct dax_owner_span *span,
		     char *names, size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s", used ? " " : "",
						 regions->regions[i].name);
}

/**
 * regions_withholding() - describe the regions that meet a span and that dax_cxl cannot have
 * @regions: where to look
 * @span: the addresses
 * @names: filled in: "region0 (pmem), region1 (no dax_region)"; cut short if there are too many
 * @len: bytes in @names, not 0
 */
void regions_withholding(const struct regions *regions, const struct dax_owner_span *span,
			 char *names, size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++) {
		const struct region *region = &regions->regions[i];

		if (*region->no_dax && dax_owner_span_meets(&region->span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s (%s)", used ? ", " : "",
						 region->name, region->no_dax);
	}
}
