// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/format/json-build.h"
#include "cli/format/json-read.h"
#include "cli/format/printable.h"
#include "cli/snapshot/copy.h"

DEFINE_CLEANUP(struct json_object *, json_object_put)

/* More than machines have: the time to read them grows with the square of the number. */
#define MAX_EXTENTS 16384

/**
 * copy_free() - release the daemon's extents and the topology
 * @copy: empty afterwards, may be read again
 */
void copy_free(struct copy *copy)
{
	json_object_put(copy->daemon);
	json_object_put(copy->topology);
	*copy = (struct copy) {};
}

/* --- reading --- */

static int take(struct json_object *json, struct copy *copy)
{
	struct json_object *value;

	if (!json_object_is_type(json, json_type_object))
		return -EBADMSG;
	snprintf(copy->kernel, sizeof(copy->kernel), "%s", json_read_text(json, "kernel"));
	copy->booting = json_read_flag(json, "booting");
	copy->has_arbiter = !arbiter_parse(json_read_text(json, "arbiter"), &copy->arbiter);
	if (json_object_object_get_ex(json, "time_us", &value))
		copy->time_us = (uint64_t)json_object_get_int64(value);
	if (json_object_object_get_ex(json, "daemon", &value))
		copy->daemon = json_object_get(value);
	if (json_object_object_get_ex(json, "topology", &value))
		copy->topology = json_object_get(value);
	return 0;
}

/* A tree that is not from a report has its kernel in a file, as each machine has. */
static void read_release(const char *root, struct copy *copy)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/proc/sys/kernel/osrelease", root) >= (int)sizeof(path) ||
	    file_first_line(path, copy->kernel, sizeof(copy->kernel)))
		*copy->kernel = '\0';
}

/**
 * copy_read() - read the facts that are in no file of a machine
 * @root: directory that holds the copy
 * @copy: filled in, also if the directory lacks the file %COPY_FILE; the caller releases it with
 *   copy_free(); empty after an error
 *
 * Paths and commands contain the kernel's release, so its characters become those of a name.
 *
 * Return: 0; -EBADMSG if the file is not valid.
 */
int copy_read(const char *root, struct copy *copy)
{
	_cleanup_(json_object_putp) struct json_object *json = NULL;
	char path[PATH_MAX];
	int r = 0;

	*copy = (struct copy) {};
	if (snprintf(path, sizeof(path), "%s/" COPY_FILE, root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	if (file_exists("%s", path)) {
		json = json_read_file(path);
		r = json ? take(json, copy) : -EBADMSG;
	}
	if (r)
		copy_free(copy);
	else if (!*copy->kernel)
		read_release(root, copy);
	printable_name(copy->kernel);
	return r;
}

/* An extent that is being read, and the last value of get_member() */
struct reading {
	struct json_object *json;
	char value[256];
};

/* The words of an array, separated by blanks */
static const char *join(struct json_object *words, struct reading *reading)
{
	size_t used = 0;

	*reading->value = '\0';
	for (size_t i = 0; used < sizeof(reading->value) && i < json_object_array_length(words); i++)
		used += (size_t)
			snprintf(reading->value + used, sizeof(reading->value) - used, "%s%s",
				 used ? " " : "",
				 json_object_get_string(json_object_array_get_idx(words, i)) ?: "");
	return reading->value;
}

/* Return: the value of a property; an extent_get_fn. START is the member "start". */
static const char *get_member(const char *name, void *from)
{
	struct reading *reading = from;
	struct json_object *value;
	char key[32];
	size_t len;

	for (len = 0; name[len] && len < sizeof(key) - 1; len++)
		key[len] = (char)tolower(name[len]);
	key[len] = '\0';
	if (!json_object_object_get_ex(reading->json, key, &value))
		return NULL;
	if (json_object_is_type(value, json_type_array))
		return join(value, reading);
	return json_object_get_string(value);
}

static int take_extents(struct json_object *extents, struct extent_map *map)
{
	int r = 0;

	if (!json_object_is_type(extents, json_type_array) ||
	    json_object_array_length(extents) > MAX_EXTENTS)
		return -EBADMSG;
	for (size_t i = 0; !r && i < json_object_array_length(extents); i++) {
		struct reading reading = { .json = json_object_array_get_idx(extents, i) };
		struct extent extent;
		unsigned int events;

		r = extent_read(&extent, get_member, &reading);
		if (!r)
			r = extent.hidden ? extent_map_append_hidden(map, &extent) :
					    extent_map_put(map, &extent, &events);
	}
	return r == -EINVAL || r == -ERANGE ? -EBADMSG : r;
}

static int take_daemon(struct json_object *daemon, struct snapshot *snapshot, struct extent_map *map)
{
	struct json_object *extents;

	if (arbiter_parse(json_read_text(daemon, "arbiter"), &snapshot->arbiter) ||
	    !json_object_object_get_ex(daemon, "extents", &extents))
		return -EBADMSG;
	snapshot->source = SOURCE_DAEMON;
	snapshot->settled = json_read_flag(daemon, "settled");
	return take_extents(extents, map);
}

/**
 * snapshot_read_copy() - read the extents from a copy of a machine
 * @root: directory that holds the copy
 * @snapshot: source, arbiter, settled, kernel and booting are filled in
 * @map: filled in, the caller frees it
 *
 * The source is the one that the report had: the daemon's extents, the ledger, or the drivers.
 *
 * Return: 0; -EBADMSG if the file %COPY_FILE is not valid; -EACCES or -ENOENT if the copy has no
 * addresses; another negative errno.
 */
int snapshot_read_copy(const char *root, struct snapshot *snapshot, struct extent_map *map)
{
	struct copy copy;
	int r = copy_read(root, &copy);

	if (r)
		return r;
	memcpy(snapshot->kernel, copy.kernel, sizeof(snapshot->kernel));
	snapshot->booting = copy.booting;
	r = copy.daemon ? take_daemon(copy.daemon, snapshot, map) :
			  snapshot_read_kernel(root, snapshot, map);
	for (size_t i = 0; i < map->n; i++) {
		printable_name(map->extents[i].device);
		printable(map->extents[i].holder);
	}
	if (!copy.daemon && copy.has_arbiter)
		snapshot->arbiter = copy.arbiter;
	copy_free(&copy);
	return r;
}

/* --- writing --- */

/**
 * copy_print() - print the facts as JSON, in the form of docs/schema/copy.json
 * @copy: the facts
 * @file: receives the text
 *
 * Return: 0, or -ENOMEM.
 */
int copy_print(const struct copy *copy, FILE *file)
{
	_cleanup_(json_object_putp) struct json_object *json = NULL;
	struct json_builder b = json_build_object(false);

	json_build_number(&b, "schema", JSON_SCHEMA);
	json_build_number(&b, "time_us", (int64_t)copy->time_us);
	json_build_text(&b, "kernel", copy->kernel);
	json_build_flag(&b, "booting", copy->booting);
	if (copy->has_arbiter)
		json_build_text(&b, "arbiter", arbiter_name(copy->arbiter));
	if (copy->daemon)
		json_build_add(&b, "daemon", json_object_get(copy->daemon));
	if (copy->topology)
		json_build_add(&b, "topology", json_object_get(copy->topology));
	json = json_build_end(&b);
	if (!json)
		return -ENOMEM;
	fprintf(file, "%s\n",
		json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
	return 0;
}
