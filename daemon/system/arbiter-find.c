// SPDX-License-Identifier: GPL-2.0-only
/*
 * Found from what modules depend on and not from the kernel's version: ours bring dax_owner
 * along, and a dax_cxl that waits for dax_hmem uses a symbol of it.
 */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include <libkmod.h>

#include "base/files.h"
#include "base/paths.h"
#include "model/arbiter.h"
#include "system/in-tree.h"
#include "system/modules.h"

#define MODULES "/sys/module/"

/* Is a module of this name there to be loaded, and does it need that other one? */
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

/* The kernel's own drivers, by their files, where it refuses ours */
static enum arbiter of_fallback(void)
{
	struct utsname self;

	uname(&self);
	return in_tree_is_ordered(self.release) ? ARBITER_NATIVE : ARBITER_LEGACY;
}

static enum arbiter of_files(struct kmod_ctx *kmod)
{
	bool hmem = false, cxl = false;

	if (needs(kmod, "dax_hmem", "dax_owner", &hmem))
		return file_exists(FALLBACK) ? of_fallback() : ARBITER_DAX_OWNER;
	if (needs(kmod, "dax_cxl", "dax_hmem", &cxl))
		return ARBITER_NATIVE;
	return hmem || cxl ? ARBITER_LEGACY : ARBITER_NONE;
}

/* Does a module of this name record that it is untested on its kernel? */
static bool says_untested(struct kmod_ctx *kmod, const char *name)
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
 * arbiter_untested() - check whether the modules are untested on the running kernel
 *
 * Reads the loaded module, or its file before it is loaded.
 *
 * Return: true if they are; false also if that is not known.
 */
bool arbiter_untested(void)
{
	struct kmod_ctx *kmod;
	bool untested;

	if (file_exists(MODULES "dax_owner"))
		return modules_untested("");
	kmod = kmod_new(NULL, NULL);
	untested = kmod && says_untested(kmod, "dax_owner");
	kmod_unref(kmod);
	return untested;
}

/**
 * arbiter_find() - who decides on the running kernel
 * @arbiter: set to the answer
 *
 * What is loaded counts more than what would be: modules may have been installed since.
 *
 * Return: 0, or -ENOMEM.
 */
int arbiter_find(enum arbiter *arbiter)
{
	struct kmod_ctx *kmod;

	if (file_exists(MODULES "dax_owner")) {
		*arbiter = ARBITER_DAX_OWNER;
		return 0;
	}
	kmod = kmod_new(NULL, NULL);
	if (!kmod)
		return -ENOMEM;
	*arbiter = of_files(kmod);
	kmod_unref(kmod);
	if (*arbiter == ARBITER_DAX_OWNER && file_exists(MODULES "dax_hmem"))
		*arbiter = file_exists(MODULES "dax_hmem/holders/dax_cxl") ? ARBITER_NATIVE : ARBITER_LEGACY;
	return 0;
}
