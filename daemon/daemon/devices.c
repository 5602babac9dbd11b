// SPDX-License-Identifier: GPL-2.0-only
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/udev-devices.h"
#include "daemon/devices.h"

/* The devices that are recorded; both subsystems contain other devices, too */
static const struct {
	const char *subsystem;
	const char *sysname;
} kinds[] = {
	{ "cxl", "region[0-9]*" },
	{ "dax", "dax[0-9]*" },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static bool is_recorded(const char *subsystem, const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(subsystem, kinds[i].subsystem))
			return !fnmatch(kinds[i].sysname, name, 0);
	return false;
}

/**
 * devices_event() - record the CXL region or DAX device that a uevent adds or removes
 * @recorder: the recorder
 * @uevent: the uevent of any device; other actions and other devices are ignored
 *
 * Return: 0, or -ENOMEM.
 */
int devices_event(struct recorder *recorder, const struct uevent *uevent)
{
	bool added = !strcmp(uevent->action, "add");

	if (!is_recorded(uevent->subsystem, uevent->name) ||
	    (!added && strcmp(uevent->action, "remove")))
		return 0;
	return recorder_device(recorder, uevent->subsystem, uevent->name, added);
}

struct reading {
	struct recorder *recorder;
	struct string_set there;
};

static int take(struct udev_device *device, void *data)
{
	const char *subsystem = udev_device_get_subsystem(device);
	const char *name = udev_device_get_sysname(device);
	struct reading *reading = data;
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s %s", subsystem, name);
	r = string_set_add(&reading->there, full);
	return r < 0 ? r : recorder_device(reading->recorder, subsystem, name, true);
}

static int drop_gone(struct reading *reading)
{
	struct string_set *recorded = &reading->recorder->recorded.devices;
	int r = 0;

	for (size_t i = recorded->n; !r && i-- > 0;) {
		char subsystem[64], *name;

		if (string_set_has(&reading->there, recorded->names[i]))
			continue;
		snprintf(subsystem, sizeof(subsystem), "%s", recorded->names[i]);
		name = strchr(subsystem, ' ');
		*name++ = '\0';
		r = recorder_device(reading->recorder, subsystem, name, false);
	}
	return r;
}

/**
 * devices_read() - record each device that was added or removed since the last record
 * @recorder: the recorder, with the devices of its earlier records
 * @udev: the context of libudev
 *
 * Reads all CXL regions and DAX devices from sysfs.
 *
 * Return: 0, or a negative errno.
 */
int devices_read(struct recorder *recorder, struct udev *udev)
{
	struct reading reading = { .recorder = recorder };
	int r = 0;

	for (size_t i = 0; !r && i < KINDS; i++)
		r = udev_devices_each(udev, kinds[i].subsystem, kinds[i].sysname, take, &reading);
	if (!r)
		r = drop_gone(&reading);
	string_set_free(&reading.there);
	return r;
}
