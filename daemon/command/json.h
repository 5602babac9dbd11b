/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as JSON, in the form that docs/schema/list.json describes.
 */
#ifndef DAX_OWNER_JSON_H
#define DAX_OWNER_JSON_H

#include <json-c/json.h>

#include "snapshot.h"

/* Of all output. Within a version members are added, and none changes or goes. */
#define JSON_SCHEMA 1

int json_snapshot(const struct snapshot *snapshot, bool human, struct json_object **json);

#endif /* DAX_OWNER_JSON_H */
