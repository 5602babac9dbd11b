// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner list: print the extents with their owners.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/format/colors.h"
#include "cli/format/pager.h"
#include "cli/snapshot/extent-table.h"
#include "cli/snapshot/snapshot-json.h"

#define OPTION_JSON 'j'
#define OPTION_HUMAN 'u'
#define OPTION_COLUMNS 'o'
#define OPTION_STATE 's'
#define OPTION_NODE 'N'
/* The letters of lsmem, -b and -n, are --boot and --lines in other commands; -w is --warning. */
#define OPTION_BYTES 256
#define OPTION_NO_HEADINGS 257
#define OPTION_OWNER 258
#define OPTION_NO_PAGER 259

#define STATES "pending, decided, claimed, idle, owned, released, stranded, withheld"

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "JSON, see " SCHEMA_DIR "/list.json", 0 },
	{ "human", OPTION_HUMAN, NULL, 0, "JSON with readable sizes", 0 },
	{ "bytes", OPTION_BYTES, NULL, 0, "Sizes in bytes", 0 },
	{ "output", OPTION_COLUMNS, "COLUMNS", 0,
	  "Columns to print, separated by commas; +COLUMNS adds columns to the default columns", 0 },
	{ "noheadings", OPTION_NO_HEADINGS, NULL, 0, "No headings", 0 },
	{ "owner", OPTION_OWNER, "OWNER", 0,
	  "Only extents of this owner: dax_cxl, dax_hmem or none", 1 },
	{ "state", OPTION_STATE, "STATE", 0, "Only extents in this state: " STATES, 1 },
	{ "node", OPTION_NODE, "NODE", 0, "Only extents of this NUMA node", 1 },
	{ "no-pager", OPTION_NO_PAGER, NULL, 0, "No pager on a terminal", 2 },
	{},
};

/**
 * struct request - the extents to print, and their form
 * @table: options of the table; unused with @json
 * @json: print JSON
 * @no_pager: do not start a pager
 * @with_units: print sizes in JSON with units
 * @owner: print only this owner's extents, -1 for all
 * @state: print only extents in this state, -1 for all
 * @node: print only extents of this node, -1 for all
 * @target: print only extents that it meets; without a word, all
 */
struct request {
	struct extent_table table;
	bool json;
	bool no_pager;
	bool with_units;
	int owner;
	int state;
	int node;
	struct target target;
};

static int find_owner(const char *word)
{
	for (int i = DAX_OWNER_NONE; i <= DAX_OWNER_HMEM; i++)
		if (!strcmp(word, dax_owner_owner_name(i)))
			return i;
	return -1;
}

static int find_state(const char *word)
{
	enum dax_owner_state state;

	return dax_owner_state_parse(word, &state) ? -1 : (int)state;
}

static int find_node(const char *word)
{
	char *end;
	long node = strtol(word, &end, 10);

	return *word && !*end && node >= 0 && node < 1 << 20 ? (int)node : -1;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;
	char unknown[32];

	switch (key) {
	case OPTION_JSON:
		request->json = true;
		return 0;
	case OPTION_HUMAN:
		request->json = true;
		request->with_units = true;
		return 0;
	case OPTION_BYTES:
		request->table.bytes = true;
		return 0;
	case OPTION_NO_HEADINGS:
		request->table.no_headings = true;
		return 0;
	case OPTION_COLUMNS:
		if (extent_table_check(word, unknown, sizeof(unknown)))
			argp_failure(state, EX_USAGE, 0,
				     "%s: no such column; --help lists all columns", unknown);
		request->table.columns = word;
		return 0;
	case OPTION_OWNER:
		request->owner = find_owner(word);
		if (request->owner < 0)
			argp_failure(state, EX_USAGE, 0, "%s: not one of dax_cxl, dax_hmem, none",
				     word);
		return 0;
	case OPTION_STATE:
		request->state = find_state(word);
		if (request->state < 0)
			argp_failure(state, EX_USAGE, 0, "%s: not one of " STATES, word);
		return 0;
	case OPTION_NODE:
		request->node = find_node(word);
		if (request->node < 0)
			argp_failure(state, EX_USAGE, 0, "%s: must be the number of a NUMA node",
				     word);
		return 0;
	case OPTION_NO_PAGER:
		request->no_pager = true;
		return 0;
	case ARGP_KEY_ARG:
		command_target(state, word, &request->target);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_columns(FILE *file)
{
	fputs("TARGET is " TARGET_FORMS ". Without a target, all extents are listed.\n\nColumns:\n",
	      file);
	extent_table_help(file);
}

static char *help(int key, const char *text, void *input)
{
	(void)input;
	return command_help(key, text, print_columns);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_words,
	.args_doc = "[TARGET]",
	.doc = "Lists the extents of Soft Reserved memory with their owners and the reasons.\v",
	.help_filter = help,
};

static bool is_wanted(const struct request *request, const struct snapshot *snapshot,
		      const struct extent *extent)
{
	return (!request->target.word || target_meets(&request->target, snapshot, extent)) &&
	       (request->owner < 0 || extent->owner == (enum dax_owner_owner)request->owner) &&
	       (request->state < 0 || extent->state == (enum dax_owner_state)request->state) &&
	       (request->node < 0 || extent->node == request->node);
}

static void keep_wanted(const struct request *request, struct snapshot *snapshot)
{
	size_t n = 0;

	for (size_t i = 0; i < snapshot->n; i++)
		if (is_wanted(request, snapshot, &snapshot->entries[i].extent))
			snapshot->entries[n++] = snapshot->entries[i];
	snapshot->n = n;
}

static int print_json(const struct request *request, const struct snapshot *snapshot)
{
	struct json_object *json;

	json_snapshot(snapshot, request->with_units, &json);
	return command_print_json(json);
}

static int print(const struct request *request, const struct snapshot *snapshot)
{
	if (request->json)
		return print_json(request, snapshot);
	if (extent_table_print(&request->table, snapshot, stdout))
		return command_fail(EX_OSERR, "out of memory");
	return 0;
}

/* No extent is not an error, as in cxl list. */
static int list(struct request *request, struct snapshot *snapshot)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = command_target_allowed(&request->target, snapshot);

	if (status)
		return status;
	if (command_problem(0, snapshot, problem))
		command_fail(0, "%s", problem);
	keep_wanted(request, snapshot);
	request->table.colors = colors_on();
	if (!request->no_pager)
		pager_open();
	return print(request, snapshot);
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = { .owner = -1, .state = -1, .node = -1 };
	struct snapshot snapshot;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	status = command_take_snapshot(root, &snapshot);
	if (status)
		return status;
	status = list(&request, &snapshot);
	snapshot_free(&snapshot);
	return status;
}

const struct command command_list = { "list", "extents, owners and reasons", run, true };
