/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files by which the programs of dax-owner pass facts on to each other, and to modprobe.
 */
#ifndef DAX_OWNER_BASE_PATHS_H
#define DAX_OWNER_BASE_PATHS_H

/* Written by dax-owner-order, which is root, and read by dax-ownerd */
#define ORDER_DIRECTORY "/run/dax-owner-order"
#define ORDER_COLDPLUG ORDER_DIRECTORY "/coldplug"
#define ORDER_ARBITER ORDER_DIRECTORY "/arbiter"

/* Written by dax-owner-order, read by modprobe and udev; the second one stays until the next boot */
#define ORDER_HOLD "/run/modprobe.d/dax-owner-order.conf"
#define FALLBACK "/run/modprobe.d/dax-owner-fallback.conf"

/* RuntimeDirectory= of the unit of dax-ownerd, and the file in it that a restart reads */
#define STATE_DIRECTORY "/run/dax-owner"
#define STATE_FILE "told"

#endif /* DAX_OWNER_BASE_PATHS_H */
