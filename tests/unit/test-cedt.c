// SPDX-License-Identifier: GPL-2.0-only
/*
 * CXL windows of a CEDT, and each kind of malformed entry between two sound windows. Units of
 * 256 MiB: window(2, 3) has the addresses 0x20000000-0x4fffffff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cedt.h"
#include "table-bytes.h"

#define UNIT 0x10000000ull
#define FIRST 36
#define MAX 32

/* A window of an entry, field by field; the defaults are sound */
struct window {
	u64 base;
	u64 size;
	unsigned int type;
	unsigned int ways; /* encoded */
	unsigned int arithmetic;
	unsigned int granularity;
	size_t targets; /* number of targets in the entry */
	size_t len; /* length field; 0: the real length */
};

/* WINDOW(1, 2) is a sound window; WINDOW(1, 2, w.ways = 9) changes one field */
#define WINDOW(first, units, ...) \
	({ \
		struct window w = { \
			.base = UNIT * (first), .size = UNIT * (units), .type = 1, .targets = 1 \
		}; \
		(void)0, ##__VA_ARGS__; \
		w; \
	})

static void put_window(struct bytes *to, struct window window)
{
	put_number(to, window.type, 1);
	put_number(to, 0, 1);
	put_number(to, window.len ? window.len : 36 + 4 * window.targets, 2);
	put_number(to, 0, 4);
	put_number(to, window.base, 8);
	put_number(to, window.size, 8);
	put_number(to, window.ways, 1);
	put_number(to, window.arithmetic, 1);
	put_number(to, 0, 2);
	put_number(to, window.granularity, 4);
	put_number(to, 0, 4);
	for (size_t i = 0; i < window.targets; i++)
		put_number(to, 7 + i, 4);
}

static void begin_cedt(struct bytes *table)
{
	begin_table(table, "CEDT", FIRST);
}

static size_t read_all(struct bytes *table, struct dax_owner_entry *entries)
{
	struct dax_owner_table cedt;
	void *copy = exact_copy(table);
	size_t n = 0;

	assert_int_equal(dax_owner_cedt_open(&cedt, copy, table->len), DAX_OWNER_TABLE_OK);
	while (dax_owner_cedt_next(&cedt, &entries[n]))
		assert_true(++n < MAX);
	free(copy);
	return n;
}

static void is_window(const struct dax_owner_entry *entry, u64 first, u64 units)
{
	assert_int_equal(entry->error, DAX_OWNER_TABLE_OK);
	assert_true(entry->has_span);
	assert_int_equal(entry->span.start, first * UNIT);
	assert_int_equal(entry->span.end, (first + units) * UNIT - 1);
}

/* A malformed entry between two sound windows, which are read */
static void is_skipped(struct window malformed, enum dax_owner_table_error error)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;
	size_t offset;

	begin_cedt(&table);
	put_window(&table, WINDOW(1, 1));
	offset = table.len;
	put_window(&table, malformed);
	put_window(&table, WINDOW(9, 2));
	say_length(&table, table.len);

	assert_int_equal(read_all(&table, entries), 3);
	is_window(&entries[0], 1, 1);
	assert_int_equal(entries[1].error, error);
	assert_false(entries[1].has_span);
	assert_int_equal(entries[1].index, 1);
	assert_int_equal(entries[1].offset, offset);
	is_window(&entries[2], 9, 2);
}

static void cedt_valid_windows_are_read(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_cedt(&table);
	put_window(&table, WINDOW(4, 2));
	put_window(&table, WINDOW(0, 1, w.arithmetic = 1, w.granularity = 6));
	put_window(&table, WINDOW(6, 1, w.ways = 4, w.targets = 16));
	put_window(&table, WINDOW(7, 1, w.ways = 8, w.targets = 3));
	put_window(&table, WINDOW(8, 1, w.ways = 10, w.targets = 12));
	/* more targets than ways, more bytes than fields */
	put_window(&table, WINDOW(9, 1, w.ways = 1, w.targets = 5));
	/* the last addresses of the address space */
	put_window(&table, WINDOW(0xfffffffffull, 1));
	/* cxl_acpi reads only 16 of the 32 bits */
	put_window(&table, WINDOW(11, 1, w.granularity = 0x10000));
	say_length(&table, table.len);

	assert_int_equal(read_all(&table, entries), 8);
	is_window(&entries[0], 4, 2);
	is_window(&entries[1], 0, 1);
	is_window(&entries[2], 6, 1);
	is_window(&entries[3], 7, 1);
	is_window(&entries[4], 8, 1);
	is_window(&entries[5], 9, 1);
	assert_true(entries[6].has_span);
	assert_int_equal(entries[6].span.end, UINT64_MAX);
	is_window(&entries[7], 11, 1);
	assert_int_equal(entries[7].index, 7);
}

static void cedt_repeated_and_overlapping_windows_are_read(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_cedt(&table);
	put_window(&table, WINDOW(4, 4));
	put_window(&table, WINDOW(4, 4));
	put_window(&table, WINDOW(6, 4));
	put_window(&table, WINDOW(5, 1));
	say_length(&table, table.len);

	assert_int_equal(read_all(&table, entries), 4);
	is_window(&entries[0], 4, 4);
	is_window(&entries[1], 4, 4);
	is_window(&entries[2], 6, 4);
	is_window(&entries[3], 5, 1);
}

static void cedt_other_entries_are_ignored(void **state)
{
	(void)state;
	/* a host bridge and an unknown type give no window */
	is_skipped(WINDOW(3, 0, w.type = 0), DAX_OWNER_TABLE_OK);
	is_skipped(WINDOW(3, 1, w.type = 0xff, w.ways = 99), DAX_OWNER_TABLE_OK);
}

static void cedt_malformed_windows_give_errors(void **state)
{
	(void)state;
	is_skipped(WINDOW(3, 1, w.arithmetic = 2), DAX_OWNER_TABLE_ARITHMETIC);
	is_skipped(WINDOW(3, 1, w.base = 3 * UNIT + 0x8000000), DAX_OWNER_TABLE_BASE);
	is_skipped(WINDOW(3, 1, w.size = UNIT - 1), DAX_OWNER_TABLE_SIZE);
	is_skipped(WINDOW(3, 1, w.ways = 5), DAX_OWNER_TABLE_WAYS);
	is_skipped(WINDOW(3, 1, w.ways = 7), DAX_OWNER_TABLE_WAYS);
	is_skipped(WINDOW(3, 1, w.ways = 11), DAX_OWNER_TABLE_WAYS);
	is_skipped(WINDOW(3, 1, w.ways = 255), DAX_OWNER_TABLE_WAYS);
	is_skipped(WINDOW(3, 1, w.ways = 1), DAX_OWNER_TABLE_TARGETS);
	is_skipped(WINDOW(3, 1, w.ways = 10, w.targets = 11), DAX_OWNER_TABLE_TARGETS);
	is_skipped(WINDOW(3, 1, w.targets = 0), DAX_OWNER_TABLE_TARGETS);
	is_skipped(WINDOW(3, 1, w.granularity = 7), DAX_OWNER_TABLE_GRANULARITY);
	is_skipped(WINDOW(3, 1, w.granularity = 0xffff), DAX_OWNER_TABLE_GRANULARITY);
	is_skipped(WINDOW(3, 0), DAX_OWNER_TABLE_EMPTY);
	is_skipped(WINDOW(0xfffffffffull, 2), DAX_OWNER_TABLE_WRAPS);
	is_skipped(WINDOW(2, 0, w.size = 0xfffffffff0000000ull), DAX_OWNER_TABLE_WRAPS);
}

static void cedt_short_window_gives_error(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	for (size_t len = 4; len < 36; len++) {
		begin_cedt(&table);
		put_number(&table, 1, 1);
		put_number(&table, 0, 1);
		put_number(&table, len, 2);
		put_number(&table, 0, 0);
		table.len = FIRST + len;
		put_window(&table, WINDOW(1, 1));
		say_length(&table, table.len);
		assert_int_equal(read_all(&table, entries), 2);
		assert_int_equal(entries[0].error, DAX_OWNER_TABLE_SHORT);
		is_window(&entries[1], 1, 1);
	}
}

/* The entries after it are lost, those before it are kept, and one line reports it. */
static void ends_the_table(struct window malformed, enum dax_owner_table_error error)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	begin_cedt(&table);
	put_window(&table, WINDOW(1, 1));
	put_window(&table, malformed);
	put_window(&table, WINDOW(2, 1));
	say_length(&table, table.len);
	assert_int_equal(read_all(&table, entries), 2);
	is_window(&entries[0], 1, 1);
	assert_int_equal(entries[1].error, error);
	assert_false(entries[1].has_span);
}

static void cedt_impossible_lengths_end_table(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	ends_the_table(WINDOW(3, 1, w.len = 81), DAX_OWNER_TABLE_BEYOND);
	ends_the_table(WINDOW(3, 1, w.len = 0xffff), DAX_OWNER_TABLE_BEYOND);
	ends_the_table(WINDOW(3, 1, w.len = 1), DAX_OWNER_TABLE_LENGTH);
	ends_the_table(WINDOW(3, 1, w.len = 3), DAX_OWNER_TABLE_LENGTH);

	begin_cedt(&table);
	put_window(&table, WINDOW(1, 1));
	put_number(&table, 0, 8);
	put_window(&table, WINDOW(2, 1));
	say_length(&table, table.len);
	assert_int_equal(read_all(&table, entries), 2);
	assert_int_equal(entries[1].error, DAX_OWNER_TABLE_LENGTH);
}

static void cedt_padding_gives_error(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	for (size_t n = 1; n <= 16; n++) {
		begin_cedt(&table);
		put_window(&table, WINDOW(1, 1));
		table.len += n;
		say_length(&table, table.len);
		assert_int_equal(read_all(&table, entries), 2);
		is_window(&entries[0], 1, 1);
		assert_int_equal(entries[1].error,
				 n < 4 ? DAX_OWNER_TABLE_PADDING : DAX_OWNER_TABLE_LENGTH);
		assert_int_equal(entries[1].offset, FIRST + 40);
	}
}

static void cedt_shorter_length_counts(void **state)
{
	struct dax_owner_entry entries[MAX];
	struct bytes table;

	(void)state;
	begin_cedt(&table);
	put_window(&table, WINDOW(1, 1));
	say_length(&table, table.len);
	put_window(&table, WINDOW(2, 1));
	assert_int_equal(read_all(&table, entries), 1);

	say_length(&table, 0xffffffff);
	assert_int_equal(read_all(&table, entries), 2);
	is_window(&entries[1], 2, 1);
}

static enum dax_owner_table_error open_error(const struct bytes *table)
{
	struct dax_owner_table cedt;
	struct dax_owner_entry entry;
	void *copy = exact_copy(table);
	enum dax_owner_table_error error = dax_owner_cedt_open(&cedt, copy, table->len);

	if (error)
		assert_false(dax_owner_cedt_next(&cedt, &entry));
	free(copy);
	return error;
}

static void cedt_invalid_tables_are_refused(void **state)
{
	struct bytes table;

	(void)state;
	begin_cedt(&table);
	say_length(&table, FIRST);
	assert_int_equal(open_error(&table), DAX_OWNER_TABLE_OK);
	say_length(&table, FIRST - 1);
	assert_int_equal(open_error(&table), DAX_OWNER_TABLE_HEADER);
	say_length(&table, 0);
	assert_int_equal(open_error(&table), DAX_OWNER_TABLE_HEADER);
	say_length(&table, FIRST);
	table.bytes[0] = 'X';
	assert_int_equal(open_error(&table), DAX_OWNER_TABLE_SIGNATURE);
	for (table.len = 0; table.len < FIRST; table.len++)
		assert_int_equal(open_error(&table), DAX_OWNER_TABLE_HEADER);
}

static void table_each_error_has_a_text(void **state)
{
	(void)state;
	for (unsigned int i = DAX_OWNER_TABLE_OK; i <= DAX_OWNER_TABLE_WRAPS; i++)
		for (unsigned int j = i + 1; j <= DAX_OWNER_TABLE_WRAPS + 1; j++)
			assert_string_not_equal(dax_owner_table_error_text(i),
						dax_owner_table_error_text(j));
	assert_string_equal(dax_owner_table_error_text(DAX_OWNER_TABLE_WRAPS + 1), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cedt_valid_windows_are_read),
		cmocka_unit_test(cedt_repeated_and_overlapping_windows_are_read),
		cmocka_unit_test(cedt_other_entries_are_ignored),
		cmocka_unit_test(cedt_malformed_windows_give_errors),
		cmocka_unit_test(cedt_short_window_gives_error),
		cmocka_unit_test(cedt_impossible_lengths_end_table),
		cmocka_unit_test(cedt_padding_gives_error),
		cmocka_unit_test(cedt_shorter_length_counts),
		cmocka_unit_test(cedt_invalid_tables_are_refused),
		cmocka_unit_test(table_each_error_has_a_text),
	};

	return cmocka_run_group_tests_name("cedt", tests, NULL, NULL);
}
