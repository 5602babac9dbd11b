// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "daemon/recorder.h"
#include "daemon/settled-file.h"
#include "system/online.h"
#include "system/region-serials.h"
#include "system/regions-read.h"

static int path_of(const struct recorder *recorder, char *path)
{
	return snprintf(path, PATH_MAX, "%s/" STATE_FILE, recorder->directory) < PATH_MAX ?
		       0 :
		       -ENAMETOOLONG;
}

static void note_change(struct recorder *recorder)
{
	recorder->unsaved = true;
	recorder->changes++;
}

/**
 * recorder_open() - load the recorded state of the daemon before a restart
 * @recorder: filled in
 * @journal: gets the records; the caller keeps it until recorder_close()
 * @directory: path of a directory that stays until the machine reboots; the caller keeps the string
 *	until recorder_close()
 *
 * After a restart, the recorder records that changes may be missing, so that the journal shows the
 * gap.
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int recorder_open(struct recorder *recorder, const struct journal *journal, const char *directory)
{
	char path[PATH_MAX];
	int r;

	*recorder = (struct recorder) { .journal = journal,
					.directory = directory,
					.blocks = ONLINE_BLOCKS,
					.cxl = REGIONS_DIRECTORY,
					.regions_changed = true };
	r = path_of(recorder, path);
	if (r)
		return r;
	r = state_load(&recorder->recorded, path);
	if (!r)
		journal_missed(recorder->journal, "the daemon was not running");
	else if (r != -ENOENT)
		journal_missed(recorder->journal, "the recorded state cannot be read");
	/* write the file now, so that the next daemon detects the restart */
	recorder->unsaved = true;
	recorder_save(recorder);
	return 0;
}

/**
 * recorder_close() - free the recorder without saving its state
 * @recorder: the recorder
 */
void recorder_close(struct recorder *recorder)
{
	regions_free(&recorder->regions);
	state_free(&recorder->recorded);
}

/**
 * recorder_regions() - return the committed CXL regions
 * @recorder: the recorder; reads the regions again if @recorder->regions_changed is set
 *
 * Return: the regions, owned by the recorder and valid until the next call; no regions if they
 * cannot be read.
 */
const struct regions *recorder_regions(struct recorder *recorder)
{
	if (recorder->regions_changed) {
		struct regions before = recorder->regions;

		recorder->regions_changed = regions_read(&recorder->regions, recorder->cxl) != 0;
		if (!regions_equal(&before, &recorder->regions))
			recorder->changes++;
		regions_free(&before);
	}
	return &recorder->regions;
}

static void record_events(struct recorder *recorder, const struct extent *extent,
			  unsigned int events)
{
	_cleanup_(freep) char *names = NULL;
	_cleanup_(freep) char *serials = NULL;
	const struct regions *regions;
	char withheld_by[REGIONS_WITHHOLDING_LEN];

	if (!events)
		return;
	regions = recorder_regions(recorder);
	names = regions_meeting(regions, &extent->span);
	serials = region_serials(regions, recorder->cxl, &extent->span);
	regions_withholding(regions, &extent->span, withheld_by);
	for (enum event event = 0; event < EVENT_COUNT; event++)
		if (events & EVENT_BIT(event))
			journal_extent(recorder->journal, event, extent, names ?: "", serials ?: "",
				       withheld_by);
}

/**
 * recorder_extent() - insert an extent and record the events that it implies
 * @recorder: the recorder
 * @extent: the extent now; its previous owner is filled in if it is none
 *
 * Return: 0; -ENOMEM, and nothing is recorded.
 */
int recorder_extent(struct recorder *recorder, struct extent *extent)
{
	unsigned int events;
	int r;

	r = extent_map_put(&recorder->recorded.map, extent, &events);
	if (r)
		return r;
	note_change(recorder);
	if (extent->flags & DAX_OWNER_FLAG_DEADLINE && !recorder->recorded.deadline) {
		recorder->recorded.deadline = true;
		journal_deadline(recorder->journal);
	}
	record_events(recorder, extent, events);
	/* save now, so that a crash does not make the daemon record the events again */
	if (events)
		recorder_save(recorder);
	return 0;
}

/**
 * recorder_extent_map() - insert each extent of a map and record the events that they imply
 * @recorder: the recorder
 * @map: the extents now, owned by the caller; previous owners are filled in
 *
 * Return: 0; -ENOMEM, and the extents before the failure are recorded.
 */
int recorder_extent_map(struct recorder *recorder, struct extent_map *map)
{
	int r = 0;

	for (size_t i = 0; !r && i < map->n; i++)
		r = recorder_extent(recorder, &map->extents[i]);
	return r;
}

/**
 * recorder_set_seqnum() - set the last uevent that the extents recorded next may contain
 * @recorder: the recorder; saves the number with its state
 * @seqnum: number of that uevent, inclusive; after a restart, the daemon ignores uevents up to it
 */
void recorder_set_seqnum(struct recorder *recorder, unsigned long long seqnum)
{
	recorder->recorded.seqnum = seqnum;
	note_change(recorder);
}

/**
 * recorder_device() - record that a CXL region or a DAX device was added or removed
 * @recorder: the recorder; makes no record if the device is recorded that way already
 * @subsystem: "cxl" or "dax"
 * @name: name of the device
 * @there: true if the device exists
 *
 * Return: 0, or -ENOMEM.
 */
int recorder_device(struct recorder *recorder, const char *subsystem, const char *name, bool there)
{
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s %s", subsystem, name);
	r = there ? string_set_add(&recorder->recorded.devices, full) :
		    string_set_remove(&recorder->recorded.devices, full);
	if (r <= 0)
		return r;
	if (!strcmp(subsystem, "cxl"))
		recorder->regions_changed = true;
	journal_device(recorder->journal, there ? "add" : "remove", subsystem, name);
	note_change(recorder);
	recorder_save(recorder);
	return 0;
}

/**
 * recorder_settled() - set whether ownership is settled, and record it when it becomes settled
 * @recorder: the recorder; does nothing if @settled is its recorded value
 * @settled: true if ownership is settled
 *
 * Creates the settled file as well, which the daemon never removes.
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
	note_change(recorder);
	if (!settled)
		return;
	r = online_map(recorder->blocks, map, &online);
	if (r)
		journal_failure(recorder->journal, r, "cannot read how much memory is online");
	summary.online_bytes = online.online;
	journal_settled(recorder->journal, &summary);
	r = settled_file_write(recorder->directory);
	if (r)
		journal_failure(recorder->journal, r, "cannot create the settled file");
}

/**
 * recorder_save() - write the recorded state to its file
 * @recorder: the recorder; writes nothing if its state has not changed
 *
 * After a failure, the recorder does not try again before the next change.
 */
void recorder_save(struct recorder *recorder)
{
	char path[PATH_MAX];
	int r;

	if (!recorder->unsaved)
		return;
	r = path_of(recorder, path) ?: state_save(&recorder->recorded, path);
	if (r)
		journal_failure(recorder->journal, r, "cannot write the recorded state");
	recorder->unsaved = false;
}

/**
 * recorder_discard() - remove the file of the recorded state
 * @recorder: the recorder; the caller records nothing more
 *
 * The daemon ends on an empty machine, where no change can happen meanwhile. So the next daemon must not
 * record that changes may be missing.
 */
void recorder_discard(struct recorder *recorder)
{
	char path[PATH_MAX];
	int r = path_of(recorder, path);

	if (!r && unlink(path) && errno != ENOENT)
		r = -errno;
	if (r)
		journal_failure(recorder->journal, r, "cannot remove the recorded state");
	recorder->unsaved = false;
}

/**
 * recorder_end_turn() - save the state after the event loop has called one of its sources
 * @recorder: the recorder; reads the regions again when they are needed next
 *
 * A region is decommitted without a uevent, so regions do not stay valid. They stay within one turn
 * of the event loop, because a burst of uevents may need them once for each extent.
 */
void recorder_end_turn(struct recorder *recorder)
{
	recorder->regions_changed = true;
	recorder_save(recorder);
}
