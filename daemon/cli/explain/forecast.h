/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forecast of a range: the extents that a new decision would make. A pure function with the
 * rules of the kernel's /sys/class/dax_owner/arbitrate; it changes nothing.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_FORECAST_H
#define DAX_OWNER_CLI_EXPLAIN_FORECAST_H

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/**
 * struct forecast_piece - a piece of the range, within one extent and one verdict
 * @span: the addresses, both ends inclusive
 * @now: the present extent, of the snapshot
 * @stays: a new decision leaves the piece as it is; @owner and @reason do not apply
 * @owner: the owner after a new decision
 * @reason: the reason after a new decision
 */
struct forecast_piece {
	struct dax_owner_span span;
	const struct extent *now;
	bool stays;
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
};

/**
 * struct forecast - the pieces of a range
 * @pieces: the pieces in address order, owned by this struct
 * @n: number of pieces
 */
struct forecast {
	struct forecast_piece *pieces;
	size_t n;
};

void forecast_free(struct forecast *forecast);
int forecast_range(const struct snapshot *snapshot, const struct machine *machine,
		   enum dax_owner_policy policy, u64 address, struct forecast *forecast);

#endif /* DAX_OWNER_CLI_EXPLAIN_FORECAST_H */
