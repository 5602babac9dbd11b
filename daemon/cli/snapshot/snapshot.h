/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who owns what at one moment, from whoever can tell: the daemon, the kernel's ledger, or a look at
 * the drivers. What a command shows is a function of this and nothing else.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H
#define DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H

#include "model/arbiter.h"
#include "model/extent-map.h"
#include "system/online.h"
#include "model/regions.h"
#include "model/spans.h"

/**
 * enum source - who has told
 * @SOURCE_DAEMON: dax-ownerd
 * @SOURCE_LEDGER: the modules of dax_owner, by /sys/class/dax_owner
 * @SOURCE_DRIVERS: nobody; the rules were compared with the DAX devices there are
 */
enum source {
	SOURCE_DAEMON,
	SOURCE_LEDGER,
	SOURCE_DRIVERS,
};

/**
 * struct snapshot_extent - an extent, and what is not in a ledger
 * @extent: the extent
 * @driver: of its DAX device, "" for none
 * @online: how much of it is system memory; not known where addresses are hidden
 */
struct snapshot_extent {
	struct extent extent;
	char driver[EXTENT_NAME_LEN];
	struct online online;
};

/**
 * struct sums - of a snapshot, in bytes
 * @owned: what a driver has, by owner
 * @wrong: what another driver has than should
 * @stranded: bytes that no driver has
 * @withheld: bytes that no driver may have
 * @at_risk: bytes that a driver has and that no driver may have
 * @usable: bytes that can be system memory
 */
struct sums {
	u64 owned[DAX_OWNER_HMEM + 1];
	u64 wrong;
	u64 stranded;
	u64 withheld;
	u64 at_risk;
	u64 usable;
};

/**
 * struct snapshot - all of it
 * @source: who has told
 * @kernel: its release
 * @arbiter: who decides
 * @settled: ownership is stable: it changes only if an administrator changes it
 * @hidden: addresses are for root only, and this process is not root
 * @entries: by address, owned by this
 * @n: how many
 * @regions: the committed CXL regions
 * @sums: of all there was, whatever has been left out of @entries since
 */
struct snapshot {
	enum source source;
	char kernel[65];
	enum arbiter arbiter;
	bool settled;
	bool hidden;
	struct snapshot_extent *entries;
	size_t n;
	struct regions regions;
	struct sums sums;
};

const char *source_name(enum source source);
int snapshot_take(struct snapshot *snapshot);
int snapshot_take_ledger(struct snapshot *snapshot);
int snapshot_complete(struct snapshot *snapshot, const struct extent_map *map);
int snapshot_ranges(const struct snapshot *snapshot, struct spans *ranges);
void snapshot_add_up(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

/* Each tells of extents, arbiter and whether it is settled; -ENOENT if it is not there to be asked. */
int snapshot_ask_daemon(struct snapshot *snapshot, struct extent_map *map);
int snapshot_read_ledger(struct snapshot *snapshot, struct extent_map *map);
int snapshot_look_at_drivers(struct snapshot *snapshot, struct extent_map *map);

#endif /* DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H */
