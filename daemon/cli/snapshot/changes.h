/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences between a snapshot and the next. Extents are compared by address, because a
 * ledger may be cut anew. This code does no I/O.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_CHANGES_H
#define DAX_OWNER_CLI_SNAPSHOT_CHANGES_H

#include "cli/snapshot/change.h"

/**
 * typedef change_fn - receive a change
 * @change: the change, valid during the call
 * @data: the caller's
 */
typedef void (*change_fn)(const struct change *change, void *data);

/**
 * struct changes - the ownership that has been reported so far
 * @any: @last is filled in
 * @last: the last snapshot, owned by this struct
 * @map: the extents as reported last, by @last or by a later record
 * @fn: called for each change
 * @data: passed to @fn
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
