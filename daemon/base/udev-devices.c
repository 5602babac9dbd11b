// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"

/**
 * udev_devices_each() - each device of a subsystem, as sysfs has it now
 * @udev: the library
 * @subsystem: its name
 * @sysname: only those whose name matches this shell pattern
 * @fn: called for each; not for one that has gone again meanwhile
 * @data: passed on to @fn
 *
 * Return: 0; what @fn returned if that is not 0; another negative errno.
 */
int udev_devices_each(struct udev *udev, const char *subsystem, const char *sysname, udev_device_fn fn, void *data)
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
