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
 * struct forecast_piece - a piece of the range
 * @span: the addresses
 * @now: the extent it is of, the snapshot's
 * @stays: left alone; what follows is said of the others
 * @owner: whose it would be
 * @reason: why
 */
struct forecast_piece {
	struct dax_owner_span span;
	const struct extent *now;
	bool stays;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
};

/**
 * struct forecast - all of a range
 * @forecast: by address, owned by this
 * @n: how many
 */
struct forecast {
	struct forecast_piece *forecast;
	size_t n;
};

void forecast_free(struct forecast *forecast);
int forecast_read(const struct snapshot *snapshot, const struct machine *machine, enum dax_owner_policy policy,
	    u64 address, struct forecast *forecast);

#endif /* DAX_OWNER_CLI_EXPLAIN_FORECAST_H */
