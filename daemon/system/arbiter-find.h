/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find the arbiter of the running kernel. The daemon may not read the files of modules: it loads the
 * file that arbiter_save() writes.
 */
#ifndef DAX_OWNER_SYSTEM_ARBITER_FIND_H
#define DAX_OWNER_SYSTEM_ARBITER_FIND_H

#include "model/arbiter.h"

int arbiter_find(enum arbiter *arbiter);
bool arbiter_untested(void);

#endif /* DAX_OWNER_SYSTEM_ARBITER_FIND_H */
