// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "cli/format/colors.h"
#include "cli/format/json-build.h"
#include "cli/format/printable.h"
#include "cli/snapshot/journal-record.h"

enum kind {
	TEXT,
	NUMBER,
	BOOLEAN,
	WORDS,
};

/* The members of the JSON object, and their fields in the journal */
static const struct {
	const char *member;
	const char *field;
	enum kind kind;
} members[] = {
	{ "event", "DAX_OWNER_EVENT", TEXT },
	{ "message", "MESSAGE", TEXT },
	{ "priority", "PRIORITY", NUMBER },
	{ "boot", "_BOOT_ID", TEXT },
	{ "boot_us", "DAX_OWNER_BOOT_USEC", NUMBER },
	{ "realtime_us", RECORD_REALTIME, NUMBER },
	{ "arbiter", "DAX_OWNER_ARBITER", TEXT },
	{ "start", "DAX_OWNER_START", TEXT },
	{ "end", "DAX_OWNER_END", TEXT },
	{ "size", "DAX_OWNER_SIZE", NUMBER },
	{ "owner", "DAX_OWNER_OWNER", TEXT },
	{ "previous", "DAX_OWNER_PREVIOUS", TEXT },
	{ "expected", "DAX_OWNER_EXPECTED", TEXT },
	{ "state", "DAX_OWNER_STATE", TEXT },
	{ "reason", "DAX_OWNER_REASON", TEXT },
	{ "device", "DAX_OWNER_DEVICE", TEXT },
	{ "target_node", "DAX_OWNER_TARGET_NODE", NUMBER },
	{ "usable_bytes", "DAX_OWNER_USABLE_BYTES", NUMBER },
	{ "block_loss_bytes", "DAX_OWNER_BLOCK_LOSS_BYTES", NUMBER },
	{ "decided_us", "DAX_OWNER_DECIDED_US", NUMBER },
	{ "regions", "DAX_OWNER_REGIONS", WORDS },
	{ "serials", "DAX_OWNER_SERIALS", WORDS },
	{ "flags", "DAX_OWNER_FLAGS", WORDS },
	{ "error", "DAX_OWNER_ERROR", NUMBER },
	{ "holder", "DAX_OWNER_HOLDER", TEXT },
	{ "stranded_bytes", "DAX_OWNER_STRANDED_BYTES", NUMBER },
	{ "online_bytes", "DAX_OWNER_ONLINE_BYTES", NUMBER },
	{ "offline_bytes", "DAX_OWNER_OFFLINE_BYTES", NUMBER },
	{ "subsystem", "DAX_OWNER_SUBSYSTEM", TEXT },
	{ "source", "DAX_OWNER_SOURCE", TEXT },
	{ "settled", "DAX_OWNER_SETTLED", BOOLEAN },
};

#define MEMBERS (sizeof(members) / sizeof(*members))

/* Return: the words with a blank between two, which the caller frees; NULL if memory is short. */
static char *join(struct json_object *words)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	for (size_t i = 0; file && i < json_object_array_length(words); i++)
		fprintf(file, "%s%s", i ? " " : "",
			json_object_get_string(json_object_array_get_idx(words, i)) ?: "");
	if (file)
		fclose(file);
	return text;
}

/**
 * record_get_member() - return the value of a field of a record in JSON; a record_get_fn
 * @name: of the field in the journal
 * @from: a struct record_line
 *
 * Return: the value as the journal has it, valid until the next call; NULL if there is no such field.
 */
const char *record_get_member(const char *name, void *from)
{
	struct record_line *line = from;
	struct json_object *value;
	size_t i = 0;

	while (i < MEMBERS && strcmp(members[i].field, name))
		i++;
	if (i == MEMBERS || !json_object_object_get_ex(line->json, members[i].member, &value))
		return NULL;
	free(line->value);
	line->value = NULL;
	if (json_object_is_type(value, json_type_array))
		line->value = join(value);
	else if (json_object_is_type(value, json_type_boolean))
		line->value = strdup(json_object_get_boolean(value) ? "1" : "0");
	else if (value)
		line->value = strdup(json_object_get_string(value));
	if (line->value)
		printable(line->value);
	return line->value;
}

static void print_event(record_get_fn get, void *from, FILE *file)
{
	const char *text = get("DAX_OWNER_EVENT", from), *color;

	fprintf(file, "%-9s ", text ?: "?");
	text = get("PRIORITY", from);
	color = color_of_priority(text ? atoi(text) : LOG_INFO);
	text = get("MESSAGE", from);
	fprintf(file, "%s%s%s\n", color, text ?: "", *color ? COLOR_END : "");
}

/**
 * record_print() - print a record as a line of text: seconds since boot, event, message
 * @get: returns the value of a field
 * @from: passed to @get
 * @file: receives the line
 */
void record_print(record_get_fn get, void *from, FILE *file)
{
	const char *text = get("DAX_OWNER_BOOT_USEC", from);
	unsigned long long usec = text ? strtoull(text, NULL, 10) : 0;

	fprintf(file, "[%5llu.%06llu] ", usec / 1000000, usec % 1000000);
	print_event(get, from, file);
}

/* Print a line between the records of two boots, as journalctl does. */
static void print_boot(const char *boot, char last[RECORD_BOOT_LEN], FILE *file)
{
	if (*last && strcmp(last, boot))
		fprintf(file, "-- Boot %s --\n", boot);
	snprintf(last, RECORD_BOOT_LEN, "%s", boot);
}

/**
 * record_print_dated() - print a record as a line of text: local date and time, event, message
 * @get: returns the value of a field
 * @from: passed to @get
 * @last: the boot of the last record, "" before the first; filled in. A record of another boot gets
 *   a line before it.
 * @file: receives the lines
 */
void record_print_dated(record_get_fn get, void *from, char last[RECORD_BOOT_LEN], FILE *file)
{
	const char *text = get("_BOOT_ID", from);
	char date[32] = "";
	time_t seconds;
	struct tm tm;

	if (text)
		print_boot(text, last, file);
	text = get(RECORD_REALTIME, from);
	seconds = text ? (time_t)(strtoull(text, NULL, 10) / 1000000) : 0;
	if (localtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%b %d %H:%M:%S", &tm);
	fprintf(file, "%s ", date);
	print_event(get, from, file);
}

/* The journal separates the names of regions by blanks. */
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

static struct json_object *value_of(enum kind kind, const char *text)
{
	switch (kind) {
	case NUMBER:
		return json_object_new_int64(strtoll(text, NULL, 10));
	case BOOLEAN:
		return json_object_new_boolean(*text == '1');
	case WORDS:
		return split(text);
	case TEXT:
		break;
	}
	return json_object_new_string(text);
}

/**
 * record_json() - make a record as JSON, without the fields that the record does not have
 * @get: returns the value of a field
 * @from: passed to @get
 *
 * Return: the JSON object, whose reference the caller drops; NULL if memory is short.
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
			json_object_object_add(json, members[i].member,
					       value_of(members[i].kind, text));
	}
	return json;
}

/**
 * record_print_json() - print a record as a line of JSON
 * @get: returns the value of a field
 * @from: passed to @get
 * @file: receives the line
 *
 * Return: 0, or -ENOMEM.
 */
int record_print_json(record_get_fn get, void *from, FILE *file)
{
	struct json_object *json = record_json(get, from);

	if (!json)
		return -ENOMEM;
	fputs(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE),
	      file);
	fputc('\n', file);
	json_object_put(json);
	return 0;
}
