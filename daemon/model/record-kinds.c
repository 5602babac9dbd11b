// SPDX-License-Identifier: GPL-2.0-only
#include <syslog.h>

#include "model/message-ids.h"
#include "model/record-kinds.h"

static const struct record_kind events[EVENT_COUNT] = {
	[EVENT_CHANGED] = { "changed", ID_CHANGED, LOG_NOTICE },
	[EVENT_DECIDED] = { "decided", ID_DECIDED, LOG_INFO },
	[EVENT_CLAIMED] = { "claimed", ID_CLAIMED, LOG_INFO },
	[EVENT_OWNED] = { "owned", ID_OWNED, LOG_INFO },
	[EVENT_UNBOUND] = { "unbound", ID_UNBOUND, LOG_NOTICE },
	[EVENT_RELEASED] = { "released", ID_RELEASED, LOG_NOTICE },
	[EVENT_CONFLICT] = { "conflict", ID_CONFLICT, LOG_WARNING },
	[EVENT_WITHHELD] = { "withheld", ID_WITHHELD, LOG_INFO },
	[EVENT_STRANDED] = { "stranded", ID_STRANDED, LOG_ERR },
};

static const struct record_kind records[RECORD_COUNT] = {
	[RECORD_ARBITER] = { "arbiter", ID_ARBITER, LOG_INFO },
	[RECORD_DEADLINE] = { "deadline", ID_DEADLINE, LOG_WARNING },
	[RECORD_SETTLED] = { "settled", ID_SETTLED, LOG_INFO },
	[RECORD_EMPTY] = { "empty", ID_EMPTY, LOG_INFO },
	[RECORD_DEVICE] = { NULL, ID_DEVICE, LOG_INFO },
	[RECORD_HELD] = { "held", ID_HELD, LOG_INFO },
	[RECORD_ORDERED] = { "ordered", ID_ORDERED, LOG_INFO },
	[RECORD_MODULES] = { "modules", ID_MODULES, LOG_WARNING },
	[RECORD_MISSED] = { "missed", ID_MISSED, LOG_WARNING },
	[RECORD_CONFIG] = { "config", ID_CONFIG, LOG_WARNING },
	[RECORD_FAILURE] = { "failure", ID_FAILURE, LOG_ERR },
};

/**
 * event_kind() - return the kind of the records of an event
 * @event: the event
 *
 * Return: the kind, a constant.
 */
const struct record_kind *event_kind(enum event event)
{
	return &events[event];
}

/**
 * event_name() - return the name of an event
 * @event: the event
 *
 * Return: one word, a constant.
 */
const char *event_name(enum event event)
{
	return events[event].event;
}

/**
 * event_priority() - return the priority of the record of an event
 * @event: the event
 * @extent: the extent after the event
 *
 * Return: a syslog priority, LOG_CRIT to LOG_INFO.
 */
int event_priority(enum event event, const struct extent *extent)
{
	if (event == EVENT_OWNED && extent_is_at_risk(extent))
		return LOG_CRIT;
	if (event == EVENT_OWNED && extent_is_wrong(extent))
		return LOG_WARNING;
	return events[event].priority;
}

/**
 * record_kind() - return the kind of a record that is about no extent
 * @type: the type of the record
 *
 * Return: the kind, a constant.
 */
const struct record_kind *record_kind(enum record_type type)
{
	return &records[type];
}

/**
 * settled_priority() - return the priority of the record that ownership is settled
 * @stranded_bytes: bytes that are stranded
 *
 * Return: a syslog priority.
 */
int settled_priority(u64 stranded_bytes)
{
	return stranded_bytes ? LOG_WARNING : records[RECORD_SETTLED].priority;
}
