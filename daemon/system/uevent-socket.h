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
#define WATCH_GIVEN "uevents"

/**
 * struct watch_ops - what to do with them
 * @event: takes one; not called for those that somebody asked for by hand (udevadm trigger),
 *	which tell nothing new
 * @done: all that were there have been taken
 * @lost: some were not received, up to the number of the last that was
 *
 * Each returns a negative errno to end the loop with it.
 */
struct watch_ops {
	int (*event)(const struct uevent *uevent, void *data);
	int (*done)(void *data);
	int (*lost)(bool overrun, void *data);
};

/**
 * struct watch - the kernel's uevents
 * @ops: what to do with them
 * @data: passed on to them
 * @fd: socket they come from, -1 if none is open
 * @source: in the loop
 * @seqnum: number of the last one received, 0 for none
 */
struct watch {
	const struct watch_ops *ops;
	void *data;
	int fd;
	sd_event_source *source;
	unsigned long long seqnum;
};

#define WATCH_INIT { .fd = -1 }

int watch_open(struct watch *watch, sd_event *event, int given, const struct watch_ops *ops, void *data);
int watch_take(struct watch *watch);
void watch_close(struct watch *watch);

#endif /* DAX_OWNER_SYSTEM_UEVENT_SOCKET_H */
