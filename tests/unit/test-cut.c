// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cutting at edges, pages and memory blocks, one rule at a time. Units of 0x1000
 * bytes: SPAN(2, 5) is 0x2000-0x5fff. Pages of 4 units, blocks of 16.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cut.h"

#define UNIT 0x1000ull
#define PAGE (4 * UNIT)
#define BLOCK (16 * UNIT)
#define MAX 16

#define SPAN(first, last) ((struct dax_owner_span) { UNIT * (first), ((last) + 1) * UNIT - 1 })

struct bench {
	struct dax_owner_piece out[MAX];
	ssize_t n;
};

static void cut(struct bench *b, struct dax_owner_span span, const u64 *edges, size_t nr_edges)
{
	b->n = dax_owner_cut(&span, edges, nr_edges, PAGE, b->out, MAX);
}

static void is_piece(const struct dax_owner_piece *piece, struct dax_owner_span span, bool whole)
{
	assert_int_equal(piece->span.start, span.start);
	assert_int_equal(piece->span.end, span.end);
	assert_int_equal(piece->whole, whole);
}

static void cut_aligned_span_is_one_piece(void **state)
{
	struct bench b;

	(void)state;
	cut(&b, SPAN(4, 11), NULL, 0);
	assert_int_equal(b.n, 1);
	is_piece(&b.out[0], SPAN(4, 11), true);
}

static void cut_unaligned_ends_are_pieces(void **state)
{
	struct bench b;

	(void)state;
	cut(&b, SPAN(3, 12), NULL, 0);
	assert_int_equal(b.n, 3);
	is_piece(&b.out[0], SPAN(3, 3), false);
	is_piece(&b.out[1], SPAN(4, 11), true);
	is_piece(&b.out[2], SPAN(12, 12), false);
}

static void cut_span_without_page_is_one_piece(void **state)
{
	struct bench b;

	(void)state;
	cut(&b, SPAN(3, 6), NULL, 0); /* as long as a page, but across a page's end */
	assert_int_equal(b.n, 1);
	is_piece(&b.out[0], SPAN(3, 6), false);
	cut(&b, SPAN(0, 2), NULL, 0);
	assert_int_equal(b.n, 1);
	is_piece(&b.out[0], SPAN(0, 2), false);
}

static void cut_edges_inside_end_pieces(void **state)
{
	const u64 edges[] = { 2 * UNIT, 8 * UNIT, 14 * UNIT, 30 * UNIT };
	struct bench b;

	(void)state;
	cut(&b, SPAN(4, 19), edges, 4);
	assert_int_equal(b.n, 5);
	is_piece(&b.out[0], SPAN(4, 7), true);
	is_piece(&b.out[1], SPAN(8, 11), true);
	is_piece(&b.out[2], SPAN(12, 13), false);
	is_piece(&b.out[3], SPAN(14, 15), false); /* not joined across the edge */
	is_piece(&b.out[4], SPAN(16, 19), true);
}

static void cut_repeated_and_outer_edges_are_ignored(void **state)
{
	const u64 edges[] = { 4 * UNIT, 4 * UNIT, 8 * UNIT, 8 * UNIT, 12 * UNIT };
	struct bench b;

	(void)state;
	cut(&b, SPAN(4, 11), edges, 5);
	assert_int_equal(b.n, 2);
	is_piece(&b.out[0], SPAN(4, 7), true);
	is_piece(&b.out[1], SPAN(8, 11), true);
}

static void cut_edge_at_last_byte_cuts(void **state)
{
	const u64 edges[] = { 8 * UNIT - 1 };
	struct bench b;

	(void)state;
	cut(&b, SPAN(0, 7), edges, 1);
	assert_int_equal(b.n, 3);
	is_piece(&b.out[0], SPAN(0, 3), true);
	assert_int_equal(b.out[1].span.end, 8 * UNIT - 2);
	is_piece(&b.out[2], (struct dax_owner_span) { 8 * UNIT - 1, 8 * UNIT - 1 }, false);
}

static void cut_most_pieces_fit_max(void **state)
{
	const u64 edges[] = { 13 * UNIT };
	const struct dax_owner_span span = SPAN(3, 22);
	struct bench b;

	(void)state;
	cut(&b, span, edges, 1); /* 3, 4-11, 12, 13-15, 16-19, 20-22 */
	assert_int_equal(b.n, DAX_OWNER_MAX_PIECES(1));
	assert_int_equal(dax_owner_cut(&span, edges, 1, PAGE, b.out, 5), -ENOSPC);
	assert_int_equal(dax_owner_cut(&span, edges, 1, PAGE, b.out, 2), -ENOSPC);
	assert_int_equal(dax_owner_cut(&span, edges, 1, PAGE, NULL, 0), -ENOSPC);
}

static void cut_bad_input_is_refused(void **state)
{
	const struct dax_owner_span backwards = { 5, 4 }, good = SPAN(0, 3);
	struct bench b;

	(void)state;
	assert_int_equal(dax_owner_cut(&backwards, NULL, 0, PAGE, b.out, MAX), -EINVAL);
	assert_int_equal(dax_owner_cut(&good, NULL, 0, 0, b.out, MAX), -EINVAL);
	assert_int_equal(dax_owner_cut(&good, NULL, 0, 3 * UNIT, b.out, MAX), -EINVAL);
	assert_int_equal(dax_owner_cut(&good, NULL, 0, 1, b.out, MAX), 1);
}

static void cut_at_top_of_address_space_works(void **state)
{
	const u64 top = UINT64_MAX, edges[] = { UINT64_MAX - PAGE + 1, UINT64_MAX };
	struct bench b;

	(void)state;
	cut(&b, (struct dax_owner_span) { 0, top }, NULL, 0);
	assert_int_equal(b.n, 1);
	is_piece(&b.out[0], (struct dax_owner_span) { 0, top }, true);

	cut(&b, (struct dax_owner_span) { 0, top }, edges, 2);
	assert_int_equal(b.n, 3);
	is_piece(&b.out[0], (struct dax_owner_span) { 0, top - PAGE }, true);
	is_piece(&b.out[1], (struct dax_owner_span) { top - PAGE + 1, top - 1 }, false);
	is_piece(&b.out[2], (struct dax_owner_span) { top, top }, false);

	cut(&b, (struct dax_owner_span) { top - 1, top }, NULL, 0); /* aligning up wraps */
	assert_int_equal(b.n, 1);
	is_piece(&b.out[0], (struct dax_owner_span) { top - 1, top }, false);
}

static void span_edges_of_any_span_are_listed(void **state)
{
	const struct dax_owner_span empty = { 5, 4 }, one = { 7, 7 }, last = { 9, UINT64_MAX };
	u64 edges[4] = { 0 };

	(void)state;
	assert_int_equal(dax_owner_span_edges(&empty, edges), 0);
	assert_int_equal(edges[0], 0);
	assert_int_equal(dax_owner_span_edges(&one, edges), 2);
	assert_int_equal(edges[0], 7);
	assert_int_equal(edges[1], 8);
	edges[1] = 0;
	assert_int_equal(dax_owner_span_edges(&last, edges), 1);
	assert_int_equal(edges[0], 9);
	assert_int_equal(edges[1], 0);
}

static void edge_cmp_orders_ascending(void **state)
{
	u64 edges[] = { UINT64_MAX, 3, 0, 5, 3 };

	(void)state;
	qsort(edges, 5, sizeof(edges[0]), dax_owner_edge_cmp);
	assert_int_equal(edges[0], 0);
	assert_int_equal(edges[1], 3);
	assert_int_equal(edges[2], 3);
	assert_int_equal(edges[3], 5);
	assert_int_equal(edges[4], UINT64_MAX);
	assert_int_equal(dax_owner_next_edge(edges, 5, 0), 1);
	assert_int_equal(dax_owner_next_edge(edges, 5, 2), 1);
	assert_int_equal(dax_owner_next_edge(edges, 5, 3), 3);
	assert_int_equal(dax_owner_next_edge(edges, 5, UINT64_MAX), 5);
	assert_int_equal(dax_owner_next_edge(NULL, 0, 0), 0);
}

/* A published range of a server with blocks of 2 GiB: 1 GiB is lost at each end */
static void usable_unaligned_device_loses_ends(void **state)
{
	const u64 gib = 1ull << 30;
	const struct dax_owner_span range = { 0x850000000, 0x284fffffff };
	const u64 size = range.end - range.start + 1;

	(void)state;
	assert_int_equal(dax_owner_usable(&range, &range, 2 * gib), size - 2 * gib);
	assert_int_equal(dax_owner_block_loss(&range, &range, 2 * gib), 2 * gib);
	assert_int_equal(dax_owner_usable(&range, &range, 128ull << 20), size);
}

/* Devices are cut to blocks, not extents: a block that two extents share is whole. */
static void usable_parts_share_blocks_of_device(void **state)
{
	const struct dax_owner_span device = SPAN(8, 55); /* blocks 16-31 and 32-47 */
	const struct dax_owner_span low = SPAN(8, 23), middle = SPAN(24, 39), high = SPAN(40, 55);
	const struct dax_owner_span loss = SPAN(48, 55);

	(void)state;
	assert_int_equal(dax_owner_usable(&device, &low, BLOCK), 8 * UNIT);
	assert_int_equal(dax_owner_block_loss(&device, &low, BLOCK), 8 * UNIT);
	assert_int_equal(dax_owner_usable(&device, &middle, BLOCK), 16 * UNIT);
	assert_int_equal(dax_owner_block_loss(&device, &middle, BLOCK), 0);
	assert_int_equal(dax_owner_usable(&device, &high, BLOCK), 8 * UNIT);
	assert_int_equal(dax_owner_usable(&device, &loss, BLOCK), 0);
	assert_int_equal(dax_owner_block_loss(&device, &loss, BLOCK), 8 * UNIT);
}

static void usable_device_without_block_is_zero(void **state)
{
	const struct dax_owner_span device = SPAN(8, 23);

	(void)state;
	assert_int_equal(dax_owner_usable(&device, &device, BLOCK), 0);
	assert_int_equal(dax_owner_block_loss(&device, &device, BLOCK), 16 * UNIT);
	assert_int_equal(dax_owner_usable(&device, &device, 0), 16 * UNIT); /* not known */
	assert_int_equal(dax_owner_block_loss(&device, &device, 0), 0);
}

static void usable_part_beyond_device_counts_inside_only(void **state)
{
	const struct dax_owner_span device = SPAN(0, 15), part = SPAN(8, 31), other = SPAN(16, 31);
	const struct dax_owner_span nothing = { 5, 4 };

	(void)state;
	assert_int_equal(dax_owner_usable(&device, &part, BLOCK), 8 * UNIT);
	assert_int_equal(dax_owner_block_loss(&device, &part, BLOCK), 16 * UNIT);
	assert_int_equal(dax_owner_usable(&device, &other, BLOCK), 0);
	assert_int_equal(dax_owner_usable(&device, &nothing, BLOCK), 0);
	assert_int_equal(dax_owner_block_loss(&device, &nothing, BLOCK), 0);
	assert_int_equal(dax_owner_usable(&nothing, &part, 0), 0);
}

static void usable_blocks_at_top_of_address_space_count(void **state)
{
	const struct dax_owner_span all = { 0, UINT64_MAX };
	const struct dax_owner_span last = { UINT64_MAX - BLOCK, UINT64_MAX };

	(void)state;
	assert_int_equal(dax_owner_usable(&all, &all, BLOCK), UINT64_MAX);
	assert_int_equal(dax_owner_block_loss(&all, &all, BLOCK), 0);
	assert_int_equal(dax_owner_usable(&last, &last, BLOCK), BLOCK);
	assert_int_equal(dax_owner_block_loss(&last, &last, BLOCK), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_aligned_span_is_one_piece),
		cmocka_unit_test(cut_unaligned_ends_are_pieces),
		cmocka_unit_test(cut_span_without_page_is_one_piece),
		cmocka_unit_test(cut_edges_inside_end_pieces),
		cmocka_unit_test(cut_repeated_and_outer_edges_are_ignored),
		cmocka_unit_test(cut_edge_at_last_byte_cuts),
		cmocka_unit_test(cut_most_pieces_fit_max),
		cmocka_unit_test(cut_bad_input_is_refused),
		cmocka_unit_test(cut_at_top_of_address_space_works),
		cmocka_unit_test(span_edges_of_any_span_are_listed),
		cmocka_unit_test(edge_cmp_orders_ascending),
		cmocka_unit_test(usable_unaligned_device_loses_ends),
		cmocka_unit_test(usable_parts_share_blocks_of_device),
		cmocka_unit_test(usable_device_without_block_is_zero),
		cmocka_unit_test(usable_part_beyond_device_counts_inside_only),
		cmocka_unit_test(usable_blocks_at_top_of_address_space_count),
	};

	return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
