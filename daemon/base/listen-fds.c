// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/listen-fds.h"

/* Number of descriptors whose closing is remembered; the daemon has three */
#define REMEMBERED 8

/* The descriptors that listen_fd_close() has closed. Their numbers may be those of other files now. */
static bool is_closed[REMEMBERED];

/**
 * listen_fd() - find a file descriptor that systemd has passed
 * @name: name of the descriptor in the unit, see sd_listen_fds_with_names(3)
 *
 * Return: the first descriptor of that name, which the caller owns; -ENOENT if there is none, or if
 * listen_fd_close() has closed it.
 */
int listen_fd(const char *name)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(false, &names), fd = -ENOENT;

	for (int i = 0; i < n; i++) {
		if (fd < 0 && !strcmp(names[i], name) && !(i < REMEMBERED && is_closed[i]))
			fd = SD_LISTEN_FDS_START + i;
		free(names[i]);
	}
	free(names);
	return fd;
}

/**
 * listen_fd_copy() - duplicate a file descriptor that systemd has passed
 * @name: name of the descriptor in the unit
 *
 * The original stays open, so that the next call succeeds, too. Both share the position in the file.
 *
 * Return: the duplicate, which the caller closes; -ENOENT if there is no descriptor of that name;
 * another negative errno.
 */
int listen_fd_copy(const char *name)
{
	int fd = listen_fd(name);

	if (fd < 0)
		return fd;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, SD_LISTEN_FDS_START);
	return fd < 0 ? -errno : fd;
}

/**
 * listen_fd_close() - close a file descriptor that systemd has passed and that has no reader
 * @name: name of the descriptor in the unit; none of that name is allowed
 */
void listen_fd_close(const char *name)
{
	int fd = listen_fd(name);

	if (fd < 0)
		return;
	close(fd);
	if (fd - SD_LISTEN_FDS_START < REMEMBERED)
		is_closed[fd - SD_LISTEN_FDS_START] = true;
}
