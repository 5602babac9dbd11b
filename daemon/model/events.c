// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare two versions of an extent.
 */
#include <string.h>

#include "model/events.h"

/*
 * Return: how many of the events decided, claimed and owned the extent has passed. A stranded
 * extent starts again at 0, unless it has a DAX device: it is claimed then and lacks only a driver.
 */
static unsigned int progress(const struct extent *extent)
{
	switch (extent->state) {
	case DAX_OWNER_STATE_DECIDED:
		return 1;
	case DAX_OWNER_STATE_CLAIMED:
	case DAX_OWNER_STATE_IDLE:
		return 2;
	case DAX_OWNER_STATE_OWNED:
		return 3;
	case DAX_OWNER_STATE_STRANDED:
		return *extent->device ? 2 : 0;
	default:
		return 0;
	}
}

/* Return: the events that lead from progress @from to progress @to. */
static unsigned int forward(unsigned int from, unsigned int to)
{
	static const enum event events[] = { EVENT_DECIDED, EVENT_CLAIMED, EVENT_OWNED };
	unsigned int set = 0;

	for (; from < to; from++)
		set |= EVENT_BIT(events[from]);
	return set;
}

/**
 * events_between() - compute the events between two versions of an extent
 * @before: the earlier version; NULL, if the extent is new, counts as pending
 * @now: the present version
 *
 * Return: a set of EVENT_BIT(), 0 if nothing happened.
 */
unsigned int events_between(const struct extent *before, const struct extent *now)
{
	static const struct extent unknown = { .state = DAX_OWNER_STATE_PENDING };
	unsigned int from, to, set = 0;

	if (!before)
		before = &unknown;

	switch (now->state) {
	case DAX_OWNER_STATE_PENDING:
		return 0;
	case DAX_OWNER_STATE_RELEASED:
		return before->state == DAX_OWNER_STATE_RELEASED ? 0 : EVENT_BIT(EVENT_RELEASED);
	case DAX_OWNER_STATE_WITHHELD:
		return before->state == DAX_OWNER_STATE_WITHHELD ? 0 : EVENT_BIT(EVENT_WITHHELD);
	case DAX_OWNER_STATE_STRANDED:
		if (before->state == DAX_OWNER_STATE_STRANDED && before->error == now->error &&
		    !strcmp(before->holder, now->holder))
			return 0;
		if (now->error == -EBUSY)
			set = EVENT_BIT(EVENT_CONFLICT);
		return set | EVENT_BIT(EVENT_STRANDED);
	default:
		break;
	}

	from = progress(before);
	to = progress(now);
	if (now->owner != before->owner) {
		from = 0;
		if (before->owner != DAX_OWNER_NONE && now->owner != DAX_OWNER_NONE)
			set = EVENT_BIT(EVENT_CHANGED);
	} else if (now->state == DAX_OWNER_STATE_DECIDED && before->reason != now->reason) {
		from = 0;
	} else if (now->state == DAX_OWNER_STATE_OWNED && extent_is_wrong(now) &&
		   !extent_is_wrong(before)) {
		from = 2;
	}
	if (before->state == DAX_OWNER_STATE_OWNED && from && extent_is_claimed(now) &&
	    now->state != DAX_OWNER_STATE_OWNED)
		return EVENT_BIT(EVENT_UNBOUND);
	return set | forward(from, to);
}
