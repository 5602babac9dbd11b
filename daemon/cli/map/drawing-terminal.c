// SPDX-License-Identifier: GPL-2.0-only
/*
 * An item is drawn as its key, then a character of its style in each further column. A label is
 * drawn within if it fits. The next item's key marks the end, so that no column is used for a
 * frame.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "cli/map/canvas.h"
#include "cli/map/drawing-axis.h"
#include "cli/map/drawing-legend.h"
#include "cli/map/drawing-terminal.h"

DEFINE_CLEANUP(struct libscols_table *, scols_unref_table)

/* The names of the lanes, left of the drawing */
#define NAME_COLUMNS 9

/* "/1023.9G/" */
#define HOLE_COLUMNS 9

/*
 * Columns around a label: the key, a style character and a blank before it; a blank and a style
 * character after it.
 */
#define AROUND_LABEL 5

#define SGR_FAINT "2"

/* The terminal maps these colors to those that the user has chosen. */
static const struct {
	const char *ascii;
	const char *unicode;
	const char *sgr;
} styles[] = {
	[STYLE_WINDOW] = { "-", "─", NULL },        [STYLE_RANGE] = { ":", "░", NULL },
	[STYLE_REGION] = { "=", "▒", "36" },        [STYLE_CXL] = { "#", "█", "34" },
	[STYLE_HMEM] = { "+", "▓", "32" },          [STYLE_COMING] = { ".", "┄", "33" },
	[STYLE_RELEASED] = { "~", "~", SGR_FAINT }, [STYLE_WITHHELD] = { "%", "▚", "35" },
	[STYLE_STRANDED] = { "!", "╳", "1;37;41" },
};

/* Every second character of an item that the wrong driver has */
static const char wrong_glyph[] = "*";
static const char wrong_sgr[] = "1;31";

static const char *glyph_of(const struct terminal *terminal, enum style style)
{
	return terminal->unicode ? styles[style].unicode : styles[style].ascii;
}

/* --- form --- */

/**
 * terminal_choose() - choose characters and colors
 * @terminal: @unicode and @color are filled in
 * @environment: the environment of the output
 * @when: the user's choice of colors
 * @ascii: the user's choice of ASCII
 */
void terminal_choose(struct terminal *terminal, const struct terminal_environment *environment,
		     enum when when, bool ascii)
{
	bool capable = color_terminal(&environment->output);

	terminal->color = colors_choose(&environment->output, when);
	terminal->unicode = !ascii && environment->utf8 && (capable || when == WHEN_ALWAYS);
}

/* --- band --- */

static void draw_label(struct canvas *canvas, unsigned int row, const struct box *box,
		       const struct item *item, const char *sgr)
{
	char label[LABEL_LEN], text[LABEL_LEN + 2];
	unsigned int len, key = (unsigned int)strlen(item->key), around = AROUND_LABEL - 1 + key;

	if (box->columns <= around)
		return;
	drawing_label(item, box->columns - around, label);
	if (!*label)
		return;
	len = (unsigned int)snprintf(text, sizeof(text), " %s ", label);
	canvas_text(canvas, row, NAME_COLUMNS + box->column + key + (box->columns - key - len) / 2,
		    text, sgr);
}

static void draw_item(const struct terminal *terminal, struct canvas *canvas, unsigned int row,
		      const struct box *box, const struct item *item)
{
	const char *sgr = item->wrong ? wrong_sgr : styles[item->style].sgr;

	for (unsigned int i = 0; i < box->columns; i++)
		canvas_put(canvas, row, NAME_COLUMNS + box->column + i,
			   item->wrong && i % 2 ? wrong_glyph : glyph_of(terminal, item->style),
			   sgr);
	canvas_text(canvas, row, NAME_COLUMNS + box->column, item->key, sgr);
	draw_label(canvas, row, box, item, sgr);
}

/* Draw an omitted gap as a break through all lanes, with its size beside the ranges. */
static void draw_gap(const struct terminal *terminal, const struct drawing *drawing,
		     struct canvas *canvas, unsigned int top, unsigned int bottom,
		     const struct section *section)
{
	unsigned int column = NAME_COLUMNS + section->column - HOLE_COLUMNS;
	const char *glyph = terminal->unicode ? "╱" : "/";
	char size[SIZE_TEXT_LEN];

	for (unsigned int row = top; row < bottom; row++) {
		canvas_put(canvas, row, column, glyph, SGR_FAINT);
		canvas_put(canvas, row, column + HOLE_COLUMNS - 1, glyph, SGR_FAINT);
	}
	size_text_short(size, section->gap);
	canvas_text(canvas, top + drawing->tracks[LANE_WINDOWS],
		    column + (HOLE_COLUMNS - (unsigned int)strlen(size)) / 2, size, NULL);
}

static void draw_marks(const struct terminal *terminal, struct canvas *canvas, enum axis axis,
		       unsigned int lanes, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned int row = lanes;

		for (unsigned int away = 0; away < marks[i].row;
		     away++, row += axis == AXIS_STARTS ? -1 : 1)
			canvas_put(canvas, row, NAME_COLUMNS + marks[i].at,
				   terminal->unicode ? "│" : "|", SGR_FAINT);
		canvas_text(canvas, row, NAME_COLUMNS + marks[i].from, marks[i].text, NULL);
	}
}

/*
 * Return: the rows of a lane. The lane of the regions always has one: if empty, it shows that there
 * are no regions.
 */
static unsigned int rows_of(const struct drawing *drawing, enum lane lane)
{
	return lane == LANE_REGIONS && !drawing->tracks[lane] ? 1 : drawing->tracks[lane];
}

static unsigned int draw_lane(const struct terminal *terminal, const struct drawing *drawing,
			      struct canvas *canvas, unsigned int row, unsigned int band,
			      enum lane lane)
{
	struct box box;

	if (!rows_of(drawing, lane))
		return row;
	canvas_text(canvas, row, 0, lane_name(lane), NULL);
	for (size_t i = 0; i < drawing->n; i++) {
		const struct item *item = &drawing->items[i];

		if (item->lane == lane && drawing_box(drawing, item, band, &box))
			draw_item(terminal, canvas, row + item->track, &box, item);
	}
	return row + rows_of(drawing, lane);
}

static void draw_lanes(const struct terminal *terminal, const struct drawing *drawing,
		       struct canvas *canvas, unsigned int top, unsigned int band)
{
	unsigned int row = top;

	for (enum lane lane = LANE_WINDOWS; lane < LANES; lane++)
		row = draw_lane(terminal, drawing, canvas, row, band, lane);
	for (size_t i = 0; i < drawing->nr_sections; i++)
		if (drawing->sections[i].torn && drawing->sections[i].band == band)
			draw_gap(terminal, drawing, canvas, top, row, &drawing->sections[i]);
}

static int print_band(const struct terminal *terminal, const struct drawing *drawing,
		      unsigned int band, FILE *file)
{
	_cleanup_(canvas_free) struct canvas canvas = {};
	_cleanup_(freep) struct mark *starts = NULL, *ends = NULL;
	unsigned int columns = terminal->width - NAME_COLUMNS, above, below, lanes = 0;
	size_t nr_starts, nr_ends;
	int r;

	r = axis_marks(drawing, AXIS_STARTS, band, columns, &starts, &nr_starts);
	if (!r)
		r = axis_marks(drawing, AXIS_ENDS, band, columns, &ends, &nr_ends);
	if (r)
		return r;
	above = axis_rows(starts, nr_starts);
	below = axis_rows(ends, nr_ends);
	for (enum lane lane = LANE_WINDOWS; lane < LANES; lane++)
		lanes += rows_of(drawing, lane);
	r = canvas_make(&canvas, terminal->width, above + lanes + below);
	if (r)
		return r;
	draw_marks(terminal, &canvas, AXIS_STARTS, above - 1, starts, nr_starts);
	draw_lanes(terminal, drawing, &canvas, above, band);
	draw_marks(terminal, &canvas, AXIS_ENDS, above + lanes, ends, nr_ends);
	canvas_print(&canvas, terminal->color, file);
	return 0;
}

/* --- legend --- */

static bool is_drawn(const struct drawing *drawing, enum style style)
{
	for (size_t i = 0; i < drawing->n; i++)
		if (drawing->items[i].style == style)
			return true;
	return false;
}

/* Put as many samples into a line as fit. */
static void print_sample(const struct terminal *terminal, const char *glyph, const char *sgr,
			 const char *name, unsigned int *used, FILE *file)
{
	unsigned int len = 4 + (unsigned int)strlen(name);

	if (*used && *used + 2 + len > terminal->width) {
		fputc('\n', file);
		*used = 0;
	}
	if (*used)
		fputs("  ", file);
	if (terminal->color && sgr)
		fprintf(file, "\033[%sm%s%s%s\033[0m %s", sgr, glyph, glyph, glyph, name);
	else
		fprintf(file, "%s%s%s %s", glyph, glyph, glyph, name);
	*used += (*used ? 2 : 0) + len;
}

static void print_samples(const struct terminal *terminal, const struct drawing *drawing, FILE *file)
{
	unsigned int used = 0;

	for (enum style style = STYLE_WINDOW; style < STYLES; style++)
		if (is_drawn(drawing, style))
			print_sample(terminal, glyph_of(terminal, style), styles[style].sgr,
				     style_name(style), &used, file);
	if (legend_has(drawing, LEGEND_EXPECTED))
		print_sample(terminal, wrong_glyph, wrong_sgr, "of the wrong driver", &used, file);
	fputc('\n', file);
}

/* Return: the characters of a row, with a blank between two columns. */
static size_t legend_width(const struct drawing *drawing)
{
	size_t width = 0;

	for (enum legend column = LEGEND_KEY; column < LEGENDS; column++)
		if (legend_has(drawing, column))
			width += legend_longest(drawing, column) + 1;
	return width - 1;
}

static int add_columns(struct libscols_table *table, const struct drawing *drawing)
{
	for (enum legend column = LEGEND_KEY; column < LEGENDS; column++) {
		int flags = column == LEGEND_SIZE || column == LEGEND_USABLE ||
					    column == LEGEND_NODE ?
				    SCOLS_FL_RIGHT :
				    0;
		struct libscols_column *made;

		if (!legend_has(drawing, column))
			continue;
		if (column == LEGEND_RANGE)
			flags |= SCOLS_FL_WRAP;
		made = scols_table_new_column(table, legend_heading(column), 0, flags);
		if (!made)
			return -ENOMEM;
		if (column == LEGEND_RANGE) {
			scols_column_set_safechars(made, "\n");
			scols_column_set_wrapfunc(made, scols_wrapnl_chunksize,
						  scols_wrapnl_nextchunk, NULL);
		}
	}
	return 0;
}

/* Break the range into two lines. */
static void break_range(char text[LEGEND_LEN])
{
	char *end = strchr(text, '-') + 1;

	memmove(end + 1, end, strlen(end) + 1);
	*end = '\n';
}

static int add_row(struct libscols_table *table, const struct drawing *drawing,
		   const struct item *item, bool narrow)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[LEGEND_LEN];
	size_t n = 0;
	int r = line ? 0 : -ENOMEM;

	for (enum legend column = LEGEND_KEY; !r && column < LEGENDS; column++) {
		if (!legend_has(drawing, column))
			continue;
		legend_text(item, column, text);
		if (narrow && column == LEGEND_RANGE)
			break_range(text);
		r = scols_line_set_data(line, n++, text);
	}
	return r;
}

static int print_legend(const struct terminal *terminal, const struct drawing *drawing, FILE *file)
{
	_cleanup_(scols_unref_tablep) struct libscols_table *table = NULL;
	bool narrow = legend_width(drawing) > terminal->width;
	int r;

	scols_init_debug(0);
	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, file);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, terminal->width);
	r = add_columns(table, drawing);
	for (size_t i = 0; !r && i < drawing->n; i++)
		r = add_row(table, drawing, &drawing->items[i], narrow);
	return r ?: scols_print_table(table);
}

/* Always print this line, because a small stranded extent is hard to find in the drawing. */
static void print_stranded(const struct terminal *terminal, const struct drawing *drawing,
			   FILE *file)
{
	u64 stranded = drawing_stranded(drawing);
	unsigned int used;
	char size[SIZE_TEXT_LEN];

	if (!stranded)
		return;
	used = (unsigned int)fprintf(file, "STRANDED: %s,", size_text_short(size, stranded));
	for (size_t i = 0; i < drawing->n; i++) {
		if (drawing->items[i].style != STYLE_STRANDED)
			continue;
		/* Reserve space for the dots. */
		if (used + 1 + strlen(drawing->items[i].key) + 4 > terminal->width) {
			fputs(" ...", file);
			break;
		}
		used += (unsigned int)fprintf(file, " %s", drawing->items[i].key);
	}
	fputc('\n', file);
}

/**
 * terminal_print() - print a drawing in characters
 * @terminal: the form of the drawing
 * @drawing: made; this function lays it out
 * @file: receives the text
 *
 * Return: 0, or a negative errno.
 */
int terminal_print(const struct terminal *terminal, struct drawing *drawing, FILE *file)
{
	int r = drawing_layout(drawing, terminal->width - NAME_COLUMNS, HOLE_COLUMNS);
	char size[SIZE_TEXT_LEN];

	if (r)
		return r;
	fprintf(file, "Physical addresses, one column is %s\n",
		size_text_short(size, drawing->scale));
	print_stranded(terminal, drawing, file);
	fputc('\n', file);
	for (unsigned int band = 0; !r && band < drawing->bands; band++) {
		r = print_band(terminal, drawing, band, file);
		fputc('\n', file);
	}
	if (r)
		return r;
	print_samples(terminal, drawing, file);
	fputc('\n', file);
	return print_legend(terminal, drawing, file);
}
