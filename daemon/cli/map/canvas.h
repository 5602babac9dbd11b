/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows and columns of characters, to be written in any order and then printed.
 */
#ifndef DAX_OWNER_CLI_MAP_CANVAS_H
#define DAX_OWNER_CLI_MAP_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct cell - one character
 * @glyph: as a string, UTF-8, as wide as a column; "" for a blank
 * @sgr: numbers of ECMA-48's SGR, which says how it looks; NULL for as all else does
 */
struct cell {
	char glyph[4];
	const char *sgr;
};

/**
 * struct canvas - all of them
 * @cells: row by row, owned by this
 * @columns: of each row
 * @rows: how many
 */
struct canvas {
	struct cell *cells;
	unsigned int columns;
	unsigned int rows;
};

int canvas_make(struct canvas *canvas, unsigned int columns, unsigned int rows);
void canvas_free(struct canvas *canvas);
void canvas_put(struct canvas *canvas, unsigned int row, unsigned int column, const char *glyph, const char *sgr);
void canvas_text(struct canvas *canvas, unsigned int row, unsigned int column, const char *text, const char *sgr);
void canvas_print(const struct canvas *canvas, bool colour, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_CANVAS_H */
