// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find from files whether a kernel uses the modules of dax_owner. The files of kmod list the
 * modules that a kernel can load. The files of DKMS list the kernels to build for. Every user may
 * read both.
 */
#include <glob.h>
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/paths.h"
#include "system/modules.h"

/* The configuration after dkms add */
#define DKMS_CONFIGURATION "/var/lib/dkms/dax-owner/*/source/dkms.conf"
/* The configuration before dkms add, or early at boot, when /var may not be mounted */
#define SOURCE_CONFIGURATION "/usr/src/dax-owner-*/dkms.conf"
/* The line of the configuration with a regular expression for supported kernels */
#define KERNELS "BUILD_EXCLUSIVE_KERNEL="
/* Bytes of the longest expression that is evaluated; ours has fewer than 100 */
#define MAX_EXPRESSION 512
/* The line of the configuration with the tested series, "6.12 6.13 7.0" */
#define TESTED "TESTED_KERNELS="
/* The attribute of the loaded modules, "0" if they are untested on this kernel */
#define UNTESTED "/sys/class/dax_owner/tested"

/* Return: whether a file of kmod for kernel @release lists @module. */
static bool lists(const char *root, const char *release, const char *file, const char *module)
{
	_cleanup_(freep) char *line = NULL;
	_cleanup_(fclosep) FILE *list = NULL;
	char path[PATH_MAX];
	size_t size = 0;

	if (snprintf(path, sizeof(path), "%s/lib/modules/%s/%s", root, release, file) >=
	    (int)sizeof(path))
		return false;
	list = fopen(path, "re");
	while (list && getline(&line, &size, list) >= 0) {
		/* the dependencies follow the colon */
		line[strcspn(line, ":\n")] = '\0';
		if (strstr(line, module))
			return true;
	}
	return false;
}

/*
 * Return: whether a regular expression is short and without repeat counts. Those of nested groups
 * multiply, and regcomp() fills the memory. A copy of a machine can have any expression.
 */
static bool is_simple(const char *expression)
{
	return strlen(expression) <= MAX_EXPRESSION && !strchr(expression, '{');
}

/*
 * Return: whether DKMS builds for kernel @release; true if the configuration does not name kernels, or
 * not by a simple expression.
 */
static bool is_supported(const char *configuration, const char *release)
{
	_cleanup_(freep) char *line = NULL;
	_cleanup_(fclosep) FILE *file = fopen(configuration, "re");
	size_t size = 0;
	regex_t regex;
	bool yes = true;

	while (file && getline(&line, &size, file) >= 0) {
		char *value = line + strlen(KERNELS);

		if (strncmp(line, KERNELS, strlen(KERNELS)))
			continue;
		value += *value == '"';
		value[strcspn(value, "\"\n")] = '\0';
		if (!is_simple(value) || regcomp(&regex, value, REG_EXTENDED | REG_NOSUB))
			continue;
		yes = regexec(&regex, release, 0, NULL, 0) == 0;
		regfree(&regex);
	}
	return yes;
}

/* Return: whether the list contains the series of kernel @release. */
static bool has_series(const char *list, const char *release)
{
	size_t len = strspn(release, "0123456789");

	if (release[len] == '.')
		len += 1 + strspn(release + len + 1, "0123456789");
	for (list += *list == '"'; *list; list += strspn(list, " ")) {
		size_t word = strcspn(list, " \"\n");

		if (word == len && !strncmp(list, release, len))
			return true;
		if (list[word] != ' ')
			break;
		list += word;
	}
	return false;
}

/* Return: whether kernel @release is of a tested series; true if the list is missing. */
static bool is_tested(const char *configuration, const char *release)
{
	_cleanup_(freep) char *line = NULL;
	_cleanup_(fclosep) FILE *file = fopen(configuration, "re");
	size_t size = 0;
	bool yes = true;

	while (file && getline(&line, &size, file) >= 0)
		if (!strncmp(line, TESTED, strlen(TESTED)))
			yes = has_series(line + strlen(TESTED), release);
	return yes;
}

/* Return: why the modules are not built. Of several installed versions, one that fits is enough. */
static enum modules why_not_built(const char *root, const char *release,
				  const glob_t *configurations)
{
	bool supported = false, tested = false;

	if (lists(root, release, "modules.builtin", "/dax_hmem.ko"))
		return MODULES_BUILT_IN;
	for (size_t i = 0; i < configurations->gl_pathc; i++) {
		supported |= is_supported(configurations->gl_pathv[i], release);
		tested |= is_tested(configurations->gl_pathv[i], release);
	}
	if (!supported)
		return MODULES_UNSUPPORTED;
	if (!file_exists("%s/lib/modules/%s/build/Makefile", root, release))
		return MODULES_NO_HEADERS;
	return tested ? MODULES_NOT_BUILT : MODULES_NEWER;
}

/**
 * modules_untested() - check whether the loaded modules of dax_owner are untested on this kernel
 * @root: prefix of all paths, "" for the running system
 *
 * Return: true if they are untested; false also if that is not known.
 */
bool modules_untested(const char *root)
{
	char path[PATH_MAX], line[8];

	return snprintf(path, sizeof(path), "%s" UNTESTED, root) < (int)sizeof(path) &&
	       !file_first_line(path, line, sizeof(line)) && !strcmp(line, "0");
}

/* The words of ORDER_MODULES */
static const char *const words[] = {
	[MODULES_EXCLUDED] = "excluded",
	[MODULES_NO_KEY] = "no-key",
	[MODULES_NO_DEVICE] = "no-device",
	[MODULES_FAILED] = "failed",
};

#define WORDS (sizeof(words) / sizeof(*words))

static void put_word(FILE *file, const void *data)
{
	fprintf(file, "%s\n", (const char *)data);
}

/**
 * modules_save() - write why the installed modules are not loaded after coldplug
 * @path: path of the file, %ORDER_MODULES, which the function creates or replaces
 * @modules: %MODULES_EXCLUDED to %MODULES_FAILED
 *
 * Return: the result of file_replace().
 */
int modules_save(const char *path, enum modules modules)
{
	return file_replace(path, put_word, words[modules]);
}

/* Return: why the modules are not loaded, from ORDER_MODULES; %MODULES_USED without that file. */
static enum modules load_word(const char *root)
{
	char path[PATH_MAX], line[16];

	if (snprintf(path, sizeof(path), "%s" ORDER_MODULES, root) >= (int)sizeof(path) ||
	    file_first_line(path, line, sizeof(line)))
		return MODULES_USED;
	for (size_t i = 0; i < WORDS; i++)
		if (words[i] && !strcmp(line, words[i]))
			return i;
	return MODULES_USED;
}

/**
 * modules_find() - find whether the kernel uses the modules of dax_owner, and why not
 * @root: prefix of all paths, "" for the running system
 * @release: release of the running kernel, as in uname -r
 *
 * Return: an enum modules; %MODULES_ABSENT also if the files cannot be read.
 */
enum modules modules_find(const char *root, const char *release)
{
	char pattern[PATH_MAX];
	enum modules modules = MODULES_ABSENT;
	glob_t found = {};

	if (file_exists("%s/sys/module/dax_owner", root))
		return MODULES_USED;
	if (lists(root, release, "modules.dep", "/dax_owner.ko")) {
		if (file_exists("%s" FALLBACK, root))
			return MODULES_REFUSED;
		if (file_exists("%s/sys/module/dax_hmem", root))
			return MODULES_NEXT_BOOT;
		return load_word(root);
	}
	if (snprintf(pattern, sizeof(pattern), "%s%s", root,
		     file_exists("%s/var/lib/dkms", root) ?
			     DKMS_CONFIGURATION :
			     SOURCE_CONFIGURATION) < (int)sizeof(pattern) &&
	    glob(pattern, 0, NULL, &found) == 0)
		modules = why_not_built(root, release, &found);
	globfree(&found);
	return modules;
}

/**
 * modules_message() - return the sentence on modules that are installed and not used
 * @modules: result of modules_find()
 *
 * Return: a sentence without a full stop, a constant; "" for %MODULES_ABSENT and %MODULES_USED.
 */
const char *modules_message(enum modules modules)
{
	static const char *const sentences[] = {
		[MODULES_ABSENT] = "",
		[MODULES_USED] = "",
		[MODULES_NEXT_BOOT] =
			"The in-tree drivers were loaded before the modules of dax_owner were installed: the "
			"modules decide from the next boot on, unless an initramfs contains the "
			"in-tree drivers",
		[MODULES_REFUSED] =
			"The kernel refuses the modules of dax_owner, because their signing key is not in its "
			"keyring: the in-tree drivers replace them",
		[MODULES_EXCLUDED] =
			"The modules of dax_owner are not loaded, because the configuration of modprobe or the "
			"kernel's command line excludes them: no driver decides",
		[MODULES_NO_KEY] =
			"The kernel refuses the modules of dax_owner, because their signing key is not in its "
			"keyring, and has no in-tree drivers in their place: no driver decides",
		[MODULES_NO_DEVICE] =
			"The modules of dax_owner are not loaded, because the kernel made no device for Soft "
			"Reserved memory: no driver decides",
		[MODULES_FAILED] =
			"The kernel cannot load the modules of dax_owner: no driver decides",
		[MODULES_BUILT_IN] =
			"dax_hmem is built into this kernel, so the modules of dax_owner cannot replace it: "
			"the in-tree drivers decide",
		[MODULES_UNSUPPORTED] =
			"The modules of dax_owner are not for this kernel: the in-tree drivers decide",
		[MODULES_NO_HEADERS] =
			"The modules of dax_owner are not built for this kernel, because its headers are not "
			"installed: the in-tree drivers decide",
		[MODULES_NOT_BUILT] =
			"The modules of dax_owner are not built for this kernel: the in-tree drivers decide",
		[MODULES_NEWER] =
			"The modules of dax_owner are not built for this kernel, and were not tested on its series: "
			"the in-tree drivers decide",
	};

	return sentences[modules];
}

/**
 * modules_command() - write the command that makes the kernel use the modules
 * @modules: result of modules_find()
 * @release: release of the kernel, as in uname -r
 * @command: filled in; "" if no command helps
 */
void modules_command(enum modules modules, const char *release, char command[MODULES_COMMAND_LEN])
{
	*command = '\0';
	if (modules == MODULES_NEXT_BOOT)
		snprintf(command, MODULES_COMMAND_LEN, "systemctl reboot");
	else if (modules == MODULES_EXCLUDED)
		snprintf(command, MODULES_COMMAND_LEN,
			 "grep -rE 'dax_(owner|hmem)' /etc/modprobe.d /run/modprobe.d /usr/lib/modprobe.d "
			 "/proc/cmdline");
	else if (modules == MODULES_FAILED)
		snprintf(command, MODULES_COMMAND_LEN, "modprobe dax_hmem || journalctl -k -g dax_");
	else if (modules == MODULES_REFUSED || modules == MODULES_NO_KEY)
		snprintf(command, MODULES_COMMAND_LEN, "mokutil --import /var/lib/dkms/mok.pub");
	else if (modules == MODULES_NO_HEADERS)
		snprintf(command, MODULES_COMMAND_LEN, "apt install linux-headers-%s", release);
	else if (modules == MODULES_NOT_BUILT || modules == MODULES_NEWER)
		snprintf(command, MODULES_COMMAND_LEN, "dkms autoinstall -k %s", release);
}
