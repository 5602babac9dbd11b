// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"

/**
 * udev_devices_each() - call a function for each device of a subsystem
 * @udev: context of libudev
 * @subsystem: name of the subsystem
 * @sysname: shell pattern that the name of the device must match
 * @fn: called once for each device in sysfs; not for a device that disappears during the call
 * @data: passed to @fn
 *
 * Return: 0; the first result of @fn that is not 0; a negative errno of libudev.
 */
int udev_devices_each(struct udev *udev, const char *subsystem, const char *sysname,
		      udev_device_fn fn, void *data)
{
	_cleanup_(udev_enumerate_unrefp) struct udev_enumerate *found = udev_enumerate_new(udev);
	struct udev_list_entry *entry;
	int r;

	if (!found)
		return -ENOMEM;
	r = udev_enumerate_add_match_subsystem(found, subsystem);
	if (r >= 0)
		r = udev_enumerate_add_match_sysname(found, sysname);
	if (r >= 0)
		r = udev_enumerate_scan_devices(found);
	if (r < 0)
		return r;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(found)) {
		_cleanup_(udev_device_unrefp) struct udev_device *device =
			udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));

		r = device ? fn(device, data) : 0;
		if (r)
			return r;
	}
	return 0;
}
