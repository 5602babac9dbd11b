/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as JSON, in the form of docs/schema/list.json.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_JSON_H
#define DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_JSON_H

#include "cli/format/json-build.h"
#include "cli/snapshot/snapshot.h"

void json_head(struct json_builder *b, const struct snapshot *snapshot);
struct json_object *json_extent(const struct snapshot *snapshot,
				const struct snapshot_extent *entry, bool with_units);
int json_snapshot(const struct snapshot *snapshot, bool with_units, struct json_object **json);

#endif /* DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_JSON_H */
