// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect the distribution, versions of packages, the states of units, and what DKMS built. Some of
 * this is in no file, so this file runs programs.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli/report/collect.h"
#include "cli/snapshot/programs.h"

/* In ms, for each program. systemctl waits longer for a systemd that does not reply. */
#define LIMIT_MS 5000

#define DKMS "/var/lib/dkms/dax-owner"

/* --- files --- */

static void take_distribution(struct collection *c)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/etc/os-release", c->root);
	collect_file(c, access(path, R_OK) ? "/usr/lib/os-release" : "/etc/os-release");
}

static void take_file(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX];

	(void)data;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_file(c, path);
}

static void take_log(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/log", directory, name);
	collect_names(c, path, "make.log", take_file, data);
}

static void take_architectures(struct collection *c, const char *directory, const char *name,
			       void *data)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_names(c, path, "*", take_log, data);
}

/* A failed build leaves its log in build/, a finished one in KERNEL/ARCHITECTURE/log. */
static void take_builds(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/build", directory, name);
	collect_names(c, path, "make.log", take_file, data);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_names(c, path, "[0-9]*", take_architectures, data);
}

/**
 * collect_system() - collect the files on the distribution and on the builds of DKMS
 * @c: the collection
 */
void collect_system(struct collection *c)
{
	take_distribution(c);
	collect_names(c, DKMS, "[0-9]*", take_builds, NULL);
}

/* --- programs --- */

/**
 * collect_program() - add the output of a program, or list it as missing
 * @c: the collection
 * @name: of the file in the report
 * @argv: absolute path of the program and its arguments, ended by NULL
 * @limit_ms: longest time, in ms
 *
 * Return: true if the program exists.
 */
bool collect_program(struct collection *c, const char *name, const char *const *argv,
		     unsigned int limit_ms)
{
	FILE *page;
	int r;

	if (access(argv[0], X_OK))
		return false;
	page = bundle_page(&c->bundle, name);
	if (!page)
		return true;
	r = program_run(argv, limit_ms, page);
	if (r < 0)
		collect_missing(c, r, "%s: rest of the output of %s", name, argv[0]);
	else if (r)
		fprintf(page, "(exit status %d)\n", r);
	bundle_end(&c->bundle, page);
	return true;
}

/* Programs for packages end with a status above 0 if one of the packages is not installed. */
static void take_packages(struct collection *c)
{
	static const char name[] = "system/packages.txt";
	static const char *const deb[] = { "/usr/bin/dpkg-query",
					   "-W",
					   "-f=${Package} ${Version} ${db:Status-Abbrev}\n",
					   "dax-owner",
					   "dax-owner-dkms",
					   "dkms",
					   "systemd",
					   "udev",
					   "kmod",
					   "ndctl",
					   "daxctl",
					   "cxl",
					   "dracut",
					   "initramfs-tools",
					   NULL };
	static const char *const rpm[] = {
		"/usr/bin/rpm", "-q",           "dax-owner", "dax-owner-dkms", "dkms",
		"systemd",      "systemd-udev", "kmod",      "ndctl",          "daxctl",
		"cxl-cli",      "dracut",       NULL
	};

	if (!collect_program(c, name, deb, LIMIT_MS) && !collect_program(c, name, rpm, LIMIT_MS))
		collect_missing(c, 0, "%s: neither dpkg-query nor rpm exists", name);
}

/**
 * collect_programs() - collect versions of packages, and the states of units and of DKMS
 * @c: the collection
 */
void collect_programs(struct collection *c)
{
	static const char *const version[] = { "/usr/bin/systemctl", "--version", NULL };
	static const char *const units[] = {
		"/usr/bin/systemctl",
		"show",
		"--no-pager",
		"--property=Id,LoadState,UnitFileState,ActiveState,SubState,Result,ExecMainStatus,NRestarts,"
		"StatusText,DropInPaths,NeedDaemonReload",
		"dax-ownerd.service",
		"dax-ownerd.socket",
		"dax-owner-devices.target",
		"dax-owner-hold.service",
		"dax-owner-coldplug.service",
		"dax-owner-release.service",
		"dax-owner-settled.service",
		"dax-owner-settled.target",
		"dax-owner-udev.path",
		"dax-owner-udev.service",
		"systemd-udevd.service",
		NULL
	};
	static const char *const dkms[] = { "/usr/sbin/dkms", "status", "-m", "dax-owner", NULL };

	take_packages(c);
	if (!collect_program(c, "system/systemd.txt", version, LIMIT_MS) ||
	    !collect_program(c, "system/units.txt", units, LIMIT_MS))
		collect_missing(c, 0, "system/units.txt: systemctl does not exist");
	if (!collect_program(c, "system/dkms.txt", dkms, LIMIT_MS))
		collect_missing(c, 0, "system/dkms.txt: dkms does not exist");
}
