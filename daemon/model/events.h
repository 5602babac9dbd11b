/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened to an extent, as a pure function of what it was and what it is.
 *
 * Steps that were not seen are told all the same when what is now implies them: an owned
 * extent has been decided and claimed. So the history of a boot does not depend on how
 * often somebody looked.
 */
#ifndef DAX_OWNER_MODEL_EVENTS_H
#define DAX_OWNER_MODEL_EVENTS_H

#include "model/extent.h"

/**
 * enum event - what can happen to an extent, in the order in which it is told
 * @EVENT_CHANGED: the owner is another driver than before
 * @EVENT_DECIDED: there is a verdict
 * @EVENT_CLAIMED: the owner has the addresses
 * @EVENT_OWNED: a driver is bound to its DAX device
 * @EVENT_UNBOUND: the DAX device has no driver any more, the owner keeps the addresses
 * @EVENT_RELEASED: its CXL region is gone
 * @EVENT_CONFLICT: the claim failed, somebody else held the addresses
 * @EVENT_WITHHELD: no driver may have it, because a CXL region that is not for DAX decodes it
 * @EVENT_STRANDED: no driver has it
 */
enum event {
	EVENT_CHANGED,
	EVENT_DECIDED,
	EVENT_CLAIMED,
	EVENT_OWNED,
	EVENT_UNBOUND,
	EVENT_RELEASED,
	EVENT_CONFLICT,
	EVENT_WITHHELD,
	EVENT_STRANDED,
	EVENT_COUNT,
};

/* A set of events */
#define EVENT_BIT(event) (1u << (event))

unsigned int events_between(const struct extent *before, const struct extent *now);

#endif /* DAX_OWNER_MODEL_EVENTS_H */
