/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical address space around Soft Reserved memory, as a drawing: its items, and the columns
 * of each. A column is a character in a terminal and several pixels in a picture. This part of the
 * code must not know which.
 *
 * Items are in lanes, one below the other. Addresses increase from left to right. An address has
 * the same column in each lane. A gap is a range of addresses that no lane has an item for. A large
 * gap is omitted. A drawing that is too long continues in another band below.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_H
#define DAX_OWNER_CLI_MAP_DRAWING_H

#include "cli/format/sizes.h"
#include "cli/snapshot/snapshot.h"
#include "model/spans.h"

/**
 * enum lane - a lane, from top to bottom
 * @LANE_WINDOWS: CXL windows
 * @LANE_RANGES: Soft Reserved ranges
 * @LANE_REGIONS: committed CXL regions
 * @LANE_OWNERS: extents
 * @LANES: number of lanes
 */
enum lane {
	LANE_WINDOWS,
	LANE_RANGES,
	LANE_REGIONS,
	LANE_OWNERS,
	LANES
};

/**
 * enum look - the style of an item
 * @LOOK_WINDOW: a CXL window
 * @LOOK_RANGE: a Soft Reserved range
 * @LOOK_REGION: a CXL region
 * @LOOK_CXL: an extent that dax_cxl owns
 * @LOOK_HMEM: an extent that dax_hmem owns
 * @LOOK_COMING: an extent that no driver owns yet: pending, decided, claimed or idle
 * @LOOK_RELEASED: a released extent
 * @LOOK_WITHHELD: a withheld extent
 * @LOOK_STRANDED: a stranded extent
 * @LOOKS: number of styles
 */
enum look {
	LOOK_WINDOW,
	LOOK_RANGE,
	LOOK_REGION,
	LOOK_CXL,
	LOOK_HMEM,
	LOOK_COMING,
	LOOK_RELEASED,
	LOOK_WITHHELD,
	LOOK_STRANDED,
	LOOKS
};

/**
 * struct thing - an item, which is drawn as one box
 * @span: its addresses, both ends inclusive
 * @lane: its lane
 * @track: its row within the lane, 0 at the top; items that overlap are on different tracks
 * @look: its style
 * @wrong: the wrong driver has it
 * @key: its name in the drawing. There are 26 keys for extents and 35 for other items; after the
 *   last, they repeat in the same order.
 * @name: its name in the legend, in printable ASCII
 * @extent: for LANE_OWNERS the extent, of the snapshot; NULL for other items
 */
struct thing {
	struct dax_owner_span span;
	enum lane lane;
	unsigned int track;
	enum look look;
	bool wrong;
	char key;
	char name[EXTENT_NAME_LEN];
	const struct extent *extent;
};

/**
 * struct piece - addresses between two edges of items
 * @span: the addresses, both ends inclusive; no item begins or ends within
 * @hole: bytes of the gap before the piece; 0 without one, and for the first piece
 * @torn: the gap is omitted: hole_columns of the drawing before @column stand for it
 * @band: its band, 0 for the first
 * @column: its first column, 0 for the leftmost
 * @columns: number of columns, at least 1
 */
struct piece {
	struct dax_owner_span span;
	u64 hole;
	bool torn;
	unsigned int band;
	unsigned int column;
	unsigned int columns;
};

/**
 * struct drawing - the items of a drawing, and their layout
 * @things: the items by lane and address, owned by this struct
 * @n: number of items
 * @tracks: number of tracks of each lane
 * @pieces: the pieces by address, owned by this struct; drawing_layout() fills in this and all
 *   below
 * @nr_pieces: number of pieces
 * @scale: bytes of a column
 * @hole_columns: columns of an omitted gap
 * @bands: number of bands
 * @columns: columns of the longest band
 */
struct drawing {
	struct thing *things;
	size_t n;
	unsigned int tracks[LANES];
	struct piece *pieces;
	size_t nr_pieces;
	u64 scale;
	unsigned int hole_columns;
	unsigned int bands;
	unsigned int columns;
};

/**
 * struct box - the columns of an item within a band
 * @column: its first column
 * @columns: number of columns
 */
struct box {
	unsigned int column;
	unsigned int columns;
};

/* Bytes of the longest text within a box, with its terminating zero */
#define LABEL_LEN (EXTENT_NAME_LEN + SIZE_TEXT_LEN + 32)

const char *lane_name(enum lane lane);
const char *look_name(enum look look);

int drawing_make(struct drawing *drawing, const struct snapshot *snapshot, const struct spans *windows);
void drawing_free(struct drawing *drawing);
u64 drawing_stranded(const struct drawing *drawing);
const char *drawing_label(const struct thing *thing, unsigned int room, char text[LABEL_LEN]);

int drawing_layout(struct drawing *drawing, unsigned int columns, unsigned int hole_columns);
bool drawing_box(const struct drawing *drawing, const struct thing *thing, unsigned int band, struct box *box);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_H */
