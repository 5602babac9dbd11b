/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the kernel refuses our modules, its own of the same names, which modprobe does not look at, stand in for them.
 */
#ifndef DAX_OWNER_HELPERS_FALLBACK_H
#define DAX_OWNER_HELPERS_FALLBACK_H

#include <stdbool.h>

bool fallback_needed(void);
int fallback_write(const char *release);

#endif /* DAX_OWNER_HELPERS_FALLBACK_H */
