/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dax-ownerd, asked over Varlink: docs/abi/varlink.md.
 */
#ifndef DAX_OWNER_DAEMON_H
#define DAX_OWNER_DAEMON_H

#include <stdint.h>

int daemon_settle(uint64_t timeout_us);

#endif /* DAX_OWNER_DAEMON_H */
