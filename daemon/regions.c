// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three attributes in sysfs (Documentation/ABI/testing/sysfs-bus-cxl), by libudev: libcxl needs
 * libkmod and with it libcrypto, more than all the rest of the daemon takes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "enumerate.h"
#include "regions.h"

/**
 * regions_free() - forget
 * @regions: may be used again
 */
void regions_free(struct regions *regions)
{
	free(regions->regions);
	*regions = (struct regions){ };
}

static int add(struct udev_device *device, void *data)
{
	u64 start = enumerate_number(device, "resource"), size = enumerate_number(device, "size");
	struct regions *regions = data;
	struct region *more;

	if (enumerate_number(device, "commit") != 1 || !size)
		return 0;
	more = reallocarray(regions->regions, regions->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	regions->regions = more;
	more += regions->n++;
	more->span = (struct dax_owner_span){ start, start + size - 1 };
	snprintf(more->name, sizeof(more->name), "%s", udev_device_get_sysname(device));
	return 0;
}

/**
 * regions_load() - look at them
 * @regions: filled in; empty after an error
 *
 * Return: 0, or a negative errno.
 */
int regions_load(struct regions *regions)
{
	_cleanup_(udev_unrefp) struct udev *udev = udev_new();
	int r;

	*regions = (struct regions){ };
	if (!udev)
		return -ENOMEM;
	r = enumerate(udev, "cxl", "region[0-9]*", add, regions);
	if (r)
		regions_free(regions);
	return r;
}

/**
 * regions_meeting() - the names of those that meet a span
 * @regions: where to look
 * @span: the addresses
 * @names: filled in, with a blank between two; cut short if there are too many
 * @len: bytes in @names, not 0
 */
void regions_meeting(const struct regions *regions, const struct dax_owner_span *span,
		     char *names, size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s", used ? " " : "",
						 regions->regions[i].name);
}
