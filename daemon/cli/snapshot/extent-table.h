/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as a table, in the habits of lsmem: columns to choose, sizes for people unless told
 * otherwise.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H
#define DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H

#include <stdio.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct table - how it is to look
 * @columns: their names, with commas between; NULL for those of which most is said
 * @bytes: sizes in bytes
 * @no_headings: nothing but the rows
 */
struct table {
	const char *columns;
	bool bytes;
	bool no_headings;
};

int table_check(const char *columns, char *unknown, size_t len);
void table_help(FILE *file);
int table_print(const struct table *table, const struct snapshot *snapshot, FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_EXTENT_TABLE_H */
