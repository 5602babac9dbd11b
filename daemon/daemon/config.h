/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of dax-ownerd: a file and drop-ins, see dax-ownerd.conf(5). Places and
 * precedence are those of systemd's own configuration.
 */
#ifndef DAX_OWNER_DAEMON_CONFIG_H
#define DAX_OWNER_DAEMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct config - the settings
 * @hold_dax_cxl: HoldDaxCxl=, hold dax_cxl until the initial pass of dax_hmem is over, on kernels
 *	whose drivers do not order themselves
 * @quiet_us: QuietSec=, time without device uevents after which ownership counts as settled, in µs;
 *	it starts after coldplug and is used on kernels without a ledger
 */
struct config {
	bool hold_dax_cxl;
	uint64_t quiet_us;
};

/**
 * typedef config_bad_fn - report a line that is not understood
 * @file: path of the file
 * @line: number of the line, from 1
 * @what: the error, and where it applies the accepted values
 * @data: data of the caller of config_load()
 */
typedef void (*config_bad_fn)(const char *file, unsigned int line, const char *what, void *data);

int config_load(struct config *config, const char *root, config_bad_fn bad, void *data);

#endif /* DAX_OWNER_DAEMON_CONFIG_H */
