/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records in the journal.
 *
 * Each kind of record has a MESSAGE_ID, a priority and a sentence. docs/abi/journal.md lists the
 * kinds with their fields, and catalog/ explains each of them. This file must not decide which
 * events occurred; the callers do.
 */
#ifndef DAX_OWNER_DAEMON_JOURNAL_H
#define DAX_OWNER_DAEMON_JOURNAL_H

#include "model/arbiter.h"
#include "model/extent-map.h"
#include "system/modules.h"

/**
 * struct journal_settled - the numbers of settled ownership
 * @extents: number of extents
 * @cxl_bytes: bytes that dax_cxl owns
 * @hmem_bytes: bytes that dax_hmem owns
 * @stranded_bytes: bytes that are stranded
 * @usable_bytes: bytes that can be system memory
 * @online_bytes: bytes that a driver owns and that are online
 */
struct journal_settled {
	size_t extents;
	u64 cxl_bytes;
	u64 hmem_bytes;
	u64 stranded_bytes;
	u64 usable_bytes;
	u64 online_bytes;
};

/**
 * struct journal_record - the contents of a record, for the listener
 * @event: value of DAX_OWNER_EVENT=
 * @message: value of MESSAGE=
 * @kind: the event of @extent; valid only with @extent
 * @withheld_by: description of the regions that withhold @extent; valid only with @extent
 * @extent: the extent of the record; NULL if the record is about no extent
 * @subsystem: subsystem of @device; valid only with @device
 * @device: name of the device that was added or removed; NULL if the record is about no device
 */
struct journal_record {
	const char *event;
	const char *message;
	enum event kind;
	const char *withheld_by;
	const struct extent *extent;
	const char *subsystem;
	const char *device;
};

/**
 * typedef journal_listen_fn - process a record that the daemon has made
 * @news: contents of the record; valid until the function returns
 * @data: member data of the journal
 */
typedef void (*journal_listen_fn)(const struct journal_record *news, void *data);

/**
 * struct journal - what all records of a program have in common
 * @arbiter: the arbiter that each record names
 * @listen: called after each record; must not make a record; NULL for none
 * @data: passed to @listen
 */
struct journal {
	enum arbiter arbiter;
	journal_listen_fn listen;
	void *data;
};

void journal_arbiter(const struct journal *journal, bool untested);
void journal_extent(const struct journal *journal, enum event event, const struct extent *extent,
		    const char *regions, const char *serials, const char *withheld_by);
void journal_deadline(const struct journal *journal);
void journal_settled(const struct journal *journal, const struct journal_settled *settled);
void journal_empty(const struct journal *journal);
void journal_device(const struct journal *journal, const char *action, const char *subsystem,
		    const char *name);
void journal_held(const struct journal *journal);
void journal_ordered(const struct journal *journal);
void journal_modules(const struct journal *journal, enum modules modules, const char *release);
void journal_missed(const struct journal *journal, const char *cause);
void journal_config(const struct journal *journal, const char *file, unsigned int line,
		    const char *what);
void journal_failure(const struct journal *journal, int error, const char *what);
void journal_failure_once(const struct journal *journal, bool *failed, int error, const char *what);

#endif /* DAX_OWNER_DAEMON_JOURNAL_H */
