/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run a function on the files of a report's archive.
 */
#ifndef DAX_OWNER_CLI_UNPACKED_H
#define DAX_OWNER_CLI_UNPACKED_H

/**
 * typedef unpacked_fn - work on the files of an archive
 * @root: directory that holds the copy of the machine
 * @data: the caller's
 *
 * Return: the exit status of the process that calls it.
 */
typedef int (*unpacked_fn)(const char *root, void *data);

int unpacked_run(const char *file, unpacked_fn fn, void *data);

#endif /* DAX_OWNER_CLI_UNPACKED_H */
