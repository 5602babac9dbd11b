/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DAX_OWNERD_REPLACE_H
#define DAX_OWNERD_REPLACE_H

#include <stdio.h>

/**
 * typedef replace_fn - write what is to be in a file
 * @file: the file
 * @data: the caller's
 */
typedef void (*replace_fn)(FILE *file, const void *data);

int replace_file(const char *path, replace_fn fn, const void *data);

#endif /* DAX_OWNERD_REPLACE_H */
