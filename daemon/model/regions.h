/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The committed CXL regions.
 */
#ifndef DAX_OWNER_MODEL_REGIONS_H
#define DAX_OWNER_MODEL_REGIONS_H

#include "model/extent.h"

/* Bytes of struct region.no_dax, with the terminating zero */
#define REGION_WHY_LEN 16

/* Bytes of the text of regions_withholding(), with the terminating zero */
#define REGIONS_WITHHOLDING_LEN 256

/**
 * struct region - a committed CXL region
 * @span: the addresses that it decodes, inclusive
 * @name: name of its device
 * @no_dax: why dax_cxl cannot have it: "pmem" or "no dax_region"; "" if dax_cxl can
 */
struct region {
	struct dax_owner_span span;
	char name[EXTENT_NAME_LEN];
	char no_dax[REGION_WHY_LEN];
};

/**
 * struct regions - all committed CXL regions
 * @regions: array of @n regions, in the order of their names; owned
 * @n: number of regions
 */
struct regions {
	struct region *regions;
	size_t n;
};

void regions_free(struct regions *regions);
bool regions_equal(const struct regions *a, const struct regions *b);
char *regions_meeting(const struct regions *regions, const struct dax_owner_span *span);
void regions_withholding(const struct regions *regions, const struct dax_owner_span *span,
			 char text[REGIONS_WITHHOLDING_LEN]);

#endif /* DAX_OWNER_MODEL_REGIONS_H */
