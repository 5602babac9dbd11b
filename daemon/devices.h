/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices whose coming and going is recorded: CXL regions and DAX devices.
 */
#ifndef DAX_OWNERD_DEVICES_H
#define DAX_OWNERD_DEVICES_H

#include <libudev.h>

#include "teller.h"
#include "uevent.h"

int devices_event(struct teller *teller, const struct uevent *uevent);
int devices_read(struct teller *teller, struct udev *udev);

#endif /* DAX_OWNERD_DEVICES_H */
