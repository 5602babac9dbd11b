/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would become of a range if it was decided again, as a pure function: what the kernel does at
 * /sys/class/dax_owner/arbitrate, without doing it.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_FORECAST_H
#define DAX_OWNER_CLI_EXPLAIN_FORECAST_H

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/**
 * struct prospect - a piece of the range
 * @span: the addresses
 * @now: the extent it is of, the snapshot's
 * @stays: left alone; what follows is said of the others
 * @owner: whose it would be
 * @reason: why
 */
struct prospect {
	struct dax_owner_span span;
	const struct extent *now;
	bool stays;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
};

/**
 * struct prospects - all of a range
 * @prospects: by address, owned by this
 * @n: how many
 */
struct prospects {
	struct prospect *prospects;
	size_t n;
};

void prospects_free(struct prospects *prospects);
int foresee(const struct snapshot *snapshot, const struct surroundings *around, enum dax_owner_policy policy,
	    u64 address, struct prospects *prospects);

#endif /* DAX_OWNER_CLI_EXPLAIN_FORECAST_H */
