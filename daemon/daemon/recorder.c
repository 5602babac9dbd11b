// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "daemon/journal.h"
#include "daemon/recorder.h"
#include "daemon/settled-file.h"
#include "system/online.h"

static int path_of(const struct teller *teller, char *path)
{
	return snprintf(path, PATH_MAX, "%s/" STATE_FILE, teller->directory) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/**
 * teller_open() - what was told before a restart is not told again
 * @teller: filled in
 * @directory: there as long as the boot; the string as long as the teller
 *
 * That something was told before is recorded: the journal is to say where it has a gap.
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int teller_open(struct teller *teller, const char *directory)
{
	char path[PATH_MAX];
	int r;

	*teller = (struct teller){ .directory = directory, .blocks = ONLINE_BLOCKS,
				    .regions_changed = true };
	r = path_of(teller, path);
	if (r)
		return r;
	r = state_load(&teller->told, path);
	if (!r)
		journal_missed("the daemon was not running");
	else if (r != -ENOENT)
		journal_missed("what was recorded before is not known any more");
	/* that there has been a daemon is known from here on */
	teller->unsaved = true;
	teller_save(teller);
	return 0;
}

/**
 * teller_close() - end
 * @teller: what is not saved is lost
 */
void teller_close(struct teller *teller)
{
	regions_free(&teller->regions);
	state_free(&teller->told);
}

/**
 * teller_regions() - the committed CXL regions
 * @teller: looks at them again if they have changed
 *
 * Return: the regions, until the next call; none if they cannot be looked at.
 */
const struct regions *teller_regions(struct teller *teller)
{
	if (teller->regions_changed) {
		regions_free(&teller->regions);
		teller->regions_changed = regions_load(&teller->regions, REGIONS_DIRECTORY) != 0;
	}
	return &teller->regions;
}

static void tell(struct teller *teller, const struct extent *extent, unsigned int events)
{
	char names[256], withheld_by[256];

	if (!events)
		return;
	regions_meeting(teller_regions(teller), &extent->span, names, sizeof(names));
	regions_withholding(teller_regions(teller), &extent->span, withheld_by, sizeof(withheld_by));
	for (enum event event = 0; event < EVENT_COUNT; event++)
		if (events & EVENT_BIT(event))
			journal_extent(event, extent, names, withheld_by);
}

/**
 * teller_extent() - this is how it is now
 * @teller: tells what is new about it
 * @extent: what is so; whose it was is filled in
 *
 * Return: 0, or -ENOMEM, nothing having been told.
 */
int teller_extent(struct teller *teller, struct extent *extent)
{
	unsigned int events;
	int r;

	r = map_put(&teller->told.map, extent, &events);
	if (r)
		return r;
	teller->unsaved = true;
	if (extent->flags & DAX_OWNER_FLAG_DEADLINE && !teller->told.deadline) {
		teller->told.deadline = true;
		journal_deadline();
	}
	tell(teller, extent, events);
	/* a crash from here on is not to tell it again */
	if (events)
		teller_save(teller);
	return 0;
}

/**
 * teller_map() - this is how all of it is now
 * @teller: tells what is new
 * @map: what is so
 *
 * Return: 0, or -ENOMEM.
 */
int teller_map(struct teller *teller, struct map *map)
{
	int r = 0;

	for (size_t i = 0; !r && i < map->n; i++)
		r = teller_extent(teller, &map->extents[i]);
	return r;
}

/**
 * teller_covers() - what is told next makes older uevents old news, also after a restart
 * @teller: keeps it
 * @seqnum: of the last uevent that may be part of it
 */
void teller_covers(struct teller *teller, unsigned long long seqnum)
{
	teller->told.seqnum = seqnum;
	teller->unsaved = true;
}

/**
 * teller_device() - a CXL region or a DAX device is there, or is not
 * @teller: tells if that is new
 * @subsystem: "cxl" or "dax"
 * @name: of the device
 * @there: whether it is
 *
 * Return: 0, or -ENOMEM.
 */
int teller_device(struct teller *teller, const char *subsystem, const char *name, bool there)
{
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s %s", subsystem, name);
	r = there ? names_add(&teller->told.devices, full) : names_drop(&teller->told.devices, full);
	if (r <= 0)
		return r;
	if (!strcmp(subsystem, "cxl"))
		teller->regions_changed = true;
	journal_device(there ? "add" : "remove", subsystem, name);
	teller->unsaved = true;
	teller_save(teller);
	return 0;
}

/**
 * teller_settled() - is ownership settled now?
 * @teller: tells if that is new
 * @settled: the answer
 *
 * The first time, others are told by a file.
 */
void teller_settled(struct teller *teller, bool settled)
{
	const struct map *map = &teller->told.map;
	struct journal_settled summary = {
		.extents = map->n,
		.cxl_bytes = map_owned_bytes(map, DAX_OWNER_CXL),
		.hmem_bytes = map_owned_bytes(map, DAX_OWNER_HMEM),
		.stranded_bytes = map_bytes(map, DAX_OWNER_STATE_STRANDED),
		.usable_bytes = map_usable_bytes(map),
	};
	struct online online;
	int r;

	if (settled == teller->told.settled)
		return;
	teller->told.settled = settled;
	teller->unsaved = true;
	if (!settled)
		return;
	r = online_map(teller->blocks, map, &online);
	if (r)
		journal_failure(r, "cannot tell how much memory is online");
	summary.online_bytes = online.online;
	journal_settled(&summary);
	r = settled_say(teller->directory);
	if (r)
		journal_failure(r, "cannot say that ownership is settled");
}

/**
 * teller_save() - keep what has been told
 * @teller: nothing is written if nothing is new
 */
void teller_save(struct teller *teller)
{
	char path[PATH_MAX];
	int r;

	if (!teller->unsaved)
		return;
	r = path_of(teller, path) ?: state_save(&teller->told, path);
	if (r)
		journal_failure(r, "cannot keep what was recorded");
	teller->unsaved = false;
}
