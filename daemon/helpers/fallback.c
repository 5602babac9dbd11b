// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fallback to the in-tree drivers.
 *
 * modprobe prefers a module of updates/ to an in-tree module, also when the kernel refuses to
 * load it. So this file writes a configuration of modprobe that loads the in-tree drivers by
 * their file names.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/kmod.h"
#include "base/paths.h"
#include "helpers/fallback.h"
#include "system/in-tree.h"

static bool first_line_has(const char *path, const char *word)
{
	char line[128];

	return file_first_line(path, line, sizeof(line)) == 0 && strstr(line, word);
}

/**
 * fallback_enforced() - check whether the kernel loads signed modules only
 *
 * It does so if sig_enforce is set, or under lockdown.
 *
 * Return: true if it does.
 */
bool fallback_enforced(void)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	return first_line_has("/sys/module/module/parameters/sig_enforce", "Y") ||
	       first_line_has(lockdown, "[integrity]") ||
	       first_line_has(lockdown, "[confidentiality]");
}

/**
 * fallback_needed() - check whether the kernel refuses to load the modules of dax_owner
 *
 * Loads dax_owner for the check, because only the attempt shows whether the kernel accepts the key.
 * Loads nothing on a kernel that does not enforce signatures.
 *
 * Return: true if the kernel refuses them, and nothing is loaded; false otherwise, and dax_owner
 * may be loaded.
 */
bool fallback_needed(void)
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = NULL;
	struct kmod_module *module = NULL;
	int r;

	if (!fallback_enforced())
		return false;
	kmod = kmod_new(NULL, NULL);
	if (!kmod || kmod_module_new_from_name(kmod, "dax_owner", &module) < 0)
		return false;
	r = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(module);
	/* the errors of sig_enforce and of lockdown */
	return r == -EKEYREJECTED || r == -EPERM;
}

/* The argument of put_all() */
struct list {
	const struct in_tree *drivers;
	int n;
};

static void put_all(FILE *file, const void *data)
{
	const struct list *list = data;

	fputs("# Written by dax-owner-hold.service, because the kernel refuses the modules of dax_owner: load "
	      "the in-tree drivers.\n"
	      "# The modules need dax_owner, which modprobe loads before it reads the lines for dax_hmem and "
	      "dax_cxl.\n"
	      "install dax_owner /bin/true\n",
	      file);
	for (const struct in_tree *driver = list->drivers; driver < list->drivers + list->n;
	     driver++) {
		fprintf(file, "install %s ", driver->name);
		if (*driver->before)
			fprintf(file, "/sbin/modprobe -qa %s; ", driver->before);
		if (*driver->needs)
			fprintf(file, "/sbin/modprobe -a %s && ", driver->needs);
		/* another process may load the driver at the same time */
		fprintf(file, "/sbin/insmod %s $CMDLINE_OPTS || [ -e /sys/module/%s ]\n",
			driver->path, driver->name);
	}
}

/**
 * fallback_write() - make modprobe and udev load the in-tree drivers in place of our modules
 * @release: release of the running kernel
 *
 * Writes %FALLBACK, which stays until the next boot.
 *
 * Return: 0; -ENOENT if the kernel has no in-tree drivers; another negative errno.
 */
int fallback_write(const char *release)
{
	struct in_tree drivers[IN_TREE_DRIVERS];
	int n = in_tree_find(release, drivers);
	struct list list = { drivers, n };

	if (n <= 0)
		return n ?: -ENOENT;
	return directory_make("/run/modprobe.d") ?: file_replace(FALLBACK, put_all, &list);
}
