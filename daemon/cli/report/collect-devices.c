// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect devices and modules from sysfs.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "cli/report/collect-tree.h"

#define CLASS "/sys/class/dax_owner"
#define MODULES "/sys/module"
#define PCI "/sys/bus/pci/devices"

static void put_device(struct collection *c, const char *directory, const char *name, void *page)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_tree(c, path, name, page);
}

/* The class has attributes of its own beside the extents. */
static void put_ledger(struct collection *c, const char *directory, const char *name, void *page)
{
	collect_attribute(c, directory, name, name, page);
	if (!strncmp(name, "extent", 6))
		put_device(c, directory, name, page);
}

/* Collect all names of a directory into one file. */
static void take_all(struct collection *c, const char *directory, const char *pattern,
		     collect_name_fn fn, const char *name)
{
	FILE *page = bundle_page(&c->bundle, name);
	int n;

	if (!page)
		return;
	n = collect_names(c, directory, pattern, fn, page);
	if (!n || n == -ENOENT)
		collect_missing(c, 0, "%s: nothing in %s", name, directory);
	collect_end(c, page, name);
}

/* --- PCI --- */

/* Read the first line of a file of a PCI function. */
static bool line_of(const struct collection *c, const char *function, const char *file, char *line,
		    int size)
{
	char full[PATH_MAX];

	if ((size_t)snprintf(full, sizeof(full), "%s" PCI "/%s/%s", c->root, function, file) >=
	    sizeof(full))
		return false;
	return file_first_line(full, line, size) == 0;
}

static bool has_driver(const struct collection *c, const char *function, const char *driver)
{
	char full[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	if ((size_t)snprintf(full, sizeof(full), "%s" PCI "/%s/driver", c->root, function) >=
	    sizeof(full))
		return false;
	len = readlink(full, target, sizeof(target) - 1);
	if (len <= 0)
		return false;
	target[len] = '\0';
	return !strcmp(basename(target), driver);
}

/* A CXL memory device has the class of the specification, or the driver cxl_pci. */
static void put_memory_device(struct collection *c, const char *directory, const char *name,
			      void *page)
{
	char class[16];

	if (has_driver(c, name, "cxl_pci") ||
	    (line_of(c, name, "class", class, sizeof(class)) && !strncmp(class, "0x050210", 8)))
		put_device(c, directory, name, page);
}

static void take_pci(struct collection *c)
{
	FILE *page = bundle_page(&c->bundle, "sysfs/pci.txt");

	if (!page)
		return;
	collect_names(c, PCI, "*", put_memory_device, page);
	if (!ftell(page))
		collect_missing(c, 0, "sysfs/pci.txt: no CXL memory device on the PCI bus");
	collect_end(c, page, "sysfs/pci.txt");
}

/**
 * collect_devices() - collect CXL and DAX devices, the ledger, NUMA nodes and PCI functions
 * @c: the collection
 */
void collect_devices(struct collection *c)
{
	take_all(c, "/sys/bus/cxl/devices", "*", put_device, "sysfs/cxl.txt");
	take_all(c, "/sys/bus/dax/devices", "*", put_device, "sysfs/dax.txt");
	take_all(c, CLASS, "*", put_ledger, "sysfs/dax_owner.txt");
	take_all(c, "/sys/devices/system/node", "node[0-9]*", put_device, "sysfs/node.txt");
	take_pci(c);
}

/* --- modules --- */

static void put_module(struct collection *c, const char *name, FILE *page)
{
	static const char *const files[] = { "version", "srcversion", "taint", "refcnt" };
	char directory[PATH_MAX], path[64];

	snprintf(directory, sizeof(directory), "%s" MODULES "/%s", c->root, name);
	if (access(directory, F_OK)) {
		fprintf(page, "%s: not loaded\n", name);
		return;
	}
	snprintf(directory, sizeof(directory), MODULES "/%s", name);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, files[i]);
		collect_attribute(c, directory, files[i], path, page);
	}
	snprintf(directory, sizeof(directory), MODULES "/%s/parameters", name);
	snprintf(path, sizeof(path), "%s/parameters", name);
	collect_tree(c, directory, path, page);
}

/**
 * collect_modules() - collect the state and the parameters of the modules for this memory
 * @c: the collection
 */
void collect_modules(struct collection *c)
{
	static const char *const names[] = {
		"dax_owner", "dax_hmem", "dax_cxl", "cxl_core", "cxl_acpi",
		"cxl_pci",   "cxl_port", "cxl_mem", "kmem",     "device_dax",
	};
	FILE *page = bundle_page(&c->bundle, "sysfs/module.txt");

	if (!page)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		put_module(c, names[i], page);
	collect_end(c, page, "sysfs/module.txt");
}
