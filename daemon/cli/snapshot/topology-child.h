/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the topology of CXL of the running system in a child process, for a limited time.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_CHILD_H
#define DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_CHILD_H

#include <json-c/json.h>

int topology_child_read(struct json_object **json);
const char *topology_child_problem(int r);

#endif /* DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_CHILD_H */
