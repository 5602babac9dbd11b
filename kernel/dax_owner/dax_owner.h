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
 * struct dax_owner_hmem_ops - what dax_hmem is asked to do
 * @offer: Hand over an extent, 2 MiB aligned and reservable as one piece, and the NUMA node it
 *	belongs to when it is onlined. Registers a device whose probe calls dax_owner_claim().
 *	Returns 0, or a negative errno which is recorded as the failure of this extent; the
 *	others are offered all the same.
 * @withdraw: Take back what was offered within a Soft Reserved range, but for what a driver of
 *	the DAX bus uses.
 *
 * Called with the device lock of the host, the hmem_platform device, held and none of
 * dax_owner's.
 */
struct dax_owner_hmem_ops {
	int (*offer)(struct device *host, const struct dax_owner_span *span, int target_node);
	void (*withdraw)(struct device *host, const struct dax_owner_span *range);
};

int dax_owner_bind_host(struct device *dev, const struct dax_owner_hmem_ops *ops);
u64 dax_owner_usable_bytes(const struct dax_owner_span *device, int target_node);

/* Without dax_cxl no range waits, and no driver comes late. */
#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
void dax_owner_cancel_pass(void);
bool dax_owner_wait_for_pass(bool (*give_up)(void));
void dax_owner_wake(void);
void dax_owner_driver_loads(void);
void dax_owner_driver_came(void);
#else
static inline void dax_owner_cancel_pass(void) { }
static inline bool dax_owner_wait_for_pass(bool (*give_up)(void)) { return true; }
#endif

struct dax_owner_claim *dax_owner_claim(struct device *dev,
					const struct dax_owner_span *span,
					enum dax_owner_owner owner, bool idle);
void dax_owner_claim_done(struct dax_owner_claim *claim, int rc);

#endif /* DAX_OWNER_H */
