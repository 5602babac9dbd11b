// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/format/printable.h"
#include "cli/snapshot/copy.h"
#include "cli/snapshot/snapshot.h"
#include "system/regions-read.h"

/**
 * source_name() - return the name of a source
 * @source: a source
 *
 * Return: a constant string.
 */
const char *source_name(enum source source)
{
	static const char *const names[] = {
		[SOURCE_DAEMON] = "dax-ownerd",
		[SOURCE_LEDGER] = "ledger",
		[SOURCE_DRIVERS] = "drivers",
	};

	return names[source];
}

/**
 * snapshot_free() - release the extents and the regions of a snapshot
 * @snapshot: empty afterwards, may be taken again
 */
void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->entries);
	regions_free(&snapshot->regions);
	*snapshot = (struct snapshot) {};
}

/**
 * snapshot_add_up() - compute the sums over the extents of a snapshot
 * @snapshot: its sums are filled in
 */
void snapshot_add_up(struct snapshot *snapshot)
{
	struct sums *sums = &snapshot->sums;

	*sums = (struct sums) {};
	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *extent = &snapshot->entries[i].extent;
		u64 size = extent_size(extent);

		if (extent->state == DAX_OWNER_STATE_OWNED)
			sums->owned[extent->owner] += size;
		if (extent->state == DAX_OWNER_STATE_STRANDED)
			sums->stranded += size;
		if (extent->state == DAX_OWNER_STATE_WITHHELD)
			sums->withheld += size;
		if (extent_is_at_risk(extent))
			sums->at_risk += size;
		sums->usable += extent->usable_bytes;
		if (extent_is_wrong(extent))
			sums->wrong += size;
	}
}

/**
 * snapshot_ranges() - derive the Soft Reserved ranges from the extents
 * @snapshot: with all its extents
 * @ranges: filled in, empty before; the caller frees it, after an error, too. Extents that touch
 *   become one range, because a snapshot does not hold the edges that firmware has marked.
 *
 * Return: 0, or -ENOMEM; -EINVAL if an extent ends before it begins.
 */
int snapshot_ranges(const struct snapshot *snapshot, struct spans *ranges)
{
	int r = 0;

	for (size_t i = 0; !r && i < snapshot->n; i++) {
		const struct dax_owner_span *span = &snapshot->entries[i].extent.span;

		r = spans_add(ranges, span->start, span->end);
	}
	spans_merge(ranges);
	return r;
}

/* --- facts that each user may read --- */

static void find_driver(const char *root, struct snapshot_extent *entry)
{
	char path[PATH_MAX], driver[PATH_MAX];
	ssize_t len;

	if (!*entry->extent.device)
		return;
	snprintf(path, sizeof(path), "%s/sys/bus/dax/devices/%s/driver", root, entry->extent.device);
	len = readlink(path, driver, sizeof(driver) - 1);
	if (len <= 0)
		return;
	driver[len] = '\0';
	snprintf(entry->driver, sizeof(entry->driver), "%.*s", EXTENT_NAME_LEN - 1,
		 basename(driver));
	printable_name(entry->driver);
}

static int find_online(const char *root, const struct extent_map *map, size_t i,
		       struct snapshot_extent *entry)
{
	const struct dax_owner_span device = online_device_addresses(map, i);
	char blocks[PATH_MAX];

	/* A memory block outside of a device may hold other memory, so only devices count. */
	if (!*entry->extent.device || entry->extent.hidden)
		return 0;
	snprintf(blocks, sizeof(blocks), "%s" ONLINE_BLOCKS, root);
	return online_add(blocks, &device, &entry->extent.span, &entry->online);
}

/* --- sources --- */

/**
 * snapshot_warn_silent() - print that the daemon runs and does not reply
 *
 * Prints one line to standard error, because the source of a snapshot differs then.
 */
void snapshot_warn_silent(void)
{
	fputs("dax-owner: dax-ownerd does not reply: reading the kernel instead; systemctl restart dax-ownerd\n",
	      stderr);
}

/**
 * snapshot_read_kernel() - read the extents from the ledger, or without it derive them
 * @root: directory that stands for /, "" for the real one
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: as snapshot_derive().
 */
int snapshot_read_kernel(const char *root, struct snapshot *snapshot, struct extent_map *map)
{
	int r = snapshot_read_ledger(root, snapshot, map);

	return r == -ENOENT ? snapshot_derive(root, snapshot, map) : r;
}

/* A copy has its own source: neither the daemon nor the kernel of this machine knows it. */
static int ask(const char *root, struct snapshot *snapshot, struct extent_map *map)
{
	int r;

	if (*root)
		return snapshot_read_copy(root, snapshot, map);
	r = snapshot_read_daemon(snapshot, map);
	if (r == -EHOSTDOWN)
		snapshot_warn_silent();
	else if (r != -ENOENT)
		return r;
	return snapshot_read_kernel(root, snapshot, map);
}

/**
 * snapshot_complete() - fill in the facts that a ledger does not hold
 * @root: directory that stands for /, "" for the real one
 * @snapshot: source, arbiter and settled are set, and the kernel of a copy; the rest is filled in
 * @map: the extents, which are copied
 *
 * Return: 0, or a negative errno; the caller calls snapshot_free() in both cases.
 */
int snapshot_complete(const char *root, struct snapshot *snapshot, const struct extent_map *map)
{
	struct utsname kernel;
	char devices[PATH_MAX];
	int r;

	uname(&kernel);
	if (!*root)
		snprintf(snapshot->kernel, sizeof(snapshot->kernel), "%s", kernel.release);
	snapshot->entries = calloc(map->n ?: 1, sizeof(*snapshot->entries));
	if (!snapshot->entries)
		return -ENOMEM;
	snapshot->n = map->n;
	snprintf(devices, sizeof(devices), "%s" REGIONS_DIRECTORY, root);
	r = regions_read(&snapshot->regions, devices);
	for (size_t i = 0; !r && i < map->n; i++) {
		snapshot->entries[i].extent = map->extents[i];
		snapshot->hidden |= map->extents[i].hidden;
		find_driver(root, &snapshot->entries[i]);
		r = find_online(root, map, i, &snapshot->entries[i]);
	}
	snapshot_add_up(snapshot);
	return r;
}

static int take(const char *root, struct snapshot *snapshot,
		int (*who)(const char *, struct snapshot *, struct extent_map *))
{
	struct extent_map map = {};
	int r;

	*snapshot = (struct snapshot) {};
	r = who(root, snapshot, &map);
	if (!r)
		r = snapshot_complete(root, snapshot, &map);
	extent_map_free(&map);
	if (r)
		snapshot_free(snapshot);
	return r;
}

/**
 * snapshot_take() - take a snapshot from the best source available
 * @root: directory that holds a copy of a machine, "" for the running system
 * @snapshot: filled in; the caller releases it with snapshot_free(); empty after an error
 *
 * If the daemon does not reply within two seconds, the function prints a line to standard error
 * and takes the next source.
 *
 * Return: 0; -EACCES if only the drivers are left as source, and the user may not read addresses, or
 * the copy has none; -EPROTO if the daemon's reply is not valid; -EBADMSG if the file %COPY_FILE of
 * the copy is not valid; another negative errno.
 */
int snapshot_take(const char *root, struct snapshot *snapshot)
{
	return take(root, snapshot, ask);
}

/**
 * snapshot_take_ledger() - take a snapshot from the kernel's ledger
 * @snapshot: filled in; the caller releases it with snapshot_free(); empty after an error
 *
 * The ledger records a change before the daemon does.
 *
 * Return: 0; -ENOENT without the modules of dax_owner; another negative errno.
 */
int snapshot_take_ledger(struct snapshot *snapshot)
{
	return take("", snapshot, snapshot_read_ledger);
}

/**
 * snapshot_take_kernel() - take a snapshot from the ledger, or without it from the drivers
 * @snapshot: filled in; the caller releases it with snapshot_free(); empty after an error
 *
 * The function does not wait for the daemon, so an event loop may call it.
 *
 * Return: as snapshot_take(), but not -EPROTO.
 */
int snapshot_take_kernel(struct snapshot *snapshot)
{
	return take("", snapshot, snapshot_read_kernel);
}
