/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The form that CEDT and SRAT share: a header, then entries that begin with a type and a length.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon. It reads
 * no byte outside the table, allocates no memory, and logs nothing. cedt.c and srat.c interpret
 * the entries.
 */
#ifndef DAX_OWNER_TABLE_H
#define DAX_OWNER_TABLE_H

#include "verdict.h"

/**
 * enum dax_owner_table_error - the defect of a table or of one of its entries
 * @DAX_OWNER_TABLE_OK: no defect
 * @DAX_OWNER_TABLE_SIGNATURE: the table has another signature
 * @DAX_OWNER_TABLE_HEADER: the table ends before its first entry could begin
 * @DAX_OWNER_TABLE_PADDING: there are bytes behind the last entry, too few for an entry
 * @DAX_OWNER_TABLE_LENGTH: an entry is shorter than its type and length, so the next one cannot
 *	be found; zeros behind the last entry have this defect
 * @DAX_OWNER_TABLE_BEYOND: an entry ends behind the table
 * @DAX_OWNER_TABLE_SHORT: an entry ends before the last field of its type
 * @DAX_OWNER_TABLE_ARITHMETIC: interleave arithmetic is neither modulo nor XOR
 * @DAX_OWNER_TABLE_BASE: the base is not a multiple of 256 MiB
 * @DAX_OWNER_TABLE_SIZE: the size is not a multiple of 256 MiB
 * @DAX_OWNER_TABLE_WAYS: the number of interleave ways is not a valid encoding
 * @DAX_OWNER_TABLE_TARGETS: the entry ends before the last interleave target
 * @DAX_OWNER_TABLE_GRANULARITY: the interleave granularity is not a valid encoding
 * @DAX_OWNER_TABLE_EMPTY: the size is 0
 * @DAX_OWNER_TABLE_WRAPS: base and size reach past the last address
 */
enum dax_owner_table_error {
	DAX_OWNER_TABLE_OK,
	DAX_OWNER_TABLE_SIGNATURE,
	DAX_OWNER_TABLE_HEADER,
	DAX_OWNER_TABLE_PADDING,
	DAX_OWNER_TABLE_LENGTH,
	DAX_OWNER_TABLE_BEYOND,
	DAX_OWNER_TABLE_SHORT,
	DAX_OWNER_TABLE_ARITHMETIC,
	DAX_OWNER_TABLE_BASE,
	DAX_OWNER_TABLE_SIZE,
	DAX_OWNER_TABLE_WAYS,
	DAX_OWNER_TABLE_TARGETS,
	DAX_OWNER_TABLE_GRANULARITY,
	DAX_OWNER_TABLE_EMPTY,
	DAX_OWNER_TABLE_WRAPS,
};

/**
 * struct dax_owner_table_layout - the differences between CEDT and SRAT
 * @signature: the first four bytes of the table
 * @first: offset of the first entry
 * @length_at: offset of the length in an entry
 * @length_size: bytes of that length, which is the last field of an entry's header
 */
struct dax_owner_table_layout {
	char signature[5];
	size_t first;
	size_t length_at;
	size_t length_size;
};

/**
 * struct dax_owner_table - a table that is being read
 * @layout: the kind of table
 * @bytes: first byte of the table
 * @end: number of bytes in the table
 * @at: offset of the next entry
 * @index: number of the next entry
 */
struct dax_owner_table {
	const struct dax_owner_table_layout *layout;
	const unsigned char *bytes;
	size_t end;
	size_t at;
	unsigned int index;
};

/**
 * struct dax_owner_entry - one entry of a table
 * @bytes: first byte of the entry
 * @len: number of its bytes that are inside the table
 * @offset: offset of @bytes in the table
 * @index: number of the entry, from 0
 * @error: the defect of the entry
 * @has_span: @span is set: a CXL window in a CEDT, memory of a node in an SRAT. Never with @error.
 * @span: the addresses, end inclusive
 */
struct dax_owner_entry {
	const unsigned char *bytes;
	size_t len;
	size_t offset;
	unsigned int index;
	enum dax_owner_table_error error;
	bool has_span;
	struct dax_owner_span span;
};

/* The first bytes of every ACPI table: signature, length and more (ACPI 6.5, 5.2.6) */
#define DAX_OWNER_TABLE_HEADER_LEN 36

/**
 * DAX_OWNER_TABLE_MAX_SPANS - the largest number of spans that a table can give
 * @len: number of bytes in the table
 *
 * An entry that gives a span has 40 bytes or more.
 */
#define DAX_OWNER_TABLE_MAX_SPANS(len) ((size_t)(len) / 40)

const char *dax_owner_table_error_text(enum dax_owner_table_error error);

u64 dax_owner_table_get(const unsigned char *at, size_t bytes);

enum dax_owner_table_error dax_owner_table_open(struct dax_owner_table *table,
						const struct dax_owner_table_layout *layout,
						const void *bytes, size_t len);
bool dax_owner_table_next(struct dax_owner_table *table, struct dax_owner_entry *entry);

#endif /* DAX_OWNER_TABLE_H */
