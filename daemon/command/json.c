// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses are strings: the last byte may be 2^64 - 1, and most readers keep 53 bits. What is
 * not known is left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "human.h"
#include "json.h"

/* Members are added until one cannot be: then the whole is no good. */
struct building {
	struct json_object *object;
	bool human;
	bool failed;
};

static struct building begin(bool human)
{
	struct building building = { .object = json_object_new_object(), .human = human };

	building.failed = !building.object;
	return building;
}

static void add(struct building *b, const char *key, struct json_object *value)
{
	if (!b->failed && value && !json_object_object_add(b->object, key, value))
		return;
	json_object_put(value);
	b->failed = true;
}

static void add_text(struct building *b, const char *key, const char *text)
{
	add(b, key, json_object_new_string(text));
}

static void add_address(struct building *b, const char *key, u64 address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	add_text(b, key, text);
}

static void add_bytes(struct building *b, const char *key, u64 bytes)
{
	char text[HUMAN_LEN];

	if (b->human)
		add_text(b, key, human_long(text, bytes));
	else
		add(b, key, json_object_new_uint64(bytes));
}

/* Where it may be unknown */
static void add_if(struct building *b, const char *key, const char *text)
{
	if (*text)
		add_text(b, key, text);
}

static void add_regions(struct building *b, const struct snapshot *snapshot, const struct extent *extent)
{
	struct json_object *names = json_object_new_array();

	for (size_t i = 0; names && i < snapshot->regions.n; i++)
		if (dax_owner_span_meets(&snapshot->regions.regions[i].span, &extent->span) &&
		    json_object_array_add(names, json_object_new_string(snapshot->regions.regions[i].name)))
			b->failed = true;
	add(b, "regions", names);
}

static struct json_object *describe(const struct snapshot *snapshot, const struct holding *holding, bool human)
{
	const struct extent *extent = &holding->extent;
	struct building b = begin(human);
	struct json_object *flags = json_object_new_array();

	add_address(&b, "start", extent->span.start);
	add_address(&b, "end", extent->span.end);
	add_bytes(&b, "size", extent_size(extent));
	add_text(&b, "owner", dax_owner_owner_name(extent->owner));
	add_text(&b, "previous", dax_owner_owner_name(extent->previous));
	if (extent->expected != DAX_OWNER_NONE)
		add_text(&b, "expected", dax_owner_owner_name(extent->expected));
	add_text(&b, "state", extent_state_name(extent->state));
	add_text(&b, "reason", dax_owner_reason_name(extent->reason));
	if (flags && extent->flags & DAX_OWNER_FLAG_DEADLINE)
		json_object_array_add(flags, json_object_new_string("deadline"));
	add(&b, "flags", flags);
	add_if(&b, "device", extent->device);
	add_if(&b, "driver", holding->driver);
	if (extent->node >= 0)
		add(&b, "node", json_object_new_int(extent->node));
	add_bytes(&b, "online_bytes", holding->online.online);
	add_bytes(&b, "offline_bytes", holding->online.offline);
	add_regions(&b, snapshot, extent);
	if (extent->error)
		add(&b, "errno", json_object_new_int(extent->error));
	add_if(&b, "holder", extent->holder);
	if (holding->decided_us)
		add(&b, "decided_us", json_object_new_uint64(holding->decided_us));
	if (!b.failed)
		return b.object;
	json_object_put(b.object);
	return NULL;
}

static struct json_object *describe_all(const struct snapshot *snapshot, bool human)
{
	struct json_object *extents = json_object_new_array();

	for (size_t i = 0; extents && i < snapshot->n; i++) {
		struct json_object *extent = describe(snapshot, &snapshot->holdings[i], human);

		if (extent && !json_object_array_add(extents, extent))
			continue;
		json_object_put(extent);
		json_object_put(extents);
		return NULL;
	}
	return extents;
}

/**
 * json_snapshot() - all of it
 * @snapshot: to be described
 * @human: sizes as text for people
 * @json: set to the description; the caller drops it
 *
 * Return: 0, or -ENOMEM.
 */
int json_snapshot(const struct snapshot *snapshot, bool human, struct json_object **json)
{
	struct building b = begin(human);

	add(&b, "schema", json_object_new_int(JSON_SCHEMA));
	add_text(&b, "kernel", snapshot->kernel);
	add_text(&b, "source", source_name(snapshot->source));
	add_text(&b, "arbiter", arbiter_name(snapshot->arbiter));
	add(&b, "settled", json_object_new_boolean(snapshot->settled));
	add_bytes(&b, "stranded_bytes", snapshot->sums.stranded);
	add(&b, "extents", describe_all(snapshot, human));
	if (b.failed) {
		json_object_put(b.object);
		return -ENOMEM;
	}
	*json = b.object;
	return 0;
}
