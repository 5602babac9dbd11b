/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths that more than one program of dax-owner, or modprobe, reads.
 */
#ifndef DAX_OWNER_BASE_PATHS_H
#define DAX_OWNER_BASE_PATHS_H

/* dax-owner-order writes these files as root; dax-ownerd reads them */
#define ORDER_DIRECTORY "/run/dax-owner-order"
#define ORDER_COLDPLUG ORDER_DIRECTORY "/coldplug"
#define ORDER_ARBITER ORDER_DIRECTORY "/arbiter"
#define ORDER_MODULES ORDER_DIRECTORY "/modules"

/*
 * dax-owner-order writes these files; modprobe and udev read them. FALLBACK stays until the next
 * boot.
 */
#define ORDER_HOLD "/run/modprobe.d/dax-owner-order.conf"
#define FALLBACK "/run/modprobe.d/dax-owner-fallback.conf"

/* RuntimeDirectory= of dax-ownerd.service, and the file in it that a restarted daemon reads */
#define STATE_DIRECTORY "/run/dax-owner"
#define STATE_FILE "recorded"

/* Directories of an administrator's and a vendor's configuration, in ascending precedence */
#define CONFIGURATION_PLACES "/usr/lib", "/usr/local/lib", "/run", "/etc"

#endif /* DAX_OWNER_BASE_PATHS_H */
