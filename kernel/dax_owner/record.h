/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states of an extent, and their names. Compiled for the kernel and for userspace.
 */
#ifndef DAX_OWNER_RECORD_H
#define DAX_OWNER_RECORD_H

#include "verdict.h"

/**
 * enum dax_owner_state - how far an extent has come, as in docs/abi/sysfs-class-dax-owner
 * @DAX_OWNER_STATE_PENDING: the initial pass has not decided yet
 * @DAX_OWNER_STATE_DECIDED: there is a verdict, the owner has not claimed yet
 * @DAX_OWNER_STATE_CLAIMED: the owner holds the addresses, its DAX device has no driver
 * @DAX_OWNER_STATE_IDLE: claimed, and the administrator asked for a DAX device without a driver
 * @DAX_OWNER_STATE_OWNED: a driver is bound to the DAX device
 * @DAX_OWNER_STATE_RELEASED: its CXL region was torn down, nothing decodes the addresses
 * @DAX_OWNER_STATE_STRANDED: no driver has it
 * @DAX_OWNER_STATE_WITHHELD: a region that dax_cxl cannot have decodes it: it is for no driver
 */
enum dax_owner_state {
	DAX_OWNER_STATE_PENDING,
	DAX_OWNER_STATE_DECIDED,
	DAX_OWNER_STATE_CLAIMED,
	DAX_OWNER_STATE_IDLE,
	DAX_OWNER_STATE_OWNED,
	DAX_OWNER_STATE_RELEASED,
	DAX_OWNER_STATE_STRANDED,
	DAX_OWNER_STATE_WITHHELD,
};

const char *dax_owner_state_name(enum dax_owner_state state);
int dax_owner_state_parse(const char *text, enum dax_owner_state *state);

#endif /* DAX_OWNER_RECORD_H */
