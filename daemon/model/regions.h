/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The committed CXL regions.
 */
#ifndef DAX_OWNER_MODEL_REGIONS_H
#define DAX_OWNER_MODEL_REGIONS_H

#include "model/extent.h"

/* Where CXL's devices are */
#define REGIONS_DIRECTORY "/sys/bus/cxl/devices"

/* Room for why dax_cxl cannot have a region */
#define REGION_WHY_LEN 16

/**
 * struct region - a committed CXL region
 * @span: the addresses it decodes
 * @name: of its device
 * @no_dax: why dax_cxl cannot have it: "pmem", or "no dax_region"; "" if it can
 */
struct region {
	struct dax_owner_span span;
	char name[EXTENT_NAME_LEN];
	char no_dax[REGION_WHY_LEN];
};

/**
 * struct regions - all of them
 * @regions: @n of them, owned by this
 * @n: how many
 */
struct regions {
	struct region *regions;
	size_t n;
};

void regions_free(struct regions *regions);
int regions_load(struct regions *regions, const char *directory);
void regions_meeting(const struct regions *regions, const struct dax_owner_span *span,
		     char *names, size_t len);
void regions_withholding(const struct regions *regions, const struct dax_owner_span *span,
			 char *names, size_t len);

#endif /* DAX_OWNER_MODEL_REGIONS_H */
