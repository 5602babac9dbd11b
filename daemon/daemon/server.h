/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Varlink server of the interface io.daxowner. Any user may read the state and subscribe to
 * records. Only root gets physical addresses. No call changes anything.
 * docs/abi/varlink.md describes the interface.
 */
#ifndef DAX_OWNER_DAEMON_SERVER_H
#define DAX_OWNER_DAEMON_SERVER_H

#include <systemd/sd-event.h>

#include "daemon/recorder.h"

/* Name of the socket in the runtime directory */
#define SERVER_SOCKET "io.daxowner"

struct server;

#if HAVE_VARLINK

int server_open(struct server **server, sd_event *event, const char *directory,
		struct recorder *recorder, struct journal *journal);
void server_close(struct server *server);

#else

static inline int server_open(struct server **server, sd_event *event, const char *directory,
			      struct recorder *recorder, struct journal *journal)
{
	(void)event;
	(void)directory;
	(void)recorder;
	(void)journal;
	*server = NULL;
	return 0;
}

static inline void server_close(struct server *server)
{
	(void)server;
}

#endif

#endif /* DAX_OWNER_DAEMON_SERVER_H */
