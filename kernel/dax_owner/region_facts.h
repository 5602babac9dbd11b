/* SPDX-License-Identifier: GPL-2.0-only */
/* The facts about one CXL region. This must not know ranges, claims or the ledger. */
#ifndef DAX_OWNER_REGION_FACTS_H
#define DAX_OWNER_REGION_FACTS_H

#include "../compat/cxl.h"
#include "verdict.h"

int dax_owner_region_span(struct device *dev, struct dax_owner_span *span);
int dax_owner_region_read(struct device *dev, struct dax_owner_span *span);
bool dax_owner_region_decodes(struct device *dev, bool deleted, const struct dax_owner_span *span);

#endif /* DAX_OWNER_REGION_FACTS_H */
