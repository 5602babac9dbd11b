/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A change of ownership, as dax-owner monitor prints it. It has the form of a record of the
 * journal, whether the daemon or the command has noticed it.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_CHANGE_H
#define DAX_OWNER_CLI_SNAPSHOT_CHANGE_H

#include <stdio.h>

#include "cli/snapshot/snapshot.h"

/**
 * struct change - an event, and the state after it
 * @event: the name of the event, as DAX_OWNER_EVENT= of the journal
 * @message: a sentence
 * @arbiter: the arbiter of this kernel
 * @settled: ownership is settled now
 * @stranded_bytes: memory that is stranded now
 * @source: the name of the source, if it has changed; NULL otherwise
 * @extent: the extent that the event concerns, or NULL
 * @regions: names of the CXL regions that meet @extent, separated by blanks
 * @online: bytes of @extent that are system memory, or NULL if unknown
 * @subsystem: of @device
 * @device: a device that has appeared or disappeared, or NULL
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
