// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sources of a snapshot without a daemon. Only root may read the ledger's addresses. Without a
 * ledger, the drivers are the source, which requires the right to read addresses.
 */
#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"
#include "cli/snapshot/snapshot.h"
#include "system/arbiter-find.h"
#include "system/facts.h"
#include "system/ledger.h"
#include "system/online-wait.h"
#include "system/presence-read.h"

/**
 * snapshot_read_ledger() - read the extents from the ledger of the modules of dax_owner
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -ENOENT if the modules are not loaded; another negative errno.
 */
int snapshot_read_ledger(struct snapshot *snapshot, struct extent_map *map)
{
	_cleanup_(udev_unrefp) struct udev *udev = NULL;
	struct extent_addresses places = { .directory = LEDGER_CLASS };
	struct ledger ledger;
	int r;

	if (!ledger_exists())
		return -ENOENT;
	udev = udev_new();
	if (!udev)
		return -ENOMEM;
	r = ledger_read(udev, &places, &ledger);
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
static bool is_quiet(void)
{
	return access(ONLINE_WAIT_UDEV "/queue", F_OK) != 0;
}

/*
 * Return: whether there is certainly no extent. Any user can find that out, because no address is
 * needed. The daemon does not run on such a machine.
 */
static bool is_empty(void)
{
	struct presence presence;

	presence_read("", &presence);
	return presence_is_empty(&presence);
}

/**
 * snapshot_derive() - derive the extents from the facts and the DAX devices
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in, the caller frees it
 *
 * Return: 0; -EACCES if the user may not read addresses and the machine is not empty; another negative
 * errno.
 */
int snapshot_derive(struct snapshot *snapshot, struct extent_map *map)
{
	struct fact_sources sources;
	struct facts facts;
	int r;

	snapshot->source = SOURCE_DRIVERS;
	snapshot->settled = is_quiet();
	r = arbiter_find(&snapshot->arbiter);
	if (!r)
		r = fact_sources_open(&sources, NULL, NULL);
	if (r == -EACCES && is_empty()) {
		snapshot->settled = true;
		return 0;
	}
	if (r)
		return r;
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
