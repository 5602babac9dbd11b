/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the kernel refuses our modules, its own of the same names, which modprobe does not look at, stand in for them.
 */
#ifndef DAX_OWNER_HELPERS_STAND_IN_H
#define DAX_OWNER_HELPERS_STAND_IN_H

#include <stdbool.h>

bool stand_in_needed(void);
int stand_in(const char *release);

#endif /* DAX_OWNER_HELPERS_STAND_IN_H */
