/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a program for its output, for a limited time.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H
#define DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H

#include <stdio.h>

int program_run(const char *const *argv, unsigned int limit_ms, FILE *output);

#endif /* DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H */
