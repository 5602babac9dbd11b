/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The extents of a kernel without a ledger, as a pure function of the facts. The rules of verdict.h
 * give the expected owner; the DAX devices show the present owner.
 */
#ifndef DAX_OWNER_MODEL_DERIVE_H
#define DAX_OWNER_MODEL_DERIVE_H

#include "model/extent-map.h"
#include "model/regions.h"
#include "model/spans.h"

/**
 * struct dax_device - a span of addresses of a DAX device with a driver
 * @span: the addresses, inclusive; a device with several spans has several entries
 * @owner: the driver of the device's parent
 * @node: NUMA node, -1 if unknown
 * @name: name of the device
 */
struct dax_device {
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	int node;
	char name[EXTENT_NAME_LEN];
};

/**
 * struct dax_devices - all DAX devices with a driver
 * @devices: array of @n entries, ascending by address, without overlaps; owned
 * @n: number of entries
 */
struct dax_devices {
	struct dax_device *devices;
	size_t n;
};

/**
 * struct facts - the facts
 * @ranges: the Soft Reserved ranges, in the form that spans_merge() gives them; borrowed
 * @windows: the CXL windows; borrowed
 * @regions: the committed regions; owned
 * @devices: the DAX devices that have a driver; owned
 * @block_size: bytes of a memory block, 0 if not known
 * @enumerated: enumeration is over, so that @regions is complete
 * @deadline: @enumerated only because the wait for enumeration was limited; the extents in CXL
 *	windows get the flag deadline
 * @settled: no driver will claim more; memory that a driver should have and does not have is
 *	stranded
 */
struct facts {
	const struct spans *ranges;
	const struct spans *windows;
	struct regions regions;
	struct dax_devices devices;
	u64 block_size;
	bool enumerated;
	bool deadline;
	bool settled;
};

void facts_free(struct facts *facts);
int derive_extents(const struct facts *facts, struct extent_map *map);

#endif /* DAX_OWNER_MODEL_DERIVE_H */
