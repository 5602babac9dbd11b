// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"

/**
 * address_parse() - parse a hexadecimal or decimal address: 0x1000 or 4096
 * @text: text that begins with the address
 * @address: set to the address
 * @rest: set to the first character of @text after the address
 *
 * Signs and blanks are invalid. A leading 0 does not make a number octal.
 *
 * Return: 0; -EINVAL if @text does not begin with an address, and @rest is not set; -ERANGE if the
 * address has more than 64 bits.
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
