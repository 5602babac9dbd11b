// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner arbitrate: make the kernel decide a range again. With --dry-run, print the forecast
 * instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/explain/forecast.h"
#include "cli/format/sizes.h"
#include "cli/format/times.h"
#include "cli/settle.h"
#include "cli/snapshot/extent-table.h"
#include "system/ledger.h"

#define OPTION_DRY_RUN 256

/* In µs. dax_cxl claims after the kernel's answer, and its module may have to load first. */
#define PATIENCE UINT64_C(30000000)

#define ARBITRATE "/sys/class/dax_owner/arbitrate"
#define POLICY "/sys/class/dax_owner/policy"

static const struct argp_option options[] = {
	{ "dry-run", OPTION_DRY_RUN, NULL, 0, "Print the changes, but do not make them", 0 },
	{},
};

/**
 * struct request - the command line of dax-owner arbitrate
 * @dry_run: print the forecast, change nothing
 * @target: the extents whose range the kernel is to decide again
 */
struct request {
	bool dry_run;
	struct target target;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_DRY_RUN:
		request->dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		command_target(state, word, &request->target);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_failure(state, EX_USAGE, 0, "a target is missing: " TARGET_FORMS);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_words,
	.args_doc = "TARGET",
	.doc = "Makes the kernel decide the Soft Reserved range of TARGET again. Memory that a driver uses "
	       "stays with its owner. The present rules and facts give the rest its owner.\v"
	       "TARGET is " TARGET_FORMS ".",
};

/*
 * Return: the first extent that the target meets, because the kernel decides its whole range; or
 * NULL.
 */
static const struct extent *find(const struct request *request, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (target_meets(&request->target, snapshot, &snapshot->entries[i].extent))
			return &snapshot->entries[i].extent;
	return NULL;
}

/* --- dry run --- */

static int read_policy(enum dax_owner_policy *policy)
{
	char text[16];

	if (file_first_line(POLICY, text, sizeof(text)))
		return -EIO;
	return dax_owner_policy_parse(text, policy);
}

static void print_piece(const struct forecast_piece *piece)
{
	const struct extent *now = piece->now;
	char size[SIZE_TEXT_LEN];

	printf("0x%" PRIx64 "-0x%" PRIx64 " %s, %s", piece->span.start, piece->span.end,
	       size_text_short(size, piece->span.end - piece->span.start + 1),
	       dax_owner_state_name(now->state));
	if (now->owner != DAX_OWNER_NONE)
		printf(" %s %s", now->state == DAX_OWNER_STATE_OWNED ? "by" : "for",
		       dax_owner_owner_name(now->owner));
	if (piece->stays)
		puts(": stays");
	else if (piece->owner == DAX_OWNER_NONE)
		printf(": would be withheld, %s\n", dax_owner_reason_name(piece->reason));
	else
		printf(": would go to %s, %s\n", dax_owner_owner_name(piece->owner),
		       dax_owner_reason_name(piece->reason));
}

static int print_forecast(const struct snapshot *snapshot, const struct extent *extent)
{
	struct machine machine;
	struct forecast forecast;
	enum dax_owner_policy policy;
	int r;

	if (read_policy(&policy))
		return command_fail(EX_OSERR, "cannot read " POLICY);
	if (machine_read("", snapshot->kernel, &machine))
		return command_fail(EX_OSERR, "out of memory");
	if (machine.has_cedt && !machine.windows_known) {
		bool damaged = machine.cedt_damaged;

		machine_free(&machine);
		return damaged ?
			       command_fail(EX_OSERR,
					    "cannot read the CXL windows: the CEDT is invalid") :
			       command_fail(EX_NOPERM,
					    "cannot read the CXL windows: only root may read them");
	}
	r = forecast_range(snapshot, &machine, policy, extent->span.start, &forecast);
	machine_free(&machine);
	if (r)
		return command_fail(EX_OSERR, "cannot compute the forecast: %s", strerror(-r));
	for (size_t i = 0; i < forecast.n; i++)
		print_piece(&forecast.pieces[i]);
	forecast_free(&forecast);
	return 0;
}

/* --- decision --- */

/* Return: 0, or the kernel's negative errno. */
static int ask_kernel(u64 address)
{
	_cleanup_(closep) int fd = open(ARBITRATE, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return dprintf(fd, "0x%" PRIx64 "\n", address) < 0 ? -errno : 0;
}

static int explain_refusal(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return command_fail(EX_NOPERM, "cannot decide the range again: only root may do so");
	case ENOENT:
		return command_fail(EX_UNAVAILABLE,
				    "cannot decide the range again: the loaded module dax_owner is too old; "
				    "systemctl reboot");
	case ENODEV:
		return command_fail(EX_UNAVAILABLE,
				    "cannot decide the range again: dax_hmem is not loaded; modprobe dax_hmem");
	case EBUSY:
		return command_fail(EX_TEMPFAIL,
				    "cannot decide the range again: the initial pass is not over, and decides "
				    "this range, too; dax-owner settle");
	default:
		return command_fail(EX_OSERR, "cannot decide the range again: %s", strerror(-error));
	}
}

static int show(const struct request *request)
{
	const struct extent_table table = {};
	struct snapshot snapshot;
	int r = snapshot_take_ledger(&snapshot);

	if (!r) {
		/*
		 * The decision may have removed or renamed a device, so only addresses can still
		 * choose extents.
		 */
		if (request->target.kind == TARGET_ADDRESSES)
			target_choose(&request->target, &snapshot);
		r = extent_table_print(&table, &snapshot, stdout);
		snapshot_free(&snapshot);
	}
	return r ? command_fail(EX_OSERR, "cannot list the result: %s", strerror(-r)) : 0;
}

static int arbitrate(const struct request *request, const struct extent *extent)
{
	char span[TIMESPAN_LEN];
	int r = ask_kernel(extent->span.start);

	if (r)
		return explain_refusal(r);
	r = settle_by_ledger(PATIENCE);
	if (r == -ETIME)
		return command_fail(EX_TEMPFAIL,
				    "range decided, but ownership is not settled after %s: dax-owner settle",
				    timespan_text(span, PATIENCE));
	if (r)
		return command_fail(EX_OSERR,
				    "range decided, but cannot determine whether ownership is settled: %s",
				    strerror(-r));
	return show(request);
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = {};
	const struct extent *extent;
	struct snapshot snapshot;
	int status;

	(void)root;
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	if (!ledger_exists())
		return command_fail(EX_UNAVAILABLE,
				    "cannot decide the range again: the in-tree drivers decide once per boot; "
				    "the modules of dax_owner can decide again");
	if (snapshot_take_ledger(&snapshot))
		return command_fail(EX_OSERR, "cannot read the kernel's ledger");
	extent = find(&request, &snapshot);
	if (snapshot.hidden)
		status = command_fail(EX_NOPERM,
				      "cannot decide the range again: only root may do so");
	else if (!extent)
		status = command_fail(EX_NOINPUT,
				      "%s: not Soft Reserved memory; to list all: dax-owner list",
				      request.target.word);
	else
		status = request.dry_run ? print_forecast(&snapshot, extent) :
					   arbitrate(&request, extent);
	snapshot_free(&snapshot);
	return status;
}

const struct command command_arbitrate = { "arbitrate", "make the kernel decide a range again", run,
					   false };
