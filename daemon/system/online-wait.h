/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait until the memory blocks of settled memory are online, or until no component will put them
 * online.
 *
 * With auto_online_blocks, the kernel puts blocks online before the driver counts as bound.
 * Otherwise rules of udev may do so. udev is busy until it has processed the uevents of all memory
 * blocks.
 */
#ifndef DAX_OWNER_SYSTEM_ONLINE_WAIT_H
#define DAX_OWNER_SYSTEM_ONLINE_WAIT_H

#include <stdint.h>

#include "system/online.h"

/* Directory in which udev keeps a file named queue while it is busy */
#define ONLINE_WAIT_UDEV "/run/udev"
/* Time for which udev has to be idle, in µs, because the last uevents may not have arrived yet */
#define ONLINE_WAIT_QUIET (200 * 1000)
/* Longest time of the wait, in µs */
#define ONLINE_WAIT_LIMIT (10 * 1000 * 1000)

/**
 * struct online_wait_paths - the paths and times of a wait; all strings are borrowed
 * @runtime: path of the runtime directory, which contains the state file
 * @blocks: path of the memory blocks: ONLINE_BLOCKS
 * @udev: path of udev's directory: ONLINE_WAIT_UDEV
 * @quiet: time for which udev has to be idle, in µs: ONLINE_WAIT_QUIET
 * @limit: longest time of the wait, in µs: ONLINE_WAIT_LIMIT
 */
struct online_wait_paths {
	const char *runtime;
	const char *blocks;
	const char *udev;
	uint64_t quiet;
	uint64_t limit;
};

/**
 * enum online_wait - why a wait ended
 * @ONLINE_WAIT_ALL: all memory blocks are online
 * @ONLINE_WAIT_LEFT: some memory blocks are offline, and udev is idle
 * @ONLINE_WAIT_LATE: some memory blocks are offline, and the longest time is over
 */
enum online_wait {
	ONLINE_WAIT_ALL,
	ONLINE_WAIT_LEFT,
	ONLINE_WAIT_LATE,
};

int online_wait(const struct online_wait_paths *places, u64 *offline);

#endif /* DAX_OWNER_SYSTEM_ONLINE_WAIT_H */
