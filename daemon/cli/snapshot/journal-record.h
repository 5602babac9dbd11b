/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of the journal, as audit and monitor print it: a line of text, or JSON in the form of
 * docs/schema/audit.json and monitor.json. This code must not know the journal itself.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H
#define DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

/* The time at which journald received a record, in microseconds since 1970: no stored field */
#define RECORD_REALTIME "__REALTIME_TIMESTAMP"

/* Bytes of the ID of a boot as text, with the terminating zero */
#define RECORD_BOOT_LEN 40

/**
 * typedef record_get_fn - return the value of a field
 * @name: of the field
 * @from: the record, passed on
 *
 * Return: the value, valid until the next call; NULL if there is no such field.
 */
typedef const char *(*record_get_fn)(const char *name, void *from);

/**
 * struct record_line - a record as JSON, that record_get_member() reads
 * @json: in the form of docs/schema/audit.json, borrowed
 * @value: the last value, owned; the caller frees it at the end; NULL at first
 */
struct record_line {
	struct json_object *json;
	char *value;
};

const char *record_get_member(const char *name, void *from);
void record_print(record_get_fn get, void *from, FILE *file);
void record_print_dated(record_get_fn get, void *from, char last[RECORD_BOOT_LEN], FILE *file);
struct json_object *record_json(record_get_fn get, void *from);
int record_print_json(record_get_fn get, void *from, FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_JOURNAL_RECORD_H */
