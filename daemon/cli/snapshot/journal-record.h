/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of the journal, as audit and monitor show it: a line for people, or JSON as
 * docs/schema/audit.json and monitor.json describe. Knows nothing of the journal itself.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H
#define DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

/**
 * typedef record_get_fn - look up a field
 * @name: of the field
 * @from: where
 *
 * Return: its value, valid until the next call; NULL if there is none.
 */
typedef const char *(*record_get_fn)(const char *name, void *from);

void record_print(record_get_fn get, void *from, FILE *file);
struct json_object *record_json(record_get_fn get, void *from);
int record_print_json(record_get_fn get, void *from, FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H */
