// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner-order: the part of the daemon's work that needs root. This file parses the arguments
 * and returns the exit status. The library contains everything else.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sysexits.h>

#include "daemon/config.h"
#include "daemon/journal.h"
#include "helpers/order.h"
#include "helpers/fallback.h"
#include "system/arbiter-find.h"
#include "system/modules.h"

const char *argp_program_version = "dax-owner-order " VERSION;

static void ignore(const char *file, unsigned int line, const char *what, void *data)
{
	(void)data;
	(void)file;
	(void)line;
	(void)what;
}

static int hold(void)
{
	struct utsname self;
	struct journal journal = {};
	struct config config;
	int r;

	uname(&self);
	/* the daemon reads the same files and records their errors */
	config_load(&config, "", ignore, NULL);
	r = arbiter_find(&journal.arbiter);
	if (!r && journal.arbiter == ARBITER_DAX_OWNER && fallback_needed()) {
		r = fallback_write(self.release);
		if (r)
			journal_failure(&journal, r,
					"cannot replace the modules of dax_owner, which the kernel refuses, "
					"with the in-tree drivers");
		r = arbiter_find(&journal.arbiter);
	}
	if (r)
		return r;
	journal_modules(&journal, modules_find("", self.release), self.release);
	return order_hold(&journal, config.hold_dax_cxl);
}

static const struct command {
	const char *name;
	int (*run)(void);
} commands[] = {
	{ "hold", hold },
	{ "release", order_release },
	{ "coldplug", order_coldplug },
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	const struct command **chosen = state->input;

	if (key == ARGP_KEY_ARG) {
		for (size_t i = 0; i < sizeof(commands) / sizeof(*commands) && !*chosen; i++)
			if (!strcmp(word, commands[i].name))
				*chosen = &commands[i];
		if (!*chosen || state->arg_num)
			argp_failure(state, EX_USAGE, 0, "%s: must be hold, release or coldplug",
				     word);
		return 0;
	}
	if (key == ARGP_KEY_NO_ARGS) {
		argp_failure(state, EX_USAGE, 0,
			     "an argument is missing: hold, release or coldplug");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "hold|release|coldplug",
	.doc = "Does the work of dax-ownerd that needs privileges. dax-ownerd.service and its helpers start it.\v"
	       "hold keeps udev from loading dax_cxl on kernels whose drivers do not order themselves. release "
	       "ends the hold and loads dax_cxl. coldplug reports the end of coldplug to dax_owner.ko and the "
	       "daemon."
};

int main(int argc, char **argv)
{
	const struct command *command = NULL;
	int r;

	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &command);
	/* every user may read these files, although the unit of the daemon sets UMask=0077 */
	umask(022);
	r = command->run();
	if (r < 0)
		fprintf(stderr, "dax-owner-order: %s: %s\n", command->name, strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
