// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the addresses of a DAX device from sysfs.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "system/dax-addresses.h"

static bool read_address(const char *path, const char *attribute, u64 *address)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s/%s", path, attribute) >= (int)sizeof(full))
		return false;
	file = fopen(full, "re");
	return file && fscanf(file, "%" SCNx64, address) == 1;
}

/**
 * dax_addresses_around() - extend reserved addresses to the mapping of the DAX device around them
 * @devices: path of the DAX devices, %DAX_ADDRESSES_DEVICES
 * @name: name of the device
 * @span: the addresses that the driver has reserved; set to the first mapping that overlaps them.
 *	Unchanged if no mapping overlaps, or if the mappings cannot be read.
 */
void dax_addresses_around(const char *devices, const char *name, struct dax_owner_span *span)
{
	struct dax_owner_span mapping;
	char path[PATH_MAX];

	for (unsigned int i = 0;; i++) {
		if (snprintf(path, sizeof(path), "%s/%s/mapping%u", devices, name, i) >=
			    (int)sizeof(path) ||
		    !read_address(path, "start", &mapping.start) ||
		    !read_address(path, "end", &mapping.end))
			return;
		if (dax_owner_span_meets(&mapping, span)) {
			*span = mapping;
			return;
		}
	}
}
