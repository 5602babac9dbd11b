// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/report/serials.h"

#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"

/* Pairs of digits in the serial number of a PCI device */
#define PAIRS 8
/* A smaller number is not searched for, because it may have another meaning. */
#define MIN_NUMBER 0x100000

static bool ends(const char *at)
{
	return !isalnum((unsigned char)*at);
}

/* Return: bytes of eight pairs of hexadecimal digits at @at, 0 if there are none. */
static size_t pairs_len(const char *at)
{
	const char *end = at;

	for (int i = 0; i < PAIRS; i++, end += 2) {
		if (i && *end++ != at[2])
			return 0;
		if (strspn(end, HEX) != 2 || (at[2] != '-' && at[2] != ':'))
			return 0;
	}
	/* a ninth pair makes another identifier */
	return ends(end) && (*end != at[2] || ends(end + 1)) ? (size_t)(end - at) : 0;
}

/**
 * serial_len() - return the length of the word that may be a serial number
 * @at: where the word begins
 *
 * Return: bytes of the word, 0 if no letter or digit is there.
 */
size_t serial_len(const char *at)
{
	size_t len = pairs_len(at);

	if (!len)
		while (isalnum((unsigned char)at[len]))
			len++;
	return len;
}

static void add_number(struct serial_numbers *numbers, const char *digits, int base)
{
	uint64_t number;

	errno = 0;
	number = strtoull(digits, NULL, base);
	if (!errno && number >= MIN_NUMBER)
		numbers->numbers[numbers->n++] = number;
}

/**
 * serial_numbers_of() - read the numbers that a text may stand for
 * @text: the text
 * @len: bytes of @text
 * @numbers: filled in; small numbers are left out
 */
void serial_numbers_of(const char *text, size_t len, struct serial_numbers *numbers)
{
	char digits[64];
	size_t n = 0;
	bool prefix = len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	numbers->n = 0;
	if (pairs_len(text) == len && len) {
		for (size_t i = 0; i < len; i++)
			if (i % 3 != 2)
				digits[n++] = text[i];
	} else if (len - 2 * prefix < sizeof(digits)) {
		n = len - 2 * prefix;
		memcpy(digits, text + 2 * prefix, n);
	}
	digits[n] = '\0';
	if (!n || strspn(digits, HEX) != n)
		return;
	add_number(numbers, digits, 16);
	if (n == len && strspn(digits, DIGITS) == n)
		add_number(numbers, digits, 10);
}

/**
 * serial_numbers_meet() - check whether two texts may stand for one number
 * @a: numbers of one text
 * @b: numbers of the other text
 *
 * Return: true if a number is in both.
 */
bool serial_numbers_meet(const struct serial_numbers *a, const struct serial_numbers *b)
{
	for (unsigned int i = 0; i < a->n; i++)
		for (unsigned int k = 0; k < b->n; k++)
			if (a->numbers[i] == b->numbers[k])
				return true;
	return false;
}

/* Check whether the text before @end ends with a word that announces a serial number. */
static bool is_announced(const char *text, const char *end)
{
	static const char *const words[] = {
		"serial",        "serials",       "serialno",  "serialnumber",
		"serial number", "serial_number", "serial no", "serial-number",
		"service tag",   "s/n",           "sn",        "dsn",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);
		const char *word = end - len;

		if ((size_t)(end - text) >= len && !strncasecmp(word, words[i], len) &&
		    (word == text || !isalnum((unsigned char)word[-1])))
			return true;
	}
	return false;
}

/**
 * identifier_serial() - recognize a serial number by the word before it
 * @text: the whole text
 * @at: the position in it
 *
 * A sign has to be between them, as in "serial: 17", or the number begins with 0x.
 *
 * Return: bytes of the number, 0 if there is none.
 */
size_t identifier_serial(const char *text, const char *at)
{
	const char *end = at;
	size_t len = pairs_len(at);
	bool sign = !strncasecmp(at, "0x", 2);

	/* letters and digits, and signs inside the word */
	while (isalnum((unsigned char)at[len]) ||
	       (len && at[len] && strchr("-_.", at[len]) && isalnum((unsigned char)at[len + 1])))
		len++;
	if (strcspn(at, DIGITS) >= len)
		return 0;
	while (end > text && strchr(" \t:=#\"'", end[-1]))
		sign |= strchr(":=#", *--end) != NULL;
	return sign && end < at && is_announced(text, end) ? len : 0;
}
