// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cxl/libcxl.h>

#include "regions.h"

/**
 * regions_free() - forget
 * @regions: may be used again
 */
void regions_free(struct regions *regions)
{
	free(regions->regions);
	*regions = (struct regions){ };
}

static int add(struct regions *regions, struct cxl_region *region)
{
	struct region *more;
	u64 start = cxl_region_get_resource(region);
	u64 size = cxl_region_get_size(region);

	/* 0 is what libcxl says of one that has no addresses yet */
	if (!cxl_region_decode_is_committed(region) || !size || start == ULLONG_MAX)
		return 0;
	more = reallocarray(regions->regions, regions->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	regions->regions = more;
	more += regions->n++;
	more->span = (struct dax_owner_span){ start, start + size - 1 };
	snprintf(more->name, sizeof(more->name), "%s", cxl_region_get_devname(region));
	return 0;
}

static int add_all(struct regions *regions, struct cxl_ctx *cxl)
{
	struct cxl_decoder *decoder;
	struct cxl_region *region;
	struct cxl_bus *bus;
	int r;

	cxl_bus_foreach(cxl, bus)
		cxl_decoder_foreach(cxl_bus_get_port(bus), decoder)
			cxl_region_foreach(decoder, region) {
				r = add(regions, region);
				if (r)
					return r;
			}
	return 0;
}

/**
 * regions_load() - look at them
 * @regions: filled in; empty after an error
 *
 * Return: 0; -ENOMEM, or what else libcxl failed with.
 */
int regions_load(struct regions *regions)
{
	struct cxl_ctx *cxl;
	int r;

	*regions = (struct regions){ };
	r = cxl_new(&cxl);
	if (r)
		return r;
	r = add_all(regions, cxl);
	cxl_unref(cxl);
	if (r)
		regions_free(regions);
	return r;
}

/**
 * regions_meeting() - the names of those that meet a span
 * @regions: where to look
 * @span: the addresses
 * @names: filled in, with a blank between two; cut short if there are too many
 * @len: bytes in @names, not 0
 */
void regions_meeting(const struct regions *regions, const struct dax_owner_span *span,
		     char *names, size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s", used ? " " : "",
						 regions->regions[i].name);
}
