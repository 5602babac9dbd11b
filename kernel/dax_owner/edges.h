/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of spans put in order, and the edges of spans.
 *
 * Compiled into dax_owner.ko and, unchanged, into the tests. Nothing here allocates.
 */
#ifndef DAX_OWNER_EDGES_H
#define DAX_OWNER_EDGES_H

#include "verdict.h"

size_t dax_owner_spans_unique(struct dax_owner_span *spans, size_t n);
size_t dax_owner_spans_disjoint(struct dax_owner_span *spans, size_t n);

size_t dax_owner_edges_add(u64 *edges, size_t n,
			   const struct dax_owner_span *spans, size_t nr_spans);
size_t dax_owner_edges_unique(u64 *edges, size_t n);

#endif /* DAX_OWNER_EDGES_H */
