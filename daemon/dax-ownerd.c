// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-ownerd: arguments and exit status. All else is in the library.
 */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <systemd/sd-daemon.h>

#include "manager.h"
#include "settled.h"

const char *argp_program_version = "dax-ownerd " VERSION;

/* Where RuntimeDirectory= is in the unit */
#define RUNTIME "/run/dax-owner"

#define OPTION_WAIT 'w'

static const struct argp_option options[] = {
	{ "wait-settled", OPTION_WAIT, NULL, 0, "Wait until ownership has been settled once, then exit", 0 },
	{ }
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	bool *wait = state->input;

	switch (key) {
	case OPTION_WAIT:
		*wait = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_failure(state, EX_USAGE, 0, "%s: there are no arguments", word);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Watches the drivers of Soft Reserved memory and records in the journal who owns what "
	       "and why. Started by dax-ownerd.service."
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
	sd_notify(0, "STOPPING=1");
	manager_free(manager);
	return r;
}

int main(int argc, char **argv)
{
	const char *runtime = getenv("RUNTIME_DIRECTORY") ?: RUNTIME;
	bool wait = false;
	int r;

	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &wait);
	r = wait ? settled_wait(runtime) : run(runtime);
	if (r < 0)
		fprintf(stderr, "dax-ownerd: %s\n", strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
