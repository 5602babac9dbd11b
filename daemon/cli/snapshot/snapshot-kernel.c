// SPDX-License-Identifier: GPL-2.0-only
/*
 * Without a daemon: the ledger, of which root alone may read addresses, or the drivers there are, for which one
 * must see addresses.
 */
#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/udev-devices.h"
#include "cli/snapshot/snapshot.h"
#include "system/facts.h"
#include "system/ledger.h"
#include "system/online-wait.h"

/**
 * snapshot_read_ledger() - what the modules of dax_owner say
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in
 *
 * Return: 0; -ENOENT if they are not there; another negative errno.
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

/* Without somebody who watches, udev having nothing to do is as good as it gets. */
static bool is_quiet(void)
{
	return access(ONLINE_WAIT_UDEV "/queue", F_OK) != 0;
}

/**
 * snapshot_look_at_drivers() - the rules, compared with what there is
 * @snapshot: source, arbiter and settled are filled in
 * @map: filled in
 *
 * Return: 0; -EACCES if addresses are not shown; another negative errno.
 */
int snapshot_look_at_drivers(struct snapshot *snapshot, struct extent_map *map)
{
	struct fact_sources sources;
	struct facts facts;
	int r;

	snapshot->source = SOURCE_DRIVERS;
	snapshot->settled = is_quiet();
	r = arbiter_find(&snapshot->arbiter);
	if (!r)
		r = fact_sources_open(&sources, NULL, NULL);
	if (r)
		return r;
	r = facts_read(&sources, snapshot->settled, &facts);
	if (!r) {
		/* udev is busy with something, now and then: what a driver has it has all the same */
		facts.enumerated = true;
		r = derive_extents(&facts, map);
		facts_free(&facts);
	}
	fact_sources_close(&sources);
	return r;
}
