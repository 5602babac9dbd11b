// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "base/key-value.h"

/**
 * key_value() - return the value of a line if the line has a key
 * @line: the line
 * @key: the key, without the "="
 *
 * Return: the text after the "=", a part of @line; NULL if the line has another key or no "=".
 */
const char *key_value(const char *line, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(line, key, len) && line[len] == '=' ? line + len + 1 : NULL;
}
