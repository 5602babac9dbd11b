// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner audit: print the daemon's records of ownership from the journal.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/snapshot/records.h"

#define OPTION_JSON 'j'
#define OPTION_ALL 'a'
#define OPTION_BOOT 'b'

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "JSON, a line for each record, see " SCHEMA_DIR "/audit.json", 0 },
	{ "boot", OPTION_BOOT, "ID", 0, "Of that boot, as journalctl --list-boots has it; default: the running one", 0 },
	{ "all", OPTION_ALL, NULL, 0, "Of all boots that the journal has", 0 },
	{ }
};

/**
 * struct request - the records to print, and their form
 * @json: print JSON
 * @all: print the records of every boot
 * @one: the command line names a boot
 * @boot: the boot to print, unless @all is set; by default the running one
 */
struct request {
	bool json;
	bool all;
	bool one;
	sd_id128_t boot;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_JSON:
		request->json = true;
		return 0;
	case OPTION_ALL:
		request->all = true;
		return 0;
	case OPTION_BOOT:
		if (sd_id128_from_string(word, &request->boot) < 0)
			argp_failure(state, EX_USAGE, 0, "%s: not the ID of a boot: 32 hexadecimal digits", word);
		request->one = true;
		return 0;
	case ARGP_KEY_END:
		if (request->all && request->one)
			argp_failure(state, EX_USAGE, 0, "one of --all and --boot");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Shows what the journal has of who owned what, and when: the records of dax-ownerd.",
};

/* The request, and the number of records printed so far */
struct printing {
	const struct request *request;
	size_t n;
};

static int print(record_get_fn get, void *from, void *data)
{
	struct printing *printing = data;

	printing->n++;
	if (printing->request->json)
		return record_print_json(get, from, stdout);
	record_print(get, from, stdout);
	return 0;
}

static int run(int argc, char **argv)
{
	struct request request = { };
	struct printing printing = { .request = &request };
	int r;

	sd_id128_get_boot(&request.boot);
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	r = records_read(request.all ? NULL : &request.boot, print, &printing);
	if (r < 0)
		return command_fail(EX_OSERR, "cannot read the journal: %s", strerror(-r));
	if (!printing.n)
		return command_fail(EX_UNAVAILABLE, "the journal shows no record of dax-ownerd: has it run then? May you read the journal "
				    "(sudo, or group systemd-journal)?");
	return 0;
}

const struct command command_audit = { "audit", "the history of ownership, from the journal", run };
