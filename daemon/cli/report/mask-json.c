// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mask that knows only text would replace a number that equals a serial number, and the end of a
 * line after the words "command line". The result would be no JSON.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/cleanup.h"
#include "cli/report/mask-json.h"

DEFINE_CLEANUP(struct json_object *, json_object_put)

/* Members whose values are addresses or words of dax-owner, and identify nothing */
static const char *const kept[] = {
	"arbiter", "end",   "event",    "expected", "flags", "health",
	"kind",    "owner", "previous", "reason",   "start", "state",
};

static bool is_kept(const char *name)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (!strcmp(kept[i], name))
			return true;
	return false;
}

static int mask_value_of(struct mask *mask, const char *name, struct json_object *value);

static int mask_string(struct mask *mask, const char *name, struct json_object *string)
{
	_cleanup_(freep) char *masked = mask_member(mask, name, json_object_get_string(string));

	return masked && json_object_set_string(string, masked) ? 0 : -ENOMEM;
}

static int mask_members(struct mask *mask, struct json_object *object)
{
	int r = 0;

	json_object_object_foreach(object, name, value) if (!r) r = mask_value_of(mask, name, value);
	return r;
}

/* @name is that of the member that has the value, or an array with the value. */
static int mask_value_of(struct mask *mask, const char *name, struct json_object *value)
{
	int r = 0;

	switch (json_object_get_type(value)) {
	case json_type_string:
		return is_kept(name) ? 0 : mask_string(mask, name, value);
	case json_type_object:
		return mask_members(mask, value);
	case json_type_array:
		for (size_t i = 0; !r && i < json_object_array_length(value); i++)
			r = mask_value_of(mask, name, json_object_array_get_idx(value, i));
		return r;
	default:
		return 0;
	}
}

/* Return: the masked JSON, which the caller frees; NULL if memory is short. */
static char *mask_with(struct mask *mask, const char *text, int flags)
{
	_cleanup_(json_object_putp) struct json_object *json = json_tokener_parse(text);
	char *masked;

	if (!json)
		return mask_text(mask, text);
	if (mask_value_of(mask, "", json) ||
	    asprintf(&masked, "%s\n",
		     json_object_to_json_string_ext(json, flags | JSON_C_TO_STRING_NOSLASHESCAPE)) <
		    0)
		return NULL;
	return masked;
}

/**
 * mask_json() - mask the strings of a JSON value that is indented
 * @mask: receives the values that the strings add
 * @text: the JSON. Other text is masked by mask_text().
 *
 * The names of members, numbers and literals stay, and so do addresses and the words of dax-owner. A
 * host can have the name of such a word, and a reader needs it.
 *
 * Return: the masked JSON, which the caller frees; NULL if memory is short.
 */
char *mask_json(struct mask *mask, const char *text)
{
	return mask_with(mask, text, JSON_C_TO_STRING_PRETTY);
}

/**
 * mask_json_lines() - mask the strings of JSON values, a line each
 * @mask: receives the values that the strings add
 * @text: the lines
 *
 * Return: as mask_json().
 */
char *mask_json_lines(struct mask *mask, const char *text)
{
	char *masked = NULL;
	size_t size;
	FILE *file = open_memstream(&masked, &size);
	bool ok = file != NULL;

	while (ok && *text) {
		size_t len = strcspn(text, "\n");
		_cleanup_(freep) char *line = strndup(text, len);
		_cleanup_(freep) char *one = line ? mask_with(mask, line, JSON_C_TO_STRING_PLAIN) :
						    NULL;

		ok = one && fputs(one, file) >= 0;
		text += len;
		text += *text == '\n';
	}
	if (file && fclose(file))
		ok = false;
	if (ok)
		return masked;
	free(masked);
	return NULL;
}
