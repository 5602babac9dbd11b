/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration, see dax-ownerd.conf(5): a file and drop-ins, in the places and with the
 * precedence of systemd's own.
 */
#ifndef DAX_OWNER_DAEMON_CONFIG_H
#define DAX_OWNER_DAEMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct config - what can be set
 * @hold_dax_cxl: HoldDaxCxl=, keep dax_cxl back on kernels that do not order it themselves
 * @quiet_us: QuietSec=, how long nothing has to happen after coldplug until a kernel without
 *	ledger counts as settled, in µs
 */
struct config {
	bool hold_dax_cxl;
	uint64_t quiet_us;
};

/**
 * typedef config_bad_fn - told of each line that is not understood
 * @file: its path
 * @line: its number, from 1
 * @what: what is wrong with it, and what is accepted
 */
typedef void (*config_bad_fn)(const char *file, unsigned int line, const char *what);

int config_load(struct config *config, const char *root, config_bad_fn bad);

#endif /* DAX_OWNER_DAEMON_CONFIG_H */
