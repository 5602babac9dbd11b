// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <libkmod.h>

#include "base/files.h"
#include "base/paths.h"
#include "daemon/journal.h"
#include "helpers/order.h"

/* There once cxl_acpi has found a CXL host */
#define CXL_ROOT "/sys/bus/cxl/devices/root0"
/* There if the kernel has Soft Reserved memory */
#define HMEM_PLATFORM "/sys/bus/platform/devices/hmem_platform.0"

static const char text[] =
	"# Made by dax-owner-hold.service: dax_cxl is loaded when dax_hmem's initial pass is over, and this is gone then.\n"
	"blacklist dax_cxl\n";

static void put_text(FILE *file, const void *data)
{
	fputs(data, file);
}

/**
 * order_hold() - keep dax_cxl from being loaded by udev
 * @arbiter: who decides, which the daemon cannot find out itself; only %ARBITER_LEGACY needs
 *	dax_cxl to be held
 * @hold: it may be
 *
 * An administrator's modprobe still loads it. Nothing is held where it is loaded already, or
 * coldplug is over.
 *
 * Return: 0, or a negative errno.
 */
int order_hold(enum arbiter arbiter, bool hold)
{
	int r;

	r = directory_make(ORDER_DIRECTORY);
	if (!r)
		r = arbiter_save(ORDER_ARBITER, arbiter, arbiter == ARBITER_DAX_OWNER && arbiter_untested());
	if (r || arbiter != ARBITER_LEGACY || !hold)
		return r;
	/* too late, or a restart long after */
	if (file_exists("/sys/module/dax_cxl") || file_exists(ORDER_COLDPLUG))
		return 0;
	r = directory_make("/run/modprobe.d");
	if (!r)
		r = file_replace(ORDER_HOLD, put_text, text);
	journal_by(arbiter);
	if (!r)
		journal_held();
	return r;
}

static int load(const char *name)
{
	struct kmod_ctx *kmod = kmod_new(NULL, NULL);
	struct kmod_module *module = NULL;
	int r;

	if (!kmod)
		return -ENOMEM;
	r = kmod_module_new_from_name(kmod, name, &module);
	if (!r)
		r = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
	kmod_module_unref(module);
	kmod_unref(kmod);
	return r;
}

/**
 * order_release() - let dax_cxl come
 *
 * Loads it where there is CXL: udev may have passed by a region meanwhile, and goes by what
 * it has read of modprobe's configuration for some seconds more.
 *
 * Return: 0, with nothing done if it was not held; a negative errno.
 */
int order_release(void)
{
	int r = 0;

	if (access(ORDER_HOLD, F_OK))
		return errno == ENOENT ? 0 : -errno;
	/* udev may not have come to it; loading it is its initial pass */
	if (file_exists(HMEM_PLATFORM))
		r = load("dax_hmem");
	/* another one may have got here first */
	if (unlink(ORDER_HOLD))
		return errno == ENOENT ? r : -errno;
	/* told first: what comes of it is told by others */
	journal_by(ARBITER_LEGACY);
	journal_ordered();
	if (file_exists(CXL_ROOT))
		r = load("dax_cxl") ?: r;
	if (r)
		journal_failure(r, "cannot load a driver of Soft Reserved memory");
	return r;
}

/**
 * order_coldplug() - all devices have been triggered, and what there is for them is loaded
 *
 * A kernel with our modules is told. One whose drivers do not order themselves has had its
 * initial pass by now: it is the probe of dax_hmem, and part of loading it.
 *
 * Return: 0, or a negative errno.
 */
int order_coldplug(void)
{
	int fd = open("/sys/class/dax_owner/coldplug", O_WRONLY | O_CLOEXEC), r;

	if (fd >= 0) {
		r = write(fd, "1", 1) == 1 ? 0 : -errno;
		close(fd);
	} else {
		r = errno == ENOENT ? 0 : -errno;
	}
	if (!r)
		r = directory_make(ORDER_DIRECTORY);
	if (!r)
		r = file_replace(ORDER_COLDPLUG, put_text, "");
	return order_release() ?: r;
}
