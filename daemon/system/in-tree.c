// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the files of the in-tree drivers and read their dependencies.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/kmod.h"
#include "system/in-tree.h"

static const char *const names[IN_TREE_DRIVERS] = { "dax_hmem", "dax_cxl" };

/*
 * Find the file of a driver in modules.order, which lists kernel/drivers/dax/hmem/dax_hmem.ko. The
 * file itself may be compressed.
 */
static int find_file(const char *release, struct in_tree *driver)
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
		if (!last || strncmp(last + 1, driver->name, strlen(driver->name)) ||
		    strcmp(last + 1 + strlen(driver->name), ".ko"))
			continue;
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
			if (snprintf(driver->path, sizeof(driver->path), "/lib/modules/%s/%s%s",
				     release, line, suffixes[i]) < (int)sizeof(driver->path) &&
			    access(driver->path, R_OK) == 0)
				return 0;
	}
	return -ENOENT;
}

static int find_needs(struct kmod_ctx *kmod, struct in_tree *driver)
{
	struct kmod_list *info = NULL, *entry;
	struct kmod_module *module = NULL;
	int r;

	r = kmod_module_new_from_path(kmod, driver->path, &module);
	if (r < 0)
		return r;
	r = kmod_module_get_info(module, &info);
	kmod_list_foreach(entry, info) {
		const char *key = kmod_module_info_get_key(entry),
			   *value = kmod_module_info_get_value(entry);

		if (!strcmp(key, "depends"))
			snprintf(driver->needs, sizeof(driver->needs), "%s", value);
		else if (!strcmp(key, "softdep") && !strncmp(value, "pre: ", 5))
			snprintf(driver->before, sizeof(driver->before), "%s", value + 5);
	}
	kmod_module_info_free_list(info);
	kmod_module_unref(module);
	for (char *comma = driver->needs; (comma = strchr(comma, ','));)
		*comma = ' ';
	return r < 0 ? r : 0;
}

/**
 * in_tree_find() - find the files of a kernel's in-tree drivers
 * @release: release of the kernel, as in uname -r
 * @drivers: array, filled in from its first entry
 *
 * Return: number of drivers found, because a kernel can be built without one of them; -ENOMEM;
 * another negative errno.
 */
int in_tree_find(const char *release, struct in_tree drivers[IN_TREE_DRIVERS])
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	int n = 0, r;

	if (!kmod)
		return -ENOMEM;
	for (size_t i = 0; i < IN_TREE_DRIVERS; i++) {
		drivers[n] = (struct in_tree) { .name = names[i] };
		r = find_file(release, &drivers[n]);
		if (r == -ENOENT)
			continue;
		r = r ?: find_needs(kmod, &drivers[n]);
		if (r)
			return r;
		n++;
	}
	return n;
}

/**
 * in_tree_is_ordered() - check whether a kernel's in-tree drivers claim in a fixed order
 * @release: release of the kernel, as in uname -r
 *
 * They do if dax_cxl depends on dax_hmem, from 7.1 on.
 *
 * Return: true if they do; false also if the function does not find them.
 */
bool in_tree_is_ordered(const char *release)
{
	struct in_tree drivers[IN_TREE_DRIVERS];
	int n = in_tree_find(release, drivers);

	for (int i = 0; i < n; i++)
		if (!strcmp(drivers[i].name, "dax_cxl") && strstr(drivers[i].needs, "dax_hmem"))
			return true;
	return false;
}
