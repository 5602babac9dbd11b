// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which columns things are: the addresses are cut at every edge of a thing, and each piece gets
 * columns of its own. So a thing never shares a column with its neighbour, however small it is.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/map/drawing.h"

/* No thing is smaller than a page. */
#define MIN_SCALE_SHIFT 12
#define MAX_SCALE_SHIFT 63

/* --- pieces --- */

static int compare(const void *a, const void *b)
{
	const u64 *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

/* The first byte of each thing, and the one behind each. Return: how many different ones. */
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

static bool is_hole(const struct drawing *drawing, const struct dax_owner_span *span)
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

		if (!is_hole(drawing, &span))
			add_piece(drawing, &span);
	}
	free(edges);
	return 0;
}

/* --- columns --- */

/*
 * Where placing has got to: the next free column, and from where on addresses are to scale: the
 * beginning of a band, or the last hole that was left out.
 */
struct extent_address {
	unsigned int band;
	u64 column;
	u64 origin;
	u64 origin_column;
};

/* Columns of the addresses from @start to @end, rounded */
static u64 to_scale(u64 start, u64 end, u64 scale)
{
	u64 bytes = end - start;

	return bytes / scale + (bytes % scale >= scale / 2);
}

/*
 * Edges are where they belong, so what is too small for a column of its own takes it from its
 * larger neighbour to the right. That keeps half of what is its own at least.
 */
static u64 behind(const struct drawing *drawing, const struct piece *piece, const struct extent_address *place)
{
	u64 exact = place->origin_column + to_scale(place->origin, piece->span.end, drawing->scale);
	u64 half = to_scale(piece->span.start, piece->span.end, drawing->scale) / 2;
	u64 least = place->column + (half ?: 1);

	return exact > least ? exact : least;
}

/* The first of a band, or behind a hole that is left out */
static void begin(const struct drawing *drawing, struct piece *piece, struct extent_address *place)
{
	piece->torn = piece->hole;
	if (piece->torn)
		place->column += drawing->hole_columns;
	place->origin = piece->span.start;
	place->origin_column = place->column;
}

/* A hole that takes no more to scale than left out is to scale. */
static void pass_hole(const struct drawing *drawing, struct piece *piece, struct extent_address *place)
{
	u64 exact;

	if (to_scale(0, piece->hole - 1, drawing->scale) > drawing->hole_columns) {
		begin(drawing, piece, place);
		return;
	}
	exact = place->origin_column + to_scale(place->origin, piece->span.start - 1, drawing->scale);
	place->column = exact > place->column ? exact : place->column + 1;
}

/* Return: how many bands it takes; 0 if there is a piece that no band has room for. */
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
			pass_hole(drawing, piece, &place);
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

/* The scale that leaves a column to the largest piece: on a coarser one there is no more to see. */
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
 * drawing_layout() - find the columns of all things
 * @drawing: made, may have been laid out before
 * @columns: how many there are
 * @hole_columns: what a hole that is left out takes of them
 *
 * All is to the one scale that makes it largest in as few bands as possible; a column is a power of
 * two bytes. What is smaller than a column has one all the same.
 *
 * Return: 0; -ERANGE if there are not more columns than a hole takes; -ENOMEM.
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
	/* any scale that takes no more bands is better, the finest is the best */
	for (int finer = MIN_SCALE_SHIFT; finer < shift; finer++)
		if (place_all(drawing, 1ull << finer, columns) == drawing->bands)
			return 0;
	return place_all(drawing, 1ull << shift, columns) ? 0 : -ERANGE;
}

/**
 * drawing_box() - where a thing is drawn
 * @drawing: laid out
 * @thing: one of its things
 * @band: where to look
 * @box: filled in
 *
 * Return: whether any of it is in @band.
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
