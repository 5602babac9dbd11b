// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "daemon/settled-file.h"

static int path_of(const char *directory, char *path)
{
	return snprintf(path, PATH_MAX, "%s/settled", directory) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static void put_nothing(FILE *file, const void *data)
{
	(void)file;
	(void)data;
}

/**
 * settled_file_write() - create the settled file
 * @directory: the runtime directory
 *
 * Return: 0, also if the file exists already; a negative errno.
 */
int settled_file_write(const char *directory)
{
	char path[PATH_MAX];
	int r = path_of(directory, path);

	return r ?: file_replace(path, put_nothing, NULL);
}

/**
 * settled_file_wait() - wait until the settled file exists
 * @directory: the runtime directory
 *
 * Return: 0; -ENOENT if the directory does not exist, because no daemon can create the file then;
 * another negative errno.
 */
int settled_file_wait(const char *directory)
{
	_cleanup_(closep) int fd = inotify_init1(IN_CLOEXEC);
	char path[PATH_MAX], events[4096];
	int r = path_of(directory, path);

	if (r)
		return r;
	if (fd < 0 || inotify_add_watch(fd, directory, IN_CREATE | IN_MOVED_TO) < 0)
		return -errno;
	/* the watch exists already, so a file created before access() is not missed */
	while (access(path, F_OK))
		if (read(fd, events, sizeof(events)) < 0 && errno != EINTR)
			return -errno;
	return 0;
}
