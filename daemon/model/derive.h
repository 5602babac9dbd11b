/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns what on a kernel that keeps no ledger, as a pure function: the rules of verdict.h say
 * who should, the DAX devices say who does.
 */
#ifndef DAX_OWNER_MODEL_DERIVE_H
#define DAX_OWNER_MODEL_DERIVE_H

#include "model/extent-map.h"
#include "model/regions.h"
#include "model/spans.h"

/**
 * struct dax_device - addresses that a DAX device with a driver has
 * @span: the addresses; a device may have several
 * @owner: the driver of the device's parent
 * @node: NUMA node, -1 if unknown
 * @name: of the device
 */
struct dax_device {
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	int node;
	char name[EXTENT_NAME_LEN];
};

/**
 * struct dax_devices - all of them
 * @devices: @n of them, ascending, not overlapping; owned by this
 * @n: how many
 */
struct dax_devices {
	struct dax_device *devices;
	size_t n;
};

/**
 * struct facts - the facts
 * @ranges: the Soft Reserved ranges, as spans_merge() leaves them; borrowed
 * @windows: the CXL windows; borrowed
 * @regions: the committed regions
 * @devices: the DAX devices that have a driver
 * @block_size: bytes of a memory block, 0 if not known
 * @enumerated: CXL's enumeration is over, the regions are all there are
 * @settled: nothing more is to be expected: what nobody has by now is stranded
 */
struct facts {
	const struct spans *ranges;
	const struct spans *windows;
	struct regions regions;
	struct dax_devices devices;
	u64 block_size;
	bool enumerated;
	bool settled;
};

void facts_free(struct facts *facts);
int derive_extents(const struct facts *facts, struct extent_map *map);

#endif /* DAX_OWNER_MODEL_DERIVE_H */
