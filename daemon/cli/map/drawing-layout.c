// SPDX-License-Identifier: GPL-2.0-only
/*
 * The columns of the items. The layout cuts the addresses at each edge of an item, and gives each
 * piece columns of its own. So an item never shares a column with its neighbour, however small it
 * is.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/map/drawing.h"

/* No item is smaller than a page. */
#define MIN_SCALE_SHIFT 12
#define MAX_SCALE_SHIFT 63

/* --- pieces --- */

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
		edges[n++] = drawing->things[i].span.start;
		if (drawing->things[i].span.end != UINT64_MAX)
			edges[n++] = drawing->things[i].span.end + 1;
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
		if (dax_owner_span_meets(&drawing->things[i].span, span))
			return false;
	return true;
}

static void add_piece(struct drawing *drawing, const struct dax_owner_span *span)
{
	struct piece *piece = &drawing->pieces[drawing->nr_pieces];

	*piece = (struct piece){ .span = *span };
	if (drawing->nr_pieces++)
		piece->hole = span->start - piece[-1].span.end - 1;
}

static int cut(struct drawing *drawing)
{
	u64 *edges = calloc(2 * drawing->n + 1, sizeof(*edges));
	size_t n;

	free(drawing->pieces);
	drawing->nr_pieces = 0;
	drawing->pieces = calloc(2 * drawing->n + 1, sizeof(*drawing->pieces));
	if (!edges || !drawing->pieces) {
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
 * The position of the next piece: its band and column. Addresses are to scale from the origin on,
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
 * Edges are to scale. So a piece smaller than a column takes one from its larger neighbour to the
 * right. That neighbour keeps at least half of its columns.
 *
 * Return: the first column after the piece.
 */
static u64 behind(const struct drawing *drawing, const struct piece *piece, const struct extent_address *place)
{
	u64 exact = place->origin_column + to_scale(place->origin, piece->span.end, drawing->scale);
	u64 half = to_scale(piece->span.start, piece->span.end, drawing->scale) / 2;
	u64 least = place->column + (half ?: 1);

	return exact > least ? exact : least;
}

/* Place the first piece of a band, or the piece after an omitted gap. */
static void begin(const struct drawing *drawing, struct piece *piece, struct extent_address *place)
{
	piece->torn = piece->hole;
	if (piece->torn)
		place->column += drawing->hole_columns;
	place->origin = piece->span.start;
	place->origin_column = place->column;
}

/* A gap is omitted only if that takes fewer columns than drawing it to scale. */
static void pass_gap(const struct drawing *drawing, struct piece *piece, struct extent_address *place)
{
	u64 exact;

	if (to_scale(0, piece->hole - 1, drawing->scale) > drawing->hole_columns) {
		begin(drawing, piece, place);
		return;
	}
	exact = place->origin_column + to_scale(place->origin, piece->span.start - 1, drawing->scale);
	place->column = exact > place->column ? exact : place->column + 1;
}

/* Return: the number of bands; 0 if a piece is longer than a band. */
static unsigned int place_all(struct drawing *drawing, u64 scale, unsigned int columns)
{
	struct extent_address place = { };

	drawing->scale = scale;
	drawing->columns = 0;
	for (size_t i = 0; i < drawing->nr_pieces; i++) {
		struct piece *piece = &drawing->pieces[i];
		u64 past;

		piece->torn = false;
		if (!i)
			begin(drawing, piece, &place);
		else if (piece->hole)
			pass_gap(drawing, piece, &place);
		past = behind(drawing, piece, &place);
		if (past > columns) {
			place = (struct extent_address){ .band = place.band + 1 };
			begin(drawing, piece, &place);
			past = behind(drawing, piece, &place);
		}
		if (past > columns)
			return 0;
		piece->band = place.band;
		piece->column = (unsigned int)place.column;
		piece->columns = (unsigned int)(past - place.column);
		place.column = past;
		if (drawing->columns < past)
			drawing->columns = (unsigned int)past;
	}
	return place.band + 1;
}

/*
 * Return: the scale as a shift, at which the largest piece has one column. A coarser scale saves no
 * column.
 */
static int coarsest(const struct drawing *drawing)
{
	int shift = MIN_SCALE_SHIFT;

	for (size_t i = 0; i < drawing->nr_pieces; i++) {
		const struct dax_owner_span *span = &drawing->pieces[i].span;

		while (shift < MAX_SCALE_SHIFT && span->end - span->start >= 1ull << shift)
			shift++;
	}
	return shift;
}

/**
 * drawing_layout() - assign columns to all items
 * @drawing: made, may have been laid out before
 * @columns: columns of a band
 * @hole_columns: columns of an omitted gap
 *
 * One scale applies to the whole drawing: the finest that needs the fewest bands. A column is a
 * power of two bytes. An item smaller than a column still gets one.
 *
 * Return: 0; -ERANGE if @columns is at most @hole_columns, or too small for a piece; -ENOMEM.
 */
int drawing_layout(struct drawing *drawing, unsigned int columns, unsigned int hole_columns)
{
	int shift, r;

	if (columns <= hole_columns)
		return -ERANGE;
	r = cut(drawing);
	if (r)
		return r;
	drawing->hole_columns = hole_columns;
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
 * @thing: one of its items
 * @band: 0 for the first
 * @box: filled in, empty if the item is not in @band
 *
 * Return: true if a part of the item is in @band.
 */
bool drawing_box(const struct drawing *drawing, const struct thing *thing, unsigned int band, struct box *box)
{
	*box = (struct box){ };
	for (size_t i = 0; i < drawing->nr_pieces; i++) {
		const struct piece *piece = &drawing->pieces[i];

		if (piece->band != band || !dax_owner_span_meets(&piece->span, &thing->span))
			continue;
		if (!box->columns)
			box->column = piece->column;
		box->columns = piece->column + piece->columns - box->column;
	}
	return box->columns;
}
