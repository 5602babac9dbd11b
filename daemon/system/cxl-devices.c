// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the CXL memory devices from sysfs, below a root directory that a test can replace. The file
 * must not apply rules to them.
 */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/string-set.h"
#include "system/cxl-devices.h"

/* PCI class of CXL memory devices (CXL 3.1, 8.1.12.1) */
#define CLASS_CXL_MEMORY 0x050210

/* What the functions of each() share: the result, and the memory devices that have an endpoint */
struct reading {
	struct cxl_devices *devices;
	struct string_set attached;
};

typedef int (*device_fn)(const char *path, struct reading *reading);

/* Call a function with each path that matches, until it returns an error. */
static int each(const char *root, const char *pattern, device_fn fn, struct reading *reading)
{
	char path[PATH_MAX];
	glob_t found = {};
	int r = 0;

	if (snprintf(path, sizeof(path), "%s/%s", root, pattern) >= (int)sizeof(path))
		return 0;
	if (glob(path, 0, NULL, &found) == GLOB_NOSPACE)
		r = -ENOMEM;
	for (size_t i = 0; !r && i < found.gl_pathc; i++)
		r = fn(found.gl_pathv[i], reading);
	globfree(&found);
	return r;
}

#define NAME_LEN (NAME_MAX + 1)

/* Return: the last part of the target of a symlink; "" if there is no such symlink. */
static const char *target_name(const char *path, const char *link, char name[NAME_LEN])
{
	char full[PATH_MAX], target[PATH_MAX] = "";
	const char *slash;

	if (snprintf(full, sizeof(full), "%s/%s", path, link) < (int)sizeof(full) &&
	    readlink(full, target, sizeof(target) - 1) < 0)
		*target = '\0';
	slash = strrchr(target, '/');
	snprintf(name, NAME_LEN, "%s", slash ? slash + 1 : target);
	return name;
}

/* Return: the first line of an attribute, "" if the attribute does not exist. */
static const char *read_text(const char *path, const char *attribute, char text[32])
{
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s/%s", path, attribute) >= (int)sizeof(full) ||
	    file_first_line(full, text, 32))
		*text = '\0';
	return text;
}

static bool has_memdev(const char *path)
{
	char pattern[PATH_MAX];
	glob_t found = {};
	bool has;

	if (snprintf(pattern, sizeof(pattern), "%s/mem[0-9]*", path) >= (int)sizeof(pattern))
		return false;
	has = !glob(pattern, GLOB_NOSORT, NULL, &found);
	globfree(&found);
	return has;
}

/*
 * The function does not read driver_override: the kernel takes the device's lock for that attribute,
 * and a probe holds the lock as long as it waits for the media.
 */
static int count_function(const char *path, struct reading *reading)
{
	struct cxl_devices *devices = reading->devices;
	char name[NAME_LEN], text[32];
	const char *driver;

	if (strtoul(read_text(path, "class", text), NULL, 0) != CLASS_CXL_MEMORY)
		return 0;
	driver = target_name(path, "driver", name);
	devices->functions++;
	if (!*driver) {
		devices->functions_unbound++;
		devices->functions_waiting++;
	} else if (!strcmp(driver, "cxl_pci")) {
		devices->functions_waiting += !has_memdev(path);
	}
	return 0;
}

static int add_endpoint(const char *path, struct reading *reading)
{
	char name[NAME_LEN];
	const char *memdev = target_name(path, "uport", name);
	int r = *memdev ? string_set_add(&reading->attached, memdev) : 0;

	return r < 0 ? r : 0;
}

static int count_memdev(const char *path, struct reading *reading)
{
	struct cxl_devices *devices = reading->devices;

	devices->memdevs++;
	devices->memdevs_idle += !file_exists("%s/driver", path);
	devices->memdevs_waiting += !string_set_has(&reading->attached, strrchr(path, '/') + 1);
	return 0;
}

static int count_root(const char *path, struct reading *reading)
{
	(void)path;
	reading->devices->roots++;
	return 0;
}

/**
 * cxl_devices_read() - count the CXL memory devices, and those that wait for a driver
 * @root: directory that replaces /, "" for the real one
 * @devices: filled in; an attribute that is missing or not readable counts as empty
 *
 * Return: 0, or -ENOMEM.
 */
int cxl_devices_read(const char *root, struct cxl_devices *devices)
{
	struct reading reading = { .devices = devices };
	int r;

	*devices = (struct cxl_devices) {
		.cxl_pci = file_exists("%s/sys/bus/pci/drivers/cxl_pci", root),
		.cxl_mem = file_exists("%s/sys/bus/cxl/drivers/cxl_mem", root),
	};
	r = each(root, "sys/bus/pci/devices/*", count_function, &reading);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/root[0-9]*", count_root, &reading);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/endpoint[0-9]*", add_endpoint, &reading);
	if (!r)
		r = each(root, "sys/bus/cxl/devices/mem[0-9]*", count_memdev, &reading);
	string_set_free(&reading.attached);
	return r;
}
