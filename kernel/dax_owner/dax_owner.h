/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What dax_owner.ko offers to the modules that claim: dax_hmem and dax_cxl.
 *
 * dax_owner decides and records; it never creates a DAX device. The claiming
 * drivers create DAX devices; they never decide. A claim goes like this:
 *
 *	claim = dax_owner_claim(dev, &span, owner, idle);	-EBUSY: somebody has it
 *	rc = <create the DAX device below dev>
 *	dax_owner_claim_done(claim, rc);
 */
#ifndef DAX_OWNER_H
#define DAX_OWNER_H

#include <linux/device.h>

#include "verdict.h"

struct dax_owner_claim;

/**
 * typedef dax_owner_offer_fn - hand an extent to dax_hmem
 * @host: the hmem_platform device
 * @span: the extent, 2 MiB aligned, reservable as one piece
 * @target_node: NUMA node the memory belongs to when it is onlined
 *
 * Called with the device lock of @host held and none of dax_owner's. It
 * registers a device whose probe calls dax_owner_claim().
 *
 * Return: 0, or a negative errno which is recorded as the failure of this
 * extent; the others are offered all the same.
 */
typedef int (*dax_owner_offer_fn)(struct device *host,
				  const struct dax_owner_span *span,
				  int target_node);

int dax_owner_arbitrate(struct device *host, dax_owner_offer_fn offer);
bool dax_owner_awaits_cxl(void);
enum dax_owner_pass dax_owner_await_cxl(bool (*give_up)(void));
void dax_owner_wake(void);
int dax_owner_end_initial_pass(struct device *host, enum dax_owner_pass pass,
			       dax_owner_offer_fn offer);

struct dax_owner_claim *dax_owner_claim(struct device *dev,
					const struct dax_owner_span *span,
					enum dax_owner_owner owner, bool idle);
void dax_owner_claim_done(struct dax_owner_claim *claim, int rc);

#endif /* DAX_OWNER_H */
