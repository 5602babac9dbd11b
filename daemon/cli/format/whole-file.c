// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/format/whole-file.h"

static int put(int to, const char *data, size_t len)
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
		r = n < 0 ? -errno : put(to, data, (size_t)n);
		at += n;
	}
	return r;
}

/* Copy @from into @fd, and close @fd. */
static int fill(int fd, int from)
{
	int r = whole_file_copy(from, fd);

	if (close(fd) && !r)
		r = -errno;
	return r;
}

static int make(const char *path, int from)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = fd < 0 ? -errno : fill(fd, from);

	if (r && fd >= 0)
		unlink(path);
	return r;
}

/* A device or another special file must not be replaced by a regular file. */
static bool is_other(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && !S_ISREG(status.st_mode);
}

static int replace_by(const char *path, int from)
{
	char fresh[PATH_MAX];
	int fd, r;

	if (is_other(path))
		return -EEXIST;
	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= sizeof(fresh))
		return -ENAMETOOLONG;
	fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fill(fd, from);
	if (!r && rename(fresh, path))
		r = -errno;
	if (r)
		unlink(fresh);
	return r;
}

/**
 * whole_file_write() - create or replace a file that only its owner may read
 * @path: of the file
 * @replace: replace a file that exists, in one step at the end
 * @from: file descriptor of the content
 *
 * Signals are blocked during the call, so that an interrupt leaves no partial file. They take
 * effect afterwards.
 *
 * Return: 0, or a negative errno, after which the old file is unchanged, or there is none. -EEXIST
 * if @path exists and @replace is false, or if @path is not a regular file.
 */
int whole_file_write(const char *path, bool replace, int from)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	r = replace ? replace_by(path, from) : make(path, from);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}
