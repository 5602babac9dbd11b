// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/format/json-read.h"

/*
 * Limits of a text: its bytes, its objects and arrays, and its values. A report of the largest machine
 * has fewer. json-c needs about 800 bytes for the three bytes of "{},".
 */
#define MAX_BYTES (16 << 20)
#define MAX_CONTAINERS (1 << 17)
#define MAX_VALUES (1 << 20)

/* Signs within strings count, too, because the strings of a report have few of them. */
static bool is_small(const char *text)
{
	size_t containers = 0, values = 0;

	for (; *text; text++) {
		containers += *text == '{' || *text == '[';
		values += *text == ',';
	}
	return containers <= MAX_CONTAINERS && values <= MAX_VALUES;
}

/**
 * json_read_parse() - parse JSON that a stranger may have made
 * @text: the JSON
 *
 * Return: the JSON value, whose reference the caller drops; NULL if it is not valid, or if it would
 * need too much memory.
 */
struct json_object *json_read_parse(const char *text)
{
	return is_small(text) ? json_tokener_parse(text) : NULL;
}

/**
 * json_read_file() - parse a file of JSON that a stranger may have made
 * @path: of the file
 *
 * Return: as json_read_parse(); NULL also if the file is too large or cannot be read.
 */
struct json_object *json_read_file(const char *path)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");
	_cleanup_(freep) char *text = file ? malloc(MAX_BYTES + 1) : NULL;
	size_t len;

	if (!text)
		return NULL;
	len = fread(text, 1, MAX_BYTES, file);
	if (ferror(file) || !feof(file))
		return NULL;
	text[len] = '\0';
	return json_read_parse(text);
}

/* Return: a member of a type, which @json owns; NULL if there is none. */
static struct json_object *member(struct json_object *json, const char *key, enum json_type type)
{
	struct json_object *value;

	return json_object_object_get_ex(json, key, &value) && json_object_is_type(value, type) ?
		       value :
		       NULL;
}

/**
 * json_read_text() - read a string
 * @json: the object
 * @key: name of the member
 *
 * Return: the text, which @json owns; "" if there is none.
 */
const char *json_read_text(struct json_object *json, const char *key)
{
	struct json_object *value = member(json, key, json_type_string);

	return value ? json_object_get_string(value) : "";
}

/**
 * json_read_flag() - read true or false
 * @json: the object
 * @key: name of the member
 *
 * Return: the value, false if there is none.
 */
bool json_read_flag(struct json_object *json, const char *key)
{
	struct json_object *value = member(json, key, json_type_boolean);

	return value && json_object_get_boolean(value);
}

/**
 * json_read_number() - read a number
 * @json: the object
 * @key: name of the member
 *
 * Return: the number; 0 if there is none, or if it does not fit.
 */
unsigned int json_read_number(struct json_object *json, const char *key)
{
	u64 number = json_read_bytes(json, key);

	return number <= UINT_MAX ? (unsigned int)number : 0;
}

/**
 * json_read_bytes() - read a size in bytes
 * @json: the object
 * @key: name of the member
 *
 * Return: the size; 0 if there is none, or if it is negative.
 */
u64 json_read_bytes(struct json_object *json, const char *key)
{
	struct json_object *value = member(json, key, json_type_int);

	return value ? json_object_get_uint64(value) : 0;
}

/**
 * json_read_address() - read an address, which is text
 * @json: the object
 * @key: name of the member
 * @address: set to the address; 0 if there is none
 *
 * Return: true if there is an address, hexadecimal with 0x and of at most 64 bits.
 */
bool json_read_address(struct json_object *json, const char *key, u64 *address)
{
	const char *text = json_read_text(json, key);
	char *end;

	*address = 0;
	if (text[0] != '0' || text[1] != 'x' || !isxdigit((unsigned char)text[2]))
		return false;
	errno = 0;
	*address = strtoull(text, &end, 16);
	if (!errno && !*end)
		return true;
	*address = 0;
	return false;
}
