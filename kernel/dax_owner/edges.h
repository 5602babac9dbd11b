/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sort lists of spans, and list the edges of spans.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests. It allocates no memory.
 */
#ifndef DAX_OWNER_EDGES_H
#define DAX_OWNER_EDGES_H

#include "verdict.h"

size_t dax_owner_spans_unique(struct dax_owner_span *spans, size_t n);
size_t dax_owner_spans_disjoint(struct dax_owner_span *spans, size_t n);

size_t dax_owner_edges_add(u64 *edges, size_t n, const struct dax_owner_span *spans,
			   size_t nr_spans);
size_t dax_owner_edges_unique(u64 *edges, size_t n);

#endif /* DAX_OWNER_EDGES_H */
