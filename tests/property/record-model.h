/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The record of an extent as one would write it without a table: what is true of the extent,
 * one boolean each, and the branches of each event.
 */
#ifndef RECORD_MODEL_H
#define RECORD_MODEL_H

#include "record.h"

struct model {
	/* a claim is on it, and then: */
	bool claimed;
	bool bound;
	bool idle;
	bool refused;
	/* with a claim, what comes after it; without one, what it is */
	bool gone;
	bool barred;
	/* without a claim */
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
