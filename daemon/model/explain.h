/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why an extent has the owner it has, and what it would take to change that: a sentence each, as a
 * pure function of the extent.
 */
#ifndef DAX_OWNER_MODEL_EXPLAIN_H
#define DAX_OWNER_MODEL_EXPLAIN_H

#include "model/extent.h"

/* Room for a sentence */
#define EXPLAIN_LEN 384

void explain_rule(const struct extent *extent, u64 block_size, char *text);
void explain_change(const struct extent *extent, char *text);

#endif /* DAX_OWNER_MODEL_EXPLAIN_H */
