// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the CXL windows among the entries of a CEDT.
 *
 * A window counts if cxl_acpi makes a root decoder of it. So the checks are exactly those of
 * cxl_acpi, in the same order. No region can be in a window that cxl_acpi refuses, and a range
 * there would wait for one in vain. Windows may repeat and overlap. Entries of other types are
 * ignored, whatever they contain.
 */
#include "cedt.h"

static const struct dax_owner_table_layout layout = {
	.signature = "CEDT",
	.first = DAX_OWNER_TABLE_HEADER_LEN,
	.length_at = 2, /* after type and a reserved byte */
	.length_size = 2,
};

/* CXL Fixed Memory Window Structure: its type, and offsets in it (CXL 3.1, 9.18.1.3) */
#define CFMWS_TYPE 1
#define CFMWS_BASE 8
#define CFMWS_SIZE 16
#define CFMWS_WAYS 24
#define CFMWS_ARITHMETIC 25
#define CFMWS_GRANULARITY 28
#define CFMWS_TARGETS 36
#define CFMWS_TARGET_LEN 4

#define ARITHMETIC_XOR 1 /* 0 is modulo */
#define GRANULARITY_MAX 6 /* 16 KiB; 0 is 256 bytes */
#define WINDOW_ALIGN (1ull << 28)

/* Decode the number of interleave ways (CXL 3.1, 8.2.4.20.7). Return 0 for an invalid encoding. */
static unsigned int ways_of(unsigned int encoded)
{
	if (encoded <= 4)
		return 1u << encoded;
	if (encoded >= 8 && encoded <= 10)
		return 3u << (encoded - 8);
	return 0;
}

static enum dax_owner_table_error check_window(const unsigned char *cfmws, size_t len)
{
	unsigned int ways;
	u64 base, size;

	if (len < CFMWS_TARGETS)
		return DAX_OWNER_TABLE_SHORT;
	base = dax_owner_table_get(cfmws + CFMWS_BASE, 8);
	size = dax_owner_table_get(cfmws + CFMWS_SIZE, 8);
	ways = ways_of(cfmws[CFMWS_WAYS]);

	if (cfmws[CFMWS_ARITHMETIC] > ARITHMETIC_XOR)
		return DAX_OWNER_TABLE_ARITHMETIC;
	if (base % WINDOW_ALIGN)
		return DAX_OWNER_TABLE_BASE;
	if (size % WINDOW_ALIGN)
		return DAX_OWNER_TABLE_SIZE;
	if (!ways)
		return DAX_OWNER_TABLE_WAYS;
	if (len < CFMWS_TARGETS + (size_t)ways * CFMWS_TARGET_LEN)
		return DAX_OWNER_TABLE_TARGETS;
	/* cxl_acpi reads only the lower half of the field, and ignores the bits above */
	if (dax_owner_table_get(cfmws + CFMWS_GRANULARITY, 2) > GRANULARITY_MAX)
		return DAX_OWNER_TABLE_GRANULARITY;
	/* cxl_acpi does not check these two, but fails to insert such a resource */
	if (!size)
		return DAX_OWNER_TABLE_EMPTY;
	if (base + size - 1 < base)
		return DAX_OWNER_TABLE_WRAPS;
	return DAX_OWNER_TABLE_OK;
}

/**
 * dax_owner_cedt_open() - begin to read a CEDT
 * @cedt: filled in
 * @bytes: the whole table with its header; owned by the caller, valid as long as @cedt is used
 * @len: bytes at @bytes that may be read
 *
 * Return: DAX_OWNER_TABLE_OK; another value if the table is malformed, and it has no entries then.
 */
enum dax_owner_table_error dax_owner_cedt_open(struct dax_owner_table *cedt, const void *bytes,
					       size_t len)
{
	return dax_owner_table_open(cedt, &layout, bytes, len);
}

/**
 * dax_owner_cedt_next() - step to the next entry of a CEDT
 * @cedt: from dax_owner_cedt_open()
 * @entry: filled in: a window, an entry of another type, or a malformed one
 *
 * Return: true; false if no entry is left.
 */
bool dax_owner_cedt_next(struct dax_owner_table *cedt, struct dax_owner_entry *entry)
{
	u64 base;

	if (!dax_owner_table_next(cedt, entry))
		return false;
	if (entry->error || entry->bytes[0] != CFMWS_TYPE)
		return true;
	entry->error = check_window(entry->bytes, entry->len);
	if (entry->error)
		return true;
	base = dax_owner_table_get(entry->bytes + CFMWS_BASE, 8);
	entry->has_span = true;
	entry->span.start = base;
	entry->span.end = base + dax_owner_table_get(entry->bytes + CFMWS_SIZE, 8) - 1;
	return true;
}
