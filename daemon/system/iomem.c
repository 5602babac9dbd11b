// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parse /proc/iomem.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "system/iomem.h"

/**
 * iomem_each() - call a function for each entry of /proc/iomem
 * @file: /proc/iomem, opened with CAP_SYS_ADMIN, because the kernel shows zeros to other processes
 * @fn: called once for each entry, for parents before their children
 * @data: passed to @fn
 *
 * The function reads the file from its beginning, so that the caller can use @file again.
 *
 * The function skips malformed lines, because the other lines count.
 *
 * Return: number of malformed lines; -EACCES if all addresses are zeros; the first result of @fn
 * that is not 0; -EIO if the file cannot be read.
 */
int iomem_each(FILE *file, iomem_fn fn, void *data)
{
	_cleanup_(freep) char *line = NULL;
	bool addresses = false;
	int malformed = 0;
	size_t size = 0;

	/* discard the buffer of the stream, because it may hold old lines */
	fflush(file);
	rewind(file);
	while (getline(&line, &size, file) > 0) {
		struct dax_owner_span span;
		int name = 0, r;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &span.start, &span.end, &name) !=
			    2 ||
		    !name || span.start > span.end) {
			malformed++;
			continue;
		}
		addresses |= span.end != 0;
		r = fn(&span, line + name, data);
		if (r)
			return r;
	}
	if (ferror(file))
		return -EIO;
	return addresses ? malformed : -EACCES;
}
