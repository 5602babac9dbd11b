// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses are strings: the last byte may be 2^64 - 1, and most readers keep 53 bits.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/format/json-build.h"
#include "cli/format/sizes.h"

static struct json_builder begin(struct json_object *json, bool human)
{
	return (struct json_builder){ .json = json, .human = human, .failed = !json };
}

/**
 * json_build_object() - begin an object
 * @human: sizes as text for people
 */
struct json_builder json_build_object(bool human)
{
	return begin(json_object_new_object(), human);
}

/** json_build_array() - begin an array */
struct json_builder json_build_array(void)
{
	return begin(json_object_new_array(), false);
}

/**
 * json_build_add() - add a member to an object
 * @b: the object
 * @key: name of the member
 * @value: taken over; NULL if it could not be made
 */
void json_build_add(struct json_builder *b, const char *key, struct json_object *value)
{
	if (!b->failed && value && !json_object_object_add(b->json, key, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * json_build_append() - add to an array
 * @b: the array
 * @value: taken over; NULL if it could not be made
 */
void json_build_append(struct json_builder *b, struct json_object *value)
{
	if (!b->failed && value && !json_object_array_add(b->json, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * json_build_text() - add a string
 * @b: an object
 * @key: name of the member
 * @text: is copied
 */
void json_build_text(struct json_builder *b, const char *key, const char *text)
{
	json_build_add(b, key, json_object_new_string(text));
}

/**
 * json_build_flag() - add true or false
 * @b: an object
 * @key: name of the member
 * @flag: which
 */
void json_build_flag(struct json_builder *b, const char *key, bool flag)
{
	json_build_add(b, key, json_object_new_boolean(flag));
}

/**
 * json_build_number() - add a number
 * @b: an object
 * @key: name of the member
 * @number: of at most 53 bits, see above
 */
void json_build_number(struct json_builder *b, const char *key, int64_t number)
{
	json_build_add(b, key, json_object_new_int64(number));
}

/**
 * json_build_bytes() - add a size
 * @b: an object
 * @key: name of the member
 * @bytes: as a number, or for people
 */
void json_build_bytes(struct json_builder *b, const char *key, u64 bytes)
{
	char text[SIZE_TEXT_LEN];

	if (b->human)
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
 * json_build_span() - add start, end and size
 * @b: an object
 * @span: not empty
 */
void json_build_span(struct json_builder *b, const struct dax_owner_span *span)
{
	add_address(b, "start", span->start);
	add_address(b, "end", span->end);
	json_build_bytes(b, "size", span->end - span->start + 1);
}

/**
 * json_build_end() - done
 * @b: not to be used any more
 *
 * Return: what was built, now the caller's; NULL if there was not enough memory.
 */
struct json_object *json_build_end(struct json_builder *b)
{
	if (!b->failed)
		return b->json;
	json_object_put(b->json);
	return NULL;
}
