// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "model/regions.h"

/**
 * regions_free() - free all regions
 * @regions: the regions; empty afterwards, and ready for use
 */
void regions_free(struct regions *regions)
{
	free(regions->regions);
	*regions = (struct regions) {};
}

/**
 * regions_meeting() - list the names of the regions that overlap a span
 * @regions: the regions
 * @span: the addresses, inclusive
 * @names: filled in with the names, separated by blanks; cut if they exceed @len
 * @len: bytes in @names, not 0
 */
void regions_meeting(const struct regions *regions, const struct dax_owner_span *span, char *names,
		     size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s", used ? " " : "",
						 regions->regions[i].name);
}

/**
 * regions_withholding() - list the regions that overlap a span and that dax_cxl cannot have
 * @regions: the regions
 * @span: the addresses, inclusive
 * @names: filled in: "region0 (pmem), region1 (no dax_region)"; cut if the text exceeds @len
 * @len: bytes in @names, not 0
 */
void regions_withholding(const struct regions *regions, const struct dax_owner_span *span,
			 char *names, size_t len)
{
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < regions->n && used < len; i++) {
		const struct region *region = &regions->regions[i];

		if (*region->no_dax && dax_owner_span_meets(&region->span, span))
			used += (size_t)snprintf(names + used, len - used, "%s%s (%s)",
						 used ? ", " : "", region->name, region->no_dax);
	}
}
