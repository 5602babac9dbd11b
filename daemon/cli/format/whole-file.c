// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <unistd.h>

#include "base/files.h"
#include "cli/format/whole-file.h"

/**
 * whole_file_put() - write all of a text
 * @to: file descriptor to write to
 * @data: the bytes
 * @len: number of bytes
 *
 * Return: 0, or a negative errno.
 */
int whole_file_put(int to, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(to, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/**
 * whole_file_copy() - copy a whole file, from its beginning
 * @from: file descriptor of the file; its offset is ignored
 * @to: file descriptor to write to
 *
 * Return: 0, or a negative errno.
 */
int whole_file_copy(int from, int to)
{
	char data[1 << 14];
	off_t at = 0;
	ssize_t n;
	int r = 0;

	while (!r && (n = pread(from, data, sizeof(data), at))) {
		r = n < 0 ? -errno : whole_file_put(to, data, (size_t)n);
		at += n;
	}
	return r;
}

static int fill(int fd, const void *data)
{
	return whole_file_copy(*(const int *)data, fd);
}

/**
 * whole_file_write() - create or replace a file that only its owner may read
 * @path: of the file
 * @replace: replace a file that exists, in one step at the end
 * @from: file descriptor of the content
 *
 * Return: the result of file_write(), with mode 0600.
 */
int whole_file_write(const char *path, bool replace, int from)
{
	return file_write(path, 0600, replace, fill, &from);
}
