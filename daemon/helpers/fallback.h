/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fallback: if the kernel refuses our modules, load the in-tree drivers of the same names.
 * modprobe does not find these by itself, because it prefers our modules.
 */
#ifndef DAX_OWNER_HELPERS_FALLBACK_H
#define DAX_OWNER_HELPERS_FALLBACK_H

#include <stdbool.h>

bool fallback_enforced(void);
bool fallback_needed(void);
int fallback_write(const char *release);

#endif /* DAX_OWNER_HELPERS_FALLBACK_H */
