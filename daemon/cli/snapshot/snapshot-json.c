// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is not known is left out.
 */
#include <errno.h>

#include "cli/format/json-build.h"
#include "cli/snapshot/snapshot-json.h"

/* Where it may be unknown */
static void text_if(struct building *b, const char *key, const char *text)
{
	if (*text)
		build_text(b, key, text);
}

static struct json_object *flags_of(const struct extent *extent)
{
	struct building b = build_array();

	for (unsigned int flag = 0; (flag = extent_next_flag(extent->flags, flag));)
		build_append(&b, json_object_new_string(dax_owner_flags_text(flag)));
	return build_end(&b);
}

static struct json_object *regions_of(const struct snapshot *snapshot, const struct extent *extent)
{
	struct building b = build_array();

	for (size_t i = 0; i < snapshot->regions.n; i++)
		if (dax_owner_span_meets(&snapshot->regions.regions[i].span, &extent->span))
			build_append(&b, json_object_new_string(snapshot->regions.regions[i].name));
	return build_end(&b);
}

static void add_what_needs_addresses(struct building *b, const struct snapshot *snapshot, const struct holding *holding)
{
	build_bytes(b, "online_bytes", holding->online.online);
	build_bytes(b, "offline_bytes", holding->online.offline);
	build_add(b, "regions", regions_of(snapshot, &holding->extent));
}

/**
 * json_holding() - an extent
 * @snapshot: that has it
 * @holding: the extent
 * @human: sizes as text for people
 *
 * Return: its description, the caller's; NULL without memory.
 */
struct json_object *json_holding(const struct snapshot *snapshot, const struct holding *holding, bool human)
{
	const struct extent *extent = &holding->extent;
	struct building b = build_object(human);

	if (extent->hidden)
		build_bytes(&b, "size", extent_size(extent));
	else
		build_span(&b, &extent->span);
	build_text(&b, "owner", dax_owner_owner_name(extent->owner));
	build_text(&b, "previous", dax_owner_owner_name(extent->previous));
	if (extent->expected != DAX_OWNER_NONE || extent_is_wrong(extent))
		build_text(&b, "expected", dax_owner_owner_name(extent->expected));
	build_text(&b, "state", dax_owner_state_name(extent->state));
	build_text(&b, "reason", dax_owner_reason_name(extent->reason));
	build_add(&b, "flags", flags_of(extent));
	text_if(&b, "device", extent->device);
	text_if(&b, "driver", holding->driver);
	if (extent->node >= 0)
		build_number(&b, "target_node", extent->node);
	build_bytes(&b, "usable_bytes", extent->usable_bytes);
	build_bytes(&b, "block_loss_bytes", extent->block_loss_bytes);
	if (!extent->hidden)
		add_what_needs_addresses(&b, snapshot, holding);
	if (extent->error)
		build_number(&b, "error", extent->error);
	text_if(&b, "holder", extent->holder);
	if (extent->decided_us)
		build_number(&b, "decided_us", (int64_t)extent->decided_us);
	return build_end(&b);
}

/**
 * json_head() - what each answer begins with
 * @b: an object
 * @snapshot: that is described
 */
void json_head(struct building *b, const struct snapshot *snapshot)
{
	build_number(b, "schema", JSON_SCHEMA);
	build_text(b, "kernel", snapshot->kernel);
	build_text(b, "source", source_name(snapshot->source));
	build_text(b, "arbiter", arbiter_name(snapshot->arbiter));
	build_flag(b, "settled", snapshot->settled);
	build_bytes(b, "stranded_bytes", snapshot->sums.stranded);
	build_bytes(b, "withheld_bytes", snapshot->sums.withheld);
	build_bytes(b, "usable_bytes", snapshot->sums.usable);
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
	struct building extents = build_array(), b = build_object(human);

	json_head(&b, snapshot);
	for (size_t i = 0; i < snapshot->n; i++)
		build_append(&extents, json_holding(snapshot, &snapshot->holdings[i], human));
	build_add(&b, "extents", build_end(&extents));
	*json = build_end(&b);
	return *json ? 0 : -ENOMEM;
}
