// SPDX-License-Identifier: GPL-2.0-only
/*
 * map-layout LAYOUT ERRNO ARGUMENT...: run dax-owner map ARGUMENT... on a made-up machine. Reading the windows fails
 * with ERRNO, unless ERRNO is 0. The linker replaces the functions that read the system with the wrappers below.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "system/firmware.h"
#include "layouts.h"

int __wrap_snapshot_take(const char *root, struct snapshot *snapshot);
int __wrap_facts_read_windows(const char *root, struct spans *windows, firmware_skip_fn skipped,
			      void *data);

static const struct layout *layout;
static struct spans its_windows;
static int error;

int __wrap_snapshot_take(const char *root, struct snapshot *snapshot)
{
	(void)root;
	*snapshot = (struct snapshot) {};
	layout->make(snapshot, &its_windows);
	return 0;
}

int __wrap_facts_read_windows(const char *root, struct spans *windows, firmware_skip_fn skipped,
			      void *data)
{
	(void)root;
	(void)skipped;
	(void)data;
	if (error) {
		spans_free(&its_windows);
		return -error;
	}
	*windows = its_windows;
	return 0;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 3 && i < nr_layouts; i++)
		if (!strcmp(argv[1], layouts[i].name))
			layout = &layouts[i];
	if (!layout)
		return EXIT_FAILURE;
	error = atoi(argv[2]);
	argv[2] = program_invocation_short_name = (char[]) { "dax-owner map" };
	argp_err_exit_status = EX_USAGE;
	return command_map.run(argc - 2, argv + 2, "");
}
