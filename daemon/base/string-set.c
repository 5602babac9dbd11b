// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/string-set.h"

/**
 * names_free() - empty it
 * @names: may be used again
 */
void names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct names){ };
}

static size_t find(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (!strcmp(names->names[i], name))
			break;
	return i;
}

/**
 * names_have() - is it there?
 * @names: a set
 * @name: a name
 */
bool names_have(const struct names *names, const char *name)
{
	return find(names, name) < names->n;
}

/**
 * names_add() - one more
 * @names: a set
 * @name: copied
 *
 * Return: 1; 0 if it was there; -ENOMEM.
 */
int names_add(struct names *names, const char *name)
{
	char **more;

	if (names_have(names, name))
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
 * names_drop() - one less
 * @names: a set
 * @name: a name
 *
 * Return: true if it was there.
 */
bool names_drop(struct names *names, const char *name)
{
	size_t i = find(names, name);

	if (i == names->n)
		return false;
	free(names->names[i]);
	names->names[i] = names->names[--names->n];
	return true;
}
