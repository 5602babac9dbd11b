/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One message of the kernel about a device, as lib/kobject_uevent.c of the kernel sends them: a
 * header "ACTION@DEVPATH" and lines KEY=VALUE, each with a zero behind. Knows nothing of sockets:
 * libudev does, but takes only sockets that it has opened itself.
 */
#ifndef DAX_OWNER_BASE_UEVENT_H
#define DAX_OWNER_BASE_UEVENT_H

#include <stddef.h>

/* Bytes; the kernel has 2048 for the lines, and a path in sysfs for the header */
#define UEVENT_MAX 8192

/**
 * struct uevent - what has happened to a device
 * @text: the message, and a zero behind it; the strings below are in it
 * @len: bytes of the message
 * @action: what has happened
 * @subsystem: of the device
 * @name: of the device
 * @seqnum: the kernel numbers them all
 */
struct uevent {
	char text[UEVENT_MAX + 1];
	size_t len;
	const char *action;
	const char *subsystem;
	const char *name;
	unsigned long long seqnum;
};

int uevent_parse(struct uevent *uevent, size_t len);
const char *uevent_get(const struct uevent *uevent, const char *key);

#endif /* DAX_OWNER_BASE_UEVENT_H */
