/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of an extent in sysfs: the attribute uevent, which contains its properties at one
 * moment, but no addresses.
 */
#ifndef DAX_OWNER_SYSTEM_EXTENT_RECORD_H
#define DAX_OWNER_SYSTEM_EXTENT_RECORD_H

#include "model/extent.h"

int extent_record_read(const char *directory, const char *name, struct extent *extent);

#endif /* DAX_OWNER_SYSTEM_EXTENT_RECORD_H */
