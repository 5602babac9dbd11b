// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "helpers/device-extent.h"
#include "model/state.h"
#include "system/extent-addresses.h"
#include "system/extent-record.h"

#define LEDGER "/sys/class/dax_owner"
#define DEVICES "/sys/bus/dax/devices"

DEFINE_CLEANUP(DIR *, closedir)

/*
 * Read the address of the first byte of a DAX device. Only root can read the attribute. The read
 * does not wait for a driver that is being bound.
 *
 * Return: 0; -ENOENT if the device is gone; another negative errno.
 */
static int first_byte(const char *root, const char *device, u64 *address)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" DEVICES "/%s/resource", root, device);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	/* the device was removed after fopen() */
	return fscanf(file, "%" SCNx64, address) == 1 ? 0 : -ENOENT;
}

static bool holds(const struct extent *extent, u64 address)
{
	return extent->span.start <= address && address <= extent->span.end;
}

/* --- with a ledger --- */

static int find_in_ledger(DIR *ledger, const char *path, u64 address, struct extent *extent)
{
	const struct dirent *entry;

	while ((entry = readdir(ledger))) {
		struct dax_owner_span span;

		if (strncmp(entry->d_name, "extent", strlen("extent")))
			continue;
		/* skip an extent that is gone: the extent that replaces it has a uevent */
		if (extent_address_read(path, entry->d_name, &span) ||
		    extent_record_read(path, entry->d_name, extent))
			continue;
		extent->hidden = false;
		extent->span = span;
		if (holds(extent, address))
			return 0;
	}
	return -ENOENT;
}

/* --- without a ledger: the state that the daemon saves --- */

/*
 * The unprivileged daemon can write to the directory, so this function reads nothing but a regular
 * file.
 */
static int load(const char *root, struct state *state)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];
	struct stat stat;
	int fd;

	snprintf(path, sizeof(path), "%s" STATE_DIRECTORY "/" STATE_FILE, root);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	if (fstat(fd, &stat))
		return -errno;
	return S_ISREG(stat.st_mode) ? state_read(state, file) : -EBADMSG;
}

static int find_in_state(const char *root, u64 address, struct extent *extent)
{
	struct state state = {};
	const struct extent *found;
	int r = load(root, &state);

	if (r)
		return r;
	found = extent_map_at(&state.map, address);
	if (found)
		*extent = *found;
	state_free(&state);
	return found ? 0 : -ENOENT;
}

/**
 * device_extent_find() - find the extent that contains the first byte of a DAX device
 * @root: prefix of each path; "" for the running system
 * @device: name of the device
 * @extent: filled in; undefined after an error
 *
 * Reads the ledger, or without a ledger the state that the daemon saves.
 *
 * Return: 0; -ENOENT if the device or the extent does not exist, or if the extent's owner is none;
 * another negative errno if a file cannot be read.
 */
int device_extent_find(const char *root, const char *device, struct extent *extent)
{
	_cleanup_(closedirp) DIR *ledger = NULL;
	char path[PATH_MAX];
	u64 address;
	int r;

	r = first_byte(root, device, &address);
	if (r)
		return r;
	snprintf(path, sizeof(path), "%s" LEDGER, root);
	ledger = opendir(path);
	if (ledger)
		r = find_in_ledger(ledger, path, address, extent);
	else
		r = find_in_state(root, address, extent);
	return !r && extent->owner == DAX_OWNER_NONE ? -ENOENT : r;
}

/* The function that put_some() calls, and its last argument */
struct filter {
	extent_put_fn put;
	void *to;
};

/* Pass the reason on, and no addresses, because every user can read the database of udev. */
static void put_some(const char *name, const char *value, void *to)
{
	const struct filter *filter = to;

	if (!strcmp(name, "DAX_OWNER_REASON"))
		filter->put(name, value, filter->to);
}

/**
 * device_extent_write() - write the properties of an extent that udev keeps
 * @extent: the extent
 * @put: called once for each property
 * @to: passed to @put
 */
void device_extent_write(const struct extent *extent, extent_put_fn put, void *to)
{
	struct filter filter = { put, to };

	extent_write(extent, put_some, &filter);
}
