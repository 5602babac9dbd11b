// SPDX-License-Identifier: GPL-2.0-only
/*
 * By files alone, so that anyone may ask: those of kmod for what a kernel would load, of DKMS for what it was to build.
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

/* There once DKMS knows of them */
#define DKMS_CONFIGURATION "/var/lib/dkms/dax-owner/*/source/dkms.conf"
/* There a moment before; early at boot /var may not be */
#define SOURCE_CONFIGURATION "/usr/src/dax-owner-*/dkms.conf"
/* What in it says which kernels they are for */
#define KERNELS "BUILD_EXCLUSIVE_KERNEL="
/* And on which series they were tested, "6.12 6.13 7.0" */
#define TESTED "TESTED_KERNELS="
/* Whether the loaded modules are tested on this kernel */
#define UNTESTED "/sys/class/dax_owner/tested"

/* Does a file of kmod for a kernel have a line with that module? */
static bool lists(const char *root, const char *release, const char *file, const char *module)
{
	_cleanup_(freep) char *line = NULL;
	_cleanup_(fclosep) FILE *list = NULL;
	char path[PATH_MAX];
	size_t size = 0;

	if (snprintf(path, sizeof(path), "%s/lib/modules/%s/%s", root, release, file) >= (int)sizeof(path))
		return false;
	list = fopen(path, "re");
	while (list && getline(&line, &size, list) >= 0) {
		/* what it is, before what it needs */
		line[strcspn(line, ":\n")] = '\0';
		if (strstr(line, module))
			return true;
	}
	return false;
}

/* Is it one of the kernels that DKMS would build for? So it is if nothing is said of kernels. */
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
		if (regcomp(&regex, value, REG_EXTENDED | REG_NOSUB))
			continue;
		yes = regexec(&regex, release, 0, NULL, 0) == 0;
		regfree(&regex);
	}
	return yes;
}

/* Is the kernel of one of the series in the list? */
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

/* Were they tested on it? Yes, if that is not recorded. */
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

/* Of several versions that are installed any may do */
static enum modules why_not_built(const char *root, const char *release, const glob_t *configurations)
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
 * modules_untested() - check whether the loaded modules are untested on this kernel
 * @root: where the system's files are, "" for those of this one
 *
 * Return: true if they are; false also if that is not known.
 */
bool modules_untested(const char *root)
{
	char path[PATH_MAX], line[8];

	return snprintf(path, sizeof(path), "%s" UNTESTED, root) < (int)sizeof(path) &&
	       !file_first_line(path, line, sizeof(line)) && !strcmp(line, "0");
}

/**
 * modules_find() - what became of our modules
 * @root: where the system's files are, "" for those of this one
 * @release: of the kernel that runs
 *
 * Return: what; %MODULES_ABSENT also where that cannot be seen.
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
		return file_exists("%s/sys/module/dax_hmem", root) ? MODULES_NEXT_BOOT : MODULES_USED;
	}
	if (snprintf(pattern, sizeof(pattern), "%s%s", root,
		     file_exists("%s/var/lib/dkms", root) ? DKMS_CONFIGURATION : SOURCE_CONFIGURATION) < (int)sizeof(pattern) &&
	    glob(pattern, 0, NULL, &found) == 0)
		modules = why_not_built(root, release, &found);
	globfree(&found);
	return modules;
}

/**
 * modules_sentence() - why others decide, although our modules are installed
 * @modules: what became of them
 *
 * Return: a sentence without an end, "" if there is nothing to say.
 */
const char *modules_sentence(enum modules modules)
{
	static const char *const sentences[] = {
		[MODULES_ABSENT] = "",
		[MODULES_USED] = "",
		[MODULES_NEXT_BOOT] = "The kernel's own drivers were loaded before the modules of dax_owner were there, which "
				      "decide from the next boot on, unless an initramfs has the others",
		[MODULES_REFUSED] = "The kernel refuses the modules of dax_owner, because it knows no key that they are signed "
				    "with: its own drivers take their place",
		[MODULES_BUILT_IN] = "dax_hmem is built into this kernel, so that the modules of dax_owner cannot take its place: "
				     "this kernel's own drivers decide",
		[MODULES_UNSUPPORTED] = "The modules of dax_owner are not for this kernel: it is left to its own drivers",
		[MODULES_NO_HEADERS] = "The modules of dax_owner are not built for this kernel, because its headers are not "
				       "installed: it is left to its own drivers",
		[MODULES_NOT_BUILT] = "The modules of dax_owner are not built for this kernel: it is left to its own drivers",
		[MODULES_NEWER] = "The modules of dax_owner are not built for this kernel, which is of a series that they were not "
				  "tested on: it is left to its own drivers",
	};

	return sentences[modules];
}

/**
 * modules_command() - what to type about that
 * @modules: what became of them
 * @release: of the kernel
 * @command: filled in, "" if nothing can be done
 */
void modules_command(enum modules modules, const char *release, char command[MODULES_COMMAND_LEN])
{
	*command = '\0';
	if (modules == MODULES_NEXT_BOOT)
		snprintf(command, MODULES_COMMAND_LEN, "systemctl reboot");
	else if (modules == MODULES_REFUSED)
		snprintf(command, MODULES_COMMAND_LEN, "mokutil --import /var/lib/dkms/mok.pub");
	else if (modules == MODULES_NO_HEADERS)
		snprintf(command, MODULES_COMMAND_LEN, "apt install linux-headers-%s", release);
	else if (modules == MODULES_NOT_BUILT || modules == MODULES_NEWER)
		snprintf(command, MODULES_COMMAND_LEN, "dkms autoinstall -k %s", release);
}
