/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the ledger of dax_owner.ko, /sys/class/dax_owner. docs/abi/ documents it.
 */
#ifndef DAX_OWNER_SYSTEM_LEDGER_H
#define DAX_OWNER_SYSTEM_LEDGER_H

#include "model/extent-map.h"
#include "system/extent-addresses.h"
#include "base/uevent.h"

#define LEDGER_SUBSYSTEM "dax_owner"
#define LEDGER_CLASS "/sys/class/dax_owner"

/**
 * struct ledger - the content of the ledger at one moment
 * @map: the extents; owned
 * @hidden: this process may not read the addresses
 * @settled: ownership was settled
 * @from: number of the last uevent before the read
 * @to: number of the last uevent after the read. The content may or may not include the uevents
 *	after @from up to @to, inclusive.
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
int ledger_extent(const struct uevent *uevent, struct extent_addresses *places,
		  struct extent *extent);
int ledger_read(const char *root, struct extent_addresses *places, struct ledger *ledger);

#endif /* DAX_OWNER_SYSTEM_LEDGER_H */
