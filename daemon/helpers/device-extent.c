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

#define LEDGER "/sys/class/dax_owner"
#define DEVICES "/sys/bus/dax/devices"

/* A file in sysfs is never larger than this */
#define MAX_ATTRIBUTE 4096

DEFINE_CLEANUP(DIR *, closedir)

/* Readable for root alone, and never blocked by a driver that is just being bound */
static int first_byte(const char *root, const char *device, u64 *address)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" DEVICES "/%s/resource", root, device);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	/* gone while we look */
	return fscanf(file, "%" SCNx64, address) == 1 ? 0 : -ENOENT;
}

static bool holds(const struct extent *extent, u64 address)
{
	return extent->span.start <= address && address <= extent->span.end;
}

/* --- the kernel's ledger --- */

/* Lines of KEY=VALUE, and the value that was asked for last */
struct record {
	char text[MAX_ATTRIBUTE + 1];
	char value[64];
};

static const char *get_line(const char *name, void *from)
{
	struct record *record = from;
	char key[64];
	int len = snprintf(key, sizeof(key), "\nDAX_OWNER_%s=", name);
	const char *line = strstr(record->text, key);

	if (!line)
		return NULL;
	line += len;
	snprintf(record->value, sizeof(record->value), "%.*s", (int)strcspn(line, "\n"), line);
	return record->value;
}

/* The uevent of an extent is its record, of one moment. */
static int read_record(DIR *ledger, const char *name, struct extent *extent)
{
	struct record record = { .text = "\n" };
	char path[NAME_MAX + sizeof("/uevent")];
	_cleanup_(closep) int fd = -1;

	snprintf(path, sizeof(path), "%s/uevent", name);
	fd = openat(dirfd(ledger), path, O_RDONLY | O_CLOEXEC);
	/* sysfs gives all of it at once */
	if (fd < 0 || read(fd, record.text + 1, sizeof(record.text) - 2) < 0)
		return -errno;
	return extent_read(extent, get_line, &record);
}

static int look_in_ledger(DIR *ledger, const char *path, u64 address, struct extent *extent)
{
	const struct dirent *entry;

	while ((entry = readdir(ledger))) {
		struct dax_owner_span span;

		if (strncmp(entry->d_name, "extent", strlen("extent")))
			continue;
		/* one that is gone again has made way for another, which has a uevent */
		if (extent_address_read(path, entry->d_name, &span) || read_record(ledger, entry->d_name, extent))
			continue;
		extent->hidden = false;
		extent->span = span;
		if (holds(extent, address))
			return 0;
	}
	return -ENOENT;
}

/* --- what the daemon keeps, where there is no ledger --- */

/* The directory is the daemon's, which has no privileges: nothing but a plain file is opened. */
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

static int look_in_state(const char *root, u64 address, struct extent *extent)
{
	struct state state = { };
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
 * device_extent_find() - the extent that has the first byte of a DAX device
 * @root: put before all paths, "" for the running system
 * @device: name of the device
 * @extent: filled in, undefined after an error
 *
 * Return: 0; -ENOENT if there is none, or nobody is its owner (yet); another negative errno if it
 * cannot be told.
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
		r = look_in_ledger(ledger, path, address, extent);
	else
		r = look_in_state(root, address, extent);
	return !r && extent->owner == DAX_OWNER_NONE ? -ENOENT : r;
}

/* What put_some() passes on to, if it passes on */
struct filter {
	extent_put_fn put;
	void *to;
};

/* No addresses: anyone may read what udev knows. */
static void put_some(const char *name, const char *value, void *to)
{
	const struct filter *filter = to;

	if (!strcmp(name, "DAX_OWNER_REASON"))
		filter->put(name, value, filter->to);
}

/**
 * device_extent_write() - write what udev keeps of an extent
 * @extent: an extent
 * @put: called once for each property
 * @to: passed on to @put
 */
void device_extent_write(const struct extent *extent, extent_put_fn put, void *to)
{
	struct filter filter = { put, to };

	extent_write(extent, put_some, &filter);
}
