/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arbiter of this kernel: the rule that finds it, its names, and the file in which
 * dax-owner-order passes it to the daemon.
 */
#ifndef DAX_OWNER_MODEL_ARBITER_H
#define DAX_OWNER_MODEL_ARBITER_H

#include <stdbool.h>

/**
 * enum arbiter - the component that decides on this kernel
 * @ARBITER_NONE: the kernel has no driver for Soft Reserved memory, or cannot load it
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

/**
 * struct arbiter_facts - the facts that show the arbiter
 * @owner_loaded: dax_owner is loaded
 * @hmem_loaded: dax_hmem is loaded; it is the in-tree driver unless @owner_loaded is set
 * @holder: the loaded dax_cxl depends on dax_hmem
 * @ours: modprobe loads our dax_hmem
 * @refused: the kernel refuses our modules, and the in-tree drivers replace them
 * @unloaded: coldplug is over, and our modules, which are needed, are not loaded
 * @installed: modprobe loads a dax_hmem or a dax_cxl
 * @ordered: the file of the in-tree dax_cxl depends on dax_hmem, or a built-in dax_hmem has the
 *	function by which dax_cxl waits for it
 */
struct arbiter_facts {
	bool owner_loaded;
	bool hmem_loaded;
	bool holder;
	bool ours;
	bool refused;
	bool unloaded;
	bool installed;
	bool ordered;
};

enum arbiter arbiter_decide(const struct arbiter_facts *facts);
const char *arbiter_name(enum arbiter arbiter);
int arbiter_parse(const char *word, enum arbiter *arbiter);
int arbiter_save(const char *path, enum arbiter arbiter, bool untested);
int arbiter_load(const char *path, enum arbiter *arbiter, bool *untested);

#endif /* DAX_OWNER_MODEL_ARBITER_H */
