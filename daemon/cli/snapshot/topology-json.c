// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write and read the topology of CXL as JSON. A stranger may have made the JSON, so counts have a
 * limit, and texts become safe for a terminal. A report masks serial numbers, so they are text.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/format/json-build.h"
#include "cli/format/json-read.h"
#include "cli/format/printable.h"
#include "cli/snapshot/topology-json.h"

/* More than machines have: the time of some questions grows with the product of these numbers. */
#define MAX_DEVICES 1024
#define MAX_DECODERS 32768

static const char *const kinds[] = {
	[DECODER_ROOT] = "root",
	[DECODER_SWITCH] = "switch",
	[DECODER_ENDPOINT] = "endpoint",
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* --- writing --- */

static void build_some(struct json_builder *b, const char *key, const char *text)
{
	if (*text)
		json_build_text(b, key, text);
}

static void build_address(struct json_builder *b, const char *key, u64 address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	json_build_text(b, key, text);
}

static struct json_object *describe_memdev(const void *from)
{
	struct json_builder b = json_build_object(false), health = json_build_array();
	const struct topology_memdev *memdev = from;

	json_build_text(&b, "device", memdev->name);
	json_build_text(&b, "slot", memdev->slot);
	build_some(&b, "serial", memdev->serial);
	/* the word "version" keeps a report from taking the value for an IP address */
	build_some(&b, "firmware_version", memdev->firmware);
	json_build_flag(&b, "updating", memdev->updating);
	json_build_flag(&b, "enabled", memdev->bound);
	json_build_flag(&b, "endpoint", memdev->attached);
	for (enum topology_health i = 0; i < HEALTHS; i++)
		if (memdev->health & 1u << i)
			json_build_append(&health, json_object_new_string(topology_health_word(i)));
	if (memdev->health_known)
		json_build_add(&b, "health", json_build_end(&health));
	else
		json_object_put(json_build_end(&health));
	return json_build_end(&b);
}

static struct json_object *describe_port(const void *from)
{
	struct json_builder b = json_build_object(false);
	const struct topology_port *port = from;

	json_build_text(&b, "port", port->name);
	json_build_text(&b, "slot", port->slot);
	json_build_flag(&b, "enabled", port->bound);
	return json_build_end(&b);
}

static struct json_object *describe_decoder(const void *from)
{
	struct json_builder b = json_build_object(false);
	const struct topology_decoder *decoder = from;

	json_build_text(&b, "decoder", decoder->name);
	json_build_text(&b, "kind", kinds[decoder->kind]);
	json_build_text(&b, "port", decoder->port);
	build_some(&b, "memdev", decoder->memdev);
	build_some(&b, "region", decoder->region);
	if (decoder->has_start)
		build_address(&b, "start", decoder->start);
	json_build_bytes(&b, "size", decoder->size);
	json_build_bytes(&b, "dpa_size", decoder->dpa_size);
	json_build_number(&b, "interleave_ways", decoder->ways);
	json_build_number(&b, "interleave_granularity", decoder->granularity);
	json_build_flag(&b, "pmem", decoder->pmem);
	return json_build_end(&b);
}

static struct json_object *describe_region(const void *from)
{
	struct json_builder b = json_build_object(false), targets = json_build_array();
	const struct topology_region *region = from;

	json_build_text(&b, "region", region->name);
	if (region->span.start <= region->span.end)
		json_build_span(&b, &region->span);
	json_build_flag(&b, "committed", region->committed);
	json_build_flag(&b, "enabled", region->bound);
	json_build_flag(&b, "dax_region", region->dax);
	json_build_flag(&b, "pmem", region->pmem);
	json_build_number(&b, "interleave_ways", region->ways);
	json_build_number(&b, "interleave_granularity", region->granularity);
	for (size_t i = 0; i < TOPOLOGY_TARGETS && i < region->ways; i++)
		json_build_append(&targets, json_object_new_string(region->targets[i]));
	json_build_add(&b, "targets", json_build_end(&targets));
	return json_build_end(&b);
}

static void build_list(struct json_builder *b, const char *key, const void *array, size_t n,
		       size_t size, struct json_object *(*describe)(const void *))
{
	struct json_builder list = json_build_array();

	for (size_t i = 0; i < n; i++)
		json_build_append(&list, describe((const char *)array + i * size));
	json_build_add(b, key, json_build_end(&list));
}

/**
 * topology_json() - make the topology as JSON, in the form of docs/schema/copy.json
 * @topology: the topology
 *
 * Return: the JSON object, whose reference the caller drops; NULL if memory is short.
 */
struct json_object *topology_json(const struct topology *topology)
{
	struct json_builder b = json_build_object(false);

	build_list(&b, "memdevs", topology->memdevs, topology->n_memdevs,
		   sizeof(*topology->memdevs), describe_memdev);
	build_list(&b, "ports", topology->ports, topology->n_ports, sizeof(*topology->ports),
		   describe_port);
	build_list(&b, "decoders", topology->decoders, topology->n_decoders,
		   sizeof(*topology->decoders), describe_decoder);
	build_list(&b, "regions", topology->regions, topology->n_regions,
		   sizeof(*topology->regions), describe_region);
	return json_build_end(&b);
}

/* --- reading --- */

static void take_text(struct json_object *json, const char *key, char *text, size_t len)
{
	snprintf(text, len, "%s", json_read_text(json, key));
	printable(text);
}

/* The command prints names in commands to type, so a name has no character of the shell. */
static void clean_name(char name[EXTENT_NAME_LEN], const char *from)
{
	snprintf(name, EXTENT_NAME_LEN, "%s", from);
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '.')
			*name = '_';
}

static void take_name(struct json_object *json, const char *key, char name[EXTENT_NAME_LEN])
{
	clean_name(name, json_read_text(json, key));
}

/* Return: an array, which @json owns; NULL if there is none. */
static struct json_object *list_of(struct json_object *json, const char *key)
{
	struct json_object *list;

	return json_object_object_get_ex(json, key, &list) &&
			       json_object_is_type(list, json_type_array) ?
		       list :
		       NULL;
}

static void take_health(struct json_object *words, struct topology_memdev *memdev)
{
	memdev->health_known = words != NULL;
	for (size_t i = 0; words && i < json_object_array_length(words); i++) {
		const char *word = json_object_get_string(json_object_array_get_idx(words, i));

		for (enum topology_health k = 0; word && k < HEALTHS; k++)
			if (!strcmp(word, topology_health_word(k)))
				memdev->health |= 1u << k;
	}
}

static bool take_memdev(struct json_object *json, void *to)
{
	struct topology_memdev *memdev = to;

	take_name(json, "device", memdev->name);
	take_text(json, "slot", memdev->slot, sizeof(memdev->slot));
	take_text(json, "serial", memdev->serial, sizeof(memdev->serial));
	take_text(json, "firmware_version", memdev->firmware, sizeof(memdev->firmware));
	memdev->updating = json_read_flag(json, "updating");
	memdev->bound = json_read_flag(json, "enabled");
	memdev->attached = json_read_flag(json, "endpoint");
	take_health(list_of(json, "health"), memdev);
	return *memdev->name;
}

static bool take_port(struct json_object *json, void *to)
{
	struct topology_port *port = to;

	take_name(json, "port", port->name);
	take_text(json, "slot", port->slot, sizeof(port->slot));
	port->bound = json_read_flag(json, "enabled");
	return *port->name;
}

static bool take_decoder(struct json_object *json, void *to)
{
	struct topology_decoder *decoder = to;
	const char *kind = json_read_text(json, "kind");

	while (decoder->kind < KINDS && strcmp(kind, kinds[decoder->kind]))
		decoder->kind++;
	take_name(json, "decoder", decoder->name);
	take_name(json, "port", decoder->port);
	take_name(json, "memdev", decoder->memdev);
	take_name(json, "region", decoder->region);
	decoder->has_start = json_read_address(json, "start", &decoder->start);
	decoder->size = json_read_bytes(json, "size");
	decoder->dpa_size = json_read_bytes(json, "dpa_size");
	decoder->ways = json_read_number(json, "interleave_ways");
	decoder->granularity = json_read_number(json, "interleave_granularity");
	decoder->pmem = json_read_flag(json, "pmem");
	return *decoder->name && decoder->kind < KINDS;
}

static void take_targets(struct json_object *names, struct topology_region *region)
{
	for (size_t i = 0; names && i < TOPOLOGY_TARGETS && i < json_object_array_length(names); i++)
		clean_name(region->targets[i],
			   json_object_get_string(json_object_array_get_idx(names, i)) ?: "");
}

static bool take_region(struct json_object *json, void *to)
{
	struct topology_region *region = to;
	struct dax_owner_span *span = &region->span;

	take_name(json, "region", region->name);
	if (!json_read_address(json, "start", &span->start) ||
	    !json_read_address(json, "end", &span->end) || span->end < span->start)
		*span = (struct dax_owner_span) { 1, 0 };
	region->committed = json_read_flag(json, "committed");
	region->bound = json_read_flag(json, "enabled");
	region->dax = json_read_flag(json, "dax_region");
	region->pmem = json_read_flag(json, "pmem");
	region->ways = json_read_number(json, "interleave_ways");
	region->granularity = json_read_number(json, "interleave_granularity");
	take_targets(list_of(json, "targets"), region);
	return *region->name;
}

/* Return: an array of @n structs, which the caller frees; NULL with @error set. */
static void *take_list(struct json_object *json, const char *key, size_t max, size_t size,
		       bool (*take)(struct json_object *, void *), size_t *n, int *error)
{
	struct json_object *list = list_of(json, key);
	size_t found = list ? json_object_array_length(list) : max + 1;
	char *array = found <= max ? calloc(found ?: 1, size) : NULL;

	if (!array) {
		*error = found <= max ? -ENOMEM : -EBADMSG;
		return NULL;
	}
	for (*n = 0; *n < found; ++*n)
		if (!take(json_object_array_get_idx(list, *n), array + *n * size))
			*error = -EBADMSG;
	return array;
}

/**
 * topology_from_json() - read the topology from JSON, which a stranger may have made
 * @json: in the form of docs/schema/copy.json
 * @topology: filled in; the caller releases it with topology_free(); empty after an error
 *
 * Return: 0; -EBADMSG if the JSON is not valid; -ENOMEM.
 */
int topology_from_json(struct json_object *json, struct topology *topology)
{
	int r = 0;

	*topology = (struct topology) { .known = true };
	topology->memdevs = take_list(json, "memdevs", MAX_DEVICES, sizeof(*topology->memdevs),
				      take_memdev, &topology->n_memdevs, &r);
	topology->ports = take_list(json, "ports", MAX_DEVICES, sizeof(*topology->ports), take_port,
				    &topology->n_ports, &r);
	topology->decoders = take_list(json, "decoders", MAX_DECODERS, sizeof(*topology->decoders),
				       take_decoder, &topology->n_decoders, &r);
	topology->regions = take_list(json, "regions", MAX_DEVICES, sizeof(*topology->regions),
				      take_region, &topology->n_regions, &r);
	if (!r)
		r = topology_sort(topology);
	if (r)
		topology_free(topology);
	return r;
}
