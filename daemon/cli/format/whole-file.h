/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write a file completely or not at all.
 */
#ifndef DAX_OWNER_CLI_FORMAT_WHOLE_FILE_H
#define DAX_OWNER_CLI_FORMAT_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

int whole_file_put(int to, const char *data, size_t len);
int whole_file_copy(int from, int to);
int whole_file_write(const char *path, bool replace, int from);

#endif /* DAX_OWNER_CLI_FORMAT_WHOLE_FILE_H */
