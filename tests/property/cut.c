// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property test of cutting: random spans, edges and blocks, judged byte by byte.
 *
 *	property-cut [SEED [LAYOUTS]]
 *
 * The address space has 96 bytes: at the bottom of the 64 bits, at the top, or in
 * between. So the test can check each byte alone: does the aligned page or block
 * around it lie in the span or device?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cut.h"
#include "random.h"

#define DEFAULT_SEED 20260101u
#define DEFAULT_LAYOUTS 1000000u

#define BYTES 96
#define MAX_EDGES 8

/* Spans and edges are numbers of bytes; an address is @base plus a number. */
struct layout {
	u64 base;
	unsigned int first, last; /* the span */
	unsigned int device_first, device_last;
	unsigned int edges[MAX_EDGES], nr_edges;
	unsigned int align, block; /* powers of two; block may be 0 */
};

static u64 seed, number;

static void print_layout(const struct layout *l)
{
	unsigned int i;

	fprintf(stderr,
		"seed %" PRIu64 " layout %" PRIu64 ": base %#" PRIx64 ", span %u-%u, "
		"device %u-%u, align %u, block %u, edges",
		seed, number, l->base, l->first, l->last, l->device_first, l->device_last, l->align,
		l->block);
	for (i = 0; i < l->nr_edges; i++)
		fprintf(stderr, " %u", l->edges[i]);
	fprintf(stderr, "\n");
}

static void any_span(unsigned int *first, unsigned int *last)
{
	*first = below(BYTES);
	*last = *first + below(BYTES - *first);
}

static void make_layout(struct layout *l)
{
	static const u64 bases[] = { 0, 5u << 20, 0x850000000, UINT64_MAX - (BYTES - 1) };
	unsigned int i;

	/* each base is a multiple of 32, the largest page and block, so numbers are aligned like addresses */
	l->base = bases[below(4)];
	any_span(&l->first, &l->last);
	if (below(4)) {
		l->device_first = below(l->first + 1);
		l->device_last = l->last + below(BYTES - l->last);
	} else {
		any_span(&l->device_first, &l->device_last);
	}
	if (!below(8))
		l->last = BYTES - 1;
	l->align = 1u << below(6);
	l->block = below(6) ? 1u << below(6) : 0;
	l->nr_edges = below(MAX_EDGES + 1);
	for (i = 0; i < l->nr_edges; i++)
		l->edges[i] = below(BYTES);
}

/* Does the aligned piece of @size bytes around byte @b lie in @first to @last as a whole? */
static bool piece_in(unsigned int b, unsigned int size, unsigned int first, unsigned int last)
{
	unsigned int begin = b / size * size;

	return begin >= first && begin + size - 1 <= last;
}

/* Find the bytes around byte @b up to the nearest edges or ends of the span */
static void segment_of(const struct layout *l, unsigned int b, unsigned int *first,
		       unsigned int *last)
{
	unsigned int i;

	*first = l->first;
	*last = l->last;
	for (i = 0; i < l->nr_edges; i++) {
		if (l->edges[i] <= b && l->edges[i] > *first)
			*first = l->edges[i];
		if (l->edges[i] > b && l->edges[i] <= *last)
			*last = l->edges[i] - 1;
	}
}

static u64 nr_pieces, nr_whole, nr_odd, nr_usable, nr_lost;

static void judge_cut(const struct layout *l)
{
	struct dax_owner_span span = { l->base + l->first, l->base + l->last };
	struct dax_owner_piece out[DAX_OWNER_MAX_PIECES(MAX_EDGES)], guard;
	u64 edges[MAX_EDGES];
	unsigned int i, b = l->first;
	ssize_t n;

	for (i = 0; i < l->nr_edges; i++)
		edges[i] = l->base + l->edges[i];
	qsort(edges, l->nr_edges, sizeof(edges[0]), dax_owner_edge_cmp);
	n = dax_owner_cut(&span, edges, l->nr_edges, l->align, out,
			  DAX_OWNER_MAX_PIECES(l->nr_edges));
	CHECK(l, n >= 1);

	for (i = 0; i < (unsigned int)n; i++) {
		unsigned int first, last, begin = b;
		bool whole;

		CHECK(l, b <= l->last && out[i].span.start == l->base + b);
		segment_of(l, b, &first, &last);
		whole = piece_in(b, l->align, first, last);
		CHECK(l, out[i].whole == whole);
		/* go on while the next byte is in the same segment and equally whole */
		while (b <= last && piece_in(b, l->align, first, last) == whole)
			b++;
		CHECK(l, out[i].span.end == l->base + (b - 1));
		nr_whole += whole;
		nr_odd += !whole && begin != l->first && b - 1 != l->last;
		nr_pieces++;
	}
	CHECK(l, b == l->last + 1);

	guard = out[n - 1];
	CHECK(l, dax_owner_cut(&span, edges, l->nr_edges, l->align, out, (size_t)n - 1) == -ENOSPC);
	CHECK(l, !memcmp(&guard, &out[n - 1], sizeof(guard)));
}

static void judge_usable(const struct layout *l)
{
	struct dax_owner_span part = { l->base + l->first, l->base + l->last };
	struct dax_owner_span device = { l->base + l->device_first, l->base + l->device_last };
	unsigned int b, usable = 0, loss;

	for (b = l->first; b <= l->last; b++)
		usable += piece_in(b, l->block ? l->block : 1, l->device_first, l->device_last);
	loss = l->last - l->first + 1 - usable;
	CHECK(l, dax_owner_usable(&device, &part, l->block) == usable);
	CHECK(l, dax_owner_block_loss(&device, &part, l->block) == loss);
	nr_usable += usable;
	nr_lost += loss;
}

int main(int argc, char **argv)
{
	u64 nr_layouts = argc > 2 ? strtoull(argv[2], NULL, 0) : DEFAULT_LAYOUTS;
	struct layout l;

	seed = argc > 1 ? strtoull(argv[1], NULL, 0) : DEFAULT_SEED;
	printf("seed %" PRIu64 ", %" PRIu64 " layouts\n", seed, nr_layouts);

	for (number = 0; number < nr_layouts; number++) {
		random_state = seed + number * 0x632be59bd9b4e019u;
		make_layout(&l);
		judge_cut(&l);
		judge_usable(&l);
	}
	printf("%" PRIu64 " pieces, %" PRIu64 " of them whole, %" PRIu64
	       " odd between edges, %" PRIu64 " bytes usable, %" PRIu64 " lost\n",
	       nr_pieces, nr_whole, nr_odd, nr_usable, nr_lost);
	/* fail if no layout reached one of the rules */
	return nr_layouts >= 1000 && !(nr_whole && nr_odd && nr_usable && nr_lost);
}
