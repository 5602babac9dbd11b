/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One sentence on the reason of an extent, and one on the condition that changes its owner or
 * state. Both are pure functions of the extent.
 */
#ifndef DAX_OWNER_MODEL_EXPLAIN_H
#define DAX_OWNER_MODEL_EXPLAIN_H

#include "model/extent.h"

/* Bytes of a sentence, with the terminating zero */
#define EXPLAIN_LEN 384

void explain_rule(const struct extent *extent, u64 block_size, char *text);
void explain_change(const struct extent *extent, char *text);

#endif /* DAX_OWNER_MODEL_EXPLAIN_H */
