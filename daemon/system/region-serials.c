// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read serial numbers from attributes in sysfs (Documentation/ABI/testing/sysfs-bus-cxl), without
 * libcxl, as system/regions-read. A target of a region is an endpoint decoder decoderN.M. The
 * symlink uport of endpointN is its memory device.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/string-set.h"
#include "system/region-serials.h"

/* The highest interleave_ways of a region (CXL 3.1, 8.2.4.20.7) */
#define MAX_TARGETS 16

/* The serial numbers so far, and the stream that gets each of them once */
struct reading {
	const char *directory;
	struct string_set serials;
	FILE *text;
};

static int add_serial(struct reading *reading, const char *attribute)
{
	char number[32];
	int r;

	snprintf(number, sizeof(number), "0x%llx", strtoull(attribute, NULL, 0));
	r = string_set_add(&reading->serials, number);
	if (r > 0)
		fprintf(reading->text, "%s%s", reading->serials.n > 1 ? " " : "", number);
	return r < 0 ? r : 0;
}

/* A target without a memory device, and a device without a serial number, are left out. */
static int add_target(struct reading *reading, const char *decoder)
{
	char path[PATH_MAX], text[32];
	unsigned int port;

	if (sscanf(decoder, "decoder%u.", &port) != 1)
		return 0;
	if (snprintf(path, sizeof(path), "%s/endpoint%u/uport/serial", reading->directory, port) >=
		    (int)sizeof(path) ||
	    file_first_line(path, text, sizeof(text)))
		return 0;
	return add_serial(reading, text);
}

/* The kernel shows as many attributes targetN as the region has interleave_ways. */
static int add_region(struct reading *reading, const char *name)
{
	char path[PATH_MAX], decoder[32];
	int r = 0;

	for (int i = 0; !r && i < MAX_TARGETS; i++) {
		if (snprintf(path, sizeof(path), "%s/%s/target%d", reading->directory, name, i) >=
			    (int)sizeof(path) ||
		    file_first_line(path, decoder, sizeof(decoder)))
			return 0;
		r = add_target(reading, decoder);
	}
	return r;
}

/**
 * region_serials() - read the serial numbers of the memory devices behind a span
 * @regions: the committed CXL regions
 * @directory: path of the devices, %REGIONS_DIRECTORY
 * @span: the addresses, inclusive
 *
 * Return: the serial number of each memory device whose region overlaps @span, hexadecimal with 0x,
 * separated by blanks, each once; "" for none; the caller frees the string. NULL without memory.
 */
char *region_serials(const struct regions *regions, const char *directory,
		     const struct dax_owner_span *span)
{
	struct reading reading = { .directory = directory };
	char *text = NULL;
	size_t len;
	int r = 0;

	reading.text = open_memstream(&text, &len);
	if (!reading.text)
		return NULL;
	for (size_t i = 0; !r && i < regions->n; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			r = add_region(&reading, regions->regions[i].name);
	if (fclose(reading.text))
		r = -ENOMEM;
	string_set_free(&reading.serials);
	if (!r)
		return text;
	free(text);
	return NULL;
}
