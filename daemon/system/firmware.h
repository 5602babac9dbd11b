/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What firmware said: CXL windows and Soft Reserved ranges.
 */
#ifndef DAX_OWNER_SYSTEM_FIRMWARE_H
#define DAX_OWNER_SYSTEM_FIRMWARE_H

#include "model/spans.h"

/**
 * typedef firmware_skip_fn - learn of something that makes no sense and is left out
 * @what: names it and says what is wrong
 * @data: the listener's
 */
typedef void (*firmware_skip_fn)(const char *what, void *data);

int firmware_windows(const void *table, size_t len, struct spans *windows,
		     firmware_skip_fn skipped, void *data);
int firmware_memmap(const char *directory, struct spans *ranges,
		    firmware_skip_fn skipped, void *data);
int firmware_cmdline(const char *cmdline, struct spans *ranges,
		     firmware_skip_fn skipped, void *data);

#endif /* DAX_OWNER_SYSTEM_FIRMWARE_H */
