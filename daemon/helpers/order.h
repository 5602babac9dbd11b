/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The work that needs root and that the daemon leaves to dax-owner-order.
 *
 * Order of the drivers: dax_cxl is loaded after the initial pass of dax_hmem, on kernels whose
 * drivers do not order themselves. A line in modprobe's configuration keeps udev from loading
 * dax_cxl until then.
 *
 * End of coldplug: reported to dax_owner.ko in sysfs, and to the daemon by a file.
 */
#ifndef DAX_OWNER_HELPERS_ORDER_H
#define DAX_OWNER_HELPERS_ORDER_H

#include <stdbool.h>

#include "daemon/journal.h"

/* Exists if a driver can claim Soft Reserved memory; udev loads dax_hmem for it */
#define HMEM_PLATFORM "/sys/bus/platform/devices/hmem_platform.0"

int order_hold(const struct journal *journal, bool hold);
int order_insert(const char *name);
int order_load(const char *root, const char *name);
int order_release(void);
int order_coldplug(void);

#endif /* DAX_OWNER_HELPERS_ORDER_H */
