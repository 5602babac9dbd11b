// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/string-set.h"

/**
 * string_set_free() - free all names of a set
 * @names: the set; empty afterwards, and ready for use
 */
void string_set_free(struct string_set *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct string_set) {};
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
 * string_set_has() - check whether a set contains a name
 * @names: the set
 * @name: the name
 *
 * Return: true if it does.
 */
bool string_set_has(const struct string_set *names, const char *name)
{
	return find(names, name) < names->n;
}

/**
 * string_set_add() - add a name to a set
 * @names: the set
 * @name: the name; the set keeps a copy
 *
 * Return: 1; 0 if the set contains the name already; -ENOMEM, and the set has the same names.
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
 * string_set_remove() - remove a name from a set
 * @names: the set
 * @name: the name
 *
 * Return: true if the set contained the name.
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
