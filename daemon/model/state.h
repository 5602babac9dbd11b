/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state according to all records of this boot. A file in /run keeps it across a restart of the
 * daemon. A reboot removes the file, because its records belong to one boot.
 */
#ifndef DAX_OWNER_MODEL_STATE_H
#define DAX_OWNER_MODEL_STATE_H

#include <stdio.h>

#include "model/extent-map.h"
#include "base/string-set.h"

/**
 * struct state - the state according to all records so far
 * @map: the extents
 * @devices: the devices, each as "SUBSYSTEM NAME"
 * @settled: ownership was settled
 * @deadline: the deadline was recorded
 * @seqnum: number of the last uevent of the ledger that @map may contain, inclusive; 0 for none
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
