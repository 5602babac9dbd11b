/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What firmware said: CXL windows and Soft Reserved ranges.
 */
#ifndef DAX_OWNERD_FIRMWARE_H
#define DAX_OWNERD_FIRMWARE_H

#include <stdio.h>

#include "spans.h"

int firmware_windows(const void *table, size_t len, struct spans *windows);
int firmware_memmap(const char *directory, struct spans *ranges);
int firmware_cmdline(const char *cmdline, struct spans *ranges);

#endif /* DAX_OWNERD_FIRMWARE_H */
