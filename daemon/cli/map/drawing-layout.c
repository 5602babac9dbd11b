// SPDX-License-Identifier: GPL-2.0-only
/*
 * The columns of the items. The layout cuts the addresses at each edge of an item, and gives each
 * section columns of its own. So an item never shares a column with its neighbour, however small it
 * is.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/map/drawing.h"

/* No item is smaller than a page. */
#define MIN_SCALE_SHIFT 12
#define MAX_SCALE_SHIFT 63

/* --- sections --- */

static int compare(const void *a, const void *b)
{
	const u64 *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

/*
 * Find the first byte of each item, and the first byte after each.
 *
 * Return: the number of different edges, which are sorted.
 */
static size_t find_edges(const struct drawing *drawing, u64 *edges)
{
	size_t n = 0, different = 0;

	for (size_t i = 0; i < drawing->n; i++) {
		edges[n++] = drawing->items[i].span.start;
		if (drawing->items[i].span.end != UINT64_MAX)
			edges[n++] = drawing->items[i].span.end + 1;
	}
	qsort(edges, n, sizeof(*edges), compare);
	for (size_t i = 0; i < n; i++)
		if (!different || edges[different - 1] != edges[i])
			edges[different++] = edges[i];
	return different;
}

static bool is_gap(const struct drawing *drawing, const struct dax_owner_span *span)
{
	for (size_t i = 0; i < drawing->n; i++)
		if (dax_owner_span_meets(&drawing->items[i].span, span))
			return false;
	return true;
}

static void add_piece(struct drawing *drawing, const struct dax_owner_span *span)
{
	struct section *section = &drawing->sections[drawing->nr_sections];

	*section = (struct section) { .span = *span };
	if (drawing->nr_sections++)
		section->gap = span->start - section[-1].span.end - 1;
}

static int cut(struct drawing *drawing)
{
	u64 *edges = calloc(2 * drawing->n + 1, sizeof(*edges));
	size_t n;

	free(drawing->sections);
	drawing->nr_sections = 0;
	drawing->sections = calloc(2 * drawing->n + 1, sizeof(*drawing->sections));
	if (!edges || !drawing->sections) {
		free(edges);
		return -ENOMEM;
	}
	n = find_edges(drawing, edges);
	for (size_t i = 0; i < n; i++) {
		struct dax_owner_span span = { edges[i], i + 1 < n ? edges[i + 1] - 1 : UINT64_MAX };

		if (!is_gap(drawing, &span))
			add_piece(drawing, &span);
	}
	free(edges);
	return 0;
}

/* --- columns --- */

/*
 * The position of the next section: its band and column. Addresses are to scale from the origin on,
 * which is the beginning of the band or the end of the last omitted gap.
 */
struct extent_address {
	unsigned int band;
	u64 column;
	u64 origin;
	u64 origin_column;
};

/* Return: the columns of the addresses from @start to @end, rounded. */
static u64 to_scale(u64 start, u64 end, u64 scale)
{
	u64 bytes = end - start;

	return bytes / scale + (bytes % scale >= scale / 2);
}

/*
 * Edges are to scale. So a section smaller than a key takes columns from its larger neighbour to the
 * right. That neighbour keeps at least half of its columns.
 *
 * Return: the first column after the section.
 */
static u64 behind(const struct drawing *drawing, const struct section *section,
		  const struct extent_address *place)
{
	u64 exact =
		place->origin_column + to_scale(place->origin, section->span.end, drawing->scale);
	u64 half = to_scale(section->span.start, section->span.end, drawing->scale) / 2;
	u64 least = place->column + (half > drawing->key_columns ? half : drawing->key_columns);

	return exact > least ? exact : least;
}

/* Place the first section of a band, or the section after an omitted gap. */
static void begin(const struct drawing *drawing, struct section *section,
		  struct extent_address *place)
{
	section->torn = section->gap;
	if (section->torn)
		place->column += drawing->gap_columns;
	place->origin = section->span.start;
	place->origin_column = place->column;
}

/* A gap is omitted only if that takes fewer columns than drawing it to scale. */
static void pass_gap(const struct drawing *drawing, struct section *section,
		     struct extent_address *place)
{
	u64 exact;

	if (to_scale(0, section->gap - 1, drawing->scale) > drawing->gap_columns) {
		begin(drawing, section, place);
		return;
	}
	exact = place->origin_column +
		to_scale(place->origin, section->span.start - 1, drawing->scale);
	place->column = exact > place->column ? exact : place->column + 1;
}

/* Return: the number of bands; 0 if a section is longer than a band. */
static unsigned int place_all(struct drawing *drawing, u64 scale, unsigned int columns)
{
	struct extent_address place = {};

	drawing->scale = scale;
	drawing->columns = 0;
	for (size_t i = 0; i < drawing->nr_sections; i++) {
		struct section *section = &drawing->sections[i];
		u64 past;

		section->torn = false;
		if (!i)
			begin(drawing, section, &place);
		else if (section->gap)
			pass_gap(drawing, section, &place);
		past = behind(drawing, section, &place);
		if (past > columns) {
			place = (struct extent_address) { .band = place.band + 1 };
			begin(drawing, section, &place);
			past = behind(drawing, section, &place);
		}
		if (past > columns)
			return 0;
		section->band = place.band;
		section->column = (unsigned int)place.column;
		section->columns = (unsigned int)(past - place.column);
		place.column = past;
		if (drawing->columns < past)
			drawing->columns = (unsigned int)past;
	}
	return place.band + 1;
}

/*
 * Return: the scale as a shift, at which the largest section has one column. A coarser scale saves no
 * column.
 */
static int coarsest(const struct drawing *drawing)
{
	int shift = MIN_SCALE_SHIFT;

	for (size_t i = 0; i < drawing->nr_sections; i++) {
		const struct dax_owner_span *span = &drawing->sections[i].span;

		while (shift < MAX_SCALE_SHIFT && span->end - span->start >= 1ull << shift)
			shift++;
	}
	return shift;
}

/**
 * drawing_layout() - assign columns to all items
 * @drawing: made, may have been laid out before
 * @columns: columns of a band
 * @gap_columns: columns of an omitted gap
 *
 * One scale applies to the whole drawing: the finest that needs the fewest bands. A column is a
 * power of two bytes. An item smaller than its key still gets the columns of a key.
 *
 * Return: 0; -ERANGE if @columns has no room for a gap and a key, or for a section; -ENOMEM.
 */
int drawing_layout(struct drawing *drawing, unsigned int columns, unsigned int gap_columns)
{
	int shift, r;

	if (columns < gap_columns + drawing->key_columns)
		return -ERANGE;
	r = cut(drawing);
	if (r)
		return r;
	drawing->gap_columns = gap_columns;
	shift = coarsest(drawing);
	drawing->bands = place_all(drawing, 1ull << shift, columns);
	/* Take the finest of the scales that need no more bands. */
	for (int finer = MIN_SCALE_SHIFT; finer < shift; finer++)
		if (place_all(drawing, 1ull << finer, columns) == drawing->bands)
			return 0;
	return place_all(drawing, 1ull << shift, columns) ? 0 : -ERANGE;
}

/**
 * drawing_box() - find the columns of an item within a band
 * @drawing: laid out
 * @item: one of its items
 * @band: 0 for the first
 * @box: filled in, empty if the item is not in @band
 *
 * Return: true if a part of the item is in @band.
 */
bool drawing_box(const struct drawing *drawing, const struct item *item, unsigned int band,
		 struct box *box)
{
	*box = (struct box) {};
	for (size_t i = 0; i < drawing->nr_sections; i++) {
		const struct section *section = &drawing->sections[i];

		if (section->band != band || !dax_owner_span_meets(&section->span, &item->span))
			continue;
		if (!box->columns)
			box->column = section->column;
		box->columns = section->column + section->columns - box->column;
	}
	return box->columns;
}
