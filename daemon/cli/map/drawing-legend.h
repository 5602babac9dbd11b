/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The legend of a drawing: a table with a row for each item.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_LEGEND_H
#define DAX_OWNER_CLI_MAP_DRAWING_LEGEND_H

#include "cli/map/drawing.h"

enum legend {
	LEGEND_KEY,
	LEGEND_WHAT,
	LEGEND_RANGE,
	LEGEND_SIZE,
	LEGEND_USABLE,
	LEGEND_STATE,
	LEGEND_OWNER,
	LEGEND_EXPECTED,
	LEGEND_NODE,
	LEGENDS
};

/* Bytes of the longest text in a cell, with its terminating zero */
#define LEGEND_LEN 64

const char *legend_heading(enum legend column);
bool legend_has(const struct drawing *drawing, enum legend column);
size_t legend_longest(const struct drawing *drawing, enum legend column);
const char *legend_text(const struct item *item, enum legend column, char text[LEGEND_LEN]);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_LEGEND_H */
