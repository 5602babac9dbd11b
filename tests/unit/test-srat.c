// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of nodes in an SRAT, and the edges of spans. Units of 256 MiB, as in test-cedt.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edges.h"
#include "srat.h"
#include "table-bytes.h"

#define UNIT 0x10000000ull
#define FIRST 48
#define MAX 32
/* clang-format off: an initializer */
#define SPAN(first, last) \
	{ \
		(first) * UNIT, ((last) + 1) * UNIT - 1 \
	}
/* clang-format on */

#define ENABLED 1
#define HOT_PLUGGABLE 2

static void put_memory(struct bytes *to, unsigned int node, u64 base, u64 size, unsigned int flags)
{
	put_number(to, 1, 1);
	put_number(to, 40, 1);
	put_number(to, node, 4);
	put_number(to, 0, 2);
	put_number(to, base, 8);
	put_number(to, size, 8);
	put_number(to, 0, 4);
	put_number(to, flags, 4);
	put_number(to, 0, 8);
}

/* An entry of another type, all ones inside */
static void put_other(struct bytes *to, unsigned int type, size_t len)
{
	put_number(to, type, 1);
	put_number(to, len, 1);
	for (size_t i = 2; i < len; i++)
		put_number(to, 0xff, 1);
}

static size_t read_all(struct bytes *table, struct dax_owner_entry *entries)
{
	struct dax_owner_table srat;
	void *copy;
	size_t n = 0;

	say_length(table, table->len);
	copy = exact_copy(table);
	assert_int_equal(dax_owner_srat_open(&srat, copy, table->len), DAX_OWNER_TABLE_OK);
	while (dax_owner_srat_next(&srat, &entries[n]))
		assert_true(++n < MAX);
	free(copy);
	return n;
}

static void is_memory(const struct dax_owner_entry *entry, u64 start, u64 end)
{
	assert_int_equal(entry->error, DAX_OWNER_TABLE_OK);
	assert_true(entry->has_span);
	assert_int_equal(entry->span.start, start);
	assert_int_equal(entry->span.end, end);
}

static void srat_enabled_memory_is_read(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_table(&table, "SRAT", FIRST);
	put_other(&table, 0, 16);
	put_memory(&table, 0, 0, 2 * UNIT, ENABLED);
	put_other(&table, 2, 24);
	put_memory(&table, 1, 2 * UNIT, UNIT, ENABLED | HOT_PLUGGABLE);
	put_memory(&table, 2, 0xfffffffff0000000ull, UNIT, ENABLED);
	assert_int_equal(read_all(&table, entries), 5);
	assert_false(entries[0].has_span);
	is_memory(&entries[1], 0, 2 * UNIT - 1);
	assert_false(entries[2].has_span);
	is_memory(&entries[3], 2 * UNIT, 3 * UNIT - 1);
	is_memory(&entries[4], 0xfffffffff0000000ull, UINT64_MAX);
}

static void srat_reserve_entries_give_no_span(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_table(&table, "SRAT", FIRST);
	put_memory(&table, 0, UNIT, UNIT, HOT_PLUGGABLE);
	put_memory(&table, 0, UNIT, 0, ENABLED);
	put_memory(&table, 0, UINT64_MAX, UINT64_MAX, 0);
	assert_int_equal(read_all(&table, entries), 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(entries[i].error, DAX_OWNER_TABLE_OK);
		assert_false(entries[i].has_span);
	}
}

static void srat_malformed_entries_give_errors(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_table(&table, "SRAT", FIRST);
	put_memory(&table, 0, UINT64_MAX, 2, ENABLED);
	put_other(&table, 1, 39);
	put_other(&table, 1, 2);
	put_memory(&table, 0, UNIT, UNIT, ENABLED);
	put_other(&table, 0, 1);
	put_memory(&table, 0, 2 * UNIT, UNIT, ENABLED);
	assert_int_equal(read_all(&table, entries), 5);
	assert_int_equal(entries[0].error, DAX_OWNER_TABLE_WRAPS);
	assert_false(entries[0].has_span);
	assert_int_equal(entries[1].error, DAX_OWNER_TABLE_SHORT);
	assert_int_equal(entries[2].error, DAX_OWNER_TABLE_SHORT);
	is_memory(&entries[3], UNIT, 2 * UNIT - 1);
	assert_int_equal(entries[4].error, DAX_OWNER_TABLE_LENGTH);
	assert_int_equal(entries[4].index, 4);
	assert_int_equal(entries[4].offset, FIRST + 40 + 39 + 2 + 40);
}

static void srat_end_of_table_ends_entries(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_table(&table, "SRAT", FIRST);
	put_memory(&table, 0, UNIT, UNIT, ENABLED);
	put_memory(&table, 0, 2 * UNIT, UNIT, ENABLED);
	table.len--;
	assert_int_equal(read_all(&table, entries), 2);
	is_memory(&entries[0], UNIT, 2 * UNIT - 1);
	assert_int_equal(entries[1].error, DAX_OWNER_TABLE_BEYOND);

	begin_table(&table, "SRAT", FIRST);
	put_number(&table, 1, 1);
	assert_int_equal(read_all(&table, entries), 1);
	assert_int_equal(entries[0].error, DAX_OWNER_TABLE_PADDING);
}

static void srat_invalid_tables_are_refused(void **state)
{
	struct dax_owner_table srat;
	struct bytes table;
	void *copy;

	(void)state;
	begin_table(&table, "SRAT", FIRST);
	for (table.len = 0; table.len < FIRST; table.len++) {
		if (table.len >= 8)
			say_length(&table, FIRST);
		copy = exact_copy(&table);
		assert_int_equal(dax_owner_srat_open(&srat, copy, table.len),
				 DAX_OWNER_TABLE_HEADER);
		free(copy);
	}
	table.bytes[3] = 'X';
	assert_int_equal(dax_owner_srat_open(&srat, table.bytes, FIRST), DAX_OWNER_TABLE_SIGNATURE);
}

/* --- edges --- */

static void edges_unsorted_are_sorted(void **state)
{
	const struct dax_owner_span spans[] = {
		SPAN(4, 5), SPAN(1, 3), SPAN(2, 5), { UINT64_MAX, UINT64_MAX }
	};
	const u64 expected[] = { UNIT, 2 * UNIT, 4 * UNIT, 6 * UNIT, UINT64_MAX };
	u64 edges[9] = { 4 * UNIT };
	size_t n;

	(void)state;
	n = dax_owner_edges_add(edges, 1, spans, 4);
	/* no edge at the end of the address space */
	assert_int_equal(n, 8);
	n = dax_owner_edges_unique(edges, n);
	assert_int_equal(n, 5);
	assert_memory_equal(edges, expected, sizeof(expected));
	assert_int_equal(dax_owner_edges_unique(NULL, 0), 0);
	assert_int_equal(dax_owner_edges_add(NULL, 0, NULL, 0), 0);
}

static void spans_repeated_are_removed(void **state)
{
	struct dax_owner_span spans[] = { SPAN(4, 5), SPAN(1, 3), SPAN(4, 5), SPAN(4, 4),
					  SPAN(1, 3) };
	const struct dax_owner_span expected[] = { SPAN(1, 3), SPAN(4, 4), SPAN(4, 5) };

	(void)state;
	assert_int_equal(dax_owner_spans_unique(spans, 5), 3);
	assert_memory_equal(spans, expected, sizeof(expected));
	assert_int_equal(dax_owner_spans_unique(NULL, 0), 0);
}

static void spans_overlapping_become_disjoint(void **state)
{
	struct dax_owner_span spans[] = { SPAN(4, 9),
					  SPAN(5, 6),
					  SPAN(8, 12),
					  SPAN(4, 5),
					  SPAN(13, 13),
					  SPAN(1, 2),
					  /* one byte in common */
					  { 14 * UNIT, 15 * UNIT },
					  { 15 * UNIT, 16 * UNIT - 1 },
					  { UINT64_MAX - 1, UINT64_MAX },
					  { UINT64_MAX, UINT64_MAX } };
	const struct dax_owner_span expected[] = { SPAN(1, 2),
						   SPAN(4, 5),
						   SPAN(6, 9),
						   SPAN(10, 12),
						   SPAN(13, 13),
						   { 14 * UNIT, 15 * UNIT },
						   { 15 * UNIT + 1, 16 * UNIT - 1 },
						   { UINT64_MAX - 1, UINT64_MAX } };

	(void)state;
	assert_int_equal(dax_owner_spans_disjoint(spans, 10), 8);
	assert_memory_equal(spans, expected, sizeof(expected));
	assert_int_equal(dax_owner_spans_disjoint(NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(srat_enabled_memory_is_read),
		cmocka_unit_test(srat_reserve_entries_give_no_span),
		cmocka_unit_test(srat_malformed_entries_give_errors),
		cmocka_unit_test(srat_end_of_table_ends_entries),
		cmocka_unit_test(srat_invalid_tables_are_refused),
		cmocka_unit_test(edges_unsorted_are_sorted),
		cmocka_unit_test(spans_repeated_are_removed),
		cmocka_unit_test(spans_overlapping_become_disjoint),
	};

	return cmocka_run_group_tests_name("srat", tests, NULL, NULL);
}
