// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sources of a snapshot without a daemon. Only root may read the ledger's addresses. Without a
 * ledger, the drivers are the source, which requires the right to read addresses.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/files.h"
#include "base/paths.h"
#include "cli/snapshot/snapshot.h"
#include "system/arbiter-find.h"
#include "system/arbiter-loaded.h"
#include "system/facts.h"
#include "system/ledger.h"
#include "system/online-wait.h"
#include "system/presence-read.h"

/**
 * snapshot_read_ledger() - read the extents from the ledger of the modules of dax_owner
 * @root: directory that stands for /, "" for the real one
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -ENOENT if the modules are not loaded; another negative errno.
 */
int snapshot_read_ledger(const char *root, struct snapshot *snapshot, struct extent_map *map)
{
	char directory[PATH_MAX];
	struct extent_addresses places = { .directory = directory };
	struct ledger ledger;
	int r;

	snprintf(directory, sizeof(directory), "%s" LEDGER_CLASS, root);
	if (!file_exists("%s", directory))
		return -ENOENT;
	r = ledger_read(root, &places, &ledger);
	extent_addresses_free(&places);
	if (r)
		return r;
	snapshot->source = SOURCE_LEDGER;
	snapshot->arbiter = ARBITER_DAX_OWNER;
	snapshot->settled = ledger.settled;
	*map = ledger.map;
	return 0;
}

/* Without a daemon, an idle udev is the best sign that ownership is settled. */
static bool is_quiet(const char *root)
{
	return !file_exists("%s" ONLINE_WAIT_UDEV "/queue", root);
}

/*
 * Find the arbiter. A copy does not hold the files of modules, so its arbiter is the one that
 * dax-owner-order has found, or that the loaded drivers show.
 */
static int find_arbiter(const char *root, enum arbiter *arbiter)
{
	char path[PATH_MAX];
	bool untested;

	if (!*root)
		return arbiter_find(arbiter);
	snprintf(path, sizeof(path), "%s" ORDER_ARBITER, root);
	if (arbiter_load(path, arbiter, &untested))
		*arbiter = arbiter_loaded(root);
	return 0;
}

/*
 * Return: whether there is certainly no extent. Any user can find that out, because no address is
 * needed. The daemon does not run on such a machine. A copy may lack the files.
 */
static bool is_empty(void)
{
	struct presence presence;

	presence_read("", &presence);
	return presence_is_empty(&presence);
}

/**
 * snapshot_derive() - derive the extents from the facts and the DAX devices
 * @root: directory that stands for /, "" for the real one
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -EACCES if the user may not read addresses and the machine is not empty; another negative
 * errno.
 */
int snapshot_derive(const char *root, struct snapshot *snapshot, struct extent_map *map)
{
	struct fact_sources sources;
	struct facts facts;
	int r;

	snapshot->source = SOURCE_DRIVERS;
	snapshot->settled = is_quiet(root);
	r = find_arbiter(root, &snapshot->arbiter);
	if (!r)
		r = fact_sources_open(root, &sources, NULL, NULL);
	if (r == -EACCES && !*root && is_empty()) {
		snapshot->settled = true;
		return 0;
	}
	if (r)
		return r;
	if (!*root && !sources.ranges.n && is_empty())
		snapshot->settled = true;
	r = facts_read(&sources, snapshot->settled, &facts);
	if (!r) {
		/*
		 * A busy udev does not mean that enumeration goes on, and the DAX devices of
		 * drivers exist either way.
		 */
		facts.enumerated = true;
		r = derive_extents(&facts, map);
		facts_free(&facts);
	}
	fact_sources_close(&sources);
	return r;
}
