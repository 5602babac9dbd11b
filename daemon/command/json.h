/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as JSON, in the form that docs/schema/list.json describes.
 */
#ifndef DAX_OWNER_JSON_H
#define DAX_OWNER_JSON_H

#include "build.h"
#include "snapshot.h"

/* Of all output. Within a version members are added, and none changes or goes. */
#define JSON_SCHEMA 1

void json_head(struct building *b, const struct snapshot *snapshot);
struct json_object *json_holding(const struct snapshot *snapshot, const struct holding *holding, bool human);
int json_snapshot(const struct snapshot *snapshot, bool human, struct json_object **json);

#endif /* DAX_OWNER_JSON_H */
