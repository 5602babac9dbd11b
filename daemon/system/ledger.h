/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's ledger, /sys/class/dax_owner: what our modules say. See docs/abi/.
 */
#ifndef DAX_OWNER_SYSTEM_LEDGER_H
#define DAX_OWNER_SYSTEM_LEDGER_H

#include <libudev.h>

#include "model/extent-map.h"
#include "system/extent-addresses.h"
#include "base/uevent.h"

#define LEDGER_SUBSYSTEM "dax_owner"
#define LEDGER_CLASS "/sys/class/dax_owner"

/**
 * struct ledger - all of it, as it was when it was read
 * @map: the extents
 * @hidden: the addresses are not shown to this process
 * @settled: whether ownership was settled
 * @from: number of the last uevent before it was read
 * @to: number of the last uevent when it had been read; if that is another one, those
 *	after @from up to @to may or may not be part of it
 */
struct ledger {
	struct extent_map map;
	bool hidden;
	bool settled;
	unsigned long long from;
	unsigned long long to;
};

bool ledger_exists(void);
int ledger_settled(bool *settled);
int ledger_extent(const struct uevent *uevent, struct extent_addresses *places, struct extent *extent);
int ledger_read(struct udev *udev, struct extent_addresses *places, struct ledger *ledger);

#endif /* DAX_OWNER_SYSTEM_LEDGER_H */
