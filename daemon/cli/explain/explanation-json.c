// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same as JSON, docs/schema/explain.json.
 */
#include <errno.h>

#include "cli/explain/explanation.h"
#include "cli/explain/findings.h"
#include "cli/format/json-build.h"
#include "cli/snapshot/snapshot-json.h"
#include "model/explain.h"

static void add_finding(const char *what, const char *command, void *data)
{
	struct building finding = build_object(false);

	build_text(&finding, "what", what);
	if (*command)
		build_text(&finding, "command", command);
	build_append(data, build_end(&finding));
}

static struct json_object *describe(const struct question *question, const struct holding *holding)
{
	struct building findings = build_array(), b = build_object(false);
	char text[EXPLAIN_LEN];

	build_add(&b, "extent", json_holding(question->snapshot, holding, false));
	explain_rule(&holding->extent, question->around->block_size, text);
	build_text(&b, "rule", text);
	explain_change(&holding->extent, text);
	build_text(&b, "change", text);
	findings_of_extent(holding, question->around, question->snapshot->arbiter, add_finding, &findings);
	build_add(&b, "findings", build_end(&findings));
	return build_end(&b);
}

static struct json_object *describe_holdings(const struct question *question)
{
	struct building b = build_array();

	for (size_t i = 0; i < question->n; i++)
		build_append(&b, describe(question, &question->holdings[i]));
	return build_end(&b);
}

static struct json_object *describe_spans(const struct spans *spans)
{
	struct building b = build_array();

	for (size_t i = 0; i < spans->n; i++) {
		struct building span = build_object(false);

		build_span(&span, &spans->spans[i]);
		build_append(&b, build_end(&span));
	}
	return build_end(&b);
}

static struct json_object *describe_regions(const struct surroundings *around)
{
	struct building b = build_array();

	for (size_t i = 0; i < around->n_regions; i++) {
		const struct cxl_region *region = &around->regions[i];
		struct building one = build_object(false);

		build_text(&one, "region", region->name);
		if (region->span.start <= region->span.end)
			build_span(&one, &region->span);
		build_flag(&one, "committed", region->committed);
		build_flag(&one, "enabled", region->bound);
		build_flag(&one, "dax_region", region->dax);
		build_flag(&one, "pmem", region->pmem);
		build_append(&b, build_end(&one));
	}
	return build_end(&b);
}

static struct json_object *describe_machine(const struct question *question)
{
	struct building b = build_array();

	findings_of_machine(question->around, question->snapshot->arbiter, add_finding, &b);
	return build_end(&b);
}

/**
 * explanation_json() - for programs
 * @question: what is asked
 * @json: set to the answer; the caller drops it
 *
 * Return: 0, or -ENOMEM.
 */
int explanation_json(const struct question *question, struct json_object **json)
{
	struct building b = build_object(false);

	json_head(&b, question->snapshot);
	if (question->around->windows_known)
		build_add(&b, "windows", describe_spans(&question->around->windows));
	build_add(&b, "regions", describe_regions(question->around));
	if (question->around->block_size)
		build_bytes(&b, "block_size_bytes", question->around->block_size);
	build_add(&b, "explained", describe_holdings(question));
	build_add(&b, "machine", describe_machine(question));
	*json = build_end(&b);
	return *json ? 0 : -ENOMEM;
}
