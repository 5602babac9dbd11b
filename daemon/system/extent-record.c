// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/key-value.h"
#include "system/extent-record.h"

/* Bytes; an attribute in sysfs is never larger */
#define MAX_ATTRIBUTE 4096

#define PREFIX "DAX_OWNER_"

/* The attribute in lines KEY=VALUE, and the last value of get_line() */
struct record {
	char text[MAX_ATTRIBUTE + 1];
	char value[64];
};

static const char *get_line(const char *name, void *from)
{
	struct record *record = from;
	const char *value = NULL;

	for (const char *line = record->text; !value && *line; line += strspn(line, "\n")) {
		if (!strncmp(line, PREFIX, strlen(PREFIX)))
			value = key_value(line + strlen(PREFIX), name);
		line += strcspn(line, "\n");
	}
	if (!value)
		return NULL;
	snprintf(record->value, sizeof(record->value), "%.*s", (int)strcspn(value, "\n"), value);
	return record->value;
}

/**
 * extent_record_read() - read the properties of an extent from sysfs
 * @directory: path of the class in sysfs
 * @name: name of the extent
 * @extent: filled in; hidden, because the attribute contains no addresses
 *
 * Return: 0; -ENOENT if the extent does not exist; a negative errno of extent_read(); another
 * negative errno.
 */
int extent_record_read(const char *directory, const char *name, struct extent *extent)
{
	struct record record = {};
	char path[PATH_MAX];
	_cleanup_(closep) int fd = -1;

	if (snprintf(path, sizeof(path), "%s/%s/uevent", directory, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* one read() returns the whole attribute */
	if (fd < 0 || read(fd, record.text, sizeof(record.text) - 1) < 0)
		return -errno;
	return extent_read(extent, get_line, &record);
}
