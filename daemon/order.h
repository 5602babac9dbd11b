/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What needs to be root, and is done apart from the daemon.
 *
 * dax_cxl after dax_hmem's initial pass, on kernels whose drivers do not see to that themselves:
 * a line in modprobe's configuration keeps udev from loading it, until it is time. And the
 * end of coldplug, told to the kernel's modules and, by a file, to the daemon.
 */
#ifndef DAX_OWNERD_ORDER_H
#define DAX_OWNERD_ORDER_H

#include "arbiter.h"

/* Root's, for the daemon to look at */
#define ORDER_DIRECTORY "/run/dax-owner-order"
#define ORDER_COLDPLUG ORDER_DIRECTORY "/coldplug"
#define ORDER_ARBITER ORDER_DIRECTORY "/arbiter"
/* Read by modprobe and udev */
#define ORDER_HOLD "/run/modprobe.d/dax-owner-order.conf"

int order_hold(enum arbiter arbiter, bool hold);
int order_release(void);
int order_coldplug(void);

#endif /* DAX_OWNERD_ORDER_H */
