// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk the entries of an ACPI table without a read outside the table.
 *
 * An impossible length ends the walk, because no byte behind it is known to begin an entry. The
 * kernel's own parser stops there, too.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include "table.h"

/* Offset and bytes of the length in the header of a table */
#define TABLE_LENGTH_AT 4
#define TABLE_LENGTH_SIZE 4

/**
 * dax_owner_table_error_text() - describe an error in a clause
 * @error: the error
 *
 * Return: a constant string, "unknown" for a value outside the enum.
 */
const char *dax_owner_table_error_text(enum dax_owner_table_error error)
{
	switch (error) {
	case DAX_OWNER_TABLE_OK:
		return "no error";
	case DAX_OWNER_TABLE_SIGNATURE:
		return "wrong signature";
	case DAX_OWNER_TABLE_HEADER:
		return "incomplete table header";
	case DAX_OWNER_TABLE_PADDING:
		return "padding behind the last entry";
	case DAX_OWNER_TABLE_LENGTH:
		return "impossible length, the rest of the table is skipped, too";
	case DAX_OWNER_TABLE_BEYOND:
		return "it reaches beyond the end of the table";
	case DAX_OWNER_TABLE_SHORT:
		return "shorter than its type";
	case DAX_OWNER_TABLE_ARITHMETIC:
		return "unknown interleave arithmetic";
	case DAX_OWNER_TABLE_BASE:
		return "base is not 256 MiB aligned";
	case DAX_OWNER_TABLE_SIZE:
		return "size is not 256 MiB aligned";
	case DAX_OWNER_TABLE_WAYS:
		return "invalid interleave ways";
	case DAX_OWNER_TABLE_TARGETS:
		return "too short for its interleave targets";
	case DAX_OWNER_TABLE_GRANULARITY:
		return "invalid interleave granularity";
	case DAX_OWNER_TABLE_EMPTY:
		return "size is zero";
	case DAX_OWNER_TABLE_WRAPS:
		return "it reaches past the last address";
	}
	return "unknown";
}

/**
 * dax_owner_table_get() - read a little-endian number of any alignment
 * @at: first byte of the number
 * @bytes: number of bytes, 0 to 8
 *
 * Return: the number.
 */
u64 dax_owner_table_get(const unsigned char *at, size_t bytes)
{
	u64 value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

/**
 * dax_owner_table_open() - begin to read a table
 * @table: filled in; after an error it is empty, and still valid for dax_owner_table_next()
 * @layout: the expected kind of table, valid as long as @table is used
 * @bytes: the whole table with its header; owned by the caller, valid as long as @table is used
 * @len: bytes at @bytes that may be read; the table ends earlier if its header gives fewer bytes
 *
 * The checksum does not count, because the kernel also uses a table with a wrong checksum.
 *
 * Return: DAX_OWNER_TABLE_OK; another value if the table is malformed.
 */
enum dax_owner_table_error dax_owner_table_open(struct dax_owner_table *table,
						const struct dax_owner_table_layout *layout,
						const void *bytes, size_t len)
{
	u64 declared;

	*table = (struct dax_owner_table) { .layout = layout, .bytes = bytes };
	if (len < DAX_OWNER_TABLE_HEADER_LEN)
		return DAX_OWNER_TABLE_HEADER;
	if (memcmp(bytes, layout->signature, 4))
		return DAX_OWNER_TABLE_SIGNATURE;
	declared = dax_owner_table_get(table->bytes + TABLE_LENGTH_AT, TABLE_LENGTH_SIZE);
	if (declared < len)
		len = declared;
	if (len < layout->first)
		return DAX_OWNER_TABLE_HEADER;
	table->end = len;
	table->at = layout->first;
	return DAX_OWNER_TABLE_OK;
}

/**
 * dax_owner_table_next() - step to the next entry
 * @table: from dax_owner_table_open()
 * @entry: filled in, without a span; if it has an error, it is the last entry
 *
 * Return: true; false, with @entry untouched, if no entry is left.
 */
bool dax_owner_table_next(struct dax_owner_table *table, struct dax_owner_entry *entry)
{
	const struct dax_owner_table_layout *layout = table->layout;
	size_t left = table->end - table->at;
	size_t header = layout->length_at + layout->length_size;

	if (!left)
		return false;
	*entry = (struct dax_owner_entry) {
		.bytes = table->bytes + table->at,
		.len = left,
		.offset = table->at,
		.index = table->index++,
	};
	if (left < header) {
		entry->error = DAX_OWNER_TABLE_PADDING;
	} else {
		size_t len =
			dax_owner_table_get(entry->bytes + layout->length_at, layout->length_size);

		if (len < header)
			entry->error = DAX_OWNER_TABLE_LENGTH;
		else if (len > left)
			entry->error = DAX_OWNER_TABLE_BEYOND;
		else
			entry->len = len;
	}
	table->at += entry->len;
	return true;
}
