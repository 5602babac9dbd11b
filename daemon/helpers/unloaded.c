// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modules of dax_owner can be installed and not loaded: an administrator excludes dax_hmem, or
 * the kernel refuses a module. On a machine with Soft Reserved memory, this file finds the cause
 * when coldplug is over. It records the cause, and the arbiter without the modules.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <libkmod.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/kmod.h"
#include "base/paths.h"
#include "daemon/journal.h"
#include "helpers/fallback.h"
#include "helpers/order.h"
#include "helpers/unloaded.h"
#include "system/arbiter-find.h"
#include "system/facts.h"

#define DAX_OWNER_LOADED "/sys/module/dax_owner"

static const char *const names[] = { "dax_owner", "dax_hmem" };

#define NAMES (sizeof(names) / sizeof(*names))

/**
 * unloaded_decide() - find why the modules are not loaded from the facts
 * @facts: the facts
 *
 * Return: the cause; %MODULES_USED if there is none, because the modules could be loaded.
 */
enum modules unloaded_decide(const struct unloaded_facts *facts)
{
	if (facts->excluded)
		return MODULES_EXCLUDED;
	if (!facts->has_device)
		return MODULES_NO_DEVICE;
	if (facts->error == -EKEYREJECTED || (facts->error == -EPERM && facts->signed_only))
		return MODULES_NO_KEY;
	return facts->error ? MODULES_FAILED : MODULES_USED;
}

/**
 * unloaded_by_cmdline() - check whether module_blacklist= excludes one of our modules
 * @cmdline: the kernel's command line
 *
 * libkmod checks modprobe.blacklist=, and the kernel itself checks module_blacklist=.
 *
 * Return: true if it does.
 */
bool unloaded_by_cmdline(const char *cmdline)
{
	static const char option[] = "module_blacklist=";

	for (const char *at = cmdline; (at = strstr(at, option));) {
		bool word = at == cmdline || at[-1] == ' ';

		for (at += strlen(option); word; at++) {
			size_t len = strcspn(at, ", \n");

			for (size_t i = 0; i < NAMES; i++)
				if (strlen(names[i]) == len && !strncmp(at, names[i], len))
					return true;
			at += len;
			if (*at != ',')
				break;
		}
	}
	return false;
}

static bool is_on_cmdline(void)
{
	_cleanup_(fclosep) FILE *file = fopen("/proc/cmdline", "re");
	_cleanup_(freep) char *line = NULL;
	size_t size = 0;

	return file && getline(&line, &size, file) > 0 && unloaded_by_cmdline(line);
}

/* Return: whether a line "install" of modprobe's configuration replaces the loading of a module. */
static bool is_replaced(struct kmod_ctx *kmod, const char *name)
{
	struct kmod_module *module;
	const char *command;
	bool yes;

	if (kmod_module_new_from_name(kmod, name, &module) < 0)
		return false;
	command = kmod_module_get_install_commands(module);
	yes = command && *command;
	kmod_module_unref(module);
	return yes;
}

/*
 * Load dax_hmem, which needs dax_owner, as udev does, because only the attempt shows the kernel's
 * error. udev has tried the same before.
 */
static void try_to_load(struct unloaded_facts *facts)
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	struct kmod_module *module;
	int r;

	facts->error = -ENOMEM;
	if (!kmod)
		return;
	for (size_t i = 0; i < NAMES; i++)
		facts->excluded |= is_replaced(kmod, names[i]);
	if (facts->excluded)
		return;
	r = kmod_module_new_from_name(kmod, "dax_hmem", &module);
	if (!r) {
		r = kmod_module_probe_insert_module(module, KMOD_PROBE_APPLY_BLACKLIST, NULL, NULL,
						    NULL, NULL);
		kmod_module_unref(module);
	}
	/* libkmod returns its flag for a module on the blacklist */
	facts->excluded = r > 0;
	facts->error = r < 0 ? r : 0;
}

static struct unloaded_facts read_facts(void)
{
	struct unloaded_facts facts = {
		.has_device = file_exists(HMEM_PLATFORM),
		.excluded = is_on_cmdline(),
		.signed_only = fallback_enforced(),
	};

	if (facts.has_device && !facts.excluded)
		try_to_load(&facts);
	return facts;
}

static bool has_ranges(void)
{
	_cleanup_(fclosep) FILE *iomem = fopen("/proc/iomem", "re");
	struct spans ranges = {};
	bool some = iomem && !facts_read_ranges("", iomem, &ranges, NULL, NULL) && ranges.n;

	spans_free(&ranges);
	return some;
}

/**
 * unloaded_record() - record why the modules are installed and not loaded, if they are needed
 *
 * Called when coldplug is over, before the daemon is notified. Tries to load the modules. Writes
 * the cause to %ORDER_MODULES, and the arbiter without the modules to %ORDER_ARBITER.
 *
 * Return: 0, also if the modules are loaded, not installed or not needed; a negative errno.
 */
int unloaded_record(void)
{
	struct journal journal = {};
	struct unloaded_facts facts;
	struct utsname self;
	enum modules cause;
	int r = arbiter_find(&journal.arbiter);

	if (r || journal.arbiter != ARBITER_DAX_OWNER || file_exists(DAX_OWNER_LOADED) ||
	    !has_ranges())
		return r;
	facts = read_facts();
	cause = unloaded_decide(&facts);
	if (cause == MODULES_USED || file_exists(DAX_OWNER_LOADED))
		return 0;
	r = modules_save(ORDER_MODULES, cause);
	if (!r)
		r = arbiter_find(&journal.arbiter);
	if (!r)
		r = arbiter_save(ORDER_ARBITER, journal.arbiter, false);
	uname(&self);
	journal_modules(&journal, cause, self.release);
	if (cause == MODULES_FAILED)
		journal_failure(&journal, facts.error, "cannot load the modules of dax_owner");
	return r;
}
