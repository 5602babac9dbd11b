// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cli/format/printable.h"

/**
 * printable() - replace each byte that is no printable character of ASCII by a question mark
 * @text: changed in place. A terminal obeys control characters, such as those that begin a sequence.
 *   There are some beyond ASCII, too, and others that change the order of the text.
 */
void printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

static bool is_of_name(const char *name, const char *at)
{
	if (isascii(*at) && isalnum((unsigned char)*at))
		return true;
	/* a sign at the beginning would make an option of the name */
	return strchr("._", *at) || (at > name && strchr("+-~", *at));
}

/**
 * printable_name() - replace the characters that a name in a path or a command must not have
 * @name: of a device, a driver or a kernel; changed in place. An underscore replaces a slash, a
 *   blank, and each character that a shell or a terminal may obey.
 */
void printable_name(char *name)
{
	for (char *at = name; *at; at++)
		if (!is_of_name(name, at))
			*at = '_';
}
