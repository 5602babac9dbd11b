// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read, write and test small files. The file must not know what a file is for.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
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

/* The umask can only be read by setting it. */
static mode_t read_umask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

/* Give the file its mode and its content, and write both to the disk. Close @fd. */
static int fill_new(int fd, mode_t mode, file_fill_fn fill, const void *data)
{
	int r = fchmod(fd, mode & ~read_umask()) ? -errno : fill(fd, data);

	/* some file systems cannot sync */
	if (!r && fsync(fd) && errno != EINVAL && errno != EROFS)
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	return r;
}

/* Give a file its final name, which no file may have. */
static int publish(const char *fresh, const char *path)
{
	if (!renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE))
		return 0;
	/* some file systems have no such rename */
	if (errno != EINVAL || link(fresh, path))
		return -errno;
	unlink(fresh);
	return 0;
}

static int write_beside(const char *path, mode_t mode, bool replace, file_fill_fn fill,
			const void *data)
{
	char fresh[PATH_MAX];
	int fd, r;

	if (!*path)
		return -ENOENT;
	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= sizeof(fresh))
		return -ENAMETOOLONG;
	fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fill_new(fd, mode, fill, data);
	if (!r)
		r = !replace ? publish(fresh, path) : rename(fresh, path) ? -errno : 0;
	if (r)
		unlink(fresh);
	return r;
}

/**
 * file_write() - create a file or replace it, completely or not at all
 * @path: path of the file
 * @mode: permission bits of the file, without the bits of the umask, as for open()
 * @replace: replace a file of that name
 * @fill: writes the content
 * @data: passed to @fill
 *
 * The function writes to a new file @path.XXXXXX with a random name, syncs and renames it. So it
 * never opens a file or follows a link that another user has put there. Readers never read a part
 * of the content. Programs that search a directory for *.conf ignore the new file. Signals are
 * blocked during the call, so that an interrupt leaves no partial file. They take effect
 * afterwards.
 *
 * Return: 0; a negative errno, and the old file is unchanged, or there is none. -EEXIST if @path
 * exists and @replace is false, or if @path is a link or another file that is not regular.
 */
int file_write(const char *path, mode_t mode, bool replace, file_fill_fn fill, const void *data)
{
	struct stat there;
	sigset_t all, before;
	int r;

	if (!lstat(path, &there) && !S_ISREG(there.st_mode))
		return -EEXIST;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	r = write_beside(path, mode, replace, fill, data);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* The arguments of file_replace() */
struct content {
	file_fn fn;
	const void *data;
};

static int fill_stream(int fd, const void *data)
{
	const struct content *content = data;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0), r = 0;
	FILE *file = copy < 0 ? NULL : fdopen(copy, "w");

	if (!file) {
		r = -errno;
		closep(&copy);
		return r;
	}
	content->fn(file, content->data);
	if (ferror(file))
		r = -EIO;
	if (fclose(file) && !r)
		r = -errno;
	return r;
}

/**
 * file_replace() - create a file or replace it as a whole
 * @path: path of the file
 * @fn: writes the content
 * @data: passed to @fn
 *
 * The file gets mode 0644 without the bits of the umask.
 *
 * Return: the result of file_write().
 */
int file_replace(const char *path, file_fn fn, const void *data)
{
	const struct content content = { fn, data };

	return file_write(path, 0644, true, fill_stream, &content);
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
