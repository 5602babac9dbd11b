// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the ledger from sysfs and from uevents.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"
#include "system/ledger.h"

/* How often ledger_read() reads at most while uevents arrive */
#define READ_TRIES 8

/**
 * ledger_exists() - check whether the kernel has a ledger
 *
 * The ledger exists once dax_owner.ko is loaded, and stays until the next boot.
 *
 * Return: true if it exists.
 */
bool ledger_exists(void)
{
	return access(LEDGER_CLASS, F_OK) == 0;
}

/**
 * ledger_settled() - read whether ownership is settled
 * @settled: set to true if it is
 *
 * Return: 0; a negative errno if the attribute cannot be opened.
 */
int ledger_settled(bool *settled)
{
	_cleanup_(fclosep) FILE *file = fopen(LEDGER_CLASS "/settled", "re");

	if (!file)
		return -errno;
	*settled = fgetc(file) == '1';
	return 0;
}

/* Bytes of a property name with its prefix, longer than any name in extent.c */
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
 * ledger_extent() - set an extent from a uevent of the ledger
 * @uevent: uevent of the class dax_owner, with the properties at the time when the kernel sent it
 * @places: cache of addresses; the function reads the addresses from sysfs if they are missing in
 *	it
 * @extent: filled in
 *
 * Return: the result of extent_read() or extent_addresses_find(); -ENOENT if the extent no longer
 * exists and its addresses are not in the cache.
 */
int ledger_extent(const struct uevent *uevent, struct extent_addresses *places,
		  struct extent *extent)
{
	int r = extent_read(extent, get_of_uevent, (void *)uevent);

	if (r)
		return r;
	extent->hidden = false;
	return extent_addresses_find(places, uevent->name, &extent->span);
}

/* The data of put(), both borrowed */
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

	/* the extent no longer exists, because the kernel cut the ledger anew; a uevent follows */
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
		return extent_map_append_hidden(&ledger->map, &extent);
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
 * ledger_read() - read all extents of the ledger
 * @udev: context of libudev
 * @places: cache of addresses; the function empties it and adds the addresses of all extents
 * @ledger: filled in; the caller frees its map. The map is empty after an error.
 *
 * The function reads again if the kernel sent a uevent meanwhile, at most READ_TRIES times in all.
 *
 * Return: 0; a negative errno.
 */
int ledger_read(struct udev *udev, struct extent_addresses *places, struct ledger *ledger)
{
	struct reading reading = { ledger, places };
	int r = 0;

	*ledger = (struct ledger) {};
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
