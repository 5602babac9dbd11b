/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The topology of CXL as JSON: the member "topology" of docs/schema/copy.json. A child process that
 * calls libcxl passes it to its parent in this form, too.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_JSON_H
#define DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_JSON_H

#include <json-c/json.h>

#include "cli/snapshot/topology.h"

struct json_object *topology_json(const struct topology *topology);
int topology_from_json(struct json_object *json, struct topology *topology);

#endif /* DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_JSON_H */
