// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read, write and test small files. The file must not know what a file is for.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"

/**
 * file_exists() - check whether a path exists
 * @format: the path, as a format of printf() with its arguments
 *
 * Return: true if a file of any kind exists; false if not, if access() fails for another reason, or
 * if the path is PATH_MAX bytes or longer.
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
 * file_first_line() - read the first line of a file
 * @path: path of the file; an attribute in sysfs usually has only one line
 * @line: filled in without the newline, cut to @len - 1 bytes
 * @len: bytes in @line
 *
 * Return: 0; -EIO if the file is empty or cannot be read; another negative errno if it cannot be
 * opened.
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
 * file_replace() - create a file or replace it as a whole
 * @path: path of the file
 * @fn: writes the content
 * @data: passed to @fn
 *
 * The function writes to @path.new and renames that file, so that readers never read a part of the
 * content. Programs that search a directory for *.conf ignore the suffix .new.
 *
 * Return: 0; a negative errno, and the old file is unchanged.
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
 * directory_make() - create a directory with mode 0755
 * @path: path of the directory; its parent must exist
 *
 * Return: 0, also if the directory exists already; a negative errno.
 */
int directory_make(const char *path)
{
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}
