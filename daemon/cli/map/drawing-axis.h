/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The axes of a drawing: the addresses at its edges, and the positions where their texts fit.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_AXIS_H
#define DAX_OWNER_CLI_MAP_DRAWING_AXIS_H

#include "cli/map/drawing.h"

/* A reader does not read more rows of addresses than this; the legend has all addresses. */
#define AXIS_ROWS 4

/* Bytes of the longest address text, with its terminating zero */
#define ADDRESS_LEN 20

/**
 * enum axis - a side of a band
 * @AXIS_STARTS: the first bytes of items, above the lanes
 * @AXIS_ENDS: the last bytes of items, below the lanes
 */
enum axis {
	AXIS_STARTS,
	AXIS_ENDS,
};

/**
 * struct mark - the text of an address, and its position
 * @text: the address
 * @at: the column that the address belongs to
 * @from: the first column of the text; each character takes one column
 * @row: 0 next to the lanes, counted away from them; a line connects the text with @at
 */
struct mark {
	char text[ADDRESS_LEN];
	unsigned int at;
	unsigned int from;
	unsigned int row;
};

int axis_marks(const struct drawing *drawing, enum axis axis, unsigned int band,
	       unsigned int columns, struct mark **marks, size_t *n);
unsigned int axis_rows(const struct mark *marks, size_t n);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_AXIS_H */
