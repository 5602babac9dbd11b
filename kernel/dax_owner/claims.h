/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files about claims: claims.c and dax_bus.c. */
#ifndef DAX_OWNER_CLAIMS_H
#define DAX_OWNER_CLAIMS_H

#include "internal.h"

/**
 * struct dax_owner_claim - a device's hold on a span of addresses
 * @node: in the claim tree, with the addresses
 * @own: in the tree of its driver's claims
 * @dev: the holder; this is its resource, and is freed after its release
 * @owner: which driver @dev belongs to
 * @dax: the DAX device made below @dev that the ledger names, pinned; NULL without one
 * @idle: no driver is to bind the DAX device (region_idle)
 * @making: dax_owner_claim_done() has not been called yet
 * @fresh: no driver has been bound to the DAX device, or has refused it, nor to one that
 *	was there since the last verdict
 * @busy: dax_owner_busy_begin() has been called for it
 * @error: negative errno with which the claiming driver gave up, 0 if it did not
 *
 * Protected by dax_owner_lock, but for what does not change once claimed.
 */
struct dax_owner_claim {
	struct dax_owner_spannode node;
	struct dax_owner_spannode own;
	struct device *dev;
	enum dax_owner_owner owner;
	struct device *dax;
	bool idle;
	bool making;
	bool fresh;
	bool busy;
	int error;
};

/* --- claims.c --- */

struct dax_owner_claim *dax_owner_claim_of(struct device *dev);
void dax_owner_claim_probe(struct dax_owner_claim *claim, bool begins);

/* --- dax_bus.c --- */

bool dax_owner_dax_probing(struct dax_owner_claim *claim);
void dax_owner_dax_made(struct dax_owner_claim *claim);

#endif /* DAX_OWNER_CLAIMS_H */
