// SPDX-License-Identifier: GPL-2.0-only
/*
 * The explanation as JSON, in the form of docs/schema/explain.json.
 */
#include <errno.h>

#include "cli/explain/explanation.h"
#include "cli/explain/advice.h"
#include "cli/format/json-build.h"
#include "cli/snapshot/snapshot-json.h"
#include "model/explain.h"

static void add_finding(const char *what, const char *command, void *data)
{
	struct json_builder finding = json_build_object(false);

	json_build_text(&finding, "what", what);
	if (*command)
		json_build_text(&finding, "command", command);
	if (*command)
		json_build_flag(&finding, "takes_memory", advice_takes_memory(command));
	json_build_append(data, json_build_end(&finding));
}

static struct json_object *describe_health(const struct topology_memdev *memdev)
{
	struct json_builder b = json_build_array();

	for (enum topology_health i = 0; i < HEALTHS; i++)
		if (memdev->health & 1u << i)
			json_build_append(&b, json_object_new_string(topology_health_word(i)));
	return json_build_end(&b);
}

static struct json_object *describe_device(const struct topology_memdev *memdev)
{
	struct json_builder b = json_build_object(false);

	json_build_text(&b, "device", memdev->name);
	json_build_text(&b, "slot", memdev->slot);
	if (*memdev->serial)
		json_build_text(&b, "serial", memdev->serial);
	if (*memdev->firmware)
		json_build_text(&b, "firmware", memdev->firmware);
	json_build_flag(&b, "endpoint", memdev->attached);
	if (memdev->health_known)
		json_build_add(&b, "health", describe_health(memdev));
	return json_build_end(&b);
}

/* @span: describe the devices behind these addresses; NULL for all devices */
static struct json_object *describe_devices(const struct topology *topology,
					    const struct dax_owner_span *span)
{
	struct json_builder b = json_build_array();

	for (size_t i = 0; i < topology->n_memdevs; i++)
		if (!span || topology_serves(topology, &topology->memdevs[i], span))
			json_build_append(&b, describe_device(&topology->memdevs[i]));
	return json_build_end(&b);
}

static struct json_object *describe(const struct question *question,
				    const struct snapshot_extent *entry)
{
	struct json_builder findings = json_build_array(), b = json_build_object(false);
	const struct topology *topology = &question->machine->topology;
	char text[EXPLAIN_LEN];

	json_build_add(&b, "extent", json_extent(question->snapshot, entry, false));
	explain_rule(&entry->extent, question->machine->block_size, text);
	json_build_text(&b, "rule", text);
	explain_change(&entry->extent, text);
	json_build_text(&b, "change", text);
	advice_on_extent(entry, question->machine, question->snapshot->arbiter, add_finding,
			 &findings);
	json_build_add(&b, "findings", json_build_end(&findings));
	if (topology->known && !entry->extent.hidden)
		json_build_add(&b, "devices", describe_devices(topology, &entry->extent.span));
	return json_build_end(&b);
}

static struct json_object *describe_holdings(const struct question *question)
{
	struct json_builder b = json_build_array();

	for (size_t i = 0; i < question->n; i++)
		json_build_append(&b, describe(question, &question->entries[i]));
	return json_build_end(&b);
}

static struct json_object *describe_spans(const struct spans *spans)
{
	struct json_builder b = json_build_array();

	for (size_t i = 0; i < spans->n; i++) {
		struct json_builder span = json_build_object(false);

		json_build_span(&span, &spans->spans[i]);
		json_build_append(&b, json_build_end(&span));
	}
	return json_build_end(&b);
}

static struct json_object *describe_regions(const struct machine *machine)
{
	struct json_builder b = json_build_array();

	for (size_t i = 0; i < machine->topology.n_regions; i++) {
		const struct topology_region *region = &machine->topology.regions[i];
		struct json_builder one = json_build_object(false);

		json_build_text(&one, "region", region->name);
		if (region->span.start <= region->span.end)
			json_build_span(&one, &region->span);
		json_build_flag(&one, "committed", region->committed);
		json_build_flag(&one, "enabled", region->bound);
		json_build_flag(&one, "dax_region", region->dax);
		json_build_flag(&one, "pmem", region->pmem);
		json_build_append(&b, json_build_end(&one));
	}
	return json_build_end(&b);
}

static struct json_object *describe_machine(const struct question *question)
{
	struct json_builder b = json_build_array();

	advice_on_machine(question->machine, question->snapshot->arbiter, add_finding, &b);
	return json_build_end(&b);
}

/**
 * explanation_json() - make the explanation as JSON
 * @question: the extents to explain
 * @json: set to the explanation, whose reference the caller drops; NULL after an error
 *
 * Return: 0, or -ENOMEM.
 */
int explanation_json(const struct question *question, struct json_object **json)
{
	struct json_builder b = json_build_object(false);

	json_head(&b, question->snapshot);
	if (question->machine->windows_known)
		json_build_add(&b, "windows", describe_spans(&question->machine->windows));
	json_build_add(&b, "regions", describe_regions(question->machine));
	if (question->machine->topology.known)
		json_build_add(&b, "devices", describe_devices(&question->machine->topology, NULL));
	if (question->machine->block_size)
		json_build_bytes(&b, "block_size_bytes", question->machine->block_size);
	json_build_add(&b, "explained", describe_holdings(question));
	json_build_add(&b, "machine", describe_machine(question));
	*json = json_build_end(&b);
	return *json ? 0 : -ENOMEM;
}
