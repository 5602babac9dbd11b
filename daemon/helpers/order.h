/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What needs to be root, and is done apart from the daemon.
 *
 * dax_cxl after dax_hmem's initial pass, on kernels whose drivers do not see to that themselves:
 * a line in modprobe's configuration keeps udev from loading it, until it is time. And the
 * end of coldplug, told to the kernel's modules and, by a file, to the daemon.
 */
#ifndef DAX_OWNER_HELPERS_ORDER_H
#define DAX_OWNER_HELPERS_ORDER_H

#include "model/arbiter.h"

int order_hold(enum arbiter arbiter, bool hold);
int order_release(void);
int order_coldplug(void);

#endif /* DAX_OWNER_HELPERS_ORDER_H */
