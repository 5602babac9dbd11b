// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fallback to the in-tree drivers.
 *
 * modprobe prefers a module of updates/ to an in-tree module, also when the kernel refuses to
 * load it. So this file writes a configuration of modprobe that loads the in-tree drivers by
 * their file names. An administrator's lines about the modules have precedence.
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
 * Loads nothing on a kernel that does not enforce signatures, nor if an administrator's line is
 * against it.
 *
 * Return: true if the kernel refuses them, and nothing is loaded; false otherwise, and dax_owner
 * may be loaded.
 */
bool fallback_needed(void)
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = NULL;
	struct kmod_module *module = NULL;
	struct module_lines lines;
	int r;

	if (!fallback_enforced())
		return false;
	/* the kernel also returns EPERM for a module in module_blacklist= */
	if (module_lines_read("", "dax_owner", &lines) || module_lines_keep_out(&lines) ||
	    *lines.install)
		return false;
	kmod = kmod_new(NULL, NULL);
	if (!kmod || kmod_module_new_from_name(kmod, "dax_owner", &module) < 0)
		return false;
	r = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(module);
	/* the errors of sig_enforce and of lockdown */
	return r == -EKEYREJECTED || r == -EPERM;
}

static void print_driver(FILE *file, const struct in_tree *driver, const struct module_lines *lines)
{
	fprintf(file, "install %s ", driver->name);
	/* -b: a blacklist also applies to what udev would not have loaded for this driver */
	if (*driver->before && !*lines->softdep)
		fprintf(file, "/sbin/modprobe -qab %s; ", driver->before);
	if (*driver->needs)
		fprintf(file, "/sbin/modprobe -a %s && ", driver->needs);
	/* another process may load the driver at the same time */
	fprintf(file, "/sbin/insmod %s $CMDLINE_OPTS || [ -e /sys/module/%s ]\n", driver->path,
		driver->name);
}

/**
 * fallback_print() - print the configuration of modprobe that loads the in-tree drivers
 * @file: the file
 * @fallback: the drivers, and the administrator's lines about them
 *
 * An administrator's install line stays in force, because modprobe uses the first one it finds: there
 * is no other for the module. A softdep line replaces the soft dependencies in the driver.
 */
void fallback_print(FILE *file, const struct fallback *fallback)
{
	fputs("# Written by dax-owner-hold.service, because the kernel refuses the modules of dax_owner: load "
	      "the in-tree drivers.\n"
	      "# The modules need dax_owner, which modprobe loads before it reads the lines for dax_hmem and "
	      "dax_cxl.\n",
	      file);
	if (!*fallback->owner.install)
		fputs("install dax_owner /bin/true\n", file);
	for (int i = 0; i < fallback->n; i++)
		if (!*fallback->lines[i].install)
			print_driver(file, &fallback->drivers[i], &fallback->lines[i]);
}

static void put_fallback(FILE *file, const void *data)
{
	fallback_print(file, data);
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
	struct fallback fallback = {};
	int r;

	fallback.n = in_tree_find(release, fallback.drivers);
	if (fallback.n <= 0)
		return fallback.n ?: -ENOENT;
	r = module_lines_read("", "dax_owner", &fallback.owner);
	for (int i = 0; !r && i < fallback.n; i++)
		r = module_lines_read("", fallback.drivers[i].name, &fallback.lines[i]);
	if (!r)
		r = directory_make("/run/modprobe.d");
	return r ?: file_replace(FALLBACK, put_fallback, &fallback);
}
