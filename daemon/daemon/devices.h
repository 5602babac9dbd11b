/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices that are recorded when the kernel adds or removes them: CXL regions and DAX devices.
 */
#ifndef DAX_OWNER_DAEMON_DEVICES_H
#define DAX_OWNER_DAEMON_DEVICES_H

#include <libudev.h>

#include "daemon/recorder.h"
#include "base/uevent.h"

int devices_event(struct recorder *recorder, const struct uevent *uevent);
int devices_read(struct recorder *recorder, struct udev *udev);

#endif /* DAX_OWNER_DAEMON_DEVICES_H */
