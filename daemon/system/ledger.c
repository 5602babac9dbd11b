// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the ledger from sysfs and from uevents.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "system/extent-record.h"
#include "system/ledger.h"

/* The number of the kernel's last uevent */
#define SEQNUM "/sys/kernel/uevent_seqnum"

/* How often ledger_read() reads at most while uevents arrive */
#define READ_TRIES 8

/**
 * ledger_exists() - check whether the kernel has a ledger
 *
 * The ledger exists once dax_owner.ko is loaded, and stays until the next boot.
 *
 * Return: true if it exists.
 */
bool ledger_exists(void)
{
	return access(LEDGER_CLASS, F_OK) == 0;
}

/* Open a file below a root directory. Return: NULL with errno set if that fails. */
static FILE *open_below(const char *root, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s%s", root, name) < (int)sizeof(path))
		return fopen(path, "re");
	errno = ENAMETOOLONG;
	return NULL;
}

static int read_settled(const char *root, bool *settled)
{
	_cleanup_(fclosep) FILE *file = open_below(root, LEDGER_CLASS "/settled");

	if (!file)
		return -errno;
	*settled = fgetc(file) == '1';
	return 0;
}

/**
 * ledger_settled() - read whether ownership is settled
 * @settled: set to true if it is
 *
 * Return: 0; a negative errno if the attribute cannot be opened.
 */
int ledger_settled(bool *settled)
{
	return read_settled("", settled);
}

/* Bytes of a property name with its prefix, longer than any name in extent.c */
#define FULL_NAME_LEN 64

static const char *full_name(char full[FULL_NAME_LEN], const char *name)
{
	snprintf(full, FULL_NAME_LEN, "DAX_OWNER_%s", name);
	return full;
}

static const char *get_of_uevent(const char *name, void *from)
{
	char full[FULL_NAME_LEN];

	return uevent_get(from, full_name(full, name));
}

/**
 * ledger_extent() - set an extent from a uevent of the ledger
 * @uevent: uevent of the class dax_owner, with the properties at the time when the kernel sent it
 * @places: cache of addresses; the function reads the addresses from sysfs if they are missing in
 *	it
 * @extent: filled in
 *
 * Return: the result of extent_read() or extent_addresses_find(); -ENOENT if the extent no longer
 * exists and its addresses are not in the cache.
 */
int ledger_extent(const struct uevent *uevent, struct extent_addresses *places,
		  struct extent *extent)
{
	int r = extent_read(extent, get_of_uevent, (void *)uevent);

	if (r)
		return r;
	extent->hidden = false;
	return extent_addresses_find(places, uevent->name, &extent->span);
}

/*
 * Add an extent whose addresses this process does not get. The mode of the file is not in a copy, so
 * the copy lacks the file.
 */
static int put_hidden(struct ledger *ledger, struct extent *extent)
{
	ledger->hidden = true;
	return extent_map_append_hidden(&ledger->map, extent);
}

static int put(const char *root, const char *name, struct extent_addresses *places,
	       struct ledger *ledger)
{
	struct extent extent;
	unsigned int events;
	int r;

	/* the extent no longer exists, because the kernel cut the ledger anew; a uevent follows */
	if (extent_record_read(places->directory, name, &extent))
		return 0;
	r = extent_addresses_find(places, name, &extent.span);
	switch (r) {
	case 0:
		extent.hidden = false;
		return extent_map_put(&ledger->map, &extent, &events);
	case -ENOENT:
		return *root ? put_hidden(ledger, &extent) : 0;
	case -EACCES:
	case -EPERM:
		return put_hidden(ledger, &extent);
	default:
		return r;
	}
}

static int is_extent(const struct dirent *entry)
{
	unsigned int number;

	return sscanf(entry->d_name, "extent%u", &number) == 1;
}

static int put_all(const char *root, struct extent_addresses *places, struct ledger *ledger)
{
	struct dirent **entries;
	int n = scandir(places->directory, &entries, is_extent, alphasort), r = 0;

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (!r)
			r = put(root, entries[i]->d_name, places, ledger);
		free(entries[i]);
	}
	free(entries);
	return r;
}

/* A copy need not have the number, because no uevent changes the copy. */
static int kernel_seqnum(const char *root, unsigned long long *seqnum)
{
	_cleanup_(fclosep) FILE *file = open_below(root, SEQNUM);

	*seqnum = 0;
	if (!file)
		return *root && errno == ENOENT ? 0 : -errno;
	return fscanf(file, "%llu", seqnum) == 1 ? 0 : -EIO;
}

/**
 * ledger_read() - read all extents of the ledger
 * @root: prefix of all paths but those of @places, "" for the running system
 * @places: cache of addresses with the path of the class; the function empties it and adds the
 *	addresses of all extents
 * @ledger: filled in; the caller frees its map. The map is empty after an error.
 *
 * The function reads again if the kernel sent a uevent meanwhile, at most READ_TRIES times in all.
 *
 * Return: 0; a negative errno.
 */
int ledger_read(const char *root, struct extent_addresses *places, struct ledger *ledger)
{
	int r = 0;

	*ledger = (struct ledger) {};
	for (int tries = 0; tries < READ_TRIES; tries++) {
		extent_map_free(&ledger->map);
		extent_addresses_free(places);
		ledger->hidden = false;
		r = kernel_seqnum(root, &ledger->from);
		if (!r)
			r = put_all(root, places, ledger);
		if (!r)
			r = read_settled(root, &ledger->settled);
		if (!r)
			r = kernel_seqnum(root, &ledger->to);
		if (r || ledger->from == ledger->to)
			break;
	}
	if (r)
		extent_map_free(&ledger->map);
	return r;
}
