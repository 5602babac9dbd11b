/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as a table. The options follow lsmem: the user chooses columns, and sizes have units
 * unless the user asks for bytes.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H
#define DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H

#include <stdio.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct extent_table - the form of the table
 * @columns: names of the columns, separated by commas, the caller's; with + before the first, the
 *   default columns precede them; NULL for the default
 * @bytes: print sizes in bytes
 * @no_headings: print only the rows
 * @colors: print in color what needs attention
 */
struct extent_table {
	const char *columns;
	bool bytes;
	bool no_headings;
	bool colors;
};

int extent_table_check(const char *columns, char *unknown, size_t len);
void extent_table_help(FILE *file);
int extent_table_print(const struct extent_table *table, const struct snapshot *snapshot,
		       FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H */
