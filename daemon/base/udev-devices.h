/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices of a subsystem.
 */
#ifndef DAX_OWNER_BASE_UDEV_DEVICES_H
#define DAX_OWNER_BASE_UDEV_DEVICES_H

#include <libudev.h>

#include "base/cleanup.h"

DEFINE_CLEANUP(struct udev *, udev_unref)
DEFINE_CLEANUP(struct udev_device *, udev_device_unref)
DEFINE_CLEANUP(struct udev_enumerate *, udev_enumerate_unref)

/**
 * typedef udev_device_fn - told of each device
 * @device: valid until it returns
 * @data: the caller's
 *
 * Return: 0 to go on, a negative errno to stop.
 */
typedef int (*udev_device_fn)(struct udev_device *device, void *data);

int udev_devices_each(struct udev *udev, const char *subsystem, const char *sysname, udev_device_fn fn, void *data);

#endif /* DAX_OWNER_BASE_UDEV_DEVICES_H */
