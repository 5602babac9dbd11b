// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/format/user-file.h"

static void write_text(FILE *file, const void *data)
{
	fputs(data, file);
}

/* Write into a device or a pipe, which must not be replaced by a file. */
static int write_through(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	int r = 0;

	if (!file)
		return -errno;
	if (fputs(text, file) < 0)
		r = -errno;
	if (fclose(file) && !r)
		r = -errno;
	return r;
}

/**
 * user_file_write() - replace the content of a file, or leave the file unchanged
 * @path: of the file; a symbolic link is followed; a device or a pipe is written to
 * @text: the new content
 *
 * Return: 0, or a negative errno.
 */
int user_file_write(const char *path, const char *text)
{
	_cleanup_(freep) char *real = realpath(path, NULL);
	struct stat there;

	if (real && !stat(real, &there) && !S_ISREG(there.st_mode))
		return write_through(path, text);
	return file_replace(real ?: path, write_text, text);
}
