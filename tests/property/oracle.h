/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules a second time, simple and slow: the address space is a small number
 * of units, and the oracle decides each unit alone. It must share no code with
 * the rules.
 */
#ifndef DAX_OWNER_ORACLE_H
#define DAX_OWNER_ORACLE_H

#include "verdict.h"

/**
 * struct map - the address space cut into units
 * @edge: first byte of each unit, ascending, and after the last unit one entry
 *	that is not read
 * @last: last byte of the last unit
 * @nr: number of units
 */
struct map {
	u64 *edge;
	u64 last;
	size_t nr;
};

/**
 * struct unit - the verdict on one unit
 */
struct unit {
	enum dax_owner_owner owner;
	enum dax_owner_reason reason;
	unsigned int flags;
	size_t region;
};

/**
 * struct opinion - the oracle's result for all ranges and regions
 * @in_window: by case
 * @met: by case
 * @fallen: by case
 * @relinquished: by region
 * @covered: scratch space, by unit
 * @rounds: number of rounds in which a range fell
 */
struct opinion {
	bool *in_window, *met, *fallen, *relinquished, *covered;
	unsigned int rounds;
};

static inline u64 unit_end(const struct map *map, size_t unit)
{
	return unit + 1 < map->nr ? map->edge[unit + 1] - 1 : map->last;
}

bool unit_in(const struct map *map, size_t unit, const struct dax_owner_span *span);

void oracle_prepare(const struct map *map, const struct dax_owner_facts *facts, bool eager,
		    struct opinion *opinion);

void oracle_decide(const struct map *map, const struct dax_owner_facts *facts,
		   const struct opinion *opinion, size_t number, struct unit *units);

#endif /* DAX_OWNER_ORACLE_H */
