// SPDX-License-Identifier: GPL-2.0-only
/*
 * The picture has a light background, so that it is readable on a light and on a dark page. The
 * reader's fonts are unknown: texts that must fit use a monospaced font and leave some space.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/map/drawing-axis.h"
#include "cli/map/drawing-legend.h"
#include "cli/map/drawing-svg.h"

/* In pixels, from the left and from the top */
#define WIDTH 1000
#define MARGIN 24
#define LEFT 104
#define RIGHT (WIDTH - MARGIN)
#define TITLE_Y 38
#define SUMMARY_Y 60
#define BANDS_Y 84
#define LANE_HEIGHT 32
#define LANE_GAP 6
#define BAND_GAP 22
#define AXIS_HEIGHT 15
#define LEGEND_HEIGHT 22
#define LEGEND_GAP 16

/* Widths in the monospaced fonts of 12 pixels, and of 11 for addresses, rounded up */
#define CHARACTER 7.4
#define ADDRESS_CHARACTER 6.8

/* A column has at least 9 pixels, so that a key fits into it. */
#define COLUMNS ((RIGHT - LEFT) / 9)
#define HOLE_COLUMNS 9

#define INK "#1f2328"
#define FAINT_INK "#59636e"
#define VERMILLION "#d55e00"

/* From the palette of Okabe and Ito, which is safe for all kinds of color vision */
static const struct {
	const char *fill;
	const char *line;
	const char *ink;
	const char *dashes;
} styles[] = {
	[STYLE_WINDOW] = { "#ffffff", "#59636e", INK, "none" },
	[STYLE_RANGE] = { "#dcdfe3", "#59636e", INK, "none" },
	[STYLE_REGION] = { "#9fd4f3", "#0072b2", INK, "none" },
	[STYLE_CXL] = { "#0072b2", "#004c78", "#ffffff", "none" },
	[STYLE_HMEM] = { "#4dc3a1", "#00664a", INK, "none" },
	[STYLE_COMING] = { "#f7f0a1", "#8a8000", INK, "5 3" },
	[STYLE_RELEASED] = { "#ffffff", "#59636e", INK, "2 3" },
	[STYLE_WITHHELD] = { "#f0d9e6", "#a8487e", INK, "none" },
	[STYLE_STRANDED] = { "url(#hatch)", VERMILLION, INK, "none" },
};

/* The output, the width of a column in pixels, and the vertical position of the next element */
struct svg {
	FILE *file;
	double column;
	double y;
};

/* --- elements --- */

static void escape(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", file);
			break;
		case '>':
			fputs("&gt;", file);
			break;
		case '&':
			fputs("&amp;", file);
			break;
		default:
			fputc(*text, file);
		}
}

/* @class is of style_sheet below; @more holds further attributes. */
static void put_text(struct svg *svg, double x, double y, const char *class, const char *more,
		     const char *text)
{
	fprintf(svg->file, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\"%s%s>", x, y, class,
		*more ? " " : "", more);
	escape(svg->file, text);
	fputs("</text>\n", svg->file);
}

/*
 * A thick frame marks memory that the wrong driver has. The frame stays within the item's columns.
 */
static void put_rect(struct svg *svg, double x, double y, double width, double height,
		     enum style style, bool wrong)
{
	double line = !wrong ? 1 : width < 24 ? 2 : 4;

	fprintf(svg->file,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\" stroke=\"%s\" "
		"stroke-width=\"%.0f\" stroke-dasharray=\"%s\"/>\n",
		x + line / 2, y + line / 2, width - line, height - line, styles[style].fill,
		wrong ? VERMILLION : styles[style].line, line, styles[style].dashes);
}

/*
 * Put the label into the middle of its box. On a hatched background, the label gets a white plate,
 * which leaves a part of the background visible.
 */
static void put_label(struct svg *svg, double x, double y, double width, double height,
		      enum style style, const char *text)
{
	double plate = (double)strlen(text) * CHARACTER + 6;
	char ink[32];

	if (plate > width - 4)
		plate = width - 4;
	if (style == STYLE_STRANDED)
		fprintf(svg->file,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"#ffffff\"/>\n",
			x + (width - plate) / 2, y + height / 2 - 7, plate, 14.0);
	snprintf(ink, sizeof(ink), "style=\"fill: %s\"", styles[style].ink);
	put_text(svg, x + width / 2, y + height / 2 + 4, "label", ink, text);
}

static double x_of(const struct svg *svg, unsigned int column)
{
	return LEFT + column * svg->column;
}

static const char style_sheet[] =
	"<style>\n"
	"text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 12px; fill: " INK
	"; }\n"
	".title, .name, .summary { font-family: system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif; }\n"
	".title { font-size: 19px; font-weight: bold; }\n"
	".summary { font-size: 13px; fill: " FAINT_INK "; }\n"
	".name { font-size: 13px; text-anchor: end; }\n"
	".address { font-size: 11px; fill: " FAINT_INK "; }\n"
	".label { text-anchor: middle; }\n"
	".heading { font-size: 11px; fill: " FAINT_INK "; }\n"
	"</style>\n"
	"<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" "
	"patternTransform=\"rotate(45)\">"
	"<rect width=\"8\" height=\"8\" fill=\"#ffffff\"/><rect width=\"4\" height=\"8\" fill=\"" VERMILLION
	"\"/>"
	"</pattern></defs>\n";

/* --- band --- */

/* The tooltip holds the item's whole row of the legend. */
static void put_tip(struct svg *svg, const struct item *item)
{
	char text[LEGEND_LEN];

	fputs("<title>", svg->file);
	for (enum legend column = LEGEND_WHAT; column < LEGENDS; column++) {
		legend_text(item, column, text);
		if (!strcmp(text, "-"))
			continue;
		if (column == LEGEND_EXPECTED)
			fputs(" not", svg->file);
		if (column == LEGEND_USABLE)
			fputs(" usable", svg->file);
		if (column == LEGEND_NODE)
			fputs(" node", svg->file);
		if (column != LEGEND_WHAT)
			fputc(' ', svg->file);
		escape(svg->file, text);
	}
	fputs("</title>\n", svg->file);
}

static void draw_item(struct svg *svg, double y, const struct box *box, const struct item *item)
{
	double x = x_of(svg, box->column), width = box->columns * svg->column;
	/* The key, a blank, and a margin */
	double room = (width - 14) / CHARACTER - 1 - (double)strlen(item->key);
	char label[LABEL_LEN], text[LABEL_LEN + KEY_LEN];

	drawing_label(item, room > 0 ? (unsigned int)room : 0, label);
	snprintf(text, sizeof(text), "%s%s%s", item->key, *label ? " " : "", label);
	fputs("<g>", svg->file);
	put_tip(svg, item);
	put_rect(svg, x, y, width, LANE_HEIGHT, item->style, item->wrong);
	put_label(svg, x, y, width, LANE_HEIGHT, item->style, text);
	fputs("</g>\n", svg->file);
}

static unsigned int rows_of(const struct drawing *drawing, enum lane lane)
{
	/* An empty lane shows that there are no regions. */
	return lane == LANE_REGIONS && !drawing->tracks[lane] ? 1 : drawing->tracks[lane];
}

static unsigned int columns_of(const struct drawing *drawing, unsigned int band)
{
	unsigned int columns = 0;

	for (size_t i = 0; i < drawing->nr_sections; i++)
		if (drawing->sections[i].band == band)
			columns = drawing->sections[i].column + drawing->sections[i].columns;
	return columns;
}

static void draw_lane(struct svg *svg, const struct drawing *drawing, unsigned int band,
		      enum lane lane)
{
	unsigned int rows = rows_of(drawing, lane);
	double width = columns_of(drawing, band) * svg->column;
	struct box box;

	if (!rows)
		return;
	put_text(svg, LEFT - 12, svg->y + LANE_HEIGHT / 2 + 4, "name", "", lane_name(lane));
	for (unsigned int row = 0; row < rows; row++)
		fprintf(svg->file,
			"<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"#f3f5f7\"/>\n",
			LEFT, svg->y + row * (LANE_HEIGHT + LANE_GAP), width, LANE_HEIGHT);
	for (size_t i = 0; i < drawing->n; i++) {
		const struct item *item = &drawing->items[i];

		if (item->lane == lane && drawing_box(drawing, item, band, &box))
			draw_item(svg, svg->y + item->track * (LANE_HEIGHT + LANE_GAP), &box, item);
	}
	svg->y += rows * (LANE_HEIGHT + LANE_GAP);
}

/* A zigzag line marks an edge of an omitted gap. */
static void draw_tear(struct svg *svg, double x, double top, double bottom)
{
	bool right = false;

	fprintf(svg->file, "<path d=\"M%.1f %.1f", x, top);
	for (double y = top + 6; y < bottom; y += 6, right = !right)
		fprintf(svg->file, " L%.1f %.1f", x + (right ? -3 : 3), y);
	fprintf(svg->file, " L%.1f %.1f\" fill=\"none\" stroke=\"#8c959f\"/>\n", x, bottom);
}

static void draw_gap(struct svg *svg, const struct section *section, double top, double bottom)
{
	double x = x_of(svg, section->column - HOLE_COLUMNS), width = HOLE_COLUMNS * svg->column;
	char size[SIZE_TEXT_LEN];

	fprintf(svg->file,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#ffffff\"/>\n",
		x + 4, top - 4, width - 8, bottom - top + 8);
	draw_tear(svg, x + 6, top - 4, bottom + 4);
	draw_tear(svg, x + width - 6, top - 4, bottom + 4);
	put_text(svg, x + width / 2, (top + bottom) / 2 + 4, "address label", "",
		 size_text_short(size, section->gap));
}

/* @y: the edge of the lanes, upper or lower */
static void draw_marks(struct svg *svg, enum axis axis, double y, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double away = marks[i].row * AXIS_HEIGHT, x = x_of(svg, marks[i].at);
		double text_y = axis == AXIS_STARTS ? y - away - 7 : y + away + 14;
		size_t len = strlen(marks[i].text);
		bool left = axis == AXIS_STARTS ? marks[i].from == marks[i].at : !marks[i].from;

		if (axis == AXIS_ENDS)
			x += svg->column;
		fprintf(svg->file, "<path d=\"M%.1f %.1f V%.1f\" stroke=\"#8c959f\"/>\n", x, y,
			axis == AXIS_STARTS ? y - away - 5 : y + away + 4);
		/*
		 * A text that moved inwards is aligned at the other end, so that it stays clear of
		 * the edge.
		 */
		if (left)
			put_text(svg, x_of(svg, marks[i].from), text_y, "address", "",
				 marks[i].text);
		else
			put_text(svg, x_of(svg, marks[i].from + (unsigned int)len), text_y,
				 "address", "style=\"text-anchor: end\"", marks[i].text);
	}
}

static int draw_band(struct svg *svg, const struct drawing *drawing, unsigned int band)
{
	_cleanup_(freep) struct mark *starts = NULL, *ends = NULL;
	size_t nr_starts, nr_ends;
	double top;
	int r;

	r = axis_marks(drawing, AXIS_STARTS, band, drawing->columns, &starts, &nr_starts);
	if (!r)
		r = axis_marks(drawing, AXIS_ENDS, band, drawing->columns, &ends, &nr_ends);
	if (r)
		return r;
	svg->y += axis_rows(starts, nr_starts) * AXIS_HEIGHT + 4;
	top = svg->y;
	for (enum lane lane = LANE_WINDOWS; lane < LANES; lane++)
		draw_lane(svg, drawing, band, lane);
	svg->y -= LANE_GAP;
	for (size_t i = 0; i < drawing->nr_sections; i++)
		if (drawing->sections[i].torn && drawing->sections[i].band == band)
			draw_gap(svg, &drawing->sections[i], top, svg->y);
	draw_marks(svg, AXIS_STARTS, top, starts, nr_starts);
	draw_marks(svg, AXIS_ENDS, svg->y, ends, nr_ends);
	svg->y += axis_rows(ends, nr_ends) * AXIS_HEIGHT + 4 + BAND_GAP;
	return 0;
}

/* --- head and legend --- */

/* Draw a bar with its length in bytes, at the right of the summary. */
static void draw_scale(struct svg *svg, const struct drawing *drawing)
{
	char size[SIZE_TEXT_LEN];
	unsigned int columns = 1;
	double width;

	while (columns * svg->column < 60 && drawing->scale * columns <= UINT64_MAX / 4)
		columns *= 2;
	width = columns * svg->column;
	fprintf(svg->file,
		"<path d=\"M%.1f %d v10 m0 -5 H%d m0 -5 v10\" fill=\"none\" stroke=\"" INK "\"/>\n",
		RIGHT - width, SUMMARY_Y - 9, RIGHT);
	put_text(svg, RIGHT - width - 8, SUMMARY_Y, "label", "style=\"text-anchor: end\"",
		 size_text_short(size, drawing->scale * columns));
}

static void draw_head(struct svg *svg, const struct drawing *drawing)
{
	char size[SIZE_TEXT_LEN], summary[SIZE_TEXT_LEN + 80];
	u64 stranded = drawing_stranded(drawing);

	put_text(svg, MARGIN, TITLE_Y, "title", "", "Owners of Soft Reserved memory");
	snprintf(summary, sizeof(summary), "Physical addresses, to scale. %s is stranded.",
		 stranded ? size_text_short(size, stranded) : "Nothing");
	put_text(svg, MARGIN, SUMMARY_Y, "summary",
		 stranded ? "style=\"fill: #a84a00; font-weight: bold\"" : "", summary);
	draw_scale(svg, drawing);
	svg->y = BANDS_Y;
}

/* Draw the key in a box of the item's style. */
static void draw_sample(struct svg *svg, const struct item *item)
{
	char text[LEGEND_LEN];

	put_rect(svg, MARGIN + 2, svg->y - 13, 28, 18, item->style, item->wrong);
	put_label(svg, MARGIN + 2, svg->y - 13, 28, 18, item->style,
		  legend_text(item, LEGEND_KEY, text));
}

static void draw_column(struct svg *svg, const struct drawing *drawing, enum legend column,
			double x, double width)
{
	bool right = column == LEGEND_SIZE || column == LEGEND_USABLE || column == LEGEND_NODE;
	const char *anchor = right ? "style=\"text-anchor: end\"" : "";
	double at = right ? x + width : x, y = svg->y;
	char text[LEGEND_LEN];

	put_text(svg, at, y, "heading", anchor, legend_heading(column));
	for (size_t i = 0; i < drawing->n; i++) {
		y += LEGEND_HEIGHT;
		if (strcmp(legend_text(&drawing->items[i], column, text), "-"))
			put_text(svg, at, y, "cell", anchor, text);
	}
}

static void draw_legend(struct svg *svg, const struct drawing *drawing)
{
	double x = MARGIN + 44;

	svg->y += LEGEND_GAP;
	for (enum legend column = LEGEND_WHAT; column < LEGENDS; column++) {
		double width = (double)legend_longest(drawing, column) * CHARACTER;

		if (!legend_has(drawing, column))
			continue;
		draw_column(svg, drawing, column, x, width);
		x += width + 18;
	}
	for (size_t i = 0; i < drawing->n; i++) {
		svg->y += LEGEND_HEIGHT;
		draw_sample(svg, &drawing->items[i]);
	}
	svg->y += MARGIN;
}

/* --- picture --- */

static int draw(const struct drawing *drawing, struct svg *svg)
{
	int r = 0;

	draw_head(svg, drawing);
	for (unsigned int band = 0; !r && band < drawing->bands; band++)
		r = draw_band(svg, drawing, band);
	draw_legend(svg, drawing);
	return r;
}

/* The legend in sentences, for screen readers */
static void describe(const struct drawing *drawing, FILE *file)
{
	char text[LEGEND_LEN];

	for (size_t i = 0; i < drawing->n; i++) {
		const struct item *item = &drawing->items[i];

		escape(file, legend_text(item, LEGEND_WHAT, text));
		fprintf(file, " at %s", legend_text(item, LEGEND_RANGE, text));
		if (item->extent)
			fprintf(file, ", %s %s", dax_owner_state_name(item->extent->state),
				dax_owner_owner_name(item->extent->owner));
		if (item->wrong)
			fprintf(file, ", must be %s", dax_owner_owner_name(item->extent->expected));
		fputs(".\n", file);
	}
}

/* Called last, because the height is known only when the body is complete. */
static void print(const struct drawing *drawing, const char *body, double height, FILE *file)
{
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
		"aria-labelledby=\"title description\">\n",
		WIDTH, height, WIDTH, height);
	fputs("<title id=\"title\">Owners of Soft Reserved memory</title>\n<desc id=\"description\">",
	      file);
	describe(drawing, file);
	fputs("</desc>\n", file);
	fputs(style_sheet, file);
	fprintf(file,
		"<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%.0f\" rx=\"8\" fill=\"#ffffff\" stroke=\"#d1d9e0\"/>\n",
		WIDTH - 1, height - 1);
	fputs(body, file);
	fputs("</svg>\n", file);
}

/**
 * svg_print() - print a drawing as SVG
 * @drawing: made; this function lays it out
 * @file: receives the picture
 *
 * Return: 0, or a negative errno.
 */
int svg_print(struct drawing *drawing, FILE *file)
{
	_cleanup_(freep) char *body = NULL;
	struct svg svg = {};
	size_t len;
	int r = drawing_layout(drawing, COLUMNS, HOLE_COLUMNS);

	if (r)
		return r;
	svg.file = open_memstream(&body, &len);
	if (!svg.file)
		return -errno;
	svg.column = (double)(RIGHT - LEFT) / drawing->columns;
	r = draw(drawing, &svg);
	if (fclose(svg.file) && !r)
		r = -errno;
	if (!r)
		print(drawing, body, svg.y, file);
	return r;
}
