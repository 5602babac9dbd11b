/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal: records of dax-ownerd, and messages of the kernel.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_RECORDS_H
#define DAX_OWNER_CLI_SNAPSHOT_RECORDS_H

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

int records_read(const sd_id128_t *boot, records_fn fn, void *data);
int kernel_messages_read(const sd_id128_t *boot, records_fn fn, void *data);

#endif /* DAX_OWNER_CLI_SNAPSHOT_RECORDS_H */
