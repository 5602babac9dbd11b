// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "record.h"

/* Members of the JSON, and the fields they come from */
static const struct {
	const char *member;
	const char *field;
	bool number;
} members[] = {
	{ "event", "DAX_OWNER_EVENT", false },
	{ "message", "MESSAGE", false },
	{ "priority", "PRIORITY", true },
	{ "boot", "_BOOT_ID", false },
	{ "boot_us", "DAX_OWNER_BOOT_USEC", true },
	{ "arbiter", "DAX_OWNER_ARBITER", false },
	{ "start", "DAX_OWNER_START", false },
	{ "end", "DAX_OWNER_END", false },
	{ "size", "DAX_OWNER_SIZE", true },
	{ "owner", "DAX_OWNER_OWNER", false },
	{ "previous", "DAX_OWNER_PREVIOUS", false },
	{ "expected", "DAX_OWNER_EXPECTED", false },
	{ "state", "DAX_OWNER_STATE", false },
	{ "reason", "DAX_OWNER_REASON", false },
	{ "device", "DAX_OWNER_DEVICE", false },
	{ "regions", "DAX_OWNER_REGIONS", false },
	{ "errno", "DAX_OWNER_ERRNO", true },
	{ "holder", "DAX_OWNER_HOLDER", false },
	{ "stranded_bytes", "DAX_OWNER_STRANDED_BYTES", true },
};

#define MEMBERS (sizeof(members) / sizeof(*members))

/**
 * record_print() - in a line: seconds since boot, what happened, the sentence
 * @get: looks a field up
 * @from: passed on to @get
 * @file: where to
 */
void record_print(record_get_fn get, void *from, FILE *file)
{
	const char *text = get("DAX_OWNER_BOOT_USEC", from);
	unsigned long long usec = text ? strtoull(text, NULL, 10) : 0;

	fprintf(file, "[%5llu.%06llu] ", usec / 1000000, usec % 1000000);
	text = get("DAX_OWNER_EVENT", from);
	fprintf(file, "%-9s ", text ?: "?");
	text = get("MESSAGE", from);
	fprintf(file, "%s\n", text ?: "");
}

/* Names of regions have blanks between them in the journal. */
static struct json_object *split(const char *text)
{
	struct json_object *words = json_object_new_array();

	while (words && *text) {
		int len = (int)strcspn(text, " ");

		json_object_array_add(words, json_object_new_string_len(text, len));
		text += len;
		text += strspn(text, " ");
	}
	return words;
}

static struct json_object *value_of(size_t i, const char *text)
{
	if (!strcmp(members[i].member, "regions"))
		return split(text);
	return members[i].number ? json_object_new_int64(strtoll(text, NULL, 10)) : json_object_new_string(text);
}

/**
 * record_json() - as JSON; what the record does not have is left out
 * @get: looks a field up
 * @from: passed on to @get
 *
 * Return: the description, which the caller drops; NULL without memory for it.
 */
struct json_object *record_json(record_get_fn get, void *from)
{
	struct json_object *json = json_object_new_object();

	if (!json)
		return NULL;
	json_object_object_add(json, "schema", json_object_new_int(JSON_SCHEMA));
	for (size_t i = 0; i < MEMBERS; i++) {
		const char *text = get(members[i].field, from);

		if (text)
			json_object_object_add(json, members[i].member, value_of(i, text));
	}
	return json;
}

/**
 * record_print_json() - as JSON, in a line
 * @get: looks a field up
 * @from: passed on to @get
 * @file: where to
 *
 * Return: 0, or -ENOMEM.
 */
int record_print_json(record_get_fn get, void *from, FILE *file)
{
	struct json_object *json = record_json(get, from);

	if (!json)
		return -ENOMEM;
	fputs(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), file);
	fputc('\n', file);
	json_object_put(json);
	return 0;
}
