/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of an extent, as a pure function of an earlier version and the present version.
 *
 * The function also returns the events that the present version implies: an owned extent was
 * decided and claimed before. So the history of a boot does not depend on how often the daemon
 * reads extents.
 */
#ifndef DAX_OWNER_MODEL_EVENTS_H
#define DAX_OWNER_MODEL_EVENTS_H

#include "model/extent.h"

/**
 * enum event - the events of an extent, in the order of their records
 * @EVENT_CHANGED: the owner changed from one driver to the other
 * @EVENT_DECIDED: the rules gave a verdict
 * @EVENT_CLAIMED: the owner claimed the addresses
 * @EVENT_OWNED: a driver was bound to the DAX device
 * @EVENT_UNBOUND: the driver was unbound from the DAX device; the owner keeps its claim
 * @EVENT_RELEASED: the CXL region was torn down
 * @EVENT_CONFLICT: the claim failed, because another device has the addresses
 * @EVENT_WITHHELD: no driver may have the extent, because a region that is not for DAX decodes it
 * @EVENT_STRANDED: no driver has the extent, and a driver should have it
 * @EVENT_COUNT: number of events
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

/* The bit of an event in a set of events */
#define EVENT_BIT(event) (1u << (event))

unsigned int events_between(const struct extent *before, const struct extent *now);

#endif /* DAX_OWNER_MODEL_EVENTS_H */
