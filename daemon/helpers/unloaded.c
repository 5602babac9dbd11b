// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modules of dax_owner can be installed and not loaded: an administrator excludes dax_hmem, or
 * the kernel refuses a module. On a machine with Soft Reserved memory, this file finds the cause
 * when coldplug is over. It records the cause, and the arbiter without the modules.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "base/files.h"
#include "base/paths.h"
#include "daemon/journal.h"
#include "helpers/fallback.h"
#include "helpers/order.h"
#include "helpers/unloaded.h"
#include "system/arbiter-find.h"
#include "system/facts.h"
#include "system/module-lines.h"

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

/* Return: whether an administrator's line keeps one of our modules out, or replaces its loading. */
static bool are_excluded(void)
{
	struct module_lines lines;

	for (size_t i = 0; i < NAMES; i++)
		if (!module_lines_read("", names[i], &lines) &&
		    (module_lines_keep_out(&lines) || *lines.install))
			return true;
	return false;
}

static struct unloaded_facts read_facts(void)
{
	struct unloaded_facts facts = {
		.has_device = file_exists(HMEM_PLATFORM),
		.excluded = are_excluded(),
		.signed_only = fallback_enforced(),
	};

	/*
	 * Load dax_hmem, which needs dax_owner, because only the attempt shows the kernel's error. udev
	 * has tried the same before.
	 */
	if (facts.has_device && !facts.excluded)
		facts.error = order_insert("dax_hmem");
	return facts;
}

/* systemd opens /proc/iomem for the service, which lacks the capability to read addresses in it. */
static bool has_ranges(void)
{
	struct fact_sources sources;
	bool some = !fact_sources_open("", &sources, NULL, NULL) && sources.ranges.n;

	fact_sources_close(&sources);
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
