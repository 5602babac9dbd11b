/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ledger, /sys/class/dax_owner: what our modules say. See docs/abi/.
 */
#ifndef DAX_OWNERD_LEDGER_H
#define DAX_OWNERD_LEDGER_H

#include <libudev.h>

#include "map.h"

#define LEDGER_SUBSYSTEM "dax_owner"

bool ledger_exists(void);
int ledger_settled(bool *settled);
int ledger_extent(struct udev_device *device, struct extent *extent);
int ledger_read(struct udev *udev, struct map *map, unsigned long long *seqnum);

#endif /* DAX_OWNERD_LEDGER_H */
