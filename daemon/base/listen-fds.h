/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * File descriptors that systemd passes to the daemon: OpenFile= and Sockets=. The daemon may not
 * open these files itself.
 */
#ifndef DAX_OWNER_BASE_LISTEN_FDS_H
#define DAX_OWNER_BASE_LISTEN_FDS_H

int listen_fd(const char *name);
int listen_fd_copy(const char *name);
void listen_fd_close(const char *name);

#endif /* DAX_OWNER_BASE_LISTEN_FDS_H */
