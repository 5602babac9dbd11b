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
 * struct teller - what has been told
 * @told: to the journal
 * @regions: the committed CXL regions
 * @regions_changed: @regions is outdated
 * @unsaved: @told is not kept yet
 * @directory: of the files that are kept; there as long as the teller
 * @blocks: ONLINE_BLOCKS
 */
struct teller {
	struct state told;
	struct regions regions;
	bool regions_changed;
	bool unsaved;
	const char *directory;
	const char *blocks;
};

int teller_open(struct teller *teller, const char *directory);
void teller_close(struct teller *teller);
const struct regions *teller_regions(struct teller *teller);
int teller_extent(struct teller *teller, struct extent *extent);
int teller_map(struct teller *teller, struct map *map);
void teller_covers(struct teller *teller, unsigned long long seqnum);
int teller_device(struct teller *teller, const char *subsystem, const char *name, bool there);
void teller_settled(struct teller *teller, bool settled);
void teller_save(struct teller *teller);

#endif /* DAX_OWNER_DAEMON_RECORDER_H */
