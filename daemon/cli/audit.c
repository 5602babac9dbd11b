// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner audit: print the daemon's records of ownership from the journal. The options are those
 * of journalctl.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/format/pager.h"
#include "cli/format/times.h"
#include "cli/snapshot/boots.h"
#include "cli/snapshot/copy.h"
#include "cli/snapshot/records.h"

#define OPTION_JSON 'j'
#define OPTION_ALL 'a'
#define OPTION_BOOT 'b'
#define OPTION_FOLLOW 'f'
#define OPTION_LINES 'n'
#define OPTION_REVERSE 'r'
#define OPTION_SINCE 256
#define OPTION_UNTIL 257
#define OPTION_NO_PAGER 258

/* The lines that --lines and --follow print without a number, as in journalctl */
#define DEFAULT_LINES 10

static const struct argp_option options[] = {
	{ "boot", OPTION_BOOT, "ID|OFFSET", OPTION_ARG_OPTIONAL,
	  "One boot: its ID, -1 for the boot before the running boot, 1 for the first boot in the journal; "
	  "default: the running boot",
	  0 },
	{ "all", OPTION_ALL, NULL, 0, "All boots in the journal", 0 },
	{ "since", OPTION_SINCE, "TIME", 0,
	  "Only records from TIME on, of all boots: '2026-01-05 12:00', yesterday, '1h ago'", 0 },
	{ "until", OPTION_UNTIL, "TIME", 0, "Only records until TIME, of all boots", 0 },
	{ "lines", OPTION_LINES, "NUMBER", OPTION_ARG_OPTIONAL,
	  "Only the latest records; default: 10; all means all records", 1 },
	{ "reverse", OPTION_REVERSE, NULL, 0, "The latest record first", 1 },
	{ "follow", OPTION_FOLLOW, NULL, 0, "Print the latest records, then each new record", 1 },
	{ "json", OPTION_JSON, NULL, 0,
	  "JSON, a line for each record, see " SCHEMA_DIR "/audit.json", 1 },
	{ "no-pager", OPTION_NO_PAGER, NULL, 0, "No pager on a terminal", 1 },
	{},
};

/**
 * struct request - the records to print, and their form
 * @query: the records; its boot is not filled in
 * @json: print JSON
 * @no_pager: do not start a pager
 * @all: print the records of every boot
 * @one: the command line names a boot
 * @boot: the boot that it names
 * @counted: the command line has a number of lines
 * @root: directory that holds a copy of a machine, "" for the running system
 * @now: the present time, or the time of the copy, in microseconds since 1970
 */
struct request {
	struct records_query query;
	bool json;
	bool no_pager;
	bool all;
	bool one;
	struct boot_word boot;
	bool counted;
	const char *root;
	uint64_t now;
};

static void parse_boot(struct argp_state *state, const char *word, struct request *request)
{
	request->one = true;
	if (word && boot_word_parse(word, &request->boot))
		argp_failure(state, EX_USAGE, 0,
			     "%s: must be the ID of a boot, 32 hexadecimal digits, or an offset such as -1",
			     word);
}

static void parse_lines(struct argp_state *state, const char *word, struct request *request)
{
	unsigned long lines = DEFAULT_LINES;
	char *end;

	request->counted = true;
	request->query.lines = RECORDS_ALL;
	if (word && !strcmp(word, "all"))
		return;
	if (word) {
		lines = strtoul(word, &end, 10);
		if (*word < '0' || *word > '9' || *end)
			argp_failure(state, EX_USAGE, 0, "%s: must be a number, or all", word);
	}
	request->query.lines = lines;
}

static uint64_t parse_time(struct argp_state *state, const char *word, uint64_t now)
{
	uint64_t usec;

	if (timestamp_parse(word, now, &usec))
		argp_failure(state, EX_USAGE, 0,
			     "%s: must be a time such as '2026-01-05 12:00', today or '1h ago'",
			     word);
	return usec;
}

static void check_options(struct argp_state *state, struct request *request)
{
	struct records_query *query = &request->query;

	if (request->all && request->one)
		argp_failure(state, EX_USAGE, 0, "--all excludes --boot");
	if (query->follow && query->reverse)
		argp_failure(state, EX_USAGE, 0, "--follow excludes --reverse");
	if (query->follow && query->until != RECORDS_NO_LIMIT)
		argp_failure(state, EX_USAGE, 0, "--follow excludes --until");
	if (query->follow && *request->root)
		argp_failure(state, EX_USAGE, 0, "--sysroot and --from exclude --follow");
	if (*request->root && request->one && (request->boot.by_id || request->boot.offset))
		argp_failure(state, EX_USAGE, 0, "a copy has the records of one boot: use --boot=0");
	if (query->since > query->until)
		argp_failure(state, EX_USAGE, 0, "--since must be before --until");
	if (query->follow && !request->counted)
		query->lines = DEFAULT_LINES;
	/* A time names a boot well enough, as in journalctl. */
	request->all |= !request->one && (query->since || query->until != RECORDS_NO_LIMIT);
}

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
		parse_boot(state, word ?: command_optional_value(state), request);
		return 0;
	case OPTION_LINES:
		parse_lines(state, word ?: command_optional_value(state), request);
		return 0;
	case OPTION_SINCE:
		request->query.since = parse_time(state, word, request->now);
		return 0;
	case OPTION_UNTIL:
		request->query.until = parse_time(state, word, request->now);
		return 0;
	case OPTION_REVERSE:
		request->query.reverse = true;
		return 0;
	case OPTION_FOLLOW:
		request->query.follow = true;
		return 0;
	case OPTION_NO_PAGER:
		request->no_pager = true;
		return 0;
	case ARGP_KEY_END:
		check_options(state, request);
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

/* The request, the number of records printed so far, and the boot of the last one */
struct printing {
	const struct request *request;
	size_t n;
	char boot[RECORD_BOOT_LEN];
};

static int print(record_get_fn get, void *from, void *data)
{
	struct printing *printing = data;

	printing->n++;
	if (printing->request->json)
		return record_print_json(get, from, stdout);
	record_print_dated(get, from, printing->boot, stdout);
	return 0;
}

/* The report leaves out the file, or writes an empty one, if the journal has no record. */
static int audit_copy(const struct request *request)
{
	struct printing printing = { .request = request };
	int r;

	if (!request->no_pager)
		pager_open();
	r = records_query_copy(request->root, &request->query, print, &printing);
	if (r < 0 && r != -ENOENT)
		return command_fail(EX_OSERR, "cannot read the records of the copy: %s",
				    strerror(-r));
	if (!printing.n && request->query.lines)
		return command_fail(EX_UNAVAILABLE, "the copy has no such record of dax-ownerd");
	return 0;
}

static int audit(const struct request *request)
{
	struct records_query query = request->query;
	struct printing printing = { .request = request };
	sd_id128_t boot;
	int r = 0;

	if (!request->all) {
		r = boots_find(&request->boot, &boot);
		query.boot = &boot;
	}
	if (r == -ENOENT)
		return command_fail(EX_UNAVAILABLE,
				    "%+d: the journal has no such boot; to list all: journalctl --list-boots",
				    request->boot.offset);
	if (r >= 0 && !request->no_pager && !query.follow)
		pager_open();
	if (r >= 0)
		r = records_query(&query, print, &printing);
	if (r < 0)
		return command_fail(EX_OSERR, "cannot read the journal: %s", strerror(-r));
	if (!printing.n && query.lines && !query.follow)
		return command_fail(EX_UNAVAILABLE,
				    "no record of dax-ownerd in the journal: the daemon did not run then, or "
				    "you may not read the journal (use sudo, or join group systemd-journal)");
	return 0;
}

/* Words such as yesterday mean the day of the reporter. */
static uint64_t now_of(const char *root)
{
	struct timespec now;
	struct copy copy;
	uint64_t usec = 0;

	if (*root && !copy_read(root, &copy)) {
		usec = copy.time_us;
		copy_free(&copy);
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return usec ?: (uint64_t)now.tv_sec * 1000000;
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = {
		.query = { .until = RECORDS_NO_LIMIT, .lines = RECORDS_ALL, .reader = STDOUT_FILENO },
		.root = root,
		.now = now_of(root),
	};

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	if (request.query.follow)
		setvbuf(stdout, NULL, _IOLBF, 0);
	return *root ? audit_copy(&request) : audit(&request);
}

const struct command command_audit = { "audit", "the history of ownership, from the journal", run,
				       true };
