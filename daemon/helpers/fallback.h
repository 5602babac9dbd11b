/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fallback: if the kernel refuses our modules, load the in-tree drivers of the same names.
 * modprobe does not find these by itself, because it prefers our modules.
 */
#ifndef DAX_OWNER_HELPERS_FALLBACK_H
#define DAX_OWNER_HELPERS_FALLBACK_H

#include <stdbool.h>
#include <stdio.h>

#include "system/in-tree.h"
#include "system/module-lines.h"

/**
 * struct fallback - the content of the configuration that loads the in-tree drivers
 * @drivers: the in-tree drivers
 * @n: number of drivers
 * @lines: an administrator's lines about each driver
 * @owner: an administrator's lines about dax_owner
 */
struct fallback {
	struct in_tree drivers[IN_TREE_DRIVERS];
	int n;
	struct module_lines lines[IN_TREE_DRIVERS];
	struct module_lines owner;
};

bool fallback_enforced(void);
bool fallback_needed(void);
void fallback_print(FILE *file, const struct fallback *fallback);
int fallback_write(const char *release);

#endif /* DAX_OWNER_HELPERS_FALLBACK_H */
