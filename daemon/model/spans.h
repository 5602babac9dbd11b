/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of spans of addresses.
 */
#ifndef DAX_OWNER_MODEL_SPANS_H
#define DAX_OWNER_MODEL_SPANS_H

#include "verdict.h"

/**
 * struct spans - a list of spans of addresses
 * @spans: array of @n spans, owned by the list
 * @n: number of spans
 */
struct spans {
	struct dax_owner_span *spans;
	size_t n;
};

void spans_free(struct spans *spans);
int spans_add(struct spans *spans, u64 start, u64 end);
void spans_merge(struct spans *spans);
void spans_align(struct spans *spans, u64 align);

#endif /* DAX_OWNER_MODEL_SPANS_H */
