/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells the journal what is new, and only that: it knows what it has told, also across a
 * restart.
 */
#ifndef DAX_OWNER_DAEMON_RECORDER_H
#define DAX_OWNER_DAEMON_RECORDER_H

#include "model/regions.h"
#include "model/state.h"

/**
 * struct recorder - what has been told
 * @recorded: to the journal
 * @regions: the committed CXL regions
 * @regions_changed: @regions is outdated
 * @unsaved: @recorded is not kept yet
 * @directory: of the files that are kept; there as long as the recorder
 * @blocks: ONLINE_BLOCKS
 */
struct recorder {
	struct state recorded;
	struct regions regions;
	bool regions_changed;
	bool unsaved;
	const char *directory;
	const char *blocks;
};

int recorder_open(struct recorder *recorder, const char *directory);
void recorder_close(struct recorder *recorder);
const struct regions *recorder_regions(struct recorder *recorder);
int recorder_extent(struct recorder *recorder, struct extent *extent);
int recorder_extent_map(struct recorder *recorder, struct extent_map *map);
void recorder_covers(struct recorder *recorder, unsigned long long seqnum);
int recorder_device(struct recorder *recorder, const char *subsystem, const char *name, bool there);
void recorder_settled(struct recorder *recorder, bool settled);
void recorder_save(struct recorder *recorder);

#endif /* DAX_OWNER_DAEMON_RECORDER_H */
