/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read members of a JSON object that a stranger may have written. A member that is missing or has
 * another type is empty.
 */
#ifndef DAX_OWNER_CLI_FORMAT_JSON_READ_H
#define DAX_OWNER_CLI_FORMAT_JSON_READ_H

#include <json-c/json.h>
#include <stdbool.h>

#include "verdict.h"

struct json_object *json_read_parse(const char *text);
struct json_object *json_read_file(const char *path);
const char *json_read_text(struct json_object *json, const char *key);
bool json_read_flag(struct json_object *json, const char *key);
unsigned int json_read_number(struct json_object *json, const char *key);
u64 json_read_bytes(struct json_object *json, const char *key);
bool json_read_address(struct json_object *json, const char *key, u64 *address);

#endif /* DAX_OWNER_CLI_FORMAT_JSON_READ_H */
