// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner explain: print the reason for each extent's owner and state, and the commands that
 * change them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/explain/explanation.h"
#include "cli/format/pager.h"

#define OPTION_JSON 'j'
#define OPTION_NO_PAGER 256

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "JSON, see " SCHEMA_DIR "/explain.json", 0 },
	{ "no-pager", OPTION_NO_PAGER, NULL, 0, "No pager on a terminal", 0 },
	{},
};

/**
 * struct request - the command line of dax-owner explain
 * @json: print JSON
 * @no_pager: do not start a pager
 * @target: the extents to explain; without a word, all of them
 */
struct request {
	bool json;
	bool no_pager;
	struct target target;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_JSON:
		request->json = true;
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

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_words,
	.args_doc = "[TARGET]",
	.doc = "Prints the reason for each extent's owner and state, the conditions for another owner, and the "
	       "commands to type.\v"
	       "TARGET is " TARGET_FORMS ". Without a target, all extents are explained.",
};

/*
 * Return: an array of the @n extents that the target meets, which the caller frees; NULL if memory
 * is short.
 */
static struct snapshot_extent *choose(const struct request *request,
				      const struct snapshot *snapshot, size_t *n)
{
	struct snapshot_extent *chosen = calloc(snapshot->n + 1, sizeof(*chosen));

	*n = 0;
	for (size_t i = 0; chosen && i < snapshot->n; i++)
		if (!request->target.word ||
		    target_meets(&request->target, snapshot, &snapshot->entries[i].extent))
			chosen[(*n)++] = snapshot->entries[i];
	return chosen;
}

/* Print why the target meets no extent. */
static int fail_unknown(const struct request *request, const struct machine *machine)
{
	const struct topology_region *region;

	switch (request->target.kind) {
	case TARGET_ADDRESSES:
		return command_fail(EX_NOINPUT,
				    "%s: not Soft Reserved memory; to list all: dax-owner list",
				    request->target.word);
	case TARGET_DEVICE:
		return command_fail(EX_NOINPUT,
				    "%s: no Soft Reserved memory has this DAX device; to list all: dax-owner "
				    "list",
				    request->target.word);
	case TARGET_NODE:
		return command_fail(EX_NOINPUT,
				    "%s: no Soft Reserved memory has this NUMA node; to list all: dax-owner list",
				    request->target.word);
	case TARGET_REGION:
		break;
	}
	region = topology_region(&machine->topology, request->target.word);
	if (!region)
		return command_fail(EX_NOINPUT, "%s: no such CXL region; to list all: cxl list -R",
				    request->target.word);
	if (!region->committed)
		return command_fail(EX_NOINPUT,
				    "%s: not committed, nothing decodes its addresses; for details: cxl list "
				    "-R -r %s",
				    request->target.word, request->target.word);
	return command_fail(EX_NOINPUT,
			    "%s: meets no Soft Reserved memory, so only dax_cxl can claim it",
			    request->target.word);
}

static int answer(const struct request *request, const struct question *question)
{
	struct json_object *json;

	if (!request->no_pager)
		pager_open();
	if (request->json) {
		explanation_json(question, &json);
		return command_print_json(json);
	}
	explanation_print(question, stdout);
	return 0;
}

static int explain(const struct request *request, const struct snapshot *snapshot,
		   const struct machine *machine)
{
	_cleanup_(freep) struct snapshot_extent *chosen = NULL;
	struct question question = { .snapshot = snapshot, .machine = machine };
	char problem[COMMAND_PROBLEM_LEN];
	int status;

	status = command_target_allowed(&request->target, snapshot);
	if (status)
		return status;
	chosen = choose(request, snapshot, &question.n);
	if (!chosen)
		return command_fail(EX_OSERR, "out of memory");
	if (request->target.word && !question.n)
		return fail_unknown(request, machine);
	question.entries = chosen;
	status = answer(request, &question);
	if (status || snapshot->n)
		return status;
	status = command_problem(0, snapshot, problem);
	return command_fail(status, "%s", problem);
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = {};
	struct machine machine;
	struct snapshot snapshot;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	status = command_take_snapshot(root, &snapshot);
	if (status)
		return status;
	if (machine_read(root, snapshot.kernel, &machine)) {
		status = command_fail(EX_OSERR, "out of memory");
	} else {
		status = explain(&request, &snapshot, &machine);
		machine_free(&machine);
	}
	snapshot_free(&snapshot);
	return status;
}

const struct command command_explain = { "explain",
					 "reasons, conditions for another owner, commands to type",
					 run, true };
