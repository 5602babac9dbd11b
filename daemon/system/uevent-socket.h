/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive the kernel's uevents, and detect lost ones.
 */
#ifndef DAX_OWNER_SYSTEM_UEVENT_SOCKET_H
#define DAX_OWNER_SYSTEM_UEVENT_SOCKET_H

#include <systemd/sd-event.h>

#include "base/uevent.h"

/* FileDescriptorName= of dax-ownerd.socket */
#define UEVENT_SOCKET_NAME "uevents"

/**
 * struct uevent_socket_ops - the operations on received uevents
 * @subsystems: the subsystems of the uevents to process, with NULL at the end; the socket drops all
 *	others
 * @event: process one uevent, valid during the call. Not called for the uevents of udevadm trigger,
 *	because they report no change.
 * @done: called after all pending uevents, and after @lost
 * @lost: called after all pending uevents if the kernel reported an overrun of the buffer
 *
 * Each operation returns a negative errno to end the event loop with that error.
 */
struct uevent_socket_ops {
	const char *const *subsystems;
	int (*event)(const struct uevent *uevent, void *data);
	int (*done)(void *data);
	int (*lost)(void *data);
};

/**
 * struct uevent_socket - a socket that receives the kernel's uevents
 * @ops: the operations; borrowed
 * @data: passed to @ops
 * @fd: file descriptor of the socket, owned; -1 if it is not open
 * @source: the source in the event loop, owned
 */
struct uevent_socket {
	const struct uevent_socket_ops *ops;
	void *data;
	int fd;
	sd_event_source *source;
};

#define UEVENT_SOCKET_INIT \
	{ \
		.fd = -1 \
	}

int uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given,
		       const struct uevent_socket_ops *ops, void *data);
int uevent_socket_receive(struct uevent_socket *watch);
void uevent_socket_close(struct uevent_socket *watch);

#endif /* DAX_OWNER_SYSTEM_UEVENT_SOCKET_H */
