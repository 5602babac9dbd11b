/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's uevents, and whether any may have been lost.
 */
#ifndef DAX_OWNER_SYSTEM_UEVENT_SOCKET_H
#define DAX_OWNER_SYSTEM_UEVENT_SOCKET_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "base/uevent.h"

/* FileDescriptorName= of dax-ownerd.socket */
#define UEVENT_SOCKET_NAME "uevents"

/**
 * struct uevent_socket_ops - what to do with them
 * @event: takes one; not called for those that somebody asked for by hand (udevadm trigger),
 *	which tell nothing new
 * @done: all that were there have been taken
 * @lost: some were not received, up to the number of the last that was
 *
 * Each returns a negative errno to end the loop with it.
 */
struct uevent_socket_ops {
	int (*event)(const struct uevent *uevent, void *data);
	int (*done)(void *data);
	int (*lost)(bool overrun, void *data);
};

/**
 * struct uevent_socket - the kernel's uevents
 * @ops: what to do with them
 * @data: passed on to them
 * @fd: socket they come from, -1 if none is open
 * @source: in the loop
 * @seqnum: number of the last one received, 0 for none
 */
struct uevent_socket {
	const struct uevent_socket_ops *ops;
	void *data;
	int fd;
	sd_event_source *source;
	unsigned long long seqnum;
};

#define UEVENT_SOCKET_INIT { .fd = -1 }

int uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given, const struct uevent_socket_ops *ops, void *data);
int uevent_socket_receive(struct uevent_socket *watch);
void uevent_socket_close(struct uevent_socket *watch);

#endif /* DAX_OWNER_SYSTEM_UEVENT_SOCKET_H */
