// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find an administrator's lines about a module. libkmod parses the lines, but does not return the
 * files that have them. So this file gives libkmod one file at a time.
 */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/kmod.h"
#include "base/paths.h"
#include "system/module-lines.h"

/* modprobe's directories, in descending precedence; of two files of one name, the first counts */
static const char *const places[] = {
	"/etc/modprobe.d",     "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

#define N_PLACES (sizeof(places) / sizeof(*places))

/* --- command line --- */

/* Return: whether the list, with commas between its names, has the module; "-" and "_" are the same. */
static bool list_has(const char *list, size_t len, const char *module)
{
	size_t at = 0;

	for (size_t i = 0; i <= len; i++) {
		char c = i == len || list[i] == ',' ? '\0' : list[i] == '-' ? '_' : list[i];

		if (!c && at == strlen(module))
			return true;
		if (!c)
			at = 0;
		else
			at = at <= strlen(module) && c == module[at] ? at + 1 : strlen(module) + 1;
	}
	return false;
}

/* Return: whether @word is the parameter @key, with a list that has the module. */
static bool names_module(const char *word, const char *key, const char *module)
{
	size_t len = strlen(key);

	return !strncmp(word, key, len) && list_has(word + len, strcspn(word + len, " \n"), module);
}

static int read_cmdline(const char *root, const char *module, struct module_lines *lines)
{
	_cleanup_(fclosep) FILE *file = NULL;
	_cleanup_(freep) char *text = NULL;
	char path[PATH_MAX];
	size_t size = 0;

	if (snprintf(path, sizeof(path), "%s/proc/cmdline", root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file || getline(&text, &size, file) < 0)
		return 0;
	for (const char *word = text; *word; word += strspn(word, " \n")) {
		if (names_module(word, "module_blacklist=", module))
			strcpy(lines->forbidden, "module_blacklist=");
		if (names_module(word, "modprobe.blacklist=", module))
			strcpy(lines->blacklist, "modprobe.blacklist=");
		word += strcspn(word, " \n");
	}
	return 0;
}

/* --- modprobe's configuration --- */

static bool is_blacklisted(const struct kmod_ctx *kmod, const char *module)
{
	struct kmod_config_iter *lines = kmod_config_get_blacklists(kmod);
	bool found = false;

	while (lines && kmod_config_iter_next(lines))
		found |= !strcmp(kmod_config_iter_get_key(lines), module);
	if (lines)
		kmod_config_iter_free_iter(lines);
	return found;
}

static bool has_softdep(const struct kmod_ctx *kmod, const char *module)
{
	struct kmod_config_iter *lines = kmod_config_get_softdeps(kmod);
	bool found = false;

	while (lines && kmod_config_iter_next(lines))
		found |= !strcmp(kmod_config_iter_get_key(lines), module);
	if (lines)
		kmod_config_iter_free_iter(lines);
	return found;
}

static bool has_install(struct kmod_ctx *kmod, const char *name)
{
	struct kmod_module *module;
	bool found;

	if (kmod_module_new_from_name(kmod, name, &module) < 0)
		return false;
	/* a pattern in the line may match the name, which libkmod finds out */
	found = kmod_module_get_install_commands(module) != NULL;
	kmod_module_unref(module);
	return found;
}

static void put_place(char place[MODULE_LINE_LEN], bool found, const char *path)
{
	if (found && !*place)
		snprintf(place, MODULE_LINE_LEN, "%s", path);
}

/*
 * Read one file. Without a directory of modules, libkmod adds no lines of modules.softdep; it adds
 * modprobe.blacklist= of the running kernel, which read_cmdline() has found before.
 */
static int read_file(const char *root, const char *path, const char *module,
		     struct module_lines *lines)
{
	const char *const paths[] = { path, NULL };
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = kmod_new("/nonexistent", paths);

	if (!kmod)
		return -ENOMEM;
	path += strlen(root);
	put_place(lines->blacklist, is_blacklisted(kmod, module), path);
	put_place(lines->install, has_install(kmod, module), path);
	put_place(lines->softdep, has_softdep(kmod, module), path);
	return 0;
}

/* Return: whether the file is ours, or one of that name in a directory before @place replaces it. */
static bool is_skipped(const char *root, const char *path, size_t place)
{
	const char *name = strrchr(path, '/');

	if (!strcmp(path + strlen(root), ORDER_HOLD) || !strcmp(path + strlen(root), FALLBACK))
		return true;
	for (size_t i = 0; i < place; i++)
		if (file_exists("%s%s%s", root, places[i], name))
			return true;
	return false;
}

static int read_place(const char *root, size_t place, const char *module, struct module_lines *lines)
{
	char pattern[PATH_MAX];
	glob_t found = {};
	int r = 0;

	if (snprintf(pattern, sizeof(pattern), "%s%s/*.conf", root, places[place]) >=
	    (int)sizeof(pattern))
		return -ENAMETOOLONG;
	if (glob(pattern, 0, NULL, &found) == GLOB_NOSPACE)
		return -ENOMEM;
	for (size_t i = 0; !r && i < found.gl_pathc; i++)
		if (!is_skipped(root, found.gl_pathv[i], place))
			r = read_file(root, found.gl_pathv[i], module, lines);
	globfree(&found);
	return r;
}

/**
 * module_lines_read() - find an administrator's lines about a module
 * @root: prefix of all paths, "" for the running system
 * @module: name of the module, with "_"
 * @lines: filled in with the places of the lines, as paths without @root or as parameters
 *
 * Return: 0, also if files cannot be read; -ENOMEM; -ENAMETOOLONG.
 */
int module_lines_read(const char *root, const char *module, struct module_lines *lines)
{
	int r;

	*lines = (struct module_lines) {};
	/* libkmod prints a malformed line of the copy as it is. kmod_new() has no argument for that. */
	if (*root)
		setenv("KMOD_LOG", "0", 0);
	r = read_cmdline(root, module, lines);
	for (size_t i = 0; !r && i < N_PLACES; i++)
		r = read_place(root, i, module, lines);
	return r;
}

/**
 * module_lines_keep_out() - check whether a program must not load the module by itself
 * @lines: the lines about the module
 *
 * Return: true if a blacklist has the module.
 */
bool module_lines_keep_out(const struct module_lines *lines)
{
	return *lines->forbidden || *lines->blacklist;
}
