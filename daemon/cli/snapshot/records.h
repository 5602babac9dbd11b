/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal: records of dax-ownerd, and messages of the kernel.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_RECORDS_H
#define DAX_OWNER_CLI_SNAPSHOT_RECORDS_H

#include <stdbool.h>

#include <systemd/sd-id128.h>

#include "cli/snapshot/journal-record.h"

/**
 * typedef records_fn - receive a record
 * @get: returns the value of a field
 * @from: passed to @get
 * @data: the caller's
 *
 * Return: 0 to continue; 1 to end without an error; a negative errno to end with it.
 */
typedef int (*records_fn)(record_get_fn get, void *from, void *data);

/**
 * struct records_query - the records to read, and their order
 * @boot: the boot to read, NULL for all
 * @since: read no earlier record, in microseconds since 1970; 0 for no limit
 * @until: read no later record, in microseconds since 1970; RECORDS_NO_LIMIT for no limit
 * @lines: read only so many records, the latest; RECORDS_ALL for all
 * @reverse: read the latest record first
 * @follow: wait for further records, until an error, a signal, or the end of @reader
 * @reader: with @follow, a file descriptor; when its reader closes it, the waiting ends
 */
struct records_query {
	const sd_id128_t *boot;
	uint64_t since;
	uint64_t until;
	size_t lines;
	bool reverse;
	bool follow;
	int reader;
};

#define RECORDS_NO_LIMIT UINT64_MAX
#define RECORDS_ALL SIZE_MAX

int records_query(const struct records_query *query, records_fn fn, void *data);
int records_query_copy(const char *root, const struct records_query *query, records_fn fn,
		       void *data);
int records_read(const sd_id128_t *boot, records_fn fn, void *data);
int kernel_messages_read(const sd_id128_t *boot, records_fn fn, void *data);

#endif /* DAX_OWNER_CLI_SNAPSHOT_RECORDS_H */
