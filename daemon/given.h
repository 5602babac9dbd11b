/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What systemd has opened for the daemon, which may not open it itself: OpenFile= and Sockets=.
 */
#ifndef DAX_OWNERD_GIVEN_H
#define DAX_OWNERD_GIVEN_H

int given_fd(const char *name);

#endif /* DAX_OWNERD_GIVEN_H */
