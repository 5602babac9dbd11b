/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * List the devices of a subsystem with libudev, and scope helpers for libudev.
 */
#ifndef DAX_OWNER_BASE_UDEV_DEVICES_H
#define DAX_OWNER_BASE_UDEV_DEVICES_H

#include <libudev.h>

#include "base/cleanup.h"

DEFINE_CLEANUP(struct udev *, udev_unref)
DEFINE_CLEANUP(struct udev_device *, udev_device_unref)
DEFINE_CLEANUP(struct udev_enumerate *, udev_enumerate_unref)

/**
 * typedef udev_device_fn - receive one device
 * @device: the device, valid during the call
 * @data: data of the caller of udev_devices_each()
 *
 * Return: 0 to continue, a negative errno to stop.
 */
typedef int (*udev_device_fn)(struct udev_device *device, void *data);

int udev_devices_each(struct udev *udev, const char *subsystem, const char *sysname,
		      udev_device_fn fn, void *data);

#endif /* DAX_OWNER_BASE_UDEV_DEVICES_H */
