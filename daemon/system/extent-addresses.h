/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cache of the addresses of the ledger's extents. Uevents do not contain addresses, because any
 * user can receive uevents. The daemon therefore reads the addresses from sysfs, once for each
 * extent.
 *
 * The cached addresses stay valid, because the kernel never uses a name twice and never moves an
 * extent.
 */
#ifndef DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H
#define DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H

#include "verdict.h"

/**
 * struct extent_address - the addresses of one extent
 * @number: N of the name extentN
 * @span: the addresses, inclusive
 */
struct extent_address {
	unsigned long long number;
	struct dax_owner_span span;
};

/**
 * struct extent_addresses - the cache of addresses
 * @directory: path of the class in sysfs; borrowed
 * @places: array of @n entries, ascending by number, owned by the cache
 * @n: number of entries
 */
struct extent_addresses {
	const char *directory;
	struct extent_address *places;
	size_t n;
};

int extent_address_read(const char *directory, const char *name, struct dax_owner_span *span);
int extent_addresses_find(struct extent_addresses *places, const char *name,
			  struct dax_owner_span *span);
void extent_addresses_remove(struct extent_addresses *places, const char *name);
void extent_addresses_free(struct extent_addresses *places);

#endif /* DAX_OWNER_SYSTEM_EXTENT_ADDRESSES_H */
