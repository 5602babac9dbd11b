// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records in a copy of a machine, a line of JSON each, as audit --json prints them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/snapshot/copy.h"
#include "cli/snapshot/records.h"

/* The records that a query chooses by time, owned */
struct chosen {
	struct json_object **records;
	size_t n;
};

static void chosen_free(struct chosen *chosen)
{
	while (chosen->n)
		json_object_put(chosen->records[--chosen->n]);
	free(chosen->records);
}

static bool is_in_time(const struct records_query *query, struct json_object *record)
{
	struct json_object *value;
	uint64_t usec = 0;

	if (json_object_object_get_ex(record, "realtime_us", &value))
		usec = (uint64_t)json_object_get_int64(value);
	return usec >= query->since && usec <= query->until;
}

static int add(struct chosen *chosen, struct json_object *record)
{
	struct json_object **more =
		reallocarray(chosen->records, chosen->n + 1, sizeof(*chosen->records));

	if (!more)
		return -ENOMEM;
	chosen->records = more;
	more[chosen->n++] = json_object_get(record);
	return 0;
}

/* A line that is no JSON object is skipped, because the other lines count. */
static int choose(const struct records_query *query, FILE *file, struct chosen *chosen)
{
	_cleanup_(freep) char *line = NULL;
	size_t size = 0;
	int r = 0;

	while (!r && getline(&line, &size, file) > 0) {
		struct json_object *record = json_tokener_parse(line);

		if (json_object_is_type(record, json_type_object) && is_in_time(query, record))
			r = add(chosen, record);
		json_object_put(record);
	}
	return r;
}

/**
 * records_query_copy() - read the records of a copy that a query chooses
 * @root: directory that holds the copy
 * @query: the records, and their order; its boot is ignored, because a copy has one boot, and it must
 *   not follow
 * @fn: called for each record
 * @data: passed to @fn
 *
 * Return: 0; -ENOENT if the copy has no records; another negative errno.
 */
int records_query_copy(const char *root, const struct records_query *query, records_fn fn,
		       void *data)
{
	_cleanup_(chosen_free) struct chosen chosen = {};
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];
	size_t lines;
	int r;

	if (snprintf(path, sizeof(path), "%s/" COPY_RECORDS, root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	r = choose(query, file, &chosen);
	lines = query->lines < chosen.n ? query->lines : chosen.n;
	for (size_t i = 0; !r && i < lines; i++) {
		size_t at = query->reverse ? chosen.n - 1 - i : chosen.n - lines + i;
		struct record_line line = { .json = chosen.records[at] };

		r = fn(record_get_member, &line, data);
		free(line.value);
	}
	return r < 0 ? r : 0;
}
