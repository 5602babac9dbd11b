// SPDX-License-Identifier: GPL-2.0-only
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/udev-devices.h"
#include "daemon/devices.h"

/* Of all there is in the two subsystems */
static const struct {
	const char *subsystem;
	const char *sysname;
} kinds[] = {
	{ "cxl", "region[0-9]*" },
	{ "dax", "dax[0-9]*" },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static bool is_told(const char *subsystem, const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(subsystem, kinds[i].subsystem))
			return !fnmatch(kinds[i].sysname, name, 0);
	return false;
}

/**
 * devices_event() - take a uevent
 * @teller: told if a device comes or goes that is recorded
 * @uevent: of any device
 *
 * Return: 0, or -ENOMEM.
 */
int devices_event(struct teller *teller, const struct uevent *uevent)
{
	bool added = !strcmp(uevent->action, "add");

	if (!is_told(uevent->subsystem, uevent->name) || (!added && strcmp(uevent->action, "remove")))
		return 0;
	return teller_device(teller, uevent->subsystem, uevent->name, added);
}

struct reading {
	struct teller *teller;
	struct names there;
};

static int take(struct udev_device *device, void *data)
{
	const char *subsystem = udev_device_get_subsystem(device);
	const char *name = udev_device_get_sysname(device);
	struct reading *reading = data;
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s %s", subsystem, name);
	r = names_add(&reading->there, full);
	return r < 0 ? r : teller_device(reading->teller, subsystem, name, true);
}

static int drop_gone(struct reading *reading)
{
	struct names *told = &reading->teller->told.devices;
	int r = 0;

	for (size_t i = told->n; !r && i-- > 0;) {
		char subsystem[64], *name;

		if (names_have(&reading->there, told->names[i]))
			continue;
		snprintf(subsystem, sizeof(subsystem), "%s", told->names[i]);
		name = strchr(subsystem, ' ');
		*name++ = '\0';
		r = teller_device(reading->teller, subsystem, name, false);
	}
	return r;
}

/**
 * devices_read() - look at all of them
 * @teller: told of those that are new and of those that are gone
 * @udev: the library
 *
 * Return: 0, or a negative errno.
 */
int devices_read(struct teller *teller, struct udev *udev)
{
	struct reading reading = { .teller = teller };
	int r = 0;

	for (size_t i = 0; !r && i < KINDS; i++)
		r = enumerate(udev, kinds[i].subsystem, kinds[i].sysname, take, &reading);
	if (!r)
		r = drop_gone(&reading);
	names_free(&reading.there);
	return r;
}
