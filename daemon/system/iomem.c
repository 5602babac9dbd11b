// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "system/iomem.h"

/**
 * iomem_each() - read it from the beginning
 * @file: /proc/iomem, opened with CAP_SYS_ADMIN: to others it shows zeros for addresses
 * @fn: called for each entry, parents before their children
 * @data: passed on to @fn
 *
 * Return: 0; -EACCES if there are only zeros; -EBADMSG if a line cannot be understood; what
 * @fn returned if that is not 0; another negative errno if it cannot be read.
 */
int iomem_each(FILE *file, iomem_fn fn, void *data)
{
	_cleanup_(freep) char *line = NULL;
	bool addresses = false;
	size_t size = 0;

	/* the stream may have an old copy of it */
	fflush(file);
	rewind(file);
	while (getline(&line, &size, file) > 0) {
		struct dax_owner_span span;
		int name = 0, r;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &span.start, &span.end, &name) != 2 || !name)
			return -EBADMSG;
		addresses |= span.end != 0;
		r = fn(&span, line + name, data);
		if (r)
			return r;
	}
	if (ferror(file))
		return -EIO;
	return addresses ? 0 : -EACCES;
}
