/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who decides on this kernel. Found by the part that may look at modules, told by a file to the
 * one that may not.
 */
#ifndef DAX_OWNER_MODEL_ARBITER_H
#define DAX_OWNER_MODEL_ARBITER_H

#include <stdbool.h>

/**
 * enum arbiter - who decides on this kernel
 * @ARBITER_NONE: no driver for Soft Reserved memory at all
 * @ARBITER_LEGACY: the kernel's own drivers, which race (before 7.1)
 * @ARBITER_NATIVE: the kernel's own drivers, which order themselves (7.1 and later)
 * @ARBITER_DAX_OWNER: our modules
 */
enum arbiter {
	ARBITER_NONE,
	ARBITER_LEGACY,
	ARBITER_NATIVE,
	ARBITER_DAX_OWNER,
};

const char *arbiter_name(enum arbiter arbiter);
int arbiter_parse(const char *word, enum arbiter *arbiter);
int arbiter_save(const char *path, enum arbiter arbiter, bool untested);
int arbiter_load(const char *path, enum arbiter *arbiter, bool *untested);
int arbiter_find(enum arbiter *arbiter);
bool arbiter_untested(void);

#endif /* DAX_OWNER_MODEL_ARBITER_H */
