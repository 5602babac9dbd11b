/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cut spans of addresses at edges, pages and memory blocks, as pure functions.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon. An
 * edge is the first byte of a new piece. A DAX device consists of whole pages of 2 MiB and can
 * be reserved only between two edges. System memory consists of whole memory blocks, and kmem
 * leaves the other bytes of a device unused.
 *
 * Spans are inclusive, and U64_MAX is a valid last byte.
 */
#ifndef DAX_OWNER_CUT_H
#define DAX_OWNER_CUT_H

#include "verdict.h"

/**
 * struct dax_owner_piece - a part of a span between two edges
 * @span: the piece, not empty
 * @whole: it begins and ends at the alignment, so that it can be a DAX device
 */
struct dax_owner_piece {
	struct dax_owner_span span;
	bool whole;
};

/**
 * DAX_OWNER_MAX_PIECES - the largest number of pieces that dax_owner_cut() can return
 * @nr_edges: the number of edges
 */
#define DAX_OWNER_MAX_PIECES(nr_edges) (3 * ((size_t)(nr_edges) + 1))

bool dax_owner_aligned_part(const struct dax_owner_span *span, u64 align,
			    struct dax_owner_span *part);

size_t dax_owner_span_edges(const struct dax_owner_span *span, u64 *edges);
int dax_owner_edge_cmp(const void *a, const void *b);
size_t dax_owner_next_edge(const u64 *edges, size_t nr_edges, u64 at);

ssize_t dax_owner_cut(const struct dax_owner_span *span, const u64 *edges, size_t nr_edges,
		      u64 align, struct dax_owner_piece *out, size_t max);

u64 dax_owner_usable(const struct dax_owner_span *device, const struct dax_owner_span *part,
		     u64 block_size);
u64 dax_owner_block_loss(const struct dax_owner_span *device, const struct dax_owner_span *part,
			 u64 block_size);

#endif /* DAX_OWNER_CUT_H */
