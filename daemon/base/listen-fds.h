/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What systemd has opened for the daemon, which may not open it itself: OpenFile= and Sockets=.
 */
#ifndef DAX_OWNER_BASE_LISTEN_FDS_H
#define DAX_OWNER_BASE_LISTEN_FDS_H

int listen_fd(const char *name);

#endif /* DAX_OWNER_BASE_LISTEN_FDS_H */
