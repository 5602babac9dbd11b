/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a device in sysfs, as lines "path: value".
 */
#ifndef DAX_OWNER_CLI_REPORT_COLLECT_TREE_H
#define DAX_OWNER_CLI_REPORT_COLLECT_TREE_H

#include "cli/report/collect.h"

void collect_tree(struct collection *c, const char *device, const char *name, FILE *page);
void collect_attribute(struct collection *c, const char *directory, const char *file,
		       const char *path, FILE *page);

#endif /* DAX_OWNER_CLI_REPORT_COLLECT_TREE_H */
