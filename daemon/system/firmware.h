/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CXL windows and the Soft Reserved ranges according to firmware and command line.
 */
#ifndef DAX_OWNER_SYSTEM_FIRMWARE_H
#define DAX_OWNER_SYSTEM_FIRMWARE_H

#include "model/spans.h"

/**
 * typedef firmware_skip_fn - receive a message on a skipped entry
 * @what: the entry and its error, without a full stop; valid during the call
 * @data: data of the caller that passed the function
 */
typedef void (*firmware_skip_fn)(const char *what, void *data);

int firmware_windows(const void *table, size_t len, struct spans *windows, firmware_skip_fn skipped,
		     void *data);
int firmware_memmap(const char *directory, struct spans *ranges, firmware_skip_fn skipped,
		    void *data);
int firmware_cmdline(const char *cmdline, struct spans *ranges, firmware_skip_fn skipped,
		     void *data);

#endif /* DAX_OWNER_SYSTEM_FIRMWARE_H */
