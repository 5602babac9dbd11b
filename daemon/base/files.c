// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"

/**
 * file_exists() - is there such a file?
 * @format: its path, as for printf()
 *
 * Return: true if there is, of whatever kind; false also if that cannot be seen.
 */
bool file_exists(const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	return length >= 0 && length < (int)sizeof(path) && access(path, F_OK) == 0;
}

/**
 * file_first_line() - of an attribute in sysfs, usually all of it
 * @path: of the file
 * @line: filled in without the newline, and cut if it is longer
 * @len: bytes in @line
 *
 * Return: 0; -EIO if there is none; another negative errno.
 */
int file_first_line(const char *path, char *line, int len)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	if (!fgets(line, len, file))
		return -EIO;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

/**
 * file_replace() - a file as a whole or not at all: others may be reading it
 * @path: of the file; while it is written it is @path with ".new" behind, which is no name that
 *	a directory of *.conf is searched for
 * @fn: writes it
 * @data: passed on to @fn
 *
 * Return: 0, or a negative errno, the file being as before.
 */
int file_replace(const char *path, file_fn fn, const void *data)
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

/**
 * directory_make() - have a directory, which all may read
 * @path: of it; its parent is there
 *
 * Return: 0, also if it is there already; a negative errno.
 */
int directory_make(const char *path)
{
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}
