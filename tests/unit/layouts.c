// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "layouts.h"

#define WINDOW 0x690000000ull

void add_window(struct spans *windows, u64 start, u64 size)
{
	if (spans_add(windows, start, start + size - 1))
		abort();
}

void add_region(struct snapshot *snapshot, const char *name, u64 start, u64 size)
{
	struct regions *regions = &snapshot->regions;
	struct region *region;

	regions->regions = reallocarray(regions->regions, regions->n + 1, sizeof(*region));
	if (!regions->regions)
		abort();
	region = &regions->regions[regions->n++];
	*region = (struct region) { .span = { start, start + size - 1 } };
	snprintf(region->name, sizeof(region->name), "%s", name);
}

/* Add an extent. An owned or claimed extent also gets a device and a node, numbered in order. */
struct extent *add_extent(struct snapshot *snapshot, u64 start, u64 size,
			  enum dax_owner_owner owner, enum dax_owner_state state)
{
	unsigned int n = (unsigned int)snapshot->n;
	struct extent *extent;

	snapshot->entries = reallocarray(snapshot->entries, n + 1, sizeof(*snapshot->entries));
	if (!snapshot->entries)
		abort();
	snapshot->entries[n] = (struct snapshot_extent) {};
	extent = &snapshot->entries[n].extent;
	*extent = (struct extent) {
		.span = { start, start + size - 1 },
		.owner = owner,
		.state = state,
		.node = -1,
	};
	if (state == DAX_OWNER_STATE_OWNED || state == DAX_OWNER_STATE_CLAIMED) {
		extent->node = (int)n + 1;
		extent->usable_bytes = size;
		snprintf(extent->device, sizeof(extent->device), "dax%u.0", n);
	}
	snapshot->n++;
	return extent;
}

/* One range, and a region that covers it */
static void covered(struct snapshot *snapshot, struct spans *windows)
{
	add_window(windows, WINDOW, GIB);
	add_region(snapshot, "region0", WINDOW, GIB);
	add_extent(snapshot, WINDOW, GIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
}

/* One range: a region covers one half, the other half is stranded */
static void half(struct snapshot *snapshot, struct spans *windows)
{
	add_window(windows, WINDOW, GIB);
	add_region(snapshot, "region0", WINDOW, GIB / 2);
	add_extent(snapshot, WINDOW, GIB / 2, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, WINDOW + GIB / 2, GIB / 2, DAX_OWNER_HMEM, DAX_OWNER_STATE_STRANDED);
}

/* Two windows with four ranges, and one range far away */
static void far(struct snapshot *snapshot, struct spans *windows)
{
	add_window(windows, WINDOW, GIB);
	add_window(windows, WINDOW + GIB, GIB);
	add_extent(snapshot, 0x140000000, 512 * MIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, WINDOW, 512 * MIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, WINDOW + 640 * MIB, 256 * MIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, WINDOW + GIB, 256 * MIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, WINDOW + GIB + 512 * MIB, 512 * MIB, DAX_OWNER_HMEM,
		   DAX_OWNER_STATE_STRANDED);
	add_region(snapshot, "region0", WINDOW, 512 * MIB);
	add_region(snapshot, "region1", WINDOW + GIB, 256 * MIB);
}

/* Windows that are mostly empty */
static void large(struct snapshot *snapshot, struct spans *windows)
{
	for (unsigned int i = 0; i < 8; i++) {
		u64 start = 0x10000000000ull + i * 4 * TIB;
		char name[16];

		add_window(windows, start, 4 * TIB);
		snprintf(name, sizeof(name), "region%u", i);
		if (i != 5)
			add_region(snapshot, name, start, 64 * GIB);
		add_extent(snapshot, start, 64 * GIB, i == 5 ? DAX_OWNER_HMEM : DAX_OWNER_CXL,
			   i == 5 ? DAX_OWNER_STATE_STRANDED : DAX_OWNER_STATE_OWNED);
	}
}

/* Extents of most states, extents with the wrong owner, and windows that overlap */
static void states(struct snapshot *snapshot, struct spans *windows)
{
	static const enum dax_owner_state all[] = {
		DAX_OWNER_STATE_PENDING, DAX_OWNER_STATE_DECIDED,  DAX_OWNER_STATE_CLAIMED,
		DAX_OWNER_STATE_OWNED,   DAX_OWNER_STATE_RELEASED, DAX_OWNER_STATE_STRANDED,
	};
	u64 start = 0x1000000000ull;

	add_window(windows, start, 4 * GIB);
	add_window(windows, start + 2 * GIB, 4 * GIB);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++, start += GIB)
		add_extent(snapshot, start, GIB, i ? DAX_OWNER_CXL : DAX_OWNER_NONE, all[i]);
	add_extent(snapshot, start, GIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED)->expected =
		DAX_OWNER_CXL;
	add_extent(snapshot, start + GIB, 2 * MIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED)->expected =
		DAX_OWNER_CXL;
	add_extent(snapshot, start + 2 * GIB, GIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
}

/* A region of RAM and one of persistent memory under a range, and a range whose ends lie inside memory blocks */
static void withheld(struct snapshot *snapshot, struct spans *windows)
{
	struct extent *extent;

	add_window(windows, WINDOW, GIB);
	add_region(snapshot, "region0", WINDOW, GIB / 2);
	add_region(snapshot, "region1", WINDOW + GIB / 2, GIB / 2);
	add_extent(snapshot, WINDOW, GIB / 2, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	extent = add_extent(snapshot, WINDOW + GIB / 2, GIB / 2, DAX_OWNER_NONE,
			    DAX_OWNER_STATE_WITHHELD);
	extent->reason = DAX_OWNER_REASON_REGION_NOT_DAX;
	extent = add_extent(snapshot, WINDOW + GIB + 64 * MIB, 448 * MIB, DAX_OWNER_HMEM,
			    DAX_OWNER_STATE_OWNED);
	extent->usable_bytes = 384 * MIB;
	extent->block_loss_bytes = 64 * MIB;
}

/* Small ranges with holes between them, too many for one band */
static void crowd(struct snapshot *snapshot, struct spans *windows)
{
	(void)windows;
	for (unsigned int i = 0; i < 60; i++)
		add_extent(snapshot, 0x100000000 + i * GIB, (i % 7 + 1) * 16 * MIB,
			   i % 3 ? DAX_OWNER_HMEM : DAX_OWNER_CXL,
			   i % 11 == 5 ? DAX_OWNER_STATE_STRANDED : DAX_OWNER_STATE_OWNED);
	add_extent(snapshot, ~0ull - GIB + 1, GIB, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
}

const struct layout layouts[] = {
	{ "covered", covered }, { "half", half },         { "far", far },     { "large", large },
	{ "states", states },   { "withheld", withheld }, { "crowd", crowd },
};

const size_t nr_layouts = sizeof(layouts) / sizeof(*layouts);
