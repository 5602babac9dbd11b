// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "replace.h"

/**
 * replace_file() - a file as a whole or not at all: others may be reading it
 * @path: of the file; while it is written it is @path with ".new" behind, which is no name that
 *	a directory of *.conf is searched for
 * @fn: writes it
 * @data: passed on to @fn
 *
 * Return: 0, or a negative errno, the file being as before.
 */
int replace_file(const char *path, replace_fn fn, const void *data)
{
	char fresh[PATH_MAX];
	FILE *file;
	int r = 0;

	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.new", path) >= sizeof(fresh))
		return -ENAMETOOLONG;
	file = fopen(fresh, "we");
	if (!file)
		return -errno;
	fn(file, data);
	if (ferror(file))
		r = -EIO;
	if (fclose(file) && !r)
		r = -errno;
	if (!r && rename(fresh, path))
		r = -errno;
	if (r)
		unlink(fresh);
	return r;
}
