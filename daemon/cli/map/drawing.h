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
enum lane { LANE_WINDOWS, LANE_RANGES, LANE_REGIONS, LANE_OWNERS, LANES };

/**
 * enum style - the style of an item
 * @STYLE_WINDOW: a CXL window
 * @STYLE_RANGE: a Soft Reserved range
 * @STYLE_REGION: a CXL region
 * @STYLE_CXL: an extent that dax_cxl owns
 * @STYLE_HMEM: an extent that dax_hmem owns
 * @STYLE_COMING: an extent that no driver owns yet: pending, decided, claimed or idle
 * @STYLE_RELEASED: a released extent
 * @STYLE_WITHHELD: a withheld extent
 * @STYLE_STRANDED: a stranded extent
 * @STYLES: number of styles
 */
enum style {
	STYLE_WINDOW,
	STYLE_RANGE,
	STYLE_REGION,
	STYLE_CXL,
	STYLE_HMEM,
	STYLE_COMING,
	STYLE_RELEASED,
	STYLE_WITHHELD,
	STYLE_STRANDED,
	STYLES
};

/* Bytes of a key, with its terminating zero */
#define KEY_LEN 4

/**
 * struct item - an item, which is drawn as one box
 * @span: its addresses, both ends inclusive
 * @lane: its lane
 * @track: its row within the lane, 0 at the top; items that overlap are on different tracks
 * @style: its style
 * @wrong: the wrong driver has it
 * @key: its name in the drawing: a letter or a digit. If a drawing has more extents than capital
 *   letters, or more other items than digits and small letters, keys continue with two characters.
 * @name: its name in the legend, in printable ASCII
 * @extent: for LANE_OWNERS the extent, of the snapshot; NULL for other items
 */
struct item {
	struct dax_owner_span span;
	enum lane lane;
	unsigned int track;
	enum style style;
	bool wrong;
	char key[KEY_LEN];
	char name[EXTENT_NAME_LEN];
	const struct extent *extent;
};

/**
 * struct section - addresses between two edges of items
 * @span: the addresses, both ends inclusive; no item begins or ends within
 * @gap: bytes of the gap before the section; 0 without one, and for the first section
 * @torn: the gap is omitted: gap_columns of the drawing before @column stand for it
 * @band: its band, 0 for the first
 * @column: its first column, 0 for the leftmost
 * @columns: number of columns, at least 1
 */
struct section {
	struct dax_owner_span span;
	u64 gap;
	bool torn;
	unsigned int band;
	unsigned int column;
	unsigned int columns;
};

/**
 * struct drawing - the items of a drawing, and their layout
 * @items: the items by lane and address, owned by this struct
 * @n: number of items
 * @tracks: number of tracks of each lane
 * @key_columns: columns of the longest key
 * @sections: the sections by address, owned by this struct; drawing_layout() fills in this and all
 *   below
 * @nr_sections: number of sections
 * @scale: bytes of a column
 * @gap_columns: columns of an omitted gap
 * @bands: number of bands
 * @columns: columns of the longest band
 */
struct drawing {
	struct item *items;
	size_t n;
	unsigned int tracks[LANES];
	unsigned int key_columns;
	struct section *sections;
	size_t nr_sections;
	u64 scale;
	unsigned int gap_columns;
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
const char *style_name(enum style style);

int drawing_make(struct drawing *drawing, const struct snapshot *snapshot,
		 const struct spans *windows);
void drawing_free(struct drawing *drawing);
u64 drawing_stranded(const struct drawing *drawing);
const char *drawing_label(const struct item *item, unsigned int room, char text[LABEL_LEN]);

int drawing_layout(struct drawing *drawing, unsigned int columns, unsigned int gap_columns);
bool drawing_box(const struct drawing *drawing, const struct item *item, unsigned int band,
		 struct box *box);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_H */
