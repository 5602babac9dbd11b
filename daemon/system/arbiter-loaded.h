/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find the arbiter without the files of modules, which the daemon may not read.
 */
#ifndef DAX_OWNER_SYSTEM_ARBITER_LOADED_H
#define DAX_OWNER_SYSTEM_ARBITER_LOADED_H

#include "model/arbiter.h"

enum arbiter arbiter_loaded(const char *root);

#endif /* DAX_OWNER_SYSTEM_ARBITER_LOADED_H */
