// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records in a copy of a machine, a line of JSON each, as audit --json prints them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/format/json-read.h"
#include "cli/snapshot/copy.h"
#include "cli/snapshot/records.h"

/* The places of the lines that a query chooses by time. The records together can need much memory. */
struct chosen {
	off_t *places;
	size_t n;
};

static void chosen_free(struct chosen *chosen)
{
	free(chosen->places);
}

static bool is_in_time(const struct records_query *query, struct json_object *record)
{
	struct json_object *value;
	uint64_t usec = 0;

	if (json_object_object_get_ex(record, "realtime_us", &value))
		usec = (uint64_t)json_object_get_int64(value);
	return usec >= query->since && usec <= query->until;
}

static int add(struct chosen *chosen, off_t place)
{
	off_t *more = reallocarray(chosen->places, chosen->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	chosen->places = more;
	more[chosen->n++] = place;
	return 0;
}

/* A line that is no JSON object is skipped, because the other lines count. */
static int choose(const struct records_query *query, FILE *file, struct chosen *chosen)
{
	_cleanup_(freep) char *line = NULL;
	off_t place = 0;
	size_t size = 0;
	ssize_t len;
	int r = 0;

	while (!r && (len = getline(&line, &size, file)) > 0) {
		struct json_object *record = json_read_parse(line);

		if (json_object_is_type(record, json_type_object) && is_in_time(query, record))
			r = add(chosen, place);
		json_object_put(record);
		place += len;
	}
	return r;
}

static int pass_on(FILE *file, off_t place, records_fn fn, void *data)
{
	_cleanup_(freep) char *text = NULL;
	struct record_line line = {};
	size_t size = 0;
	int r;

	if (fseeko(file, place, SEEK_SET) || getline(&text, &size, file) < 0)
		return -EIO;
	line.json = json_read_parse(text);
	r = line.json ? fn(record_get_member, &line, data) : -ENOMEM;
	json_object_put(line.json);
	free(line.value);
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

		r = pass_on(file, chosen.places[at], fn, data);
	}
	return r < 0 ? r : 0;
}
