/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find why the modules of dax_owner, which are installed and needed, are not loaded after coldplug.
 */
#ifndef DAX_OWNER_HELPERS_UNLOADED_H
#define DAX_OWNER_HELPERS_UNLOADED_H

#include <stdbool.h>

#include "system/modules.h"

/**
 * struct unloaded_facts - the facts that show why the modules are not loaded
 * @has_device: the kernel has the device for which udev loads dax_hmem
 * @excluded: the configuration of modprobe or the kernel's command line excludes a module
 * @error: 0 if the modules could be loaded, or a negative errno
 * @signed_only: the kernel loads signed modules only
 */
struct unloaded_facts {
	bool has_device;
	bool excluded;
	int error;
	bool signed_only;
};

enum modules unloaded_decide(const struct unloaded_facts *facts);
int unloaded_record(void);

#endif /* DAX_OWNER_HELPERS_UNLOADED_H */
