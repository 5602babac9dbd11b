/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The extent of one DAX device, for a program that udev waits for. So these functions read a few
 * small files and do not wait for anything.
 */
#ifndef DAX_OWNER_HELPERS_DEVICE_EXTENT_H
#define DAX_OWNER_HELPERS_DEVICE_EXTENT_H

#include "model/extent.h"

int device_extent_find(const char *root, const char *device, struct extent *extent);
void device_extent_write(const struct extent *extent, extent_put_fn put, void *to);

#endif /* DAX_OWNER_HELPERS_DEVICE_EXTENT_H */
