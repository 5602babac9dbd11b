/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settled memory is usable when it is online, or nobody is about to put it online.
 *
 * The kernel does it, if told to (auto_online_blocks), before the driver counts as bound. Else
 * rules of udev may, while udev handles the memory blocks: it has something to do until then.
 */
#ifndef DAX_OWNER_SYSTEM_ONLINE_WAIT_H
#define DAX_OWNER_SYSTEM_ONLINE_WAIT_H

#include <stdint.h>

#include "system/online.h"

/* Where udev says that it has something to do, by a file named queue */
#define ONLINE_WAIT_UDEV "/run/udev"
/* How long udev has nothing to do, in µs: what the kernel has sent may not have been received yet */
#define ONLINE_WAIT_QUIET (200 * 1000)
/* How long is waited, in µs */
#define ONLINE_WAIT_LIMIT (10 * 1000 * 1000)

/**
 * struct online_wait_places - where to look
 * @runtime: directory of what the daemon keeps
 * @blocks: ONLINE_BLOCKS
 * @udev: ONLINE_WAIT_UDEV
 * @quiet: ONLINE_WAIT_QUIET
 * @limit: ONLINE_WAIT_LIMIT
 */
struct online_wait_places {
	const char *runtime;
	const char *blocks;
	const char *udev;
	uint64_t quiet;
	uint64_t limit;
};

/**
 * enum online_wait - why it is not waited any longer
 * @ONLINE_WAIT_ALL: all that was added as system memory is online
 * @ONLINE_WAIT_LEFT: some is not, and udev has nothing more to do
 * @ONLINE_WAIT_LATE: some is not, and it took too long
 */
enum online_wait {
	ONLINE_WAIT_ALL,
	ONLINE_WAIT_LEFT,
	ONLINE_WAIT_LATE,
};

int online_wait(const struct online_wait_places *places, u64 *offline);

#endif /* DAX_OWNER_SYSTEM_ONLINE_WAIT_H */
