/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule whether a machine is empty: it has no memory that the daemon could ever record. The rule is
 * pure.
 */
#ifndef DAX_OWNER_MODEL_PRESENCE_H
#define DAX_OWNER_MODEL_PRESENCE_H

#include <stdbool.h>

/**
 * struct presence - the facts that show whether a machine is empty
 * @unknown: the Soft Reserved ranges cannot be read
 * @soft_reserved: the machine has a Soft Reserved range
 * @hmem_host: the kernel has the device hmem_platform, to which dax_hmem binds
 * @cxl_host: the machine has a CXL host or a CEDT; a region may appear later
 * @ledger: the kernel has a ledger
 *
 * A device for which udev starts dax-owner-devices.target sets one of these. Otherwise the daemon would
 * stop again after that device, and a later one would not start it.
 */
struct presence {
	bool unknown;
	bool soft_reserved;
	bool hmem_host;
	bool cxl_host;
	bool ledger;
};

bool presence_is_empty(const struct presence *presence);

#endif /* DAX_OWNER_MODEL_PRESENCE_H */
