// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses are strings: the last byte may be 2^64 - 1, and most readers keep 53 bits.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/format/json-build.h"
#include "cli/format/sizes.h"

static struct building begin(struct json_object *json, bool human)
{
	return (struct building){ .json = json, .human = human, .failed = !json };
}

/**
 * build_object() - begin an object
 * @human: sizes as text for people
 */
struct building build_object(bool human)
{
	return begin(json_object_new_object(), human);
}

/** build_array() - begin an array */
struct building build_array(void)
{
	return begin(json_object_new_array(), false);
}

/**
 * build_add() - add a member to an object
 * @b: the object
 * @key: name of the member
 * @value: taken over; NULL if it could not be made
 */
void build_add(struct building *b, const char *key, struct json_object *value)
{
	if (!b->failed && value && !json_object_object_add(b->json, key, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * build_append() - add to an array
 * @b: the array
 * @value: taken over; NULL if it could not be made
 */
void build_append(struct building *b, struct json_object *value)
{
	if (!b->failed && value && !json_object_array_add(b->json, value))
		return;
	json_object_put(value);
	b->failed = true;
}

/**
 * build_text() - add a string
 * @b: an object
 * @key: name of the member
 * @text: is copied
 */
void build_text(struct building *b, const char *key, const char *text)
{
	build_add(b, key, json_object_new_string(text));
}

/**
 * build_flag() - add true or false
 * @b: an object
 * @key: name of the member
 * @flag: which
 */
void build_flag(struct building *b, const char *key, bool flag)
{
	build_add(b, key, json_object_new_boolean(flag));
}

/**
 * build_number() - add a number
 * @b: an object
 * @key: name of the member
 * @number: of at most 53 bits, see above
 */
void build_number(struct building *b, const char *key, int64_t number)
{
	build_add(b, key, json_object_new_int64(number));
}

/**
 * build_bytes() - add a size
 * @b: an object
 * @key: name of the member
 * @bytes: as a number, or for people
 */
void build_bytes(struct building *b, const char *key, u64 bytes)
{
	char text[HUMAN_LEN];

	if (b->human)
		build_text(b, key, human_long(text, bytes));
	else
		build_add(b, key, json_object_new_uint64(bytes));
}

static void add_address(struct building *b, const char *key, u64 address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	build_text(b, key, text);
}

/**
 * build_span() - add start, end and size
 * @b: an object
 * @span: not empty
 */
void build_span(struct building *b, const struct dax_owner_span *span)
{
	add_address(b, "start", span->start);
	add_address(b, "end", span->end);
	build_bytes(b, "size", span->end - span->start + 1);
}

/**
 * build_end() - done
 * @b: not to be used any more
 *
 * Return: what was built, now the caller's; NULL if there was not enough memory.
 */
struct json_object *build_end(struct building *b)
{
	if (!b->failed)
		return b->json;
	json_object_put(b->json);
	return NULL;
}
