// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"
#include "system/ledger.h"

#define READ_TRIES 8

/**
 * ledger_exists() - are our modules there?
 *
 * Once there, the ledger stays until reboot.
 */
bool ledger_exists(void)
{
	return access(LEDGER_CLASS, F_OK) == 0;
}

/**
 * ledger_settled() - is ownership settled now?
 * @settled: set to the answer
 *
 * Return: 0, or a negative errno.
 */
int ledger_settled(bool *settled)
{
	_cleanup_(fclosep) FILE *file = fopen(LEDGER_CLASS "/settled", "re");

	if (!file)
		return -errno;
	*settled = fgetc(file) == '1';
	return 0;
}

/* DAX_OWNER_NAME; never longer than the names of extent.c are */
#define FULL_NAME_LEN 64

static const char *full_name(char full[FULL_NAME_LEN], const char *name)
{
	snprintf(full, FULL_NAME_LEN, "DAX_OWNER_%s", name);
	return full;
}

static const char *get_of_uevent(const char *name, void *from)
{
	char full[FULL_NAME_LEN];

	return uevent_get(from, full_name(full, name));
}

static const char *get_of_device(const char *name, void *from)
{
	char full[FULL_NAME_LEN];

	return udev_device_get_property_value(from, full_name(full, name));
}

/**
 * ledger_extent() - read the extent that a uevent is about
 * @uevent: of class dax_owner: the record of the moment it was sent
 * @places: knows where it is, or looks
 * @extent: filled in
 *
 * Return: as extent_read() and extent_addresses_find(): -ENOENT if the extent was gone before its addresses
 * could be read.
 */
int ledger_extent(const struct uevent *uevent, struct extent_addresses *places, struct extent *extent)
{
	int r = extent_read(extent, get_of_uevent, (void *)uevent);

	if (r)
		return r;
	extent->hidden = false;
	return extent_addresses_find(places, uevent->name, &extent->span);
}

/* What put() fills in, and what it needs for that */
struct reading {
	struct ledger *ledger;
	struct extent_addresses *places;
};

static int put(struct udev_device *device, void *data)
{
	struct reading *reading = data;
	struct ledger *ledger = reading->ledger;
	struct extent extent;
	unsigned int events;
	int r;

	/* gone again: the ledger was cut anew, which is a uevent */
	if (extent_read(&extent, get_of_device, device))
		return 0;
	r = extent_addresses_find(reading->places, udev_device_get_sysname(device), &extent.span);
	switch (r) {
	case 0:
		extent.hidden = false;
		return extent_map_put(&ledger->map, &extent, &events);
	case -ENOENT:
		return 0;
	case -EACCES:
	case -EPERM:
		ledger->hidden = true;
		return extent_map_put_quietly(&ledger->map, &extent);
	default:
		return r;
	}
}

static int kernel_seqnum(unsigned long long *seqnum)
{
	_cleanup_(fclosep) FILE *file = fopen("/sys/kernel/uevent_seqnum", "re");

	if (!file)
		return -errno;
	return fscanf(file, "%llu", seqnum) == 1 ? 0 : -EIO;
}

/**
 * ledger_read() - read all of it
 * @udev: the library
 * @places: knows afterwards where the extents are
 * @ledger: filled in, its map to be freed; empty after an error
 *
 * Tried again while anything happens in the system, but not for ever.
 *
 * Return: 0, or a negative errno.
 */
int ledger_read(struct udev *udev, struct extent_addresses *places, struct ledger *ledger)
{
	struct reading reading = { ledger, places };
	int r = 0;

	*ledger = (struct ledger){ };
	for (int tries = 0; tries < READ_TRIES; tries++) {
		extent_map_free(&ledger->map);
		extent_addresses_free(places);
		ledger->hidden = false;
		r = kernel_seqnum(&ledger->from);
		if (!r)
			r = udev_devices_each(udev, LEDGER_SUBSYSTEM, "extent[0-9]*", put, &reading);
		if (!r)
			r = ledger_settled(&ledger->settled);
		if (!r)
			r = kernel_seqnum(&ledger->to);
		if (r || ledger->from == ledger->to)
			break;
	}
	if (r)
		extent_map_free(&ledger->map);
	return r;
}
