// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect the files that the command itself reads, under their own paths, so that the archive is a
 * root directory for --sysroot. Links of sysfs stay links. A file that is missing or not readable is
 * left out without a line in the list, because other parts of the report list it.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/paths.h"
#include "cli/report/collect.h"
#include "cli/snapshot/snapshot-json.h"
#include "cli/snapshot/topology-child.h"

/* In bytes; a text attribute of sysfs is not longer. */
#define MAX_ATTRIBUTE 4096

/* In bytes, larger than the other files */
#define MAX_FILE (1 << 20)

/* More memory blocks than machines have; the archive holds a file for each */
#define MAX_BLOCKS 65536

#define MAX_NAMES 5

/**
 * struct kind - devices of one kind, and the parts of them that the command reads
 * @directory: of the devices
 * @pattern: shell pattern of their names
 * @attributes: names of files
 * @links: names of links to other devices
 * @parts: shell pattern of directories within a device; NULL for none
 * @of_parts: names of files in these directories
 */
struct kind {
	const char *directory;
	const char *pattern;
	const char *attributes[MAX_NAMES];
	const char *links[MAX_NAMES];
	const char *parts;
	const char *of_parts[MAX_NAMES];
};

static const struct kind kinds[] = {
	{ .directory = "/sys/bus/cxl/devices",
	  .pattern = "region[0-9]*",
	  .attributes = { "commit", "resource", "size", "mode" },
	  .links = { "driver" },
	  .parts = "dax_region[0-9]*" },
	{ .directory = "/sys/bus/cxl/devices", .pattern = "mem[0-9]*", .links = { "driver" } },
	{ .directory = "/sys/bus/cxl/devices", .pattern = "endpoint[0-9]*", .links = { "uport" } },
	{ .directory = "/sys/bus/cxl/devices", .pattern = "root[0-9]*" },
	{ .directory = "/sys/bus/dax/devices",
	  .pattern = "dax[0-9]*",
	  .attributes = { "target_node", "resource", "size" },
	  .links = { "driver" },
	  .parts = "mapping[0-9]*",
	  .of_parts = { "start", "end" } },
	{ .directory = "/sys/class/dax_owner",
	  .pattern = "extent[0-9]*",
	  .attributes = { "uevent", "start", "end" } },
	{ .directory = "/sys/firmware/memmap",
	  .pattern = "[0-9]*",
	  .attributes = { "start", "end", "type" } },
};

static const struct kind functions = {
	.attributes = { "class" },
	.links = { "driver" },
	.parts = "mem[0-9]*",
};

static const struct kind blocks = { .attributes = { "state" } };

/* Files whose content the command reads, each if it exists */
static const char *const files[] = {
	"/proc/sys/kernel/osrelease",
	"/sys/class/dax_owner/settled",
	"/sys/class/dax_owner/tested",
	"/sys/kernel/uevent_seqnum",
	ORDER_ARBITER,
	ORDER_MODULES,
	STATE_DIRECTORY "/" STATE_FILE,
};

/* Files and directories of which the command reads only whether they exist */
static const char *const present[] = {
	"/sys/bus/cxl/drivers/cxl_mem",
	"/sys/bus/pci/drivers/cxl_pci",
	"/sys/class/dax_owner",
	"/sys/module/dax_cxl",
	"/sys/module/dax_hmem",
	"/sys/module/dax_hmem/holders/dax_cxl",
	"/sys/module/dax_owner",
	"/run/udev/queue",
	"/var/lib/dkms",
	FALLBACK,
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* --- files and links --- */

static void put_file(struct collection *c, const char *path, size_t max)
{
	size_t len;
	_cleanup_(freep) char *text = collect_read_quietly(c, path, max, &len);
	FILE *page = text ? bundle_page(&c->bundle, path + 1) : NULL;

	if (!page)
		return;
	fwrite(text, 1, strlen(text), page);
	bundle_end(&c->bundle, page);
}

/*
 * Write the path that a link leads to, without following other links: those of sysfs begin in a
 * directory and go up, then down.
 *
 * Return: false if the target is absolute or above the root.
 */
static bool resolve(const char *link, const char *target, char path[PATH_MAX])
{
	size_t len = (size_t)(strrchr(link, '/') - link);

	if (*target == '/' || len >= PATH_MAX)
		return false;
	memcpy(path, link, len);
	path[len] = '\0';
	while (*target) {
		size_t word = strcspn(target, "/");

		if (word == 2 && !strncmp(target, "..", 2)) {
			char *slash = strrchr(path, '/');

			if (!slash)
				return false;
			*slash = '\0';
		} else if (word && !(word == 1 && *target == '.')) {
			len = strlen(path);
			if (snprintf(path + len, PATH_MAX - len, "/%.*s", (int)word, target) >=
			    (int)(PATH_MAX - len))
				return false;
		}
		target += word;
		target += *target == '/';
	}
	return *path == '/';
}

/*
 * Add a link and the directory that it leads to. Write that directory's path. A directory stands for
 * itself, because a tree that is not sysfs may have one in the place of a link.
 *
 * Return: false if there is neither.
 */
static bool put_link(struct collection *c, const char *path, char real[PATH_MAX])
{
	char full[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	if ((size_t)snprintf(full, sizeof(full), "%s%s", c->root, path) >= sizeof(full) ||
	    !file_exists("%s", full))
		return false;
	len = readlink(full, target, sizeof(target) - 1);
	if (len < 0) {
		snprintf(real, PATH_MAX, "%s", path);
	} else {
		target[len] = '\0';
		if (!resolve(path, target, real))
			return false;
		bundle_link(&c->bundle, path + 1, target);
	}
	bundle_directory(&c->bundle, real + 1);
	return true;
}

static bool join(char path[PATH_MAX], const char *directory, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", directory, name) < PATH_MAX;
}

/* --- devices --- */

static void put_names(struct collection *c, const char *directory, const char *const *names)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < MAX_NAMES && names[i]; i++)
		if (join(path, directory, names[i]))
			put_file(c, path, MAX_ATTRIBUTE);
}

static void put_part(struct collection *c, const char *directory, const char *name, void *data)
{
	const struct kind *kind = data;
	char path[PATH_MAX], full[PATH_MAX];
	struct stat status;

	if (!join(path, directory, name) ||
	    snprintf(full, sizeof(full), "%s%s", c->root, path) >= (int)sizeof(full) ||
	    lstat(full, &status) || !S_ISDIR(status.st_mode))
		return;
	bundle_directory(&c->bundle, path + 1);
	put_names(c, path, kind->of_parts);
}

static void put_device(struct collection *c, const char *directory, const char *name, void *data)
{
	const struct kind *kind = data;
	char path[PATH_MAX], device[PATH_MAX], other[PATH_MAX];

	if (!join(path, directory, name) || !put_link(c, path, device))
		return;
	put_names(c, device, kind->attributes);
	for (size_t i = 0; i < MAX_NAMES && kind->links[i]; i++)
		if (join(path, device, kind->links[i]))
			put_link(c, path, other);
	if (kind->parts)
		collect_names(c, device, kind->parts, put_part, data);
}

/* The command counts only the functions that are CXL memory devices. */
static void put_function(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX], class[16];

	if (snprintf(path, sizeof(path), "%s%s/%s/class", c->root, directory, name) <
		    (int)sizeof(path) &&
	    !file_first_line(path, class, sizeof(class)) && !strncmp(class, "0x050210", 8))
		put_device(c, directory, name, data);
}

/* The number of memory blocks that are collected already */
static void put_block(struct collection *c, const char *directory, const char *name, void *data)
{
	unsigned int *n = data;

	if ((*n)++ < MAX_BLOCKS)
		put_device(c, directory, name, (void *)&blocks);
}

static void take_devices(struct collection *c)
{
	unsigned int n = 0;

	for (size_t i = 0; i < LENGTH(kinds); i++)
		collect_names(c, kinds[i].directory, kinds[i].pattern, put_device,
			      (void *)&kinds[i]);
	collect_names(c, "/sys/bus/pci/devices", "*", put_function, (void *)&functions);
	collect_names(c, "/sys/devices/system/memory", "memory[0-9]*", put_block, &n);
	if (n > MAX_BLOCKS)
		collect_missing(c, 0, "sys/devices/system/memory: %u more memory blocks",
				n - MAX_BLOCKS);
}

/* --- modules --- */

/* The lists of a kernel's modules are long, so keep the lines that name the drivers. */
static void put_list(struct collection *c, const char *path)
{
	size_t len;
	_cleanup_(freep) char *text = collect_read_quietly(c, path, MAX_FILE, &len);
	FILE *page = text ? bundle_page(&c->bundle, path + 1) : NULL;
	char *rest = text, *line;

	if (!page)
		return;
	while ((line = strsep(&rest, "\n")))
		if (strstr(line, "dax_"))
			fprintf(page, "%s\n", line);
	bundle_end(&c->bundle, page);
}

static void put_empty(struct collection *c, const char *path)
{
	FILE *page;

	if (!file_exists("%s%s", c->root, path))
		return;
	page = bundle_page(&c->bundle, path + 1);
	if (page)
		bundle_end(&c->bundle, page);
}

static void put_present(struct collection *c, const char *path)
{
	char full[PATH_MAX], real[PATH_MAX];
	struct stat status;

	if (snprintf(full, sizeof(full), "%s%s", c->root, path) >= (int)sizeof(full) ||
	    stat(full, &status))
		return;
	if (S_ISDIR(status.st_mode))
		put_link(c, path, real);
	else
		put_empty(c, path);
}

/* @data is the path of the configuration within the directory of a version of the modules. */
static void put_configuration(struct collection *c, const char *directory, const char *name,
			      void *data)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s/%s", directory, name, (const char *)data) <
	    (int)sizeof(path))
		put_file(c, path, MAX_FILE);
}

static void take_modules(struct collection *c)
{
	static const char *const lists[] = { "modules.dep", "modules.builtin" };
	char path[PATH_MAX];
	size_t len;
	_cleanup_(freep) char *release =
		collect_read_quietly(c, "/proc/sys/kernel/osrelease", NAME_MAX, &len);

	collect_names(c, "/var/lib/dkms/dax-owner", "*", put_configuration,
		      (void *)"source/dkms.conf");
	collect_names(c, "/usr/src", "dax-owner-*", put_configuration, (void *)"dkms.conf");
	if (!release)
		return;
	release[strcspn(release, "\n")] = '\0';
	for (size_t i = 0; i < LENGTH(lists); i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s", release, lists[i]);
		put_list(c, path);
	}
	snprintf(path, sizeof(path), "/lib/modules/%s/build/Makefile", release);
	put_empty(c, path);
}

/**
 * collect_copy() - collect the files that the command reads, under their own paths
 * @c: the collection
 */
void collect_copy(struct collection *c)
{
	take_devices(c);
	take_modules(c);
	for (size_t i = 0; i < LENGTH(files); i++)
		put_file(c, files[i], MAX_FILE);
	for (size_t i = 0; i < LENGTH(present); i++)
		put_present(c, present[i]);
}

/**
 * collect_topology() - read the topology of CXL of the running system, or list it as missing
 * @c: the collection
 * @copy: its topology is filled in
 */
void collect_topology(struct collection *c, struct copy *copy)
{
	int r = topology_child_read(&copy->topology);

	if (r)
		collect_missing(c, 0, COPY_FILE ": topology of CXL: %s", topology_child_problem(r));
}

/**
 * collect_facts() - collect the facts that are in no file of the machine
 * @c: the collection
 * @snapshot: of the same machine; NULL if there is none
 * @copy: time, kernel and topology are set; the rest is filled in, and the caller releases it
 */
void collect_facts(struct collection *c, const struct snapshot *snapshot, struct copy *copy)
{
	FILE *page = bundle_page(&c->bundle, COPY_FILE);

	if (!page)
		return;
	copy->has_arbiter = snapshot != NULL;
	if (snapshot)
		copy->arbiter = snapshot->arbiter;
	if (snapshot && snapshot->source == SOURCE_DAEMON &&
	    json_snapshot(snapshot, false, &copy->daemon))
		c->bundle.failed = true;
	if (copy_print(copy, page))
		c->bundle.failed = true;
	bundle_end(&c->bundle, page);
}
