/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explanation of extents, as text and as JSON.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_EXPLANATION_H
#define DAX_OWNER_CLI_EXPLAIN_EXPLANATION_H

#include <json-c/json.h>
#include <stdio.h>

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/**
 * struct question - the extents to explain, and their surroundings
 * @snapshot: all extents of the machine, the caller's
 * @entries: the extents to explain, the caller's; of @snapshot, or copies
 * @n: number of @entries
 * @machine: the machine, the caller's
 */
struct question {
	const struct snapshot *snapshot;
	const struct snapshot_extent *entries;
	size_t n;
	const struct machine *machine;
};

void explanation_print(const struct question *question, FILE *file);
int explanation_json(const struct question *question, struct json_object **json);

#endif /* DAX_OWNER_CLI_EXPLAIN_EXPLANATION_H */
