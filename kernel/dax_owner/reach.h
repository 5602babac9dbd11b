/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An index of regions: find the first one that reaches an address, by kind.
 *
 * Only the files of the rules include this. reach.c describes the index.
 */
#ifndef DAX_OWNER_REACH_H
#define DAX_OWNER_REACH_H

#include "verdict.h"

/* A set of kinds */
#define DAX_OWNER_KIND_BIT(kind) (1u << (kind))

/*
 * A test counts the steps of every loop of the rules, to check how they grow. The modules and the
 * daemon are built without the counter.
 */
#ifdef DAX_OWNER_COUNT_STEPS
extern u64 dax_owner_steps;
#define dax_owner_step() ((void)dax_owner_steps++)
#else
#define dax_owner_step() ((void)0)
#endif

void dax_owner_reach_build(struct dax_owner_region *regions, size_t nr);
void dax_owner_reach_update(struct dax_owner_region *regions, size_t nr, size_t i);
size_t dax_owner_reach_find(const struct dax_owner_region *regions, size_t nr, size_t from,
			    unsigned int kinds, u64 at);
bool dax_owner_reach_before(const struct dax_owner_region *regions, size_t nr, unsigned int kinds,
			    u64 at, u64 *end);

#endif /* DAX_OWNER_REACH_H */
