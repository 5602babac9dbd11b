/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files about claims: claims.c and dax_bus.c. */
#ifndef DAX_OWNER_CLAIMS_H
#define DAX_OWNER_CLAIMS_H

#include "internal.h"

/**
 * struct dax_owner_claim - the claim of a device on a span of addresses
 * @node: in the claim tree, with the addresses
 * @own: in the tree of its driver's claims
 * @dev: the claiming device; the claim is a resource (devres) of it, freed after its release
 * @owner: the driver of @dev
 * @dax: the DAX device below @dev that the ledger names, pinned; NULL if there is none
 * @idle: no driver is to bind the DAX device (region_idle)
 * @making: dax_owner_claim_done() has not been called yet
 * @fresh: since the last verdict, no driver has been bound to a DAX device of these addresses
 *	and no driver has refused one
 * @busy: dax_owner_busy_begin() has been called for this claim
 * @error: negative errno with which the claiming driver failed, 0 if it did not
 *
 * dax_owner_lock protects every field that changes after the claim is made.
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
