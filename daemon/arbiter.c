// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who decides on this kernel, found from what its modules depend on and not from its version:
 * ours bring dax_owner along, and a dax_cxl that waits for dax_hmem uses a symbol of it.
 */
#include <errno.h>
#include <string.h>

#include <libkmod.h>

#include "arbiter.h"

/**
 * arbiter_name() - the word for an arbiter, as in DAX_OWNER_ARBITER=
 * @arbiter: an arbiter
 */
const char *arbiter_name(enum arbiter arbiter)
{
	static const char *const names[] = {
		[ARBITER_NONE] = "none",
		[ARBITER_LEGACY] = "legacy",
		[ARBITER_NATIVE] = "native",
		[ARBITER_DAX_OWNER] = "dax_owner",
	};

	return names[arbiter];
}

/* Is a module of this name there, and does it need that other one? */
static bool needs(struct kmod_ctx *kmod, const char *name, const char *other, bool *exists)
{
	struct kmod_list *found = NULL, *needed, *entry, *inner;
	bool yes = false;

	if (kmod_module_new_from_lookup(kmod, name, &found) < 0)
		return false;
	kmod_list_foreach(entry, found) {
		struct kmod_module *module = kmod_module_get_module(entry);

		*exists = true;
		needed = kmod_module_get_dependencies(module);
		kmod_list_foreach(inner, needed) {
			struct kmod_module *dependency = kmod_module_get_module(inner);

			yes |= !strcmp(kmod_module_get_name(dependency), other);
			kmod_module_unref(dependency);
		}
		kmod_module_unref_list(needed);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(found);
	return yes;
}

/**
 * arbiter_find() - who decides on the running kernel
 * @arbiter: set to the answer
 *
 * Return: 0, or -ENOMEM.
 */
int arbiter_find(enum arbiter *arbiter)
{
	struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	bool hmem = false, cxl = false;

	if (!kmod)
		return -ENOMEM;
	if (needs(kmod, "dax_hmem", "dax_owner", &hmem))
		*arbiter = ARBITER_DAX_OWNER;
	else if (needs(kmod, "dax_cxl", "dax_hmem", &cxl))
		*arbiter = ARBITER_NATIVE;
	else
		*arbiter = hmem || cxl ? ARBITER_LEGACY : ARBITER_NONE;
	kmod_unref(kmod);
	return 0;
}
