/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorder writes a record for each change, and for nothing else. It compares its input with
 * the state it has recorded, which a file keeps across a restart of the daemon. It must not know
 * whether an extent comes from the ledger or from the observer.
 */
#ifndef DAX_OWNER_DAEMON_RECORDER_H
#define DAX_OWNER_DAEMON_RECORDER_H

#include "daemon/journal.h"
#include "model/regions.h"
#include "model/state.h"

/**
 * struct recorder - the recorder
 * @journal: gets the records; not owned
 * @recorded: the state according to all records so far
 * @regions: the committed CXL regions; owned
 * @regions_changed: @regions may be outdated
 * @cxl: path of the devices on the CXL bus: REGIONS_DIRECTORY
 * @unsaved: the file does not contain the last changes of @recorded
 * @changes: number of changes of @recorded and @regions; what was made from them at one number is
 *	valid as long as recorder_regions() leaves the number the same
 * @directory: path of the directory of the files; not owned
 * @blocks: path of the memory blocks: ONLINE_BLOCKS
 */
struct recorder {
	const struct journal *journal;
	struct state recorded;
	struct regions regions;
	bool regions_changed;
	const char *cxl;
	bool unsaved;
	u64 changes;
	const char *directory;
	const char *blocks;
};

int recorder_open(struct recorder *recorder, const struct journal *journal, const char *directory);
void recorder_close(struct recorder *recorder);
const struct regions *recorder_regions(struct recorder *recorder);
int recorder_extent(struct recorder *recorder, struct extent *extent);
int recorder_extent_map(struct recorder *recorder, struct extent_map *map);
void recorder_set_seqnum(struct recorder *recorder, unsigned long long seqnum);
int recorder_device(struct recorder *recorder, const char *subsystem, const char *name, bool there);
void recorder_settled(struct recorder *recorder, bool settled);
void recorder_save(struct recorder *recorder);
void recorder_discard(struct recorder *recorder);
void recorder_end_turn(struct recorder *recorder);

#endif /* DAX_OWNER_DAEMON_RECORDER_H */
