// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"

/**
 * address_parse() - 0x1000 or 4096: neither signs nor blanks, and a 0 in front does not make it octal
 * @text: begins with it
 * @address: set to it
 * @rest: set to what is behind it in @text
 *
 * Return: 0; -EINVAL if it is none; -ERANGE if it has more than 64 bits.
 */
int address_parse(const char *text, u64 *address, const char **rest)
{
	bool hex = !strncmp(text, "0x", 2);
	const char *digits = hex ? text + 2 : text;
	char *end;

	if (!(hex ? isxdigit((unsigned char)*digits) : isdigit((unsigned char)*digits)))
		return -EINVAL;
	errno = 0;
	*address = strtoull(digits, &end, hex ? 16 : 10);
	*rest = end;
	return -errno;
}
