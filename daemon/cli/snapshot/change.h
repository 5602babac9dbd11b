/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Something that happened, as monitor shows it: in the form of a record of the journal, whoever has
 * noticed it.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_CHANGE_H
#define DAX_OWNER_CLI_SNAPSHOT_CHANGE_H

#include <stdio.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct change - what happened
 * @event: in a word, as DAX_OWNER_EVENT= of the journal
 * @message: in a sentence
 * @arbiter: who decides
 * @settled: whether ownership is settled now
 * @stranded_bytes: what nobody has now
 * @source: who tells; NULL but in the first one by another
 * @extent: it happened to, NULL if to none
 * @regions: the CXL regions that meet @extent, with blanks between
 * @online: how much of @extent is system memory, NULL if that is not known
 * @subsystem: of @device
 * @device: that came or went, NULL if none did
 */
struct change {
	const char *event;
	const char *message;
	enum arbiter arbiter;
	bool settled;
	u64 stranded_bytes;
	const char *source;
	const struct extent *extent;
	const char *regions;
	const struct online *online;
	const char *subsystem;
	const char *device;
};

int change_print(const struct change *change, bool json, FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_CHANGE_H */
