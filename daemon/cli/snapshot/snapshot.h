/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot: the extents and the facts at one moment. Its source is the daemon, the kernel's
 * ledger, or the drivers. The output of a command depends only on a snapshot and on the machine.
 * Both can be those of a copy: the files of a machine below a root directory.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H
#define DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H

#include "model/arbiter.h"
#include "model/extent-map.h"
#include "system/online.h"
#include "model/regions.h"
#include "model/spans.h"

/* Bytes of the release of a kernel, with the terminating zero; the same as in uname(2) */
#define SNAPSHOT_KERNEL_LEN 65

/**
 * enum source - the source of a snapshot
 * @SOURCE_DAEMON: dax-ownerd
 * @SOURCE_LEDGER: the modules of dax_owner, through /sys/class/dax_owner
 * @SOURCE_DRIVERS: neither; the command applies the rules to the facts, and compares with the DAX
 *   devices
 */
enum source {
	SOURCE_DAEMON,
	SOURCE_LEDGER,
	SOURCE_DRIVERS,
};

/**
 * struct snapshot_extent - an extent, and facts that a ledger does not hold
 * @extent: the extent
 * @driver: of its DAX device, "" for none
 * @online: its bytes that are system memory; zero where addresses are hidden
 */
struct snapshot_extent {
	struct extent extent;
	char driver[EXTENT_NAME_LEN];
	struct online online;
};

/**
 * struct sums - sums over the extents of a snapshot, in bytes
 * @owned: memory that a driver has, by owner
 * @wrong: memory that the wrong driver has
 * @stranded: stranded memory
 * @withheld: withheld memory
 * @at_risk: memory that a driver has and that no driver may have
 * @usable: usable bytes
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
 * struct snapshot - the extents and the facts at one moment
 * @source: where the extents come from
 * @kernel: release of the kernel, "" if unknown
 * @arbiter: the arbiter of this kernel
 * @settled: ownership is stable: it changes only if an administrator changes it
 * @hidden: only root may read the addresses, and this process is not root
 * @booting: of a copy: systemd was starting units when the report was made
 * @entries: the extents in address order, owned by this struct
 * @n: number of extents
 * @regions: the committed CXL regions
 * @sums: over all extents, including those that a command has removed from @entries
 */
struct snapshot {
	enum source source;
	char kernel[SNAPSHOT_KERNEL_LEN];
	enum arbiter arbiter;
	bool settled;
	bool hidden;
	bool booting;
	struct snapshot_extent *entries;
	size_t n;
	struct regions regions;
	struct sums sums;
};

const char *source_name(enum source source);
int snapshot_take(const char *root, struct snapshot *snapshot);
int snapshot_take_ledger(struct snapshot *snapshot);
int snapshot_take_kernel(struct snapshot *snapshot);
void snapshot_warn_silent(void);
int snapshot_complete(const char *root, struct snapshot *snapshot, const struct extent_map *map);
int snapshot_ranges(const struct snapshot *snapshot, struct spans *ranges);
void snapshot_add_up(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

/*
 * The sources. Each fills in the extents, source, arbiter and settled, and returns -ENOENT if it is
 * not available. The daemon returns -EHOSTDOWN if it does not reply.
 */
int snapshot_read_daemon(struct snapshot *snapshot, struct extent_map *map);
int snapshot_read_copy(const char *root, struct snapshot *snapshot, struct extent_map *map);
int snapshot_read_kernel(const char *root, struct snapshot *snapshot, struct extent_map *map);
int snapshot_read_ledger(const char *root, struct snapshot *snapshot, struct extent_map *map);
int snapshot_derive(const char *root, struct snapshot *snapshot, struct extent_map *map);

#endif /* DAX_OWNER_CLI_SNAPSHOT_SNAPSHOT_H */
