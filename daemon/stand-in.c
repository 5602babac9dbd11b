// SPDX-License-Identifier: GPL-2.0-only
/*
 * modprobe takes a module of updates/ before one of the kernel's own, and has no way back when the kernel refuses it. The
 * kernel's are found in its list of what was built, and loaded by their file.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libkmod.h>

#include "cleanup.h"
#include "files.h"
#include "stand-in.h"

static const char *const names[] = { "dax_hmem", "dax_cxl" };
#define NAMES (sizeof(names) / sizeof(*names))

#define WORDS_LEN 256

/**
 * struct own - one of the kernel's own modules
 * @name: of it
 * @path: its file
 * @needs: the modules it needs, separated by blanks
 * @before: those that are to be loaded before it, where they are to be had
 */
struct own {
	const char *name;
	char path[PATH_MAX];
	char needs[WORDS_LEN];
	char before[WORDS_LEN];
};

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
 * stand_in_needed() - does the kernel refuse our modules, and is dax_owner not loaded yet?
 *
 * Tried only where signatures are enforced, by loading dax_owner: whether a key is known cannot be seen otherwise.
 *
 * Return: true, and nothing is loaded; false, and dax_owner may be.
 */
bool stand_in_needed(void)
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

/* modules.order has it as kernel/drivers/dax/hmem/dax_hmem.ko; the file may be compressed */
static int find_file(const char *release, struct own *own)
{
	static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };
	_cleanup_(fclosep) FILE *order = NULL;
	_cleanup_(freep) char *line = NULL;
	char path[PATH_MAX];
	size_t size = 0;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.order", release);
	order = fopen(path, "re");
	if (!order)
		return -errno;
	while (getline(&line, &size, order) >= 0) {
		const char *last = strrchr(line, '/');

		line[strcspn(line, "\n")] = '\0';
		if (!last || strncmp(last + 1, own->name, strlen(own->name)) || strcmp(last + 1 + strlen(own->name), ".ko"))
			continue;
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
			if (snprintf(own->path, sizeof(own->path), "/lib/modules/%s/%s%s", release, line, suffixes[i]) <
				    (int)sizeof(own->path) && access(own->path, R_OK) == 0)
				return 0;
	}
	return -ENOENT;
}

static int find_needs(struct kmod_ctx *kmod, struct own *own)
{
	struct kmod_list *info = NULL, *entry;
	struct kmod_module *module = NULL;
	int r;

	r = kmod_module_new_from_path(kmod, own->path, &module);
	if (r < 0)
		return r;
	r = kmod_module_get_info(module, &info);
	kmod_list_foreach(entry, info) {
		const char *key = kmod_module_info_get_key(entry), *value = kmod_module_info_get_value(entry);

		if (!strcmp(key, "depends"))
			snprintf(own->needs, sizeof(own->needs), "%s", value);
		else if (!strcmp(key, "softdep") && !strncmp(value, "pre: ", 5))
			snprintf(own->before, sizeof(own->before), "%s", value + 5);
	}
	kmod_module_info_free_list(info);
	kmod_module_unref(module);
	for (char *comma = own->needs; (comma = strchr(comma, ','));)
		*comma = ' ';
	return r < 0 ? r : 0;
}

/* Those that there are: a kernel may have been built without one. Returns how many, or a negative errno. */
static int find_all(const char *release, struct own all[NAMES])
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	int n = 0, r;

	if (!kmod)
		return -ENOMEM;
	for (size_t i = 0; i < NAMES; i++) {
		all[n] = (struct own){ .name = names[i] };
		r = find_file(release, &all[n]);
		if (r == -ENOENT)
			continue;
		r = r ?: find_needs(kmod, &all[n]);
		if (r)
			return r;
		n++;
	}
	return n;
}

/* What put_all() is given */
struct list {
	const struct own *own;
	int n;
};

static void put_all(FILE *file, const void *data)
{
	const struct list *list = data;

	fputs("# Made by dax-owner-hold.service: the kernel refuses the modules of dax_owner, its own stand in for them.\n"
	      "# Ours need dax_owner, which is loaded before these lines are looked at.\n"
	      "install dax_owner /bin/true\n", file);
	for (const struct own *own = list->own; own < list->own + list->n; own++) {
		fprintf(file, "install %s ", own->name);
		if (*own->before)
			fprintf(file, "/sbin/modprobe -qa %s; ", own->before);
		if (*own->needs)
			fprintf(file, "/sbin/modprobe -a %s && ", own->needs);
		/* another one may be loading it, too */
		fprintf(file, "/sbin/insmod %s $CMDLINE_OPTS || [ -e /sys/module/%s ]\n", own->path, own->name);
	}
}

/**
 * stand_in() - have modprobe and udev load the kernel's own modules in place of ours
 * @release: of the kernel that runs
 *
 * Return: 0; -ENOENT if it has none of its own; another negative errno.
 */
int stand_in(const char *release)
{
	struct own all[NAMES];
	int n = find_all(release, all);
	struct list list = { all, n };

	if (n <= 0)
		return n ?: -ENOENT;
	return directory_make("/run/modprobe.d") ?: file_replace(STAND_IN, put_all, &list);
}

/**
 * stand_in_ordered() - do the kernel's own modules order themselves?
 * @release: of the kernel that runs
 *
 * They do where dax_cxl needs dax_hmem, from 7.1 on.
 *
 * Return: true if so; false also if they cannot be found.
 */
bool stand_in_ordered(const char *release)
{
	struct own all[NAMES];
	int n = find_all(release, all);

	for (int i = 0; i < n; i++)
		if (!strcmp(all[i].name, "dax_cxl") && strstr(all[i].needs, "dax_hmem"))
			return true;
	return false;
}
