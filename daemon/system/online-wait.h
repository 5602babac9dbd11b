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
#define USABLE_UDEV "/run/udev"
/* How long udev has nothing to do, in µs: what the kernel has sent may not have been received yet */
#define USABLE_QUIET (200 * 1000)
/* How long is waited, in µs */
#define USABLE_LIMIT (10 * 1000 * 1000)

/**
 * struct usable_places - where to look
 * @runtime: directory of what the daemon keeps
 * @blocks: ONLINE_BLOCKS
 * @udev: USABLE_UDEV
 * @quiet: USABLE_QUIET
 * @limit: USABLE_LIMIT
 */
struct usable_places {
	const char *runtime;
	const char *blocks;
	const char *udev;
	uint64_t quiet;
	uint64_t limit;
};

/**
 * enum usable - why it is not waited any longer
 * @USABLE_ALL: all that was added as system memory is online
 * @USABLE_LEFT: some is not, and udev has nothing more to do
 * @USABLE_LATE: some is not, and it took too long
 */
enum usable {
	USABLE_ALL,
	USABLE_LEFT,
	USABLE_LATE,
};

int usable_wait(const struct usable_places *places, u64 *offline);

#endif /* DAX_OWNER_SYSTEM_ONLINE_WAIT_H */
