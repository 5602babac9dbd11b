/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find an administrator's lines about a module: in modprobe's configuration and on the kernel's
 * command line. The files that dax-owner-order writes do not count.
 */
#ifndef DAX_OWNER_SYSTEM_MODULE_LINES_H
#define DAX_OWNER_SYSTEM_MODULE_LINES_H

#include <stdbool.h>

/* Bytes of the place of a line, with the terminating zero; a longer place is cut */
#define MODULE_LINE_LEN 256

/**
 * struct module_lines - the places of the lines about one module; each is "" without such a line
 * @forbidden: module_blacklist= on the command line: the kernel refuses the module
 * @blacklist: a blacklist line, or modprobe.blacklist= on the command line: only a command that names
 *	the module loads it
 * @install: an install line: kmod runs its command in place of loading the module
 * @softdep: a softdep line: it replaces the soft dependencies in the module
 */
struct module_lines {
	char forbidden[MODULE_LINE_LEN];
	char blacklist[MODULE_LINE_LEN];
	char install[MODULE_LINE_LEN];
	char softdep[MODULE_LINE_LEN];
};

int module_lines_read(const char *root, const char *module, struct module_lines *lines);
bool module_lines_keep_out(const struct module_lines *lines);

#endif /* DAX_OWNER_SYSTEM_MODULE_LINES_H */
