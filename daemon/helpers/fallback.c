// SPDX-License-Identifier: GPL-2.0-only
/*
 * modprobe takes a module of updates/ before one of the kernel's own, and has no way back when the kernel refuses it. So
 * modprobe's configuration loads the kernel's own drivers by their files.
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

/* Does the kernel take modules only if they are signed? Kernels say so themselves, or are locked down. */
static bool enforces_signatures(void)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";

	return first_line_has("/sys/module/module/parameters/sig_enforce", "Y") ||
	       first_line_has(lockdown, "[integrity]") || first_line_has(lockdown, "[confidentiality]");
}

/**
 * fallback_needed() - does the kernel refuse our modules, and is dax_owner not loaded yet?
 *
 * Tried only where signatures are enforced, by loading dax_owner: whether a key is known cannot be seen otherwise.
 *
 * Return: true, and nothing is loaded; false, and dax_owner may be.
 */
bool fallback_needed(void)
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = NULL;
	struct kmod_module *module = NULL;
	int r;

	if (!enforces_signatures())
		return false;
	kmod = kmod_new(NULL, NULL);
	if (!kmod || kmod_module_new_from_name(kmod, "dax_owner", &module) < 0)
		return false;
	r = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(module);
	/* enforced by itself, or by lockdown */
	return r == -EKEYREJECTED || r == -EPERM;
}

/* What put_all() is given */
struct list {
	const struct in_tree *drivers;
	int n;
};

static void put_all(FILE *file, const void *data)
{
	const struct list *list = data;

	fputs("# Made by dax-owner-hold.service: the kernel refuses the modules of dax_owner, its own stand in for them.\n"
	      "# Ours need dax_owner, which is loaded before these lines are looked at.\n"
	      "install dax_owner /bin/true\n", file);
	for (const struct in_tree *driver = list->drivers; driver < list->drivers + list->n; driver++) {
		fprintf(file, "install %s ", driver->name);
		if (*driver->before)
			fprintf(file, "/sbin/modprobe -qa %s; ", driver->before);
		if (*driver->needs)
			fprintf(file, "/sbin/modprobe -a %s && ", driver->needs);
		/* another one may be loading it, too */
		fprintf(file, "/sbin/insmod %s $CMDLINE_OPTS || [ -e /sys/module/%s ]\n", driver->path, driver->name);
	}
}

/**
 * fallback_write() - have modprobe and udev load the kernel's own modules in place of ours
 * @release: of the kernel that runs
 *
 * Return: 0; -ENOENT if it has none of its own; another negative errno.
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
