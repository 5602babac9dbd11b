// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-ownerd: parse the arguments, run the daemon or wait, and return the exit status. The library
 * contains everything else.
 */
#include <argp.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <systemd/sd-daemon.h>

#include "base/paths.h"
#include "daemon/manager.h"
#include "daemon/settled-file.h"
#include "model/state.h"
#include "system/online-wait.h"

const char *argp_program_version = "dax-ownerd " VERSION;

/*
 * Bytes. free() returns an allocation of this size or more to the kernel at once. Setting the
 * threshold also fixes it, because glibc otherwise raises it when such an allocation is freed.
 */
#define LARGE (128 << 10)

#define OPTION_WAIT 'w'

static const struct argp_option options[] = {
	{ "wait-settled", OPTION_WAIT, NULL, 0,
	  "Wait until ownership is settled for the first time and the memory is usable, then exit",
	  0 },
	{},
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	bool *wait = state->input;

	switch (key) {
	case OPTION_WAIT:
		*wait = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_failure(state, EX_USAGE, 0, "%s: unexpected argument", word);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Watches the drivers of Soft Reserved memory and records the owner of each extent, and the "
	       "reason, in the journal. dax-ownerd.service starts it."
};

static int run(const char *runtime)
{
	struct manager *manager;
	int r;

	r = manager_new(&manager, runtime);
	if (r < 0)
		return r;
	sd_notify(0, "READY=1");
	r = manager_run(manager);
	manager_free(manager);
	return r;
}

static int wait_settled(const char *runtime)
{
	static const char *const causes[] = {
		[ONLINE_WAIT_LEFT] = "udev does not put them online",
		[ONLINE_WAIT_LATE] = "the time limit has passed",
	};
	const struct online_wait_paths places = {
		.runtime = runtime,
		.blocks = ONLINE_BLOCKS,
		.udev = ONLINE_WAIT_UDEV,
		.quiet = ONLINE_WAIT_QUIET,
		.limit = ONLINE_WAIT_LIMIT,
	};
	u64 offline;
	int r;

	r = settled_file_wait(runtime);
	if (!r)
		r = online_wait(&places, &offline);
	if (r > ONLINE_WAIT_ALL)
		fprintf(stderr, "dax-ownerd: %" PRIu64 " bytes are not online: %s\n", offline,
			causes[r]);
	return r;
}

int main(int argc, char **argv)
{
	const char *runtime = getenv("RUNTIME_DIRECTORY") ?: STATE_DIRECTORY;
	bool wait = false;
	int r;

	mallopt(M_MMAP_THRESHOLD, LARGE);
	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &wait);
	r = wait ? wait_settled(runtime) : run(runtime);
	if (r < 0)
		fprintf(stderr, "dax-ownerd: %s\n", strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
