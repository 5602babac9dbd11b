// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "cli/report/identifiers.h"
#include "cli/report/mask.h"
#include "cli/report/parameters.h"

#define PLACEHOLDER_LEN 32

/* A value shorter than that is not looked for in text: it may as well be another thing. */
static const size_t min_len[MASK_KINDS] = { [MASK_SERIAL] = 6, [MASK_HOST] = 2 };

/* A value, and what stands for it */
struct entry {
	struct entry *next;
	enum mask_kind kind;
	char placeholder[PLACEHOLDER_LEN];
	char value[];
};

/**
 * struct mask - what has been masked
 * @entries: values, each once
 * @n: how many of each kind
 */
struct mask {
	struct entry *entries;
	unsigned int n[MASK_KINDS];
};

/**
 * mask_new() - nothing is known yet
 *
 * Return: to be given to mask_free(); NULL without memory for it.
 */
struct mask *mask_new(void)
{
	return calloc(1, sizeof(struct mask));
}

/**
 * mask_free() - forget
 * @mask: may be NULL
 */
void mask_free(struct mask *mask)
{
	while (mask && mask->entries) {
		struct entry *entry = mask->entries;

		mask->entries = entry->next;
		free(entry);
	}
	free(mask);
}

/* --- values --- */

static bool is_uuid(enum mask_kind kind)
{
	return kind == MASK_UUID || kind == MASK_MACHINE || kind == MASK_BOOT;
}

/* A UUID is the same with and without hyphens; an ID of a machine is one, whatever it is called. */
static bool is_same_kind(enum mask_kind a, enum mask_kind b)
{
	return a == b || (is_uuid(a) && is_uuid(b));
}

/* In one spelling: @to has room for as many bytes as @value, and one more. */
static void normalize(enum mask_kind kind, const char *value, size_t len, char *to)
{
	for (size_t i = 0; i < len; i++)
		if (!is_uuid(kind) || value[i] != '-')
			*to++ = (char)tolower(value[i]);
	*to = '\0';
}

/* 0x0, 00000000-...: where there is none, that may be known. */
static bool is_nothing(const char *value, size_t len)
{
	return strspn(value, "0x-") >= len;
}

static const struct entry *find(const struct mask *mask, enum mask_kind kind, const char *value)
{
	const struct entry *entry;

	for (entry = mask->entries; entry; entry = entry->next)
		if (is_same_kind(entry->kind, kind) && !strcmp(entry->value, value))
			break;
	return entry;
}

static const struct entry *find_or_add(struct mask *mask, enum mask_kind kind, const char *value, size_t len)
{
	static const char *const names[MASK_KINDS] = {
		[MASK_SERIAL] = "serial", [MASK_UUID] = "uuid", [MASK_MACHINE] = "machine-id", [MASK_BOOT] = "boot-id",
		[MASK_HOST] = "host",	  [MASK_MAC] = "mac",	[MASK_IP] = "ip",
	};
	struct entry *entry = malloc(sizeof(*entry) + len + 1);
	const struct entry *known;

	if (!entry)
		return NULL;
	normalize(kind, value, len, entry->value);
	known = find(mask, kind, entry->value);
	if (known) {
		free(entry);
		return known;
	}
	entry->kind = kind;
	snprintf(entry->placeholder, sizeof(entry->placeholder), "<%s-%u>", names[kind], ++mask->n[kind]);
	entry->next = mask->entries;
	mask->entries = entry;
	return entry;
}

/**
 * mask_value() - what stands for a value
 * @mask: knows it from now on, wherever it is in a text
 * @kind: what it is
 * @value: without anything around it
 *
 * Return: the placeholder, as long as there is @mask; @value itself if that is nothing but zeros;
 * NULL without memory for it.
 */
const char *mask_value(struct mask *mask, enum mask_kind kind, const char *value)
{
	size_t len = strlen(value);
	const struct entry *entry;

	if (is_nothing(value, len))
		return value;
	entry = find_or_add(mask, kind, value, len);
	return entry ? entry->placeholder : NULL;
}

/* --- text --- */

/* The longest value that is known to begin here; @len is set. */
static const struct entry *find_known(const struct mask *mask, const char *at, size_t *len)
{
	const struct entry *found = NULL;

	*len = 0;
	for (const struct entry *entry = mask->entries; entry; entry = entry->next) {
		size_t entry_len = strlen(entry->value);

		if (!min_len[entry->kind] || entry_len < min_len[entry->kind] || entry_len <= *len ||
		    strncasecmp(entry->value, at, entry_len) || isalnum((unsigned char)at[entry_len]))
			continue;
		found = entry;
		*len = entry_len;
	}
	return found;
}

/* Return: bytes of @at that @placeholder stands for, 0 if none; -1 without memory. */
static ssize_t replace(struct mask *mask, const char *text, const char *at, const char **placeholder)
{
	static const struct {
		enum mask_kind kind;
		size_t (*len)(const char *text, const char *at);
	} shapes[] = {
		{ MASK_UUID, identifier_uuid },
		{ MASK_MAC, identifier_mac },
		{ MASK_IP, identifier_ip },
	};
	const struct entry *entry;
	size_t len;

	entry = find_known(mask, at, &len);
	for (size_t i = 0; !entry && i < sizeof(shapes) / sizeof(*shapes); i++) {
		len = shapes[i].len(text, at);
		if (!len || is_nothing(at, len))
			continue;
		entry = find_or_add(mask, shapes[i].kind, at, len);
		if (!entry)
			return -1;
	}
	if (!entry)
		return 0;
	*placeholder = entry->placeholder;
	return (ssize_t)len;
}

static bool scan(struct mask *mask, const char *text, FILE *file)
{
	for (const char *at = text; *at;) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);
		const char *placeholder = NULL;
		ssize_t len = begins ? replace(mask, text, at, &placeholder) : 0;

		if (len < 0)
			return false;
		if (len)
			fputs(placeholder, file);
		else
			fputc(*at, file);
		at += len ?: 1;
	}
	return true;
}

/* The kernel repeats its command line in a message or two. */
static bool scan_line(struct mask *mask, char *line, FILE *file)
{
	static const char words[] = "command line";
	char *rest = strcasestr(line, words);
	_cleanup_(freep) char *parameters = NULL;

	if (!rest)
		return scan(mask, line, file);
	rest += strlen(words);
	parameters = parameters_mask(rest);
	*rest = '\0';
	return parameters && scan(mask, line, file) && scan(mask, parameters, file);
}

/**
 * mask_text() - replace what is known, and what has the shape of a UUID or an address
 * @mask: knows more afterwards
 * @text: any
 *
 * Return: the text, masked, to be freed; NULL without memory for it.
 */
char *mask_text(struct mask *mask, const char *text)
{
	_cleanup_(freep) char *line = NULL;
	char *masked = NULL;
	size_t size;
	FILE *file = open_memstream(&masked, &size);
	bool ok = file != NULL;

	while (ok && *text) {
		size_t len = strcspn(text, "\n");

		free(line);
		line = strndup(text, len);
		ok = line && scan_line(mask, line, file);
		text += len;
		if (*text)
			fputc(*text++, file);
	}
	if (file && fclose(file))
		ok = false;
	if (ok)
		return masked;
	free(masked);
	return NULL;
}
