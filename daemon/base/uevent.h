/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One uevent, as the kernel's lib/kobject_uevent.c sends it: a header "ACTION@DEVPATH" and lines
 * KEY=VALUE, each followed by a zero byte. The file must not know sockets. The daemon does not use
 * libudev here, because libudev accepts only sockets that it has opened itself.
 */
#ifndef DAX_OWNER_BASE_UEVENT_H
#define DAX_OWNER_BASE_UEVENT_H

#include <stddef.h>

/*
 * Bytes of the longest uevent. The kernel limits the lines to 2048; the header has a path in sysfs.
 */
#define UEVENT_MAX 8192

/**
 * struct uevent - the kernel's message about a device
 * @text: the message and a terminating zero; the strings below point into it
 * @len: bytes of the message, without the terminating zero
 * @action: value of ACTION: "add", "remove", "change", ...
 * @subsystem: subsystem of the device
 * @name: name of the device, the last part of DEVPATH
 * @seqnum: the kernel's number of the uevent
 */
struct uevent {
	char text[UEVENT_MAX + 1];
	size_t len;
	const char *action;
	const char *subsystem;
	const char *name;
	unsigned long long seqnum;
};

void uevent_set(struct uevent *uevent, size_t len);
int uevent_parse(struct uevent *uevent);
const char *uevent_get(const struct uevent *uevent, const char *key);

#endif /* DAX_OWNER_BASE_UEVENT_H */
