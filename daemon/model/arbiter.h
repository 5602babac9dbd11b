/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arbiter of this kernel: its names, and the file in which dax-owner-order passes it to the daemon.
 */
#ifndef DAX_OWNER_MODEL_ARBITER_H
#define DAX_OWNER_MODEL_ARBITER_H

#include <stdbool.h>

/**
 * enum arbiter - the component that decides on this kernel
 * @ARBITER_NONE: the kernel has no driver for Soft Reserved memory
 * @ARBITER_LEGACY: the in-tree drivers before 7.1, which claim in no fixed order
 * @ARBITER_NATIVE: the in-tree drivers from 7.1 on, which claim in a fixed order
 * @ARBITER_DAX_OWNER: the modules of dax_owner
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

#endif /* DAX_OWNER_MODEL_ARBITER_H */
