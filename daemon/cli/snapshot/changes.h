/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is different from one snapshot to the next. Extents are compared by address: a ledger may
 * be cut anew. No I/O.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_CHANGES_H
#define DAX_OWNER_CLI_SNAPSHOT_CHANGES_H

#include "cli/snapshot/change.h"

/**
 * typedef change_fn - take something that happened
 * @change: what; gone when this returns
 * @data: the caller's
 */
typedef void (*change_fn)(const struct change *change, void *data);

/**
 * struct changes - what has been told
 * @any: there was a snapshot before
 * @last: it
 * @map: the extents as they were told last, by that or since
 * @fn: told
 * @data: passed on to @fn
 */
struct changes {
	bool any;
	struct snapshot last;
	struct extent_map map;
	change_fn fn;
	void *data;
};

int changes_take(struct changes *changes, struct snapshot *now);
int changes_note(struct changes *changes, struct extent *extent);
void changes_free(struct changes *changes);

#endif /* DAX_OWNER_CLI_SNAPSHOT_CHANGES_H */
