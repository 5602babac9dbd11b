/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said of extents when somebody asks why: for people and as JSON.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_EXPLANATION_H
#define DAX_OWNER_CLI_EXPLAIN_EXPLANATION_H

#include <json-c/json.h>
#include <stdio.h>

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/**
 * struct question - what is to be explained
 * @snapshot: all extents there are
 * @entries: those that are asked about, @snapshot's or copies
 * @n: how many
 * @machine: what there is around them
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
