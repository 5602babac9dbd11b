/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of dax_owner.ko for the modules that claim: dax_hmem and dax_cxl.
 *
 * dax_owner decides and records. It never creates a DAX device. The claiming drivers create
 * DAX devices. They never decide. A driver claims in three steps:
 *
 *	claim = dax_owner_claim(dev, &span, owner, idle);	-EBUSY: another device claimed it
 *	rc = <create the DAX device below dev>
 *	dax_owner_claim_done(claim, rc);
 */
#ifndef DAX_OWNER_H
#define DAX_OWNER_H

#include <linux/device.h>

#include "verdict.h"

struct dax_owner_claim;

/**
 * struct dax_owner_hmem_ops - the operations of dax_hmem that dax_owner calls
 * @offer: Register a device for an extent. Its probe calls dax_owner_claim(). The extent is
 *	2 MiB aligned and can be reserved as one piece; target_node is the NUMA node that it
 *	belongs to when it is online. Returns 0, or a negative errno, which is recorded as the
 *	failure of this extent. After a failure the other extents are still offered.
 * @withdraw: Unregister the devices of the extents that meet a Soft Reserved range. A device
 *	whose DAX device is used by a driver stays.
 *
 * dax_owner calls them under the device lock of the host, the hmem_platform device, and holds
 * none of its own locks.
 */
struct dax_owner_hmem_ops {
	int (*offer)(struct device *host, const struct dax_owner_span *span, int target_node);
	void (*withdraw)(struct device *host, const struct dax_owner_span *range);
};

int dax_owner_bind_host(struct device *dev, const struct dax_owner_hmem_ops *ops);
u64 dax_owner_usable_bytes(const struct dax_owner_span *device, int target_node);

/* Without dax_cxl no range waits for the initial pass, and no driver registers late. */
#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
void dax_owner_cancel_pass(void);
bool dax_owner_wait_for_pass(bool (*give_up)(void));
void dax_owner_wake(void);
void dax_owner_driver_loads(void);
void dax_owner_driver_came(void);
#else
static inline void dax_owner_cancel_pass(void) { }
static inline bool dax_owner_wait_for_pass(bool (*give_up)(void))
{
	return true;
}
#endif

struct dax_owner_claim *dax_owner_claim(struct device *dev, const struct dax_owner_span *span,
					enum dax_owner_owner owner, bool idle);
void dax_owner_claim_done(struct dax_owner_claim *claim, int rc);

#endif /* DAX_OWNER_H */
