/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON, built member by member. After something could not be added nothing is any more, and the end is
 * NULL: whether there was memory is asked once, at the end.
 */
#ifndef DAX_OWNER_CLI_FORMAT_JSON_BUILD_H
#define DAX_OWNER_CLI_FORMAT_JSON_BUILD_H

#include <json-c/json.h>
#include <stdbool.h>

#include "verdict.h"

/* Of all output. Within a version members are added, and none changes or goes. */
#define JSON_SCHEMA 1

/**
 * struct building - an object or array that grows
 * @json: owned by this until build_end()
 * @human: sizes as text for people
 * @failed: there was no memory
 */
struct building {
	struct json_object *json;
	bool human;
	bool failed;
};

struct building build_object(bool human);
struct building build_array(void);
void build_add(struct building *b, const char *key, struct json_object *value);
void build_append(struct building *b, struct json_object *value);
void build_text(struct building *b, const char *key, const char *text);
void build_flag(struct building *b, const char *key, bool flag);
void build_number(struct building *b, const char *key, int64_t number);
void build_bytes(struct building *b, const char *key, u64 bytes);
void build_span(struct building *b, const struct dax_owner_span *span);
struct json_object *build_end(struct building *b);

#endif /* DAX_OWNER_CLI_FORMAT_JSON_BUILD_H */
