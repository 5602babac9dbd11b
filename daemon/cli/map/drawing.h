/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The physical address space around Soft Reserved memory, as a drawing: which things there are, and
 * in which columns they are to be drawn. A column is what the writer makes of it: a character of a
 * terminal, some pixels of a picture. Nothing here knows which.
 *
 * Things are in lanes above one another, addresses go from left to right. What is at the same
 * address is in the same column of every lane. Where no lane has anything is a hole; a large one is
 * left out. A drawing that is too long goes on in another band below.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_H
#define DAX_OWNER_CLI_MAP_DRAWING_H

#include "cli/format/sizes.h"
#include "cli/snapshot/snapshot.h"
#include "model/spans.h"

/**
 * enum lane - from top to bottom
 * @LANE_WINDOWS: what the host can route to CXL
 * @LANE_RANGES: what firmware marked Soft Reserved
 * @LANE_REGIONS: committed CXL regions
 * @LANE_OWNERS: extents
 * @LANES: how many
 */
enum lane {
	LANE_WINDOWS,
	LANE_RANGES,
	LANE_REGIONS,
	LANE_OWNERS,
	LANES
};

/**
 * enum look - what is drawn alike
 * @LOOK_WINDOW: a CXL window
 * @LOOK_RANGE: a Soft Reserved range
 * @LOOK_REGION: a CXL region
 * @LOOK_CXL: an extent that dax_cxl owns
 * @LOOK_HMEM: an extent that dax_hmem owns
 * @LOOK_COMING: an extent that is pending, decided or claimed
 * @LOOK_RELEASED: an extent whose region was torn down
 * @LOOK_WITHHELD: an extent that is for no driver
 * @LOOK_STRANDED: an extent that no driver has
 * @LOOKS: how many
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
 * struct thing - what is drawn as one box
 * @span: its addresses
 * @lane: where it is drawn
 * @track: within the lane, 0 at the top: what overlaps is on several tracks
 * @look: how it is drawn
 * @wrong: another driver has it than should
 * @key: what it is called in the drawing. There are 35 for extents' surroundings and 26 for extents;
 *	a drawing with more things uses them again, in the same order.
 * @name: for the legend: printable ASCII only
 * @extent: of an extent; borrowed from the snapshot; NULL for all else
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
 * struct piece - addresses between two edges of things
 * @span: the addresses; no thing begins or ends within
 * @hole: bytes of nothing before it; 0 if it touches the piece before, or is the first
 * @torn: the hole is left out, and hole_columns of the drawing before @column tell of it
 * @band: in which it is, 0 for the first
 * @column: the first, 0 for the leftmost
 * @columns: how many, at least 1
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
 * struct drawing - all of it
 * @things: by lane and address, owned by this
 * @n: how many things
 * @tracks: how many each lane has
 * @pieces: by address, owned by this; filled in by drawing_layout() as are all below
 * @nr_pieces: how many pieces
 * @scale: bytes that a column stands for
 * @hole_columns: columns that a hole takes that is left out
 * @bands: how many
 * @columns: of the longest band
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
 * struct box - where a thing is within a band
 * @column: the first
 * @columns: how many
 */
struct box {
	unsigned int column;
	unsigned int columns;
};

/* Longest text within a box, with its terminator */
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
