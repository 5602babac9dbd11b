/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The journal: one native record for each thing that happened.
 *
 * Each kind of record has a MESSAGE_ID, a priority and a sentence; docs/abi/journal.md lists them
 * with their fields, catalog/ explains each. Nothing here decides what happened.
 */
#ifndef DAX_OWNER_DAEMON_JOURNAL_H
#define DAX_OWNER_DAEMON_JOURNAL_H

#include "model/arbiter.h"
#include "model/extent-map.h"
#include "system/modules.h"

/**
 * struct journal_settled - the summary of a settled system
 * @extents: how many there are
 * @cxl_bytes: bytes dax_cxl has
 * @hmem_bytes: bytes dax_hmem has
 * @stranded_bytes: bytes that nobody has
 * @usable_bytes: bytes that can be system memory
 * @online_bytes: bytes of those a driver has that are online
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
 * struct journal_news - what a record says, for those who listen
 * @event: as DAX_OWNER_EVENT=
 * @message: as MESSAGE=
 * @kind: what happened to @extent
 * @withheld_by: the regions that withhold the extent, in words
 * @extent: it is about, NULL if about none
 * @subsystem: of @device
 * @device: that came or went, NULL if none did
 */
struct journal_news {
	const char *event;
	const char *message;
	enum event kind;
	const char *withheld_by;
	const struct extent *extent;
	const char *subsystem;
	const char *device;
};

/**
 * typedef journal_listen_fn - hear of a record that has been made
 * @news: what it says; gone when this returns
 * @data: the listener's
 */
typedef void (*journal_listen_fn)(const struct journal_news *news, void *data);

void journal_listen(journal_listen_fn fn, void *data);
void journal_by(enum arbiter arbiter);
void journal_arbiter(enum arbiter arbiter, bool untested);
void journal_extent(enum event event, const struct extent *extent, const char *regions, const char *withheld_by);
void journal_deadline(void);
void journal_settled(const struct journal_settled *settled);
void journal_device(const char *action, const char *subsystem, const char *name);
void journal_held(void);
void journal_ordered(void);
void journal_modules(enum modules modules, const char *release);
void journal_missed(const char *why);
void journal_config(const char *file, unsigned int line, const char *what);
void journal_failure(int error, const char *what);

#endif /* DAX_OWNER_DAEMON_JOURNAL_H */
