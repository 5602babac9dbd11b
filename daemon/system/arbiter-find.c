// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the arbiter from the dependencies of modules, not from the version of the kernel. Our
 * dax_hmem depends on dax_owner. An in-tree dax_cxl that waits for dax_hmem uses a symbol of
 * dax_hmem. If dax_hmem is built in, the kernel's BTF shows that symbol.
 */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include <libkmod.h>

#include "base/files.h"
#include "base/paths.h"
#include "system/arbiter-find.h"
#include "system/built-in.h"
#include "system/in-tree.h"
#include "system/modules.h"

#define MODULES "/sys/module/"

/* Return: whether module @name depends on module @other. Sets @found if module @name exists. */
static bool needs(struct kmod_ctx *kmod, const char *name, const char *other, bool *found)
{
	struct kmod_list *modules = NULL, *needed, *entry, *inner;
	bool yes = false;

	if (kmod_module_new_from_lookup(kmod, name, &modules) < 0)
		return false;
	kmod_list_foreach(entry, modules) {
		struct kmod_module *module = kmod_module_get_module(entry);

		*found = true;
		needed = kmod_module_get_dependencies(module);
		kmod_list_foreach(inner, needed) {
			struct kmod_module *dependency = kmod_module_get_module(inner);

			yes |= !strcmp(kmod_module_get_name(dependency), other);
			kmod_module_unref(dependency);
		}
		kmod_module_unref_list(needed);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(modules);
	return yes;
}

/* Return: whether the file of the running kernel's in-tree dax_cxl depends on dax_hmem. */
static bool is_ordered(void)
{
	struct utsname self;

	uname(&self);
	return in_tree_is_ordered(self.release);
}

static void read_files(struct kmod_ctx *kmod, struct arbiter_facts *facts)
{
	facts->ours = needs(kmod, "dax_hmem", "dax_owner", &facts->installed);
	facts->refused = facts->ours && file_exists(FALLBACK);
	facts->unloaded = file_exists(ORDER_MODULES);
	if (!facts->ours)
		facts->ordered |= needs(kmod, "dax_cxl", "dax_hmem", &facts->installed);
	/* modprobe finds only our dax_cxl, so read the file of the in-tree one */
	else if (facts->refused || facts->hmem_loaded)
		facts->ordered |= is_ordered();
}

/* Return: whether the file of module @name contains the modinfo field tested=0. */
static bool is_marked_untested(struct kmod_ctx *kmod, const char *name)
{
	struct kmod_list *modules = NULL, *info = NULL, *entry;
	struct kmod_module *module;
	bool untested = false;

	if (kmod_module_new_from_lookup(kmod, name, &modules) < 0 || !modules)
		return false;
	module = kmod_module_get_module(modules);
	if (kmod_module_get_info(module, &info) > 0) {
		kmod_list_foreach(entry, info)
			untested |= !strcmp(kmod_module_info_get_key(entry), "tested") &&
				    !strcmp(kmod_module_info_get_value(entry), "0");
		kmod_module_info_free_list(info);
	}
	kmod_module_unref(module);
	kmod_module_unref_list(modules);
	return untested;
}

/**
 * arbiter_untested() - check whether the modules of dax_owner are untested on the running kernel
 *
 * The function reads an attribute of the loaded module, or the module's file if it is not loaded.
 *
 * Return: true if they are untested; false also if that is not known.
 */
bool arbiter_untested(void)
{
	struct kmod_ctx *kmod;
	bool untested;

	if (file_exists(MODULES "dax_owner"))
		return modules_untested("");
	kmod = kmod_new(NULL, NULL);
	untested = kmod && is_marked_untested(kmod, "dax_owner");
	kmod_unref(kmod);
	return untested;
}

/**
 * arbiter_find() - find the arbiter of the running kernel
 * @arbiter: set to the arbiter
 *
 * Return: 0; -ENOMEM.
 */
int arbiter_find(enum arbiter *arbiter)
{
	struct arbiter_facts facts = {
		.owner_loaded = file_exists(MODULES "dax_owner"),
		.hmem_loaded = file_exists(MODULES "dax_hmem"),
		.holder = file_exists(MODULES "dax_hmem/holders/dax_cxl"),
		.ordered = built_in_is_ordered(""),
	};

	if (!facts.owner_loaded) {
		struct kmod_ctx *kmod = kmod_new(NULL, NULL);

		if (!kmod)
			return -ENOMEM;
		read_files(kmod, &facts);
		kmod_unref(kmod);
	}
	*arbiter = arbiter_decide(&facts);
	return 0;
}
