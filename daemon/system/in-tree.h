/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of the in-tree drivers dax_hmem and dax_cxl. modprobe prefers modules in updates/ to
 * them.
 */
#ifndef DAX_OWNER_SYSTEM_IN_TREE_H
#define DAX_OWNER_SYSTEM_IN_TREE_H

#include <limits.h>
#include <stdbool.h>

/* Number of in-tree drivers that a kernel can have */
#define IN_TREE_DRIVERS 2

/* Bytes of a list of modules, with the terminating zero */
#define IN_TREE_WORDS_LEN 256

/**
 * struct in_tree - an in-tree driver
 * @name: name of the module, a constant
 * @path: path of its file
 * @needs: names of the modules that it depends on, separated by blanks
 * @before: names of the modules that a soft dependency loads before it, separated by blanks
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
