// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses are JSON strings, because an address may need 64 bits and most readers keep only 53
 * bits of a number.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/format/json-build.h"
#include "cli/format/sizes.h"

static struct json_builder begin(struct json_object *json, bool with_units)
{
	return (struct json_builder) { .json = json, .with_units = with_units, .failed = !json };
}

/**
 * json_build_object() - begin an object
 * @with_units: write sizes as text with units
 *
 * Return: the builder, to be ended with json_build_end().
 */
struct json_builder json_build_object(bool with_units)
{
	return begin(json_object_new_object(), with_units);
}

/**
 * json_build_array() - begin an array
 *
 * Return: the builder, to be ended with json_build_end().
 */
struct json_builder json_build_array(void)
{
	return begin(json_object_new_array(), false);
}

/**
 * json_build_add() - add a member to an object
 * @b: the object
 * @key: name of the member
 * @value: the caller's reference, which this function takes; NULL if memory was short
 */
void json_build_add(struct json_builder *b, const char *key, struct json_object *value)
{
	if (!b->failed && value && !json_object_object_add(b->json, key, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * json_build_append() - append a value to an array
 * @b: the array
 * @value: the caller's reference, which this function takes; NULL if memory was short
 */
void json_build_append(struct json_builder *b, struct json_object *value)
{
	if (!b->failed && value && !json_object_array_add(b->json, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * json_build_text() - add a string to an object
 * @b: the object
 * @key: name of the member
 * @text: copied
 */
void json_build_text(struct json_builder *b, const char *key, const char *text)
{
	json_build_add(b, key, json_object_new_string(text));
}

/**
 * json_build_flag() - add true or false to an object
 * @b: the object
 * @key: name of the member
 * @flag: the value
 */
void json_build_flag(struct json_builder *b, const char *key, bool flag)
{
	json_build_add(b, key, json_object_new_boolean(flag));
}

/**
 * json_build_number() - add a number to an object
 * @b: the object
 * @key: name of the member
 * @number: at most 53 bits, because most readers keep no more
 */
void json_build_number(struct json_builder *b, const char *key, int64_t number)
{
	json_build_add(b, key, json_object_new_int64(number));
}

/**
 * json_build_bytes() - add a size to an object
 * @b: the object; if it is for people, the size becomes text with units
 * @key: name of the member
 * @bytes: the size in bytes
 */
void json_build_bytes(struct json_builder *b, const char *key, u64 bytes)
{
	char text[SIZE_TEXT_LEN];

	if (b->with_units)
		json_build_text(b, key, size_text_long(text, bytes));
	else
		json_build_add(b, key, json_object_new_uint64(bytes));
}

static void add_address(struct json_builder *b, const char *key, u64 address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	json_build_text(b, key, text);
}

/**
 * json_build_span() - add the members start, end and size to an object
 * @b: the object
 * @span: not empty, both ends inclusive
 */
void json_build_span(struct json_builder *b, const struct dax_owner_span *span)
{
	add_address(b, "start", span->start);
	add_address(b, "end", span->end);
	json_build_bytes(b, "size", span->end - span->start + 1);
}

/**
 * json_build_end() - end an object or an array
 * @b: must not be used afterwards
 *
 * Return: the JSON value, whose reference the caller drops; NULL if memory was short.
 */
struct json_object *json_build_end(struct json_builder *b)
{
	if (!b->failed)
		return b->json;
	json_object_put(b->json);
	return NULL;
}
