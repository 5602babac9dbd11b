/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A grid of characters: write the cells in any order, then print the rows.
 */
#ifndef DAX_OWNER_CLI_MAP_CANVAS_H
#define DAX_OWNER_CLI_MAP_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct cell - one character
 * @glyph: the character in UTF-8 with a terminating zero, one column wide; "" for a blank
 * @sgr: parameters of the ECMA-48 control SGR, which set the color; NULL for the default
 */
struct cell {
	char glyph[4];
	const char *sgr;
};

/**
 * struct canvas - a grid of characters
 * @cells: row by row, owned by this struct
 * @columns: cells of each row
 * @rows: number of rows
 */
struct canvas {
	struct cell *cells;
	unsigned int columns;
	unsigned int rows;
};

int canvas_make(struct canvas *canvas, unsigned int columns, unsigned int rows);
void canvas_free(struct canvas *canvas);
void canvas_put(struct canvas *canvas, unsigned int row, unsigned int column, const char *glyph,
		const char *sgr);
void canvas_text(struct canvas *canvas, unsigned int row, unsigned int column, const char *text,
		 const char *sgr);
void canvas_print(const struct canvas *canvas, bool color, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_CANVAS_H */
