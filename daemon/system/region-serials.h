/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the serial numbers of the memory devices behind CXL regions.
 */
#ifndef DAX_OWNER_SYSTEM_REGION_SERIALS_H
#define DAX_OWNER_SYSTEM_REGION_SERIALS_H

#include "model/regions.h"

char *region_serials(const struct regions *regions, const char *directory,
		     const struct dax_owner_span *span);

#endif /* DAX_OWNER_SYSTEM_REGION_SERIALS_H */
