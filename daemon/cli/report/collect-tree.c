// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print the attributes below a device. The walk stops at another device, which has lines of its
 * own, and follows no link. It skips attributes whose reading has an effect.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "cli/report/collect-tree.h"

/* Levels of directories below a device */
#define MAX_DEPTH 2
/* In bytes; a text attribute of sysfs is not longer. */
#define MAX_VALUE 4096
#define MAX_PATH 256

/* A position in the tree: an open directory, its depth and path, and the name of an entry */
struct extent_address {
	int fd;
	int depth;
	const char *path;
	const char *name;
};

static bool is_in(const char *name, const char *const *patterns)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

/* Reading accesses the hardware, or the attribute is no text, or it is only written to. */
static bool is_skipped(const char *name)
{
	static const char *const patterns[] = {
		"config", "remove",   "rescan",    "reset", "resource[0-9]*",
		"rom",    "security", "trigger_*", "vpd",   NULL,
	};

	return is_in(name, patterns);
}

/* The links that show how devices belong together. There are many others. */
static bool is_relation(const char *name)
{
	static const char *const patterns[] = {
		"device",       "driver", "subsystem", "firmware_node", "dport[0-9]*", "endpoint*",
		"parent_dport", "uport",  NULL,
	};

	return is_in(name, patterns);
}

static bool is_serial(const char *name)
{
	static const char *const patterns[] = { "serial*", "*_serial", "*_serial_number", "wwid",
						NULL };

	return is_in(name, patterns);
}

/*
 * Add the value to the mask if it is secret.
 *
 * Return: the text to print; NULL if memory is short.
 */
static const char *masked_value(struct collection *c, const char *name, char *value)
{
	if (!c->mask || !*value || !is_serial(name))
		return value;
	value[strcspn(value, "\n")] = '\0';
	return mask_value(c->mask, MASK_SERIAL, value);
}

static void put_value(const char *path, const char *value, FILE *page)
{
	do {
		size_t len = strcspn(value, "\n");

		fprintf(page, "%s: %.*s\n", path, (int)len, value);
		value += len;
		value += *value == '\n';
	} while (*value);
}

/* Return: bytes of the value, or a negative errno. */
static ssize_t read_value(int directory, const char *file, char *value)
{
	_cleanup_(closep) int fd =
		openat(directory, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, value, MAX_VALUE);

	if (len < 0)
		return -errno;
	value[len] = '\0';
	return len;
}

static void put_attribute(struct collection *c, int directory, const char *file, const char *path,
			  FILE *page)
{
	char value[MAX_VALUE + 1];
	ssize_t len = read_value(directory, file, value);
	const char *text;

	c->hidden += len == -EACCES || len == -EPERM;
	/* Some attributes have no value at the moment. The error is part of the report, too. */
	if (len < 0) {
		fprintf(page, "%s: (%s)\n", path, strerror((int)-len));
		return;
	}
	if (strlen(value) != (size_t)len) {
		fprintf(page, "%s: (no text)\n", path);
		return;
	}
	text = masked_value(c, file, value);
	if (text)
		put_value(path, text, page);
	else
		c->bundle.failed = true;
}

static void put_link(const struct extent_address *place, const char *path, FILE *page)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(place->fd, place->name, target, sizeof(target) - 1);

	if (len <= 0)
		return;
	target[len] = '\0';
	fprintf(page, "%s: %s\n", path, basename(target));
}

static void walk(struct collection *c, const struct extent_address *parent, const char *name,
		 FILE *page);

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

static void walk_directory(struct collection *c, int fd, const char *path, int depth, FILE *page)
{
	struct extent_address place = { .fd = fd, .depth = depth, .path = path };
	struct dirent **entries;
	int n = scandirat(fd, ".", &entries, NULL, by_name);

	if (n < 0)
		return;
	for (int i = 0; i < n; i++) {
		if (*entries[i]->d_name != '.' && !is_skipped(entries[i]->d_name))
			walk(c, &place, entries[i]->d_name, page);
		free(entries[i]);
	}
	free(entries);
}

static void walk(struct collection *c, const struct extent_address *parent, const char *name,
		 FILE *page)
{
	struct extent_address place = { .fd = parent->fd, .name = name };
	char path[MAX_PATH];
	struct stat status;

	if (snprintf(path, sizeof(path), "%s/%s", parent->path, name) >= (int)sizeof(path) ||
	    fstatat(parent->fd, name, &status, AT_SYMLINK_NOFOLLOW))
		return;
	if (S_ISLNK(status.st_mode) && is_relation(name)) {
		put_link(&place, path, page);
	} else if (S_ISREG(status.st_mode) && status.st_mode & 0444) {
		put_attribute(c, parent->fd, name, path, page);
	} else if (S_ISDIR(status.st_mode) && parent->depth < MAX_DEPTH) {
		_cleanup_(closep) int fd =
			openat(parent->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

		if (fd >= 0 && faccessat(fd, "subsystem", F_OK, AT_SYMLINK_NOFOLLOW))
			walk_directory(c, fd, path, parent->depth + 1, page);
	}
}

static int open_directory(const struct collection *c, const char *path)
{
	char full[PATH_MAX];
	int fd;

	if ((size_t)snprintf(full, sizeof(full), "%s%s", c->root, path) >= sizeof(full))
		return -ENAMETOOLONG;
	fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/**
 * collect_attribute() - print one attribute
 * @c: the collection
 * @directory: directory of the attribute, without the root
 * @file: name of the attribute; if it does not exist, nothing is printed
 * @path: the name to print
 * @page: receives the lines
 */
void collect_attribute(struct collection *c, const char *directory, const char *file,
		       const char *path, FILE *page)
{
	_cleanup_(closep) int fd = open_directory(c, directory);
	struct stat status;

	if (fd >= 0 && !fstatat(fd, file, &status, AT_SYMLINK_NOFOLLOW) &&
	    S_ISREG(status.st_mode) && status.st_mode & 0444)
		put_attribute(c, fd, file, path, page);
}

/**
 * collect_tree() - print the attributes of a device
 * @c: the collection
 * @device: path of the device without the root; may be a link
 * @name: the name to print
 * @page: receives the lines
 */
void collect_tree(struct collection *c, const char *device, const char *name, FILE *page)
{
	_cleanup_(closep) int fd = open_directory(c, device);

	if (fd >= 0)
		walk_directory(c, fd, name, 0, page);
}
