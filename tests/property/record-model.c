// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "record-model.h"

const char *model_state(const struct model *m)
{
	if (m->claimed) {
		if (m->bound)
			return "owned";
		if (m->idle)
			return "idle";
		return m->refused ? "stranded" : "claimed";
	}
	if (m->gone)
		return "released";
	if (m->barred)
		return "withheld";
	if (m->failed)
		return "stranded";
	return m->pending ? "pending" : "decided";
}

static void name(char *to, const char *from)
{
	memset(to, 0, DAX_OWNER_NAME_LEN);
	snprintf(to, DAX_OWNER_NAME_LEN, "%s", from ? from : "");
}

/* Count each unit: it is usable if the memory block around it lies in the device as a whole. */
static void measure(struct model *m, const struct dax_owner_args *args, u64 unit)
{
	const struct dax_owner_span *device = m->has_dax ? &m->dax : &args->extent;

	m->usable = m->loss = 0;
	if (m->owner == DAX_OWNER_NONE)
		return;
	for (u64 at = args->extent.start; at < args->extent.end; at += unit) {
		u64 size = args->block_size;
		u64 block = size ? at / size * size : at;

		if (size && (block < device->start || block + size - 1 > device->end))
			m->loss += unit;
		else if (!size && (at < device->start || at > device->end))
			m->loss += unit;
		else if (m->node != -1)
			m->usable += unit;
	}
}

static void verdict(struct model *m, enum dax_owner_owner owner, enum dax_owner_reason why,
		    const struct dax_owner_args *args)
{
	if (m->decided_us == 0 || m->owner != owner || m->verdict != why)
		m->decided_us = args->now_us;
	m->owner = owner;
	m->verdict = m->reason = why;
	m->flags = args->flags;
	m->error = 0;
	name(m->holder, NULL);
	name(m->device, NULL);
	m->has_dax = args->dax != NULL;
	if (args->dax)
		m->dax = *args->dax;
	m->pending = m->failed = m->gone = m->barred = false;
}

static void fail(struct model *m, int error, const char *holder)
{
	m->reason = DAX_OWNER_REASON_CLAIM_FAILED;
	m->error = error;
	name(m->holder, holder);
	if (m->claimed)
		m->refused = true;
	else
		m->failed = true;
}

static void leave(struct model *m, const struct dax_owner_args *args)
{
	struct dax_owner_args none = *args;
	bool gone = m->gone;

	none.flags = 0;
	none.dax = NULL;
	verdict(m, DAX_OWNER_NONE,
		gone ? DAX_OWNER_REASON_NO_REGION : DAX_OWNER_REASON_REGION_NOT_DAX, &none);
	m->gone = gone;
	m->barred = !gone;
}

/* A driver claims the extent */
static void take(struct model *m, enum dax_owner_owner owner, const struct dax_owner_args *args)
{
	if (owner == DAX_OWNER_CXL &&
	    (m->owner != owner || m->verdict != DAX_OWNER_REASON_REGION_COVERS || !m->decided_us)) {
		m->verdict = DAX_OWNER_REASON_REGION_COVERS;
		m->decided_us = args->now_us;
		m->flags = 0;
	}
	m->owner = owner;
	m->reason = m->verdict;
	m->error = 0;
	name(m->holder, NULL);
	if (args->dax) {
		m->has_dax = true;
		m->dax = *args->dax;
	}
	m->claimed = true;
	m->bound = m->idle = m->refused = m->pending = m->failed = false;
}

static bool driver_event(struct model *m, enum dax_owner_event event,
			 const struct dax_owner_args *args)
{
	bool refused = m->claimed && !m->bound && !m->idle && m->refused;

	switch (event) {
	case DAX_OWNER_EVENT_BOUND:
		take(m, args->owner, args);
		m->bound = true;
		break;
	case DAX_OWNER_EVENT_IDLE:
		if (refused)
			return false;
		take(m, args->owner, args);
		m->idle = true;
		break;
	case DAX_OWNER_EVENT_DEVICE:
		if (m->idle)
			return false;
		if (!refused)
			take(m, args->owner, args);
		break;
	case DAX_OWNER_EVENT_UNBOUND:
		if (m->idle)
			return false;
		take(m, args->owner, args);
		break;
	default: /* refused */
		if (m->idle)
			return false;
		take(m, args->owner, args);
		fail(m, -ENODEV, NULL);
		break;
	}
	name(m->device, args->device);
	return true;
}

/* Apply an event. Return: whether it can happen; *changes is whether it changed the model. */
static bool happen(struct model *m, enum dax_owner_event event, const struct dax_owner_args *args,
		   bool *changes)
{
	bool decided = !m->claimed && !m->gone && !m->barred && !m->failed && !m->pending;

	*changes = true;
	switch (event) {
	case DAX_OWNER_EVENT_PEND:
		if (m->claimed || m->gone || m->barred)
			break;
		verdict(m, DAX_OWNER_NONE, args->reason, args);
		m->decided_us = 0;
		m->pending = true;
		return true;
	case DAX_OWNER_EVENT_DECIDE_HMEM:
		if (m->claimed || m->gone)
			break;
		verdict(m, DAX_OWNER_HMEM, args->reason, args);
		return true;
	case DAX_OWNER_EVENT_DECIDE_CXL:
		if (m->claimed)
			break;
		verdict(m, DAX_OWNER_CXL, args->reason, args);
		return true;
	case DAX_OWNER_EVENT_WITHHOLD:
		if (m->claimed && m->barred)
			break;
		if (!m->claimed)
			verdict(m, DAX_OWNER_NONE, DAX_OWNER_REASON_REGION_NOT_DAX, args);
		m->barred = true;
		m->gone = false;
		return true;
	case DAX_OWNER_EVENT_STRAND:
		if (m->claimed || m->gone)
			break;
		verdict(m, args->owner, args->reason, args);
		fail(m, args->error, NULL);
		return true;
	case DAX_OWNER_EVENT_CLAIM_HMEM:
		if (m->claimed || m->gone || m->barred)
			return false;
		take(m, DAX_OWNER_HMEM, args);
		return true;
	case DAX_OWNER_EVENT_CLAIM_CXL:
		if (m->claimed)
			return false;
		take(m, DAX_OWNER_CXL, args);
		m->gone = m->barred = false;
		return true;
	case DAX_OWNER_EVENT_FAIL_HMEM:
		if (m->claimed || m->gone || m->barred || m->owner == DAX_OWNER_CXL)
			break;
		fail(m, args->error, args->holder);
		return true;
	case DAX_OWNER_EVENT_FAIL_CXL:
		if (m->claimed || m->owner == DAX_OWNER_HMEM)
			break;
		m->gone = m->barred = false;
		fail(m, args->error, args->holder);
		return true;
	case DAX_OWNER_EVENT_DEVICE:
	case DAX_OWNER_EVENT_IDLE:
	case DAX_OWNER_EVENT_BOUND:
	case DAX_OWNER_EVENT_UNBOUND:
	case DAX_OWNER_EVENT_REFUSE:
		return driver_event(m, event, args);
	case DAX_OWNER_EVENT_LET_GO:
		if (!m->claimed && (m->gone || m->barred))
			break;
		m->claimed = m->bound = m->idle = m->refused = m->pending = false;
		if (m->gone || m->barred) {
			leave(m, args);
			return true;
		}
		name(m->device, NULL);
		m->has_dax = false;
		fail(m, args->error ? args->error : -ENODEV, NULL);
		return true;
	case DAX_OWNER_EVENT_REGION_GONE:
		if (m->gone)
			break;
		m->gone = true;
		m->barred = false;
		if (!m->claimed)
			leave(m, args);
		return true;
	case DAX_OWNER_EVENT_REGION_BARRED:
		if (m->barred)
			break;
		m->barred = true;
		m->gone = false;
		if (!m->claimed)
			leave(m, args);
		return true;
	case DAX_OWNER_EVENT_REGION_LEFT:
		if (!m->barred)
			break;
		m->barred = false;
		m->gone = true;
		if (!m->claimed)
			leave(m, args);
		return true;
	case DAX_OWNER_EVENT_REGION_BACK:
		if (!m->claimed || (!m->gone && !m->barred))
			break;
		m->gone = m->barred = false;
		return true;
	case DAX_OWNER_EVENT_OVERDUE:
		if (!decided && (!m->claimed || m->bound || m->idle || m->refused))
			return false;
		fail(m, -ENODEV, NULL);
		return true;
	case DAX_OWNER_EVENT_NO_EVIDENCE:
		if (m->claimed || m->gone || m->barred)
			break;
		m->pending = false;
		fail(m, args->error, NULL);
		return true;
	case DAX_OWNER_EVENT_UNRECORDED:
		if (m->claimed || m->gone || m->barred || m->failed || !m->pending)
			break;
		m->pending = false;
		fail(m, args->error, NULL);
		return true;
	}
	*changes = false;
	return true;
}

/* Like dax_owner_record_apply(); extents and devices are whole units */
bool model_apply(struct model *m, enum dax_owner_event event, const struct dax_owner_args *args,
		 u64 unit)
{
	enum dax_owner_owner owner = m->owner;
	bool changes;

	if (!happen(m, event, args, &changes))
		return false;
	if (!changes)
		return true;
	if (m->owner != owner)
		m->previous = owner;
	m->node = args->target_node;
	measure(m, args, unit);
	return true;
}
