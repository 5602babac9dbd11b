/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether in-tree drivers that are built into the kernel claim in a fixed order. Built-in drivers have
 * no files with dependencies, so the kernel's BTF shows it.
 */
#ifndef DAX_OWNER_SYSTEM_BUILT_IN_H
#define DAX_OWNER_SYSTEM_BUILT_IN_H

#include <stdbool.h>

bool built_in_is_ordered(const char *root);

#endif /* DAX_OWNER_SYSTEM_BUILT_IN_H */
