// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find a function of a built-in dax_hmem in the kernel's BTF. The file does not read /proc/kallsyms,
 * because ProtectKernelTunables= hides it from the services.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "system/built-in.h"

#define HMEM "/sys/module/dax_hmem"
#define BTF "/sys/kernel/btf/vmlinux"

/*
 * dax_cxl calls this function of dax_hmem to wait for it, from 7.1 on. BTF lists the names of the
 * kernel's functions, each between zero bytes. The names of a module's functions are in a BTF of its
 * own.
 */
static const char waits[] = "\0dax_hmem_flush_work";

/* Return: whether the file contains the bytes. */
static bool contains(FILE *file, const void *bytes, size_t len)
{
	char buffer[1 << 16];
	size_t kept = 0, got;

	while ((got = fread(buffer + kept, 1, sizeof(buffer) - kept, file))) {
		kept += got;
		if (memmem(buffer, kept, bytes, len))
			return true;
		/* the bytes may begin in this part and end in the next one */
		if (kept >= len) {
			memmove(buffer, buffer + kept - (len - 1), len - 1);
			kept = len - 1;
		}
	}
	return false;
}

/* Return: whether dax_hmem is built in. Only a module has a state; both have a parameter. */
static bool has_built_in_hmem(const char *root)
{
	return file_exists("%s" HMEM, root) && !file_exists("%s" HMEM "/initstate", root);
}

/**
 * built_in_is_ordered() - check whether in-tree drivers claim in a fixed order, if dax_hmem is built in
 * @root: prefix of all paths, "" for the running system
 *
 * Return: true if they do; false also if dax_hmem is a module, or if the kernel has no BTF.
 */
bool built_in_is_ordered(const char *root)
{
	_cleanup_(fclosep) FILE *btf = NULL;
	char path[PATH_MAX];

	if (!has_built_in_hmem(root) ||
	    snprintf(path, sizeof(path), "%s" BTF, root) >= (int)sizeof(path))
		return false;
	btf = fopen(path, "re");
	return btf && contains(btf, waits, sizeof(waits));
}
