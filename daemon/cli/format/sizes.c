// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/format/sizes.h"

/**
 * size_text_short() - format a size as lsmem does: 512M, 1.5G
 * @text: the caller's buffer, filled in
 * @bytes: the size in bytes
 *
 * Return: @text.
 */
const char *size_text_short(char text[SIZE_TEXT_LEN], u64 bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0;
	u64 tenths;

	while (unit < sizeof(units) - 2 && bytes >> (10 * (unit + 1)))
		unit++;
	if (!unit) {
		snprintf(text, SIZE_TEXT_LEN, "%" PRIu64 "%c", bytes, units[0]);
		return text;
	}
	/* Round down, so that the text never shows more memory than exists. */
	tenths = ((bytes >> (10 * (unit - 1))) % 1024) * 10 / 1024;
	if (tenths)
		snprintf(text, SIZE_TEXT_LEN, "%" PRIu64 ".%" PRIu64 "%c", bytes >> (10 * unit),
			 tenths, units[unit]);
	else
		snprintf(text, SIZE_TEXT_LEN, "%" PRIu64 "%c", bytes >> (10 * unit), units[unit]);
	return text;
}

/**
 * size_text_long() - format a size as cxl and daxctl do with -u: 1024.00 MiB (1073.74 MB)
 * @text: the caller's buffer, filled in
 * @bytes: the size in bytes; a plain number below 5000 KiB, as in these programs
 *
 * Return: @text.
 */
const char *size_text_long(char text[SIZE_TEXT_LEN], u64 bytes)
{
	static const struct {
		u64 below;
		double binary, decimal;
		const char *prefix;
	} scales[] = {
		{ 2ull << 30, 1 << 20, 1e6, "M" },
		{ 2ull << 40, 1 << 30, 1e9, "G" },
		{ ~0ull, (double)(1ull << 40), 1e12, "T" },
	};
	size_t i = 0;

	if (bytes < 5000ull << 10) {
		snprintf(text, SIZE_TEXT_LEN, "%" PRIu64, bytes);
		return text;
	}
	while (bytes >= scales[i].below && i < sizeof(scales) / sizeof(*scales) - 1)
		i++;
	snprintf(text, SIZE_TEXT_LEN, "%.2f %siB (%.2f %sB)", (double)bytes / scales[i].binary,
		 scales[i].prefix, (double)bytes / scales[i].decimal, scales[i].prefix);
	return text;
}

/* Return: the factor of a unit, 1 without a unit; 0 if there is no such unit. */
static u64 unit_of(const char *text)
{
	static const char units[] = "KMGTPE";
	const char *unit = *text ? strchr(units, *text) : NULL;

	if (!*text || !strcmp(text, "B"))
		return 1;
	if (!unit || (text[1] && strcmp(text + 1, "iB")))
		return 0;
	return 1024ull << (10 * (unit - units));
}

/**
 * size_parse() - parse a size: 4096, 512M, 1.5GiB
 * @text: a number with a unit; without one, the number is in bytes
 * @bytes: filled in
 *
 * Return: 0; -EINVAL if @text is no size; -ERANGE for more than 64 bits.
 */
int size_parse(const char *text, u64 *bytes)
{
	u64 number = 0, tenths = 0, unit;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	for (; isdigit((unsigned char)*text); text++)
		if (__builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (u64)(*text - '0'), &number))
			return -ERANGE;
	if (*text == '.' && isdigit((unsigned char)text[1])) {
		tenths = (u64)(text[1] - '0');
		text += 2;
	}
	unit = unit_of(text);
	if (!unit || (tenths && unit == 1))
		return -EINVAL;
	if (__builtin_mul_overflow(number, unit, &number) ||
	    __builtin_add_overflow(number, tenths * (unit / 10) + tenths * (unit % 10) / 10, bytes))
		return -ERANGE;
	return 0;
}
