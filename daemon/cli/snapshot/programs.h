/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a program, or a function in a child process, for its output and for a limited time.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H
#define DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H

#include <stdio.h>

/**
 * typedef program_fn - a function that runs in a child process
 * @output: receives its output
 *
 * The process has no other file open. Its parent may stop waiting for it.
 *
 * Return: exit status of the process.
 */
typedef int (*program_fn)(FILE *output);

int program_call(program_fn fn, unsigned int limit_ms, size_t max, FILE *output);
int program_run(const char *const *argv, unsigned int limit_ms, FILE *output);

#endif /* DAX_OWNER_CLI_SNAPSHOT_PROGRAMS_H */
