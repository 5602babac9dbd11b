/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Made-up machines whose address space is drawn.
 */
#ifndef TESTS_UNIT_LAYOUTS_H
#define TESTS_UNIT_LAYOUTS_H

#include "cli/map/drawing.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define TIB (1ull << 40)

/**
 * struct layout - a machine
 * @name: the name of the files with its drawings
 * @make: add the extents, the regions and the windows
 */
struct layout {
	const char *name;
	void (*make)(struct snapshot *snapshot, struct spans *windows);
};

extern const struct layout layouts[];
extern const size_t nr_layouts;

/* Add to a layout. These functions abort when out of memory. */
void add_window(struct spans *windows, u64 start, u64 size);
void add_region(struct snapshot *snapshot, const char *name, u64 start, u64 size);
struct extent *add_extent(struct snapshot *snapshot, u64 start, u64 size,
			  enum dax_owner_owner owner, enum dax_owner_state state);

#endif /* TESTS_UNIT_LAYOUTS_H */
