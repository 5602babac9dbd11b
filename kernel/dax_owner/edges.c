// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sort lists of spans, and list the edges of spans.
 *
 * An edge is the first byte above it. So a span has two edges: its first byte and the byte behind
 * its last one. The end of the address space is no edge.
 */
#include "edges.h"

typedef int (*compare_fn)(const void *a, const void *b);

#ifdef __KERNEL__
#include <linux/sort.h>

static void put_in_order(void *all, size_t n, size_t size, compare_fn compare)
{
	sort(all, n, size, compare, NULL);
}
#else
#include <stdlib.h>

static void put_in_order(void *all, size_t n, size_t size, compare_fn compare)
{
	if (n)
		qsort(all, n, size, compare);
}
#endif

static int compare_numbers(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

static int compare_edges(const void *a, const void *b)
{
	return compare_numbers(*(const u64 *)a, *(const u64 *)b);
}

static int compare_spans(const void *a, const void *b)
{
	const struct dax_owner_span *x = a, *y = b;
	int order = compare_numbers(x->start, y->start);

	return order ? order : compare_numbers(x->end, y->end);
}

/**
 * dax_owner_spans_unique() - sort spans and remove exact repeats
 * @spans: in any order, sorted in place
 * @n: number of elements in @spans
 *
 * Spans that overlap stay unchanged, because each has edges of its own.
 *
 * Return: the number of spans that are left.
 */
size_t dax_owner_spans_unique(struct dax_owner_span *spans, size_t n)
{
	size_t kept = 0;

	put_in_order(spans, n, sizeof(*spans), compare_spans);
	for (size_t i = 0; i < n; i++)
		if (!kept || compare_spans(&spans[kept - 1], &spans[i]))
			spans[kept++] = spans[i];
	return kept;
}

/**
 * dax_owner_spans_disjoint() - sort spans and remove the bytes that an earlier span has
 * @spans: in any order, none of them empty, sorted in place
 * @n: number of elements in @spans
 *
 * Return: the number of spans that are left.
 */
size_t dax_owner_spans_disjoint(struct dax_owner_span *spans, size_t n)
{
	size_t kept = 0;

	put_in_order(spans, n, sizeof(*spans), compare_spans);
	for (size_t i = 0; i < n; i++) {
		struct dax_owner_span span = spans[i];

		if (kept && span.end <= spans[kept - 1].end)
			continue;
		if (kept && span.start <= spans[kept - 1].end)
			span.start = spans[kept - 1].end + 1;
		spans[kept++] = span;
	}
	return kept;
}

/**
 * dax_owner_edges_add() - append the edges of spans
 * @edges: array with room for @n + 2 * @nr_spans edges
 * @n: number of edges that the array already has
 * @spans: none of them empty
 * @nr_spans: number of elements in @spans
 *
 * Return: the number of edges in the array.
 */
size_t dax_owner_edges_add(u64 *edges, size_t n, const struct dax_owner_span *spans, size_t nr_spans)
{
	for (size_t i = 0; i < nr_spans; i++) {
		edges[n++] = spans[i].start;
		/* the sum is 0 after the last byte of the address space */
		if (spans[i].end + 1)
			edges[n++] = spans[i].end + 1;
	}
	return n;
}

/**
 * dax_owner_edges_unique() - sort edges and remove repeats
 * @edges: in any order, sorted in place
 * @n: number of elements in @edges
 *
 * Return: the number of edges that are left.
 */
size_t dax_owner_edges_unique(u64 *edges, size_t n)
{
	size_t kept = 0;

	put_in_order(edges, n, sizeof(*edges), compare_edges);
	for (size_t i = 0; i < n; i++)
		if (!kept || edges[kept - 1] != edges[i])
			edges[kept++] = edges[i];
	return kept;
}
