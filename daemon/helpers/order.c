// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/kmod.h"
#include "base/paths.h"
#include "helpers/order.h"
#include "helpers/unloaded.h"
#include "system/arbiter-find.h"
#include "system/module-lines.h"

/* Exists once cxl_acpi has found a CXL host */
#define CXL_ROOT "/sys/bus/cxl/devices/root0"

static const char text[] =
	"# Written by dax-owner-hold.service: hold dax_cxl until dax_hmem's initial pass is over; the release "
	"removes this file.\n"
	"blacklist dax_cxl\n";

static void put_text(FILE *file, const void *data)
{
	fputs(data, file);
}

static int hold_dax_cxl(const struct journal *journal)
{
	int r;

	/* too late to hold it, as after a restart of dax-owner-hold.service */
	if (file_exists("/sys/module/dax_cxl") || file_exists(ORDER_COLDPLUG))
		return 0;
	r = directory_make("/run/modprobe.d");
	if (!r)
		r = file_replace(ORDER_HOLD, put_text, text);
	if (!r)
		journal_held(journal);
	return r;
}

/**
 * order_hold() - write the arbiter for the daemon, and keep udev from loading dax_cxl
 * @arbiter: arbiter of this kernel, which the daemon cannot find itself; dax_cxl is held only on
 *	%ARBITER_LEGACY
 * @hold: true if the configuration allows to hold dax_cxl
 *
 * modprobe still loads dax_cxl for an administrator. dax_cxl is not held if it is loaded already,
 * or if coldplug is over.
 *
 * Return: 0, or a negative errno.
 */
int order_hold(const struct journal *journal, bool hold)
{
	const enum arbiter arbiter = journal->arbiter;
	int r;

	r = directory_make(ORDER_DIRECTORY);
	if (!r)
		r = arbiter_save(ORDER_ARBITER, arbiter,
				 arbiter == ARBITER_DAX_OWNER && arbiter_untested());
	if (arbiter != ARBITER_LEGACY || !hold)
		return r;
	/* dax_cxl is held also without that file, which the daemon can do without */
	return hold_dax_cxl(journal) ?: r;
}

/**
 * order_insert() - load a module as udev does
 * @name: name of the module
 *
 * Return: 0, also if a blacklist has the module; a negative errno.
 */
int order_insert(const char *name)
{
	_cleanup_(kmod_unrefp) struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	struct kmod_module *module = NULL;
	int r;

	if (!kmod)
		return -ENOMEM;
	r = kmod_module_new_from_name(kmod, name, &module);
	if (!r)
		r = kmod_module_probe_insert_module(module, KMOD_PROBE_APPLY_BLACKLIST, NULL, NULL,
						    NULL, NULL);
	kmod_module_unref(module);
	return r < 0 ? r : 0;
}

/**
 * order_load() - load a driver, unless an administrator's line keeps it out
 * @root: prefix of the paths of the lines, "" for the running system
 * @name: name of the module
 *
 * The command of an install line runs in place of the loading. If the command fails, the driver is not
 * loaded, which can be the purpose of the line.
 *
 * Return: 0, also if a line keeps the driver out; a negative errno.
 */
int order_load(const char *root, const char *name)
{
	struct module_lines lines;
	int r = module_lines_read(root, name, &lines);

	if (r)
		return r;
	if (module_lines_keep_out(&lines)) {
		fprintf(stderr, "dax-owner-order: %s is not loaded: %s blacklists it\n", name,
			*lines.forbidden ? lines.forbidden : lines.blacklist);
		return 0;
	}
	r = order_insert(name);
	if (r == -ENOMEM || r >= 0 || !*lines.install)
		return r;
	fprintf(stderr, "dax-owner-order: %s is not loaded: the install line in %s failed\n", name,
		lines.install);
	return 0;
}

/**
 * order_release() - end the hold on dax_cxl, and load dax_hmem and dax_cxl
 *
 * Loads dax_hmem on a kernel with Soft Reserved memory, and dax_cxl on a machine with CXL. udev
 * may have processed a region during the hold, and it uses its copy of modprobe's configuration
 * for some seconds more. An administrator's lines about the drivers apply.
 *
 * Return: 0, also if dax_cxl was not held and nothing was done; a negative errno.
 */
int order_release(void)
{
	const struct journal journal = { .arbiter = ARBITER_LEGACY };
	int r = 0;

	if (access(ORDER_HOLD, F_OK))
		return errno == ENOENT ? 0 : -errno;
	/* udev may not have loaded dax_hmem yet; its initial pass runs when it is loaded */
	if (file_exists(HMEM_PLATFORM))
		r = order_load("", "dax_hmem");
	/* another process may have released dax_cxl first */
	if (unlink(ORDER_HOLD))
		return errno == ENOENT ? r : -errno;
	/* record this first, because loading dax_cxl causes further records */
	journal_ordered(&journal);
	if (file_exists(CXL_ROOT))
		r = order_load("", "dax_cxl") ?: r;
	if (r)
		journal_failure(&journal, r, "cannot load a driver of Soft Reserved memory");
	return r;
}

/* Return: 0, also without dax_owner.ko; a negative errno. */
static int report_to_kernel(void)
{
	_cleanup_(closep) int fd = open("/sys/class/dax_owner/coldplug", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	return write(fd, "1", 1) == 1 ? 0 : -errno;
}

static int report_to_daemon(void)
{
	return directory_make(ORDER_DIRECTORY) ?: file_replace(ORDER_COLDPLUG, put_text, "");
}

/**
 * order_coldplug() - report the end of coldplug to dax_owner.ko and the daemon, and release dax_cxl
 *
 * Called when udev has loaded the modules of all devices, or after a timeout. On a kernel whose
 * drivers do not order themselves, the initial pass is over by then: the probe of dax_hmem runs
 * it, as part of loading the module.
 *
 * A failure of one step does not stop the others, because the daemon and the memory wait for them.
 *
 * Return: 0, also without dax_owner.ko; the negative errno of the first step that failed.
 */
int order_coldplug(void)
{
	/* may load dax_owner.ko, and the daemon reads its result after the third step */
	int unloaded = unloaded_record();
	int kernel = report_to_kernel();
	int daemon = report_to_daemon();
	int release = order_release();

	return unloaded ?: kernel ?: daemon ?: release;
}
