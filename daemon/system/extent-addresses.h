/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the extents of the kernel's ledger are. Uevents do not carry addresses, because any user can listen to
 * uevents. So the daemon reads the addresses from sysfs, once, by the name of the extent.
 *
 * The kernel never uses a name twice, and an extent never moves: so the addresses stay valid.
 */
#ifndef DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H
#define DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H

#include "verdict.h"

/**
 * struct extent_address - where an extent is
 * @number: N of extentN
 * @span: its addresses
 */
struct extent_address {
	unsigned long long number;
	struct dax_owner_span span;
};

/**
 * struct extent_addresses - all that have been asked for
 * @directory: of the class in sysfs; there as long as this
 * @places: ascending by number, @n of them, owned by this
 * @n: how many
 */
struct extent_addresses {
	const char *directory;
	struct extent_address *places;
	size_t n;
};

int extent_address_read(const char *directory, const char *name, struct dax_owner_span *span);
int extent_addresses_find(struct extent_addresses *places, const char *name, struct dax_owner_span *span);
void extent_addresses_remove(struct extent_addresses *places, const char *name);
void extent_addresses_free(struct extent_addresses *places);

#endif /* DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H */
