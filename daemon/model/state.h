/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has been told, kept across a restart: a file below /run, gone with the boot as the
 * history it belongs to.
 */
#ifndef DAX_OWNER_MODEL_STATE_H
#define DAX_OWNER_MODEL_STATE_H

#include <stdio.h>

#include "model/extent-map.h"
#include "base/string-set.h"

/**
 * struct state - what the journal has been told
 * @map: of extents
 * @devices: that were there, "SUBSYSTEM NAME"
 * @settled: whether ownership was settled
 * @deadline: whether the deadline was recorded
 * @seqnum: uevents of the ledger up to this number are in @map, or may be
 */
struct state {
	struct extent_map map;
	struct string_set devices;
	bool settled;
	bool deadline;
	unsigned long long seqnum;
};

void state_free(struct state *state);
int state_read(struct state *state, FILE *file);
int state_load(struct state *state, const char *path);
int state_save(const struct state *state, const char *path);

#endif /* DAX_OWNER_MODEL_STATE_H */
