// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner-extent: print the properties of a DAX device for the rules of udev. This file parses
 * the arguments and returns the exit status. The library contains everything else.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "helpers/device-extent.h"

const char *argp_program_version = "dax-owner-extent " VERSION;

static error_t parse(int key, char *word, struct argp_state *state)
{
	const char **device = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*device || strchr(word, '/'))
			argp_failure(state, EX_USAGE, 0, "%s: must be the name of one DAX device",
				     word);
		*device = word;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_failure(state, EX_USAGE, 0, "an argument is missing: the name of a DAX device");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "DEVICE",
	.doc = "Prints the reason for the owner of a DAX device's memory, as properties for udev. "
	       "60-dax-owner.rules starts it."
};

static void print(const char *name, const char *value, void *to)
{
	fprintf(to, "%s=%s\n", name, value);
}

int main(int argc, char **argv)
{
	const char *device = NULL;
	struct extent extent;
	int r;

	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &device);
	r = device_extent_find("", device, &extent);
	if (r == -ENOENT)
		return EXIT_SUCCESS;
	if (r < 0) {
		fprintf(stderr, "dax-owner-extent: %s: %s\n", device, strerror(-r));
		return EXIT_FAILURE;
	}
	device_extent_write(&extent, print, stdout);
	return EXIT_SUCCESS;
}
