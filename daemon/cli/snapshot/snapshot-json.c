// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output omits a member if its value is unknown.
 */
#include <errno.h>

#include "cli/format/json-build.h"
#include "cli/snapshot/snapshot-json.h"

/* Omit the member if its value is unknown. */
static void text_if(struct json_builder *b, const char *key, const char *text)
{
	if (*text)
		json_build_text(b, key, text);
}

static struct json_object *flags_of(const struct extent *extent)
{
	struct json_builder b = json_build_array();

	for (unsigned int flag = 0; (flag = extent_next_flag(extent->flags, flag));)
		json_build_append(&b, json_object_new_string(dax_owner_flags_text(flag)));
	return json_build_end(&b);
}

static struct json_object *regions_of(const struct snapshot *snapshot, const struct extent *extent)
{
	struct json_builder b = json_build_array();

	for (size_t i = 0; i < snapshot->regions.n; i++)
		if (dax_owner_span_meets(&snapshot->regions.regions[i].span, &extent->span))
			json_build_append(&b,
					  json_object_new_string(snapshot->regions.regions[i].name));
	return json_build_end(&b);
}

static void add_address_facts(struct json_builder *b, const struct snapshot *snapshot,
			      const struct snapshot_extent *entry)
{
	json_build_bytes(b, "online_bytes", entry->online.online);
	json_build_bytes(b, "offline_bytes", entry->online.offline);
	json_build_add(b, "regions", regions_of(snapshot, &entry->extent));
}

/**
 * json_extent() - make an extent as JSON
 * @snapshot: the snapshot that holds the extent
 * @entry: the extent
 * @with_units: write sizes as text with units
 *
 * Return: the JSON object, whose reference the caller drops; NULL if memory is short.
 */
struct json_object *json_extent(const struct snapshot *snapshot,
				const struct snapshot_extent *entry, bool with_units)
{
	const struct extent *extent = &entry->extent;
	struct json_builder b = json_build_object(with_units);

	if (extent->hidden)
		json_build_bytes(&b, "size", extent_size(extent));
	else
		json_build_span(&b, &extent->span);
	json_build_text(&b, "owner", dax_owner_owner_name(extent->owner));
	json_build_text(&b, "previous", dax_owner_owner_name(extent->previous));
	if (extent->expected != DAX_OWNER_NONE || extent_is_wrong(extent))
		json_build_text(&b, "expected", dax_owner_owner_name(extent->expected));
	json_build_text(&b, "state", dax_owner_state_name(extent->state));
	json_build_text(&b, "reason", dax_owner_reason_name(extent->reason));
	json_build_add(&b, "flags", flags_of(extent));
	text_if(&b, "device", extent->device);
	text_if(&b, "driver", entry->driver);
	if (extent->node >= 0)
		json_build_number(&b, "target_node", extent->node);
	json_build_bytes(&b, "usable_bytes", extent->usable_bytes);
	json_build_bytes(&b, "block_loss_bytes", extent->block_loss_bytes);
	if (!extent->hidden)
		add_address_facts(&b, snapshot, entry);
	if (extent->error)
		json_build_number(&b, "error", extent->error);
	text_if(&b, "holder", extent->holder);
	if (extent->decided_us)
		json_build_number(&b, "decided_us", (int64_t)extent->decided_us);
	return json_build_end(&b);
}

/**
 * json_head() - add the members that describe the whole snapshot
 * @b: an object
 * @snapshot: the snapshot
 */
void json_head(struct json_builder *b, const struct snapshot *snapshot)
{
	json_build_number(b, "schema", JSON_SCHEMA);
	json_build_text(b, "kernel", snapshot->kernel);
	json_build_text(b, "source", source_name(snapshot->source));
	json_build_text(b, "arbiter", arbiter_name(snapshot->arbiter));
	json_build_flag(b, "settled", snapshot->settled);
	json_build_bytes(b, "stranded_bytes", snapshot->sums.stranded);
	json_build_bytes(b, "withheld_bytes", snapshot->sums.withheld);
	json_build_bytes(b, "usable_bytes", snapshot->sums.usable);
}

/**
 * json_snapshot() - make a whole snapshot as JSON
 * @snapshot: the snapshot
 * @with_units: write sizes as text with units
 * @json: set to the JSON object, whose reference the caller drops; NULL after an error
 *
 * Return: 0, or -ENOMEM.
 */
int json_snapshot(const struct snapshot *snapshot, bool with_units, struct json_object **json)
{
	struct json_builder extents = json_build_array(), b = json_build_object(with_units);

	json_head(&b, snapshot);
	for (size_t i = 0; i < snapshot->n; i++)
		json_build_append(&extents,
				  json_extent(snapshot, &snapshot->entries[i], with_units));
	json_build_add(&b, "extents", json_build_end(&extents));
	*json = json_build_end(&b);
	return *json ? 0 : -ENOMEM;
}
