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
#include "cli/report/serials.h"

#define PLACEHOLDER_LEN 32

/*
 * In bytes; 0 for values that text is not searched for. A shorter value is not searched for,
 * because it may have another meaning.
 */
static const size_t min_len[MASK_KINDS] = { [MASK_SERIAL] = 6, [MASK_HOST] = 2, [MASK_DOMAIN] = 4 };

/* A value, its numbers if it is a serial number, and its placeholder */
struct entry {
	struct entry *next;
	enum mask_kind kind;
	struct serial_numbers numbers;
	char placeholder[PLACEHOLDER_LEN];
	char value[];
};

/**
 * struct mask - the values to mask
 * @entries: the values, each once, owned by this struct
 * @n: number of values of each kind
 */
struct mask {
	struct entry *entries;
	unsigned int n[MASK_KINDS];
};

/**
 * mask_new() - make an empty mask
 *
 * Return: the mask, which the caller releases with mask_free(); NULL if memory is short.
 */
struct mask *mask_new(void)
{
	return calloc(1, sizeof(struct mask));
}

/**
 * mask_free() - release a mask and its placeholders
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

/* All IDs in the form of a UUID are one kind, with and without hyphens. */
static bool is_same_kind(enum mask_kind a, enum mask_kind b)
{
	return a == b || (is_uuid(a) && is_uuid(b));
}

/* Write the value in one spelling. @to has room for @len bytes and a terminating zero. */
static void normalize(enum mask_kind kind, const char *value, size_t len, char *to)
{
	for (size_t i = 0; i < len; i++)
		if (!is_uuid(kind) || value[i] != '-')
			*to++ = (char)tolower(value[i]);
	*to = '\0';
}

/* A value of zeros, as 0x0 or 00000000-..., identifies nothing. */
static bool is_nothing(const char *value, size_t len)
{
	return strspn(value, "0x-") >= len;
}

/* Return: the entry of the same value, or of another spelling of it; or NULL. */
static const struct entry *find(const struct mask *mask, const struct entry *wanted)
{
	const struct entry *entry;

	for (entry = mask->entries; entry; entry = entry->next)
		if (is_same_kind(entry->kind, wanted->kind) &&
		    (!strcmp(entry->value, wanted->value) ||
		     serial_numbers_meet(&entry->numbers, &wanted->numbers)))
			break;
	return entry;
}

static const struct entry *find_or_add(struct mask *mask, enum mask_kind kind, const char *value,
				       size_t len)
{
	static const char *const names[MASK_KINDS] = {
		[MASK_SERIAL] = "serial", [MASK_UUID] = "uuid",     [MASK_MACHINE] = "machine-id",
		[MASK_BOOT] = "boot-id",  [MASK_HOST] = "host",     [MASK_MAC] = "mac",
		[MASK_IP] = "ip",         [MASK_DOMAIN] = "domain", [MASK_USER] = "user",
	};
	struct entry *entry = calloc(1, sizeof(*entry) + len + 1);
	const struct entry *known;

	if (!entry)
		return NULL;
	normalize(kind, value, len, entry->value);
	entry->kind = kind;
	if (kind == MASK_SERIAL)
		serial_numbers_of(entry->value, len, &entry->numbers);
	known = find(mask, entry);
	if (known) {
		free(entry);
		return known;
	}
	snprintf(entry->placeholder, sizeof(entry->placeholder), "<%s-%u>", names[kind],
		 ++mask->n[kind]);
	entry->next = mask->entries;
	mask->entries = entry;
	return entry;
}

/*
 * Check whether the text has the form of a domain: two labels, and letters only in the last. The
 * name of a file, as db1.conf.d, has another form.
 */
static bool is_domain(const char *text, size_t len)
{
	const char *dot = memrchr(text, '.', len);
	size_t last = dot ? len - (size_t)(dot + 1 - text) : 0;

	for (size_t i = 0; i < last; i++)
		if (!isalpha((unsigned char)dot[1 + i]))
			return false;
	return last >= 2;
}

/* Add the name of a host, and its domain. */
static const struct entry *add_host(struct mask *mask, const char *name, size_t len)
{
	const char *dot = memchr(name, '.', len);
	size_t rest = dot ? len - (size_t)(dot + 1 - name) : 0;

	if (rest && is_domain(dot + 1, rest) && !find_or_add(mask, MASK_DOMAIN, dot + 1, rest))
		return NULL;
	return find_or_add(mask, MASK_HOST, name, len);
}

/**
 * mask_value() - add a value to a mask and return its placeholder
 * @mask: masks the value in each text from now on
 * @kind: the kind of value
 * @value: the value alone, copied
 *
 * Return: the placeholder, which @mask owns; @value itself if it is nothing but zeros; NULL if
 * memory is short.
 */
const char *mask_value(struct mask *mask, enum mask_kind kind, const char *value)
{
	const char *dot = strchr(value, '.');
	size_t len = strlen(value);
	const struct entry *entry;

	if (is_nothing(value, len))
		return value;
	/* This name is one of a host, so the rest of it is a domain, even with one label. */
	if (kind == MASK_HOST && dot && dot[1] &&
	    !find_or_add(mask, MASK_DOMAIN, dot + 1, strlen(dot + 1)))
		return NULL;
	entry = find_or_add(mask, kind, value, len);
	return entry ? entry->placeholder : NULL;
}

/* --- text --- */

/* Return: the longest value of the mask that begins at @at, with @len set; or NULL. */
static const struct entry *find_known(const struct mask *mask, const char *at, size_t *len)
{
	const struct entry *found = NULL;

	*len = 0;
	for (const struct entry *entry = mask->entries; entry; entry = entry->next) {
		size_t entry_len = strlen(entry->value);

		/* a domain of one label, as corp, is also a word */
		if (entry->kind == MASK_DOMAIN && !strchr(entry->value, '.'))
			continue;
		if (!min_len[entry->kind] || entry_len < min_len[entry->kind] ||
		    entry_len <= *len || strncasecmp(entry->value, at, entry_len) ||
		    isalnum((unsigned char)at[entry_len]))
			continue;
		found = entry;
		*len = entry_len;
	}
	return found;
}

/* Return: the entry of a serial number at @at in another spelling, with @len set; or NULL. */
static const struct entry *find_number(const struct mask *mask, const char *at, size_t *len)
{
	struct serial_numbers numbers;
	const struct entry *entry;

	*len = serial_len(at);
	serial_numbers_of(at, *len, &numbers);
	for (entry = mask->entries; entry; entry = entry->next)
		if (serial_numbers_meet(&entry->numbers, &numbers))
			break;
	return entry;
}

/* Check whether a name with a dot begins with a known host, or is in a known domain. */
static bool is_known_name(const struct mask *mask, const char *name, size_t len)
{
	for (const struct entry *entry = mask->entries; entry; entry = entry->next) {
		size_t known = strlen(entry->value);

		if (known >= len)
			continue;
		if (entry->kind == MASK_HOST && known >= min_len[MASK_HOST] &&
		    !strncasecmp(name, entry->value, known) && strchr(".-", name[known]))
			return true;
		if (entry->kind == MASK_DOMAIN && name[len - known - 1] == '.' &&
		    !strncasecmp(name + len - known, entry->value, known))
			return true;
	}
	return false;
}

/* Return: bytes of the name of a host at @at, 0 if there is none. */
static size_t host_len(const struct mask *mask, const char *at)
{
	size_t len = identifier_name(at);

	return memchr(at, '.', len) && is_known_name(mask, at, len) ? len : 0;
}

/* Return: bytes at @at that @placeholder replaces, 0 for none; -1 if memory is short. */
static ssize_t replace(struct mask *mask, const char *text, const char *at, const char **placeholder)
{
	static const struct {
		enum mask_kind kind;
		size_t (*len)(const char *text, const char *at);
	} forms[] = {
		{ MASK_SERIAL, identifier_serial }, { MASK_USER, identifier_user },
		{ MASK_UUID, identifier_uuid },     { MASK_MAC, identifier_mac },
		{ MASK_IP, identifier_ip },
	};
	const struct entry *entry;
	size_t len;

	len = host_len(mask, at);
	if (len) {
		entry = add_host(mask, at, len);
		if (!entry)
			return -1;
		*placeholder = entry->placeholder;
		return (ssize_t)len;
	}
	entry = find_number(mask, at, &len);
	if (!entry)
		entry = find_known(mask, at, &len);
	for (size_t i = 0; !entry && i < sizeof(forms) / sizeof(*forms); i++) {
		len = forms[i].len(text, at);
		if (!len || is_nothing(at, len))
			continue;
		entry = find_or_add(mask, forms[i].kind, at, len);
		if (!entry)
			return -1;
	}
	if (!entry)
		return 0;
	*placeholder = entry->placeholder;
	return (ssize_t)len;
}

/* Mask a text from a position on. The text before it can announce a value. */
static bool scan(struct mask *mask, const char *text, size_t skip, FILE *file)
{
	for (const char *at = text + skip; *at;) {
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

/* Some kernel messages repeat the kernel's command line. */
static bool scan_line(struct mask *mask, char *line, size_t skip, FILE *file)
{
	static const char words[] = "command line";
	char *rest = strcasestr(line + skip, words);
	_cleanup_(freep) char *parameters = NULL;

	if (!rest)
		return scan(mask, line, skip, file);
	rest += strlen(words);
	rest += strspn(rest, ":");
	parameters = parameters_mask(rest);
	*rest = '\0';
	return parameters && scan(mask, line, skip, file) && scan(mask, parameters, 0, file);
}

/**
 * mask_member() - mask the values in a text that has a name
 * @mask: receives the values that the text adds
 * @name: of the text; the name "serial" announces a serial number. It is no part of the result.
 * @text: any text
 *
 * Return: the masked text, which the caller frees; NULL if memory is short.
 */
char *mask_member(struct mask *mask, const char *name, const char *text)
{
	const char *sign = *name ? ": " : "";
	char *masked = NULL;
	size_t size;
	FILE *file = open_memstream(&masked, &size);
	bool ok = file != NULL;

	while (ok && *text) {
		int len = (int)strcspn(text, "\n");
		_cleanup_(freep) char *line = NULL;

		ok = asprintf(&line, "%s%s%.*s", name, sign, len, text) >= 0 &&
		     scan_line(mask, line, strlen(name) + strlen(sign), file);
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

/**
 * mask_text() - mask the values of a mask, UUIDs and addresses in a text
 * @mask: receives the values that the text adds
 * @text: any text
 *
 * Return: the masked text, which the caller frees; NULL if memory is short.
 */
char *mask_text(struct mask *mask, const char *text)
{
	return mask_member(mask, "", text);
}
