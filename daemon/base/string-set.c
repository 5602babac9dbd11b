// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/string-set.h"

/**
 * string_set_free() - empty it
 * @names: may be used again
 */
void string_set_free(struct string_set *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct string_set){ };
}

static size_t find(const struct string_set *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (!strcmp(names->names[i], name))
			break;
	return i;
}

/**
 * string_set_has() - is it there?
 * @names: a set
 * @name: a name
 */
bool string_set_has(const struct string_set *names, const char *name)
{
	return find(names, name) < names->n;
}

/**
 * string_set_add() - one more
 * @names: a set
 * @name: copied
 *
 * Return: 1; 0 if it was there; -ENOMEM.
 */
int string_set_add(struct string_set *names, const char *name)
{
	char **more;

	if (string_set_has(names, name))
		return 0;
	more = reallocarray(names->names, names->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	names->names = more;
	more[names->n] = strdup(name);
	if (!more[names->n])
		return -ENOMEM;
	names->n++;
	return 1;
}

/**
 * string_set_remove() - one less
 * @names: a set
 * @name: a name
 *
 * Return: true if it was there.
 */
bool string_set_remove(struct string_set *names, const char *name)
{
	size_t i = find(names, name);

	if (i == names->n)
		return false;
	free(names->names[i]);
	names->names[i] = names->names[--names->n];
	return true;
}
