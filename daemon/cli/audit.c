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
	{ "json", OPTION_JSON, NULL, 0,
	  "JSON, a line for each record, see " SCHEMA_DIR "/audit.json", 0 },
	{ "boot", OPTION_BOOT, "ID", 0,
	  "The boot, as journalctl --list-boots prints it; default: the running boot", 0 },
	{ "all", OPTION_ALL, NULL, 0, "All boots in the journal", 0 },
	{},
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
			argp_failure(state, EX_USAGE, 0,
				     "%s: must be the ID of a boot: 32 hexadecimal digits", word);
		request->one = true;
		return 0;
	case ARGP_KEY_END:
		if (request->all && request->one)
			argp_failure(state, EX_USAGE, 0, "--all excludes --boot");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Prints the history of ownership: the records of dax-ownerd in the journal.",
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
	struct request request = {};
	struct printing printing = { .request = &request };
	int r;

	sd_id128_get_boot(&request.boot);
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	r = records_read(request.all ? NULL : &request.boot, print, &printing);
	if (r < 0)
		return command_fail(EX_OSERR, "cannot read the journal: %s", strerror(-r));
	if (!printing.n)
		return command_fail(EX_UNAVAILABLE,
				    "no record of dax-ownerd in the journal: the daemon did not run then, or "
				    "you may not read the journal (use sudo, or join group systemd-journal)");
	return 0;
}

const struct command command_audit = { "audit", "the history of ownership, from the journal", run };
