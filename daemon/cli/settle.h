/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait for the kernel, for commands that have made it decide again.
 */
#ifndef DAX_OWNER_CLI_SETTLE_H
#define DAX_OWNER_CLI_SETTLE_H

#include <stdint.h>

int settle_by_ledger(uint64_t timeout);

#endif /* DAX_OWNER_CLI_SETTLE_H */
