// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cut spans of addresses at edges, pages and memory blocks, as pure functions.
 *
 * The code computes "one past the end" only where the end cannot be the last byte of the
 * address space, or where the result may wrap to 0.
 */
#include "cut.h"

static bool span_empty(const struct dax_owner_span *span)
{
	return span->start > span->end;
}

/* Return the number of bytes. That of the whole address space does not fit: return one less. */
static u64 span_size(const struct dax_owner_span *span)
{
	u64 size = span->end - span->start + 1;

	if (span_empty(span))
		return 0;
	return size ? size : span->end - span->start;
}

static bool power_of_two(u64 number)
{
	return number && !(number & (number - 1));
}

/**
 * dax_owner_aligned_part() - find the largest part of a span that is aligned at both ends
 * @span: the span, end inclusive; an empty one has no part
 * @align: bytes, a power of two
 * @part: set to the part if there is one, else untouched; may be NULL
 *
 * With the size of a memory block as @align, the part is the whole memory blocks of a device.
 *
 * Return: true if @span has such a part.
 */
bool dax_owner_aligned_part(const struct dax_owner_span *span, u64 align,
			    struct dax_owner_span *part)
{
	u64 mask = align - 1;
	u64 start = (span->start + mask) & ~mask;
	u64 past = (span->end + 1) & ~mask; /* 0: at the top, or below the first @align bytes */

	if (span_empty(span) || start < span->start)
		return false;
	if (!past && span->end != U64_MAX)
		return false;
	if (past && past <= start)
		return false;
	if (part)
		*part = (struct dax_owner_span) { start, past - 1 };
	return true;
}

/**
 * dax_owner_span_edges() - list the edges of a span
 * @span: a window, a region or a node, end inclusive; an empty span has no edges
 * @edges: array for the edges, with room for 2
 *
 * Return: the number of edges, 0 to 2; 1 if @span ends at U64_MAX, because no piece begins there.
 */
size_t dax_owner_span_edges(const struct dax_owner_span *span, u64 *edges)
{
	if (span_empty(span))
		return 0;
	edges[0] = span->start;
	if (span->end == U64_MAX)
		return 1;
	edges[1] = span->end + 1;
	return 2;
}

/**
 * dax_owner_edge_cmp() - compare two edges
 * @a: a u64
 * @b: another
 *
 * For qsort() in userspace and sort() in the kernel.
 *
 * Return: negative, 0 or positive, as @a comes before, with or after @b.
 */
int dax_owner_edge_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a;
	u64 y = *(const u64 *)b;

	if (x == y)
		return 0;
	return x < y ? -1 : 1;
}

/**
 * dax_owner_next_edge() - find the first edge past an address
 * @edges: ascending, repeats allowed
 * @nr_edges: number of elements in @edges
 * @at: the address
 *
 * O(log @nr_edges).
 *
 * Return: the index of the first edge greater than @at; @nr_edges if there is none.
 */
size_t dax_owner_next_edge(const u64 *edges, size_t nr_edges, u64 at)
{
	size_t low = 0, high = nr_edges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (edges[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Append the pieces of a span without an inner edge to @out. Return false if @out has no room. */
static bool put_between_edges(const struct dax_owner_span *span, u64 align,
			      struct dax_owner_piece *out, size_t max, size_t *nr)
{
	struct dax_owner_piece pieces[3];
	struct dax_owner_span part;
	size_t n = 0, i;

	if (!dax_owner_aligned_part(span, align, &part)) {
		pieces[n++] = (struct dax_owner_piece) { *span, false };
	} else {
		if (part.start > span->start)
			pieces[n++] =
				(struct dax_owner_piece) { { span->start, part.start - 1 }, false };
		pieces[n++] = (struct dax_owner_piece) { part, true };
		if (part.end < span->end)
			pieces[n++] =
				(struct dax_owner_piece) { { part.end + 1, span->end }, false };
	}
	for (i = 0; i < n; i++) {
		if (*nr == max)
			return false;
		out[(*nr)++] = pieces[i];
	}
	return true;
}

/**
 * dax_owner_cut() - cut a span into pieces at edges and at an alignment
 * @span: the span, end inclusive
 * @edges: ascending, repeats allowed; each is the first byte of a new piece; edges outside @span
 *	do not count
 * @nr_edges: number of elements in @edges; if it is 0, @edges may be NULL
 * @align: bytes, a power of two
 * @out: array for the pieces: ascending, without gap or overlap, together exactly @span
 * @max: number of elements in @out; DAX_OWNER_MAX_PIECES() is always enough
 *
 * No piece has bytes on both sides of an edge. Between two edges lies at most one whole piece,
 * and at most one piece on each side of it that is not whole. O(log @nr_edges + pieces).
 *
 * Return: the number of pieces, at least 1; -EINVAL if @span is empty or @align is no power of
 * two; -ENOSPC if @max is too small, and @out has the first @max pieces then.
 */
ssize_t dax_owner_cut(const struct dax_owner_span *span, const u64 *edges, size_t nr_edges,
		      u64 align, struct dax_owner_piece *out, size_t max)
{
	struct dax_owner_span rest = *span;
	size_t nr = 0, i;

	if (span_empty(span) || !power_of_two(align))
		return -EINVAL;

	for (i = dax_owner_next_edge(edges, nr_edges, rest.start);
	     i < nr_edges && edges[i] <= span->end; i++) {
		if (edges[i] == rest.start)
			continue;
		rest.end = edges[i] - 1;
		if (!put_between_edges(&rest, align, out, max, &nr))
			return -ENOSPC;
		rest = (struct dax_owner_span) { edges[i], span->end };
	}
	return put_between_edges(&rest, align, out, max, &nr) ? (ssize_t)nr : -ENOSPC;
}

/**
 * dax_owner_usable() - count the bytes of a part of a device that can be system memory
 * @device: the addresses of the DAX device, end inclusive
 * @part: an extent, inside @device or not
 * @block_size: bytes of a memory block, a power of two; 0: unknown, every byte counts
 *
 * Return: the number of bytes of @part in whole memory blocks of @device. 2^64 bytes are
 * returned as U64_MAX.
 */
u64 dax_owner_usable(const struct dax_owner_span *device, const struct dax_owner_span *part,
		     u64 block_size)
{
	struct dax_owner_span blocks = *device;

	if (block_size && !dax_owner_aligned_part(device, block_size, &blocks))
		return 0;
	if (!dax_owner_span_meets(&blocks, part))
		return 0;
	if (blocks.start < part->start)
		blocks.start = part->start;
	if (blocks.end > part->end)
		blocks.end = part->end;
	return span_size(&blocks);
}

/**
 * dax_owner_block_loss() - count the bytes of a part of a device that are in no whole memory block
 * @device: the addresses of the DAX device, end inclusive
 * @part: an extent, inside @device or not
 * @block_size: as for dax_owner_usable()
 *
 * Return: the number of bytes of @part in no whole memory block of @device.
 */
u64 dax_owner_block_loss(const struct dax_owner_span *device, const struct dax_owner_span *part,
			 u64 block_size)
{
	return span_size(part) - dax_owner_usable(device, part, block_size);
}
