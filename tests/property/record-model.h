/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of an extent without a table: one boolean for each fact about the extent, and branches
 * for each event.
 */
#ifndef RECORD_MODEL_H
#define RECORD_MODEL_H

#include "record.h"

struct model {
	/* the extent is claimed; the next three count only then */
	bool claimed;
	bool bound;
	bool idle;
	bool refused;
	/* with a claim: the state after the claim ends; without a claim: the state now */
	bool gone;
	bool barred;
	/* these count only without a claim */
	bool pending;
	bool failed;

	enum dax_owner_owner owner, previous;
	enum dax_owner_reason reason, verdict;
	unsigned int flags;
	int error, node;
	u64 decided_us, usable, loss;
	bool has_dax;
	struct dax_owner_span dax;
	char device[DAX_OWNER_NAME_LEN], holder[DAX_OWNER_NAME_LEN];
};

const char *model_state(const struct model *m);
bool model_apply(struct model *m, enum dax_owner_event event, const struct dax_owner_args *args,
		 u64 unit);

#endif /* RECORD_MODEL_H */
