// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "cli/format/user-file.h"
#include "cli/format/whole-file.h"

static int fill(int fd, const void *data)
{
	const char *text = data;

	return whole_file_put(fd, text, strlen(text));
}

/* Write into a character device, which a file must not replace. */
static int write_device(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	int r = fd < 0 ? -errno : fill(fd, text);

	if (fd >= 0 && close(fd) && !r)
		r = -errno;
	return r;
}

/**
 * user_file_write() - create or replace a file, or leave the file unchanged
 * @path: of the file; text for a character device is written to the device
 * @text: the new content
 *
 * The file gets mode 0666 without the bits of the umask. The function follows no symbolic link,
 * because another user may have put it there.
 *
 * Return: 0, or a negative errno, as file_write(): -EEXIST if @path is a link, a pipe or a
 * directory.
 */
int user_file_write(const char *path, const char *text)
{
	struct stat there;

	if (!lstat(path, &there) && S_ISCHR(there.st_mode))
		return write_device(path, text);
	return file_write(path, 0666, true, fill, text);
}
