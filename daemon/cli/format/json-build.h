/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Build JSON member by member. After a failed addition, the builder ignores all further additions,
 * and json_build_end() returns NULL. So a caller checks for errors only once, at the end.
 */
#ifndef DAX_OWNER_CLI_FORMAT_JSON_BUILD_H
#define DAX_OWNER_CLI_FORMAT_JSON_BUILD_H

#include <json-c/json.h>
#include <stdbool.h>

#include "verdict.h"

/*
 * The version of all JSON output. Within a version, members may be added, but none changes or goes.
 */
#define JSON_SCHEMA 1

/**
 * struct json_builder - an object or an array that is being built
 * @json: the JSON value, owned by this struct until json_build_end()
 * @with_units: write sizes as text with units
 * @failed: an addition failed, because memory was short
 */
struct json_builder {
	struct json_object *json;
	bool with_units;
	bool failed;
};

struct json_builder json_build_object(bool with_units);
struct json_builder json_build_array(void);
void json_build_add(struct json_builder *b, const char *key, struct json_object *value);
void json_build_append(struct json_builder *b, struct json_object *value);
void json_build_text(struct json_builder *b, const char *key, const char *text);
void json_build_flag(struct json_builder *b, const char *key, bool flag);
void json_build_number(struct json_builder *b, const char *key, int64_t number);
void json_build_bytes(struct json_builder *b, const char *key, u64 bytes);
void json_build_span(struct json_builder *b, const struct dax_owner_span *span);
struct json_object *json_build_end(struct json_builder *b);

#endif /* DAX_OWNER_CLI_FORMAT_JSON_BUILD_H */
