/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spans and memory blocks, as pure functions.
 */
#ifndef DAX_OWNER_CUT_H
#define DAX_OWNER_CUT_H

#include "verdict.h"

u64 dax_owner_usable(const struct dax_owner_span *device, const struct dax_owner_span *part,
		     u64 block_size);

#endif /* DAX_OWNER_CUT_H */
