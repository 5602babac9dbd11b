/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of records: the name, the MESSAGE_ID and the priority of each. docs/abi/journal.md lists
 * them.
 */
#ifndef DAX_OWNER_MODEL_RECORD_KINDS_H
#define DAX_OWNER_MODEL_RECORD_KINDS_H

#include "model/events.h"

/**
 * struct record_kind - what all records of one kind have in common
 * @event: value of DAX_OWNER_EVENT=; NULL for %RECORD_DEVICE, whose value is the uevent's action
 * @id: value of MESSAGE_ID=
 * @priority: a syslog priority, unless the contents of a record ask for another one
 */
struct record_kind {
	const char *event;
	const char *id;
	int priority;
};

/**
 * enum record_type - the records that are about no extent
 * @RECORD_ARBITER: the arbiter of this kernel
 * @RECORD_DEADLINE: enumeration did not end before the deadline
 * @RECORD_SETTLED: ownership is settled
 * @RECORD_EMPTY: the machine is empty, and the daemon ends
 * @RECORD_DEVICE: a CXL region or a DAX device was added or removed
 * @RECORD_HELD: dax_cxl is held
 * @RECORD_ORDERED: dax_cxl is no longer held
 * @RECORD_MODULES: the modules of dax_owner are installed and not in use
 * @RECORD_MISSED: earlier changes may be missing from the journal
 * @RECORD_CONFIG: a line of the configuration is ignored
 * @RECORD_FAILURE: a program failed
 * @RECORD_COUNT: number of these records
 */
enum record_type {
	RECORD_ARBITER,
	RECORD_DEADLINE,
	RECORD_SETTLED,
	RECORD_EMPTY,
	RECORD_DEVICE,
	RECORD_HELD,
	RECORD_ORDERED,
	RECORD_MODULES,
	RECORD_MISSED,
	RECORD_CONFIG,
	RECORD_FAILURE,
	RECORD_COUNT,
};

const struct record_kind *event_kind(enum event event);
const char *event_name(enum event event);
int event_priority(enum event event, const struct extent *extent);
const struct record_kind *record_kind(enum record_type type);
int settled_priority(u64 stranded_bytes);

#endif /* DAX_OWNER_MODEL_RECORD_KINDS_H */
