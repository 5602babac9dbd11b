// SPDX-License-Identifier: GPL-2.0-only
#include "base/files.h"
#include "system/arbiter-loaded.h"
#include "system/built-in.h"

#define MODULES "/sys/module/"

/**
 * arbiter_loaded() - find the arbiter from the loaded in-tree drivers
 * @root: prefix of all paths, "" for the running system
 *
 * Called on a kernel without a ledger. The result is %ARBITER_LEGACY also on a kernel with ordered
 * modules as long as dax_cxl is not loaded, so arbiter_find() takes precedence.
 *
 * Return: the arbiter, never %ARBITER_DAX_OWNER.
 */
enum arbiter arbiter_loaded(const char *root)
{
	const struct arbiter_facts facts = {
		.holder = file_exists("%s" MODULES "dax_hmem/holders/dax_cxl", root),
		.installed = file_exists("%s" MODULES "dax_hmem", root) ||
			     file_exists("%s" MODULES "dax_cxl", root),
		.ordered = built_in_is_ordered(root),
	};

	return arbiter_decide(&facts);
}
