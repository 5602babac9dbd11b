// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner report: write one archive for a bug report. The command writes it even if it can read
 * little, because a broken machine needs a report most. It lists the files that the command could
 * not read.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/check.h"
#include "cli/command.h"
#include "cli/format/whole-file.h"
#include "cli/metrics.h"
#include "cli/report/collect.h"
#include "cli/report/summary.h"
#include "cli/snapshot/snapshot-json.h"

DEFINE_CLEANUP(struct json_object *, json_object_put)

/* Long forms only: -o has another meaning in list, see docs/options.md. */
#define OPTION_OUTPUT 256
#define OPTION_UNMASKED 257

static const struct argp_option options[] = {
	{ "output", OPTION_OUTPUT, "FILE", 0, "Write to FILE and replace it; - is standard output",
	  0 },
	{ "unmasked", OPTION_UNMASKED, NULL, 0,
	  "Do not mask serial numbers, UUIDs, names, addresses and parameters", 0 },
	{},
};

/**
 * struct request - the command line of dax-owner report
 * @output: the file as given, NULL for a generated name
 * @unmasked: mask nothing
 */
struct request {
	const char *output;
	bool unmasked;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_OUTPUT:
		if (!*word)
			argp_failure(state, EX_USAGE, 0, "the name of a file is missing");
		request->output = word;
		return 0;
	case OPTION_UNMASKED:
		request->unmasked = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Writes an archive for a bug report: owners, the facts of kernel and firmware on this memory, "
	       "devices, the journal, the configuration, packages, units. Names of the machine, of people and of "
	       "parts are masked.",
};

static void put_json(struct collection *c, const struct snapshot *snapshot)
{
	_cleanup_(json_object_putp) struct json_object *json = NULL;
	FILE *page = bundle_page(&c->bundle, "list.json");

	if (!page)
		return;
	if (json_snapshot(snapshot, false, &json))
		c->bundle.failed = true;
	else
		fprintf(page, "%s\n",
			json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
								     JSON_C_TO_STRING_NOSLASHESCAPE));
	bundle_end(&c->bundle, page);
}

static void put_metrics(struct collection *c, const struct snapshot *snapshot)
{
	FILE *page = bundle_page(&c->bundle, "metrics.txt");

	if (!page)
		return;
	metrics_print(snapshot, page);
	bundle_end(&c->bundle, page);
}

/*
 * Add all files to the archive. @page is the summary: the reader's first file, but written last,
 * because it lists the missing files.
 */
static void collect(struct collection *c, struct summary *summary, struct copy *copy, FILE *page)
{
	char problem[COMMAND_PROBLEM_LEN];
	struct snapshot snapshot;
	int r = snapshot_take("", &snapshot);

	command_problem(r, &snapshot, problem);
	if (!r) {
		put_json(c, &snapshot);
		put_metrics(c, &snapshot);
	} else {
		collect_missing(c, r, "list.json, metrics.txt");
	}
	collect_all(c);
	collect_journal(c);
	collect_programs(c);
	collect_topology(c, copy);
	collect_facts(c, r ? NULL : &snapshot, copy);
	summary->known = !r;
	summary->snapshot = &snapshot;
	summary->problem = problem;
	summary->missing = collect_what_is_missing(c);
	summary_print(summary, page);
	snapshot_free(&snapshot);
}

/* Return: 0, or an exit status. */
static int make(struct collection *c, time_t when, int fd)
{
	_cleanup_(copy_free) struct copy copy = { .time_us = (uint64_t)when * 1000000,
						  .booting = check_is_booting() };
	struct utsname kernel;
	struct summary summary = { .when = when, .kernel = kernel.release, .masked = c->mask };
	FILE *page = bundle_page(&c->bundle, "summary.txt");
	int r = page ? 0 : -ENOMEM;

	uname(&kernel);
	snprintf(copy.kernel, sizeof(copy.kernel), "%s", kernel.release);
	if (page) {
		collect(c, &summary, &copy, page);
		bundle_end(&c->bundle, page);
	}
	if (!r && c->mask)
		r = bundle_mask(&c->bundle, c->mask);
	if (!r)
		r = bundle_write(&c->bundle, fd, when);
	return r ? command_fail(EX_OSERR, "cannot make the report: %s", strerror(-r)) : 0;
}

static int deliver(const struct request *request, time_t when, int from)
{
	const char *path = request->output;
	char name[64];
	struct tm tm;
	int r;

	if (path && !strcmp(path, "-")) {
		r = whole_file_copy(from, STDOUT_FILENO);
		return r ? command_fail(EX_IOERR, "cannot write to standard output: %s",
					strerror(-r)) :
			   0;
	}
	if (!path) {
		localtime_r(&when, &tm);
		strftime(name, sizeof(name), BUNDLE_DIRECTORY "-%Y%m%d-%H%M%S.tar.gz", &tm);
		path = name;
	}
	r = whole_file_write(path, request->output, from);
	if (r == -EEXIST && request->output)
		return command_fail(EX_CANTCREAT, "cannot write %s: not a regular file", path);
	if (r)
		return command_fail(EX_CANTCREAT, "cannot write %s: %s", path, strerror(-r));
	puts(path);
	return 0;
}

static int run(int argc, char **argv, const char *root)
{
	_cleanup_(collection_free) struct collection c = {};
	_cleanup_(closep) int fd = -1;
	struct request request = {};
	time_t now = time(NULL);
	int status;

	(void)root;
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	if (request.output && !strcmp(request.output, "-") && isatty(STDOUT_FILENO))
		return command_fail(EX_USAGE,
				    "cannot write an archive to a terminal: use --output=FILE, or a pipe");
	fd = memfd_create("report", MFD_CLOEXEC);
	if (fd < 0)
		return command_fail(EX_OSERR, "cannot make the report: %s", strerror(errno));
	if (collection_init(&c, "", !request.unmasked))
		return command_fail(EX_OSERR, "out of memory");
	status = make(&c, now, fd) ?: deliver(&request, now, fd);
	if (!status && c.denied)
		fprintf(stderr,
			"dax-owner: %u items left out for lack of permission: summary.txt lists them; only "
			"root may read all\n",
			c.denied);
	return status;
}

const struct command command_report = { "report", "write an archive for a bug report", run, false };
