// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "system/iomem.h"
#include "system/presence-read.h"

static int note_soft_reserved(const struct dax_owner_span *span, const char *name, void *data)
{
	bool *found = data;

	(void)span;
	*found |= !strcmp(name, "Soft Reserved");
	return 0;
}

/*
 * Search /proc/iomem for a name. The kernel hides the addresses from most processes, and no name.
 *
 * Return: 0; a negative errno.
 */
static int find_soft_reserved(const char *root, bool *found)
{
	_cleanup_(fclosep) FILE *iomem = NULL;
	char path[PATH_MAX];
	int r;

	if (snprintf(path, sizeof(path), "%s/proc/iomem", root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	iomem = fopen(path, "re");
	if (!iomem)
		return -errno;
	r = iomem_each(iomem, note_soft_reserved, found);
	return r == -EACCES || r > 0 ? 0 : r;
}

static bool matches(const char *root, const char *pattern)
{
	char path[PATH_MAX];
	glob_t found = {};
	int r;

	if (snprintf(path, sizeof(path), "%s/sys/%s", root, pattern) >= (int)sizeof(path))
		return false;
	r = glob(path, GLOB_NOSORT, NULL, &found);
	globfree(&found);
	return !r;
}

/**
 * presence_read() - read the facts that show whether the machine is empty
 * @root: prefix of all paths, "" for the running system
 * @presence: filled in
 *
 * ACPI0017 is the CXL host of firmware, whether or not cxl_acpi is loaded.
 */
void presence_read(const char *root, struct presence *presence)
{
	*presence = (struct presence) {
		.hmem_host = matches(root, "bus/platform/devices/hmem_platform.*"),
		.cxl_host = matches(root, "bus/platform/devices/ACPI0017:*") ||
			    matches(root, "bus/cxl/devices/root[0-9]*") ||
			    file_exists("%s/sys/firmware/acpi/tables/CEDT", root),
		.ledger = file_exists("%s/sys/class/dax_owner", root),
	};
	presence->unknown = find_soft_reserved(root, &presence->soft_reserved) < 0;
}
