// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/listen-fds.h"

/**
 * listen_fd() - find a file descriptor that systemd has passed
 * @name: name of the descriptor in the unit, see sd_listen_fds_with_names(3)
 *
 * Return: the first descriptor of that name, which the caller owns; -ENOENT if there is none.
 */
int listen_fd(const char *name)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(false, &names), fd = -ENOENT;

	for (int i = 0; i < n; i++) {
		if (fd < 0 && !strcmp(names[i], name))
			fd = SD_LISTEN_FDS_START + i;
		free(names[i]);
	}
	free(names);
	return fd;
}

/**
 * listen_fd_close() - close a file descriptor that systemd has passed and that has no reader
 * @name: name of the descriptor in the unit; none of that name is allowed
 *
 * listen_fd() must not be called with this name afterwards.
 */
void listen_fd_close(const char *name)
{
	int fd = listen_fd(name);

	if (fd >= 0)
		close(fd);
}
