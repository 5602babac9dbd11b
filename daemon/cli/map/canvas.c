// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map/canvas.h"

/**
 * canvas_make() - make a blank canvas
 * @canvas: filled in; the caller releases it with canvas_free()
 * @columns: cells of each row
 * @rows: number of rows
 *
 * Return: 0, or -ENOMEM.
 */
int canvas_make(struct canvas *canvas, unsigned int columns, unsigned int rows)
{
	*canvas = (struct canvas) { .columns = columns, .rows = rows };
	canvas->cells = calloc((size_t)columns * rows + 1, sizeof(*canvas->cells));
	return canvas->cells ? 0 : -ENOMEM;
}

/**
 * canvas_free() - release the cells of a canvas
 * @canvas: empty afterwards, may be made again
 */
void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas) {};
}

/**
 * canvas_put() - write one character into a cell
 * @canvas: the canvas
 * @row: 0 for the first
 * @column: 0 for the first; a cell outside of the canvas is ignored
 * @glyph: a character in UTF-8, copied
 * @sgr: SGR parameters, not copied, valid until @canvas is freed; NULL for the default
 */
void canvas_put(struct canvas *canvas, unsigned int row, unsigned int column, const char *glyph,
		const char *sgr)
{
	struct cell *cell;

	if (row >= canvas->rows || column >= canvas->columns)
		return;
	cell = &canvas->cells[(size_t)row * canvas->columns + column];
	snprintf(cell->glyph, sizeof(cell->glyph), "%s", glyph);
	cell->sgr = sgr;
}

/**
 * canvas_text() - write a string from left to right
 * @canvas: the canvas
 * @row: 0 for the first
 * @column: of the first character
 * @text: ASCII
 * @sgr: as for canvas_put()
 */
void canvas_text(struct canvas *canvas, unsigned int row, unsigned int column, const char *text,
		 const char *sgr)
{
	for (; *text; text++)
		canvas_put(canvas, row, column++, (char[]) { *text, '\0' }, sgr);
}

/* Return: the number of cells without the blanks at the end of the row. */
static unsigned int used(const struct canvas *canvas, const struct cell *row)
{
	unsigned int n = canvas->columns;

	while (n && (!*row[n - 1].glyph || (*row[n - 1].glyph == ' ' && !row[n - 1].sgr)))
		n--;
	return n;
}

static void print_row(const struct canvas *canvas, const struct cell *row, bool color, FILE *file)
{
	unsigned int n = used(canvas, row);
	const char *sgr = NULL;

	for (unsigned int i = 0; i < n; i++) {
		if (color && row[i].sgr != sgr) {
			fputs("\033[0m", file);
			if (row[i].sgr)
				fprintf(file, "\033[%sm", row[i].sgr);
			sgr = row[i].sgr;
		}
		fputs(*row[i].glyph ? row[i].glyph : " ", file);
	}
	fputs(sgr ? "\033[0m\n" : "\n", file);
}

/**
 * canvas_print() - print all rows of a canvas
 * @canvas: the canvas
 * @color: print the colors of the cells
 * @file: receives the text
 */
void canvas_print(const struct canvas *canvas, bool color, FILE *file)
{
	for (unsigned int row = 0; row < canvas->rows; row++)
		print_row(canvas, canvas->cells + (size_t)row * canvas->columns, color, file);
}
