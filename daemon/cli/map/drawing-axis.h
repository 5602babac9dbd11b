/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses at the edges of a drawing: where there is room for their texts.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_AXIS_H
#define DAX_OWNER_CLI_MAP_DRAWING_AXIS_H

#include "cli/map/drawing.h"

/* More rows of addresses than these are not read any more; the legend has all of them. */
#define AXIS_ROWS 4

/* Longest address, with its terminator */
#define ADDRESS_LEN 20

/**
 * enum axis - which addresses
 * @AXIS_STARTS: first bytes, above the lanes
 * @AXIS_ENDS: last bytes, below the lanes
 */
enum axis {
	AXIS_STARTS,
	AXIS_ENDS,
};

/**
 * struct mark - an address, and where it is said
 * @text: the address
 * @at: the column it belongs to
 * @from: the first column of the text: a character is as wide as a column
 * @row: 0 next to the lanes, then away from them; a line leads from there to @at
 */
struct mark {
	char text[ADDRESS_LEN];
	unsigned int at;
	unsigned int from;
	unsigned int row;
};

int axis_marks(const struct drawing *drawing, enum axis axis, unsigned int band, unsigned int columns,
	       struct mark **marks, size_t *n);
unsigned int axis_rows(const struct mark *marks, size_t n);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_AXIS_H */
