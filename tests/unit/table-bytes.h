/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make ACPI tables byte by byte, for tests. The tested code reads a copy on the heap of exactly the
 * table's length, so AddressSanitizer reports each read past the end.
 */
#ifndef TABLE_BYTES_H
#define TABLE_BYTES_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define MAX_TABLE 4096

struct bytes {
	unsigned char bytes[MAX_TABLE];
	size_t len;
};

static inline void put_number(struct bytes *to, u64 value, size_t bytes)
{
	assert(to->len + bytes <= MAX_TABLE);
	for (; bytes; bytes--, value >>= 8)
		to->bytes[to->len++] = (unsigned char)value;
}

/* A table without entries */
static inline void begin_table(struct bytes *to, const char *signature, size_t first)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->bytes, signature, 4);
	to->len = first;
}

/* Write the length in the header */
static inline void say_length(struct bytes *of, u64 len)
{
	size_t end = of->len;

	of->len = 4;
	put_number(of, len, 4);
	of->len = end;
}

static inline void *exact_copy(const struct bytes *of)
{
	void *copy = malloc(of->len ? of->len : 1);

	assert(copy);
	memcpy(copy, of->bytes, of->len);
	return copy;
}

#endif /* TABLE_BYTES_H */
