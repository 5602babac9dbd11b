/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own dax_hmem and dax_cxl, by their files. modprobe finds a module of updates/ before one of these.
 */
#ifndef DAX_OWNER_SYSTEM_IN_TREE_H
#define DAX_OWNER_SYSTEM_IN_TREE_H

#include <limits.h>
#include <stdbool.h>

/* How many of them a kernel can have */
#define IN_TREE_DRIVERS 2

#define IN_TREE_WORDS_LEN 256

/**
 * struct in_tree - a driver of the kernel's own
 * @name: of the module
 * @path: its file
 * @needs: the modules it needs, separated by blanks
 * @before: the modules that a soft dependency loads before it
 */
struct in_tree {
	const char *name;
	char path[PATH_MAX];
	char needs[IN_TREE_WORDS_LEN];
	char before[IN_TREE_WORDS_LEN];
};

int in_tree_find(const char *release, struct in_tree drivers[IN_TREE_DRIVERS]);
bool in_tree_is_ordered(const char *release);

#endif /* DAX_OWNER_SYSTEM_IN_TREE_H */
