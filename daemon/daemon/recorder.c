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

static int path_of(const struct recorder *recorder, char *path)
{
	return snprintf(path, PATH_MAX, "%s/" STATE_FILE, recorder->directory) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/**
 * recorder_open() - what was told before a restart is not told again
 * @recorder: filled in
 * @directory: there as long as the boot; the string as long as the recorder
 *
 * That something was told before is recorded: the journal is to say where it has a gap.
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int recorder_open(struct recorder *recorder, const char *directory)
{
	char path[PATH_MAX];
	int r;

	*recorder = (struct recorder){ .directory = directory, .blocks = ONLINE_BLOCKS,
				    .regions_changed = true };
	r = path_of(recorder, path);
	if (r)
		return r;
	r = state_load(&recorder->recorded, path);
	if (!r)
		journal_missed("the daemon was not running");
	else if (r != -ENOENT)
		journal_missed("what was recorded before is not known any more");
	/* that there has been a daemon is known from here on */
	recorder->unsaved = true;
	recorder_save(recorder);
	return 0;
}

/**
 * recorder_close() - end
 * @recorder: what is not saved is lost
 */
void recorder_close(struct recorder *recorder)
{
	regions_free(&recorder->regions);
	state_free(&recorder->recorded);
}

/**
 * recorder_regions() - the committed CXL regions
 * @recorder: looks at them again if they have changed
 *
 * Return: the regions, until the next call; none if they cannot be looked at.
 */
const struct regions *recorder_regions(struct recorder *recorder)
{
	if (recorder->regions_changed) {
		regions_free(&recorder->regions);
		recorder->regions_changed = regions_load(&recorder->regions, REGIONS_DIRECTORY) != 0;
	}
	return &recorder->regions;
}

static void tell(struct recorder *recorder, const struct extent *extent, unsigned int events)
{
	char names[256], withheld_by[256];

	if (!events)
		return;
	regions_meeting(recorder_regions(recorder), &extent->span, names, sizeof(names));
	regions_withholding(recorder_regions(recorder), &extent->span, withheld_by, sizeof(withheld_by));
	for (enum event event = 0; event < EVENT_COUNT; event++)
		if (events & EVENT_BIT(event))
			journal_extent(event, extent, names, withheld_by);
}

/**
 * recorder_extent() - this is how it is now
 * @recorder: tells what is new about it
 * @extent: what is so; whose it was is filled in
 *
 * Return: 0, or -ENOMEM, nothing having been told.
 */
int recorder_extent(struct recorder *recorder, struct extent *extent)
{
	unsigned int events;
	int r;

	r = extent_map_put(&recorder->recorded.map, extent, &events);
	if (r)
		return r;
	recorder->unsaved = true;
	if (extent->flags & DAX_OWNER_FLAG_DEADLINE && !recorder->recorded.deadline) {
		recorder->recorded.deadline = true;
		journal_deadline();
	}
	tell(recorder, extent, events);
	/* a crash from here on is not to tell it again */
	if (events)
		recorder_save(recorder);
	return 0;
}

/**
 * recorder_extent_map() - this is how all of it is now
 * @recorder: tells what is new
 * @map: what is so
 *
 * Return: 0, or -ENOMEM.
 */
int recorder_extent_map(struct recorder *recorder, struct extent_map *map)
{
	int r = 0;

	for (size_t i = 0; !r && i < map->n; i++)
		r = recorder_extent(recorder, &map->extents[i]);
	return r;
}

/**
 * recorder_covers() - what is told next makes older uevents old news, also after a restart
 * @recorder: keeps it
 * @seqnum: of the last uevent that may be part of it
 */
void recorder_covers(struct recorder *recorder, unsigned long long seqnum)
{
	recorder->recorded.seqnum = seqnum;
	recorder->unsaved = true;
}

/**
 * recorder_device() - a CXL region or a DAX device is there, or is not
 * @recorder: tells if that is new
 * @subsystem: "cxl" or "dax"
 * @name: of the device
 * @there: whether it is
 *
 * Return: 0, or -ENOMEM.
 */
int recorder_device(struct recorder *recorder, const char *subsystem, const char *name, bool there)
{
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s %s", subsystem, name);
	r = there ? string_set_add(&recorder->recorded.devices, full) : string_set_remove(&recorder->recorded.devices, full);
	if (r <= 0)
		return r;
	if (!strcmp(subsystem, "cxl"))
		recorder->regions_changed = true;
	journal_device(there ? "add" : "remove", subsystem, name);
	recorder->unsaved = true;
	recorder_save(recorder);
	return 0;
}

/**
 * recorder_settled() - is ownership settled now?
 * @recorder: tells if that is new
 * @settled: the answer
 *
 * The first time, others are told by a file.
 */
void recorder_settled(struct recorder *recorder, bool settled)
{
	const struct extent_map *map = &recorder->recorded.map;
	struct journal_settled summary = {
		.extents = map->n,
		.cxl_bytes = extent_map_owned_bytes(map, DAX_OWNER_CXL),
		.hmem_bytes = extent_map_owned_bytes(map, DAX_OWNER_HMEM),
		.stranded_bytes = extent_map_bytes(map, DAX_OWNER_STATE_STRANDED),
		.usable_bytes = extent_map_usable_bytes(map),
	};
	struct online online;
	int r;

	if (settled == recorder->recorded.settled)
		return;
	recorder->recorded.settled = settled;
	recorder->unsaved = true;
	if (!settled)
		return;
	r = online_map(recorder->blocks, map, &online);
	if (r)
		journal_failure(r, "cannot tell how much memory is online");
	summary.online_bytes = online.online;
	journal_settled(&summary);
	r = settled_file_write(recorder->directory);
	if (r)
		journal_failure(r, "cannot say that ownership is settled");
}

/**
 * recorder_save() - keep what has been told
 * @recorder: nothing is written if nothing is new
 */
void recorder_save(struct recorder *recorder)
{
	char path[PATH_MAX];
	int r;

	if (!recorder->unsaved)
		return;
	r = path_of(recorder, path) ?: state_save(&recorder->recorded, path);
	if (r)
		journal_failure(r, "cannot keep what was recorded");
	recorder->unsaved = false;
}
