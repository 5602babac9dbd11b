// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/snapshot/changes.h"
#include "model/messages.h"
#include "model/record-kinds.h"

/* Make a change with the members that each change of a snapshot has. */
static struct change begin(const struct snapshot *now, const char *event, const char *message)
{
	return (struct change) {
		.event = event,
		.message = message,
		.arbiter = now->arbiter,
		.settled = now->settled,
		.stranded_bytes = now->sums.stranded,
	};
}

static void report_change(const struct changes *changes, const struct snapshot *now,
			  const char *event, const char *message, const struct extent *extent,
			  const struct online *online)
{
	struct change change = begin(now, event, message);
	_cleanup_(freep) char *regions = NULL;

	if (!extent->hidden)
		regions = regions_meeting(&now->regions, &extent->span);
	change.extent = extent;
	change.regions = regions ?: "";
	change.online = extent->hidden ? NULL : online;
	changes->fn(&change, changes->data);
}

/* --- first report --- */

static void report_source(const struct changes *changes, const struct snapshot *now)
{
	static const char *const sources[] = {
		[SOURCE_DAEMON] = "reports from dax-ownerd",
		[SOURCE_LEDGER] = "reports from the ledger",
		[SOURCE_DRIVERS] = "reports from the drivers",
	};
	char message[MESSAGE_LEN], size[MESSAGE_SIZE_LEN];
	struct change change = begin(now, "source", message);

	snprintf(message, sizeof(message), "%s: %s; ownership is %ssettled, stranded %s",
		 sources[now->source], message_arbiter(now->arbiter), now->settled ? "" : "not ",
		 message_size(now->sums.stranded, size));
	change.source = source_name(now->source);
	changes->fn(&change, changes->data);
}

/* Return: the event that leads to this state. */
static enum event event_of(enum dax_owner_state state)
{
	switch (state) {
	case DAX_OWNER_STATE_DECIDED:
		return EVENT_DECIDED;
	case DAX_OWNER_STATE_OWNED:
		return EVENT_OWNED;
	case DAX_OWNER_STATE_RELEASED:
		return EVENT_RELEASED;
	case DAX_OWNER_STATE_STRANDED:
		return EVENT_STRANDED;
	case DAX_OWNER_STATE_WITHHELD:
		return EVENT_WITHHELD;
	default:
		return EVENT_CLAIMED;
	}
}

static void sentence(const struct snapshot *now, enum event event, const struct extent *extent,
		     char text[MESSAGE_LEN])
{
	char withheld_by[REGIONS_WITHHOLDING_LEN] = "";

	/* Without addresses, the regions that meet the extent are unknown. */
	if (!extent->hidden)
		regions_withholding(&now->regions, &extent->span, withheld_by);
	message_event(event, extent, withheld_by, text);
}

static void report_state(const struct changes *changes, const struct snapshot *now,
			 const struct snapshot_extent *entry)
{
	char message[MESSAGE_LEN], where[MESSAGE_ADDRESSES_LEN];
	const struct extent *extent = &entry->extent;

	if (extent->state == DAX_OWNER_STATE_PENDING)
		snprintf(message, sizeof(message), "%s: pending: %s",
			 message_addresses(extent, where), dax_owner_reason_name(extent->reason));
	else
		sentence(now, event_of(extent->state), extent, message);
	report_change(changes, now, "now", message, extent, &entry->online);
}

/* --- differences --- */

static void report_events(const struct changes *changes, const struct snapshot *now,
			  const struct extent *extent, unsigned int events)
{
	char message[MESSAGE_LEN];

	for (enum event event = 0; event < EVENT_COUNT; event++) {
		if (!(events & EVENT_BIT(event)))
			continue;
		sentence(now, event, extent, message);
		report_change(changes, now, event_name(event), message, extent, NULL);
	}
}

static const struct snapshot_extent *find(const struct snapshot *snapshot,
					  const struct dax_owner_span *span)
{
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->entries[i].extent.span.start == span->start &&
		    snapshot->entries[i].extent.span.end == span->end)
			return &snapshot->entries[i];
	return NULL;
}

static void report_use(const struct changes *changes, const struct snapshot *now,
		       const struct snapshot_extent *entry)
{
	const struct snapshot_extent *before = find(&changes->last, &entry->extent.span);
	char message[MESSAGE_LEN], where[MESSAGE_ADDRESSES_LEN];
	char online[MESSAGE_SIZE_LEN], offline[MESSAGE_SIZE_LEN];

	if (!before)
		return;
	message_addresses(&entry->extent, where);
	if (*before->driver && *entry->driver && strcmp(before->driver, entry->driver)) {
		snprintf(message, sizeof(message), "%s: driver of %s changed from %s to %s", where,
			 entry->extent.device, before->driver, entry->driver);
		report_change(changes, now, "driver", message, &entry->extent, &entry->online);
	}
	if (before->online.online == entry->online.online &&
	    before->online.offline == entry->online.offline)
		return;
	snprintf(message, sizeof(message), "%s: %s online, %s offline", where,
		 message_size(entry->online.online, online),
		 message_size(entry->online.offline, offline));
	report_change(changes, now, "online", message, &entry->extent, &entry->online);
}

static void report_piece(const struct changes *changes, const struct snapshot *now,
			 const struct extent *old, u64 start, u64 end)
{
	char message[MESSAGE_LEN], where[MESSAGE_ADDRESSES_LEN];
	struct extent piece = *old;

	piece.span = (struct dax_owner_span) { start, end };
	snprintf(message, sizeof(message), "%s: no longer reported",
		 message_addresses(&piece, where));
	report_change(changes, now, "gone", message, &piece, NULL);
}

/*
 * Report the parts of an old extent that no new extent covers. The new extents are in address
 * order.
 */
static void report_gone(const struct changes *changes, const struct snapshot *now,
			const struct extent *old)
{
	u64 start = old->span.start;

	for (size_t i = 0; i < now->n; i++) {
		const struct dax_owner_span *span = &now->entries[i].extent.span;

		if (!dax_owner_span_meets(span, &old->span))
			continue;
		if (span->start > start)
			report_piece(changes, now, old, start, span->start - 1);
		if (span->end >= old->span.end)
			return;
		start = span->end + 1;
	}
	report_piece(changes, now, old, start, old->span.end);
}

static bool have_region(const struct regions *regions, const char *name)
{
	for (size_t i = 0; i < regions->n; i++)
		if (!strcmp(regions->regions[i].name, name))
			return true;
	return false;
}

/* Report the regions of @some that are not in @others. */
static void report_regions(const struct changes *changes, const struct snapshot *now,
			   const struct regions *some, const struct regions *others,
			   const char *event)
{
	for (size_t i = 0; i < some->n; i++) {
		const char *name = some->regions[i].name;
		char message[MESSAGE_LEN];
		struct change change = begin(now, event, message);

		if (have_region(others, name))
			continue;
		message_device(event, "cxl", name, message);
		change.subsystem = "cxl";
		change.device = name;
		changes->fn(&change, changes->data);
	}
}

static void report_settled(const struct changes *changes, const struct snapshot *now)
{
	char message[MESSAGE_LEN];
	struct change change = begin(now, "settled", message);

	message_settled(now->sums.owned[DAX_OWNER_CXL], now->sums.owned[DAX_OWNER_HMEM],
			now->sums.stranded, now->sums.usable, message);
	changes->fn(&change, changes->data);
}

/*
 * Without addresses, extent_map_append_hidden() has given the extents positions of their own. Two
 * such snapshots can be compared only if they have one source and the same sizes in the same order.
 */
static bool is_comparable(const struct snapshot *before, const struct snapshot *now)
{
	if (!before->hidden && !now->hidden)
		return true;
	if (before->hidden != now->hidden || before->source != now->source || before->n != now->n)
		return false;
	for (size_t i = 0; i < now->n; i++)
		if (extent_size(&before->entries[i].extent) != extent_size(&now->entries[i].extent))
			return false;
	return true;
}

/* The old map fills in the previous owners of the new extents. */
static int report_extents(struct changes *changes, const struct snapshot *now)
{
	bool anew = !changes->any || !is_comparable(&changes->last, now);
	struct extent_map next = {};
	int r = 0;

	if (anew)
		extent_map_free(&changes->map);
	for (size_t i = 0; i < changes->map.n; i++)
		report_gone(changes, now, &changes->map.extents[i]);
	for (size_t i = 0; !r && i < now->n; i++) {
		struct snapshot_extent *entry = &now->entries[i];
		unsigned int events, none;

		r = extent_map_put(&changes->map, &entry->extent, &events);
		if (!r)
			r = extent_map_put(&next, &entry->extent, &none);
		if (r)
			break;
		if (anew) {
			report_state(changes, now, entry);
			continue;
		}
		report_events(changes, now, &entry->extent, events);
		report_use(changes, now, entry);
	}
	if (r) {
		extent_map_free(&next);
		return r;
	}
	extent_map_free(&changes->map);
	changes->map = next;
	return 0;
}

/**
 * changes_take() - report the differences from the last snapshot
 * @changes: calls its function for each difference; for the first snapshot, for each extent
 * @now: the new snapshot; the call takes or frees its content, and leaves it empty
 *
 * Return: 0; -ENOMEM: some differences may have been reported, and may be reported again next time.
 */
int changes_take(struct changes *changes, struct snapshot *now)
{
	int r;

	if (!changes->any || now->source != changes->last.source ||
	    now->arbiter != changes->last.arbiter)
		report_source(changes, now);
	if (changes->any) {
		report_regions(changes, now, &changes->last.regions, &now->regions, "remove");
		report_regions(changes, now, &now->regions, &changes->last.regions, "add");
	}
	r = report_extents(changes, now);
	if (!r && changes->any && now->settled && !changes->last.settled)
		report_settled(changes, now);
	if (r) {
		snapshot_free(now);
		return r;
	}
	snapshot_free(&changes->last);
	changes->last = *now;
	*now = (struct snapshot) {};
	changes->any = true;
	return 0;
}

/**
 * changes_note() - record that another source has reported an extent
 * @changes: does not report this state of the extent again
 * @extent: the present state; its previous owner is filled in if it is not set
 *
 * Does nothing where addresses are hidden, because the extent of the last snapshot is unknown then.
 *
 * Return: 0, or -ENOMEM.
 */
int changes_note(struct changes *changes, struct extent *extent)
{
	unsigned int events;

	if (extent->hidden)
		return 0;
	return extent_map_put(&changes->map, extent, &events);
}

/**
 * changes_free() - release the last snapshot and the extent map
 * @changes: may be used again
 */
void changes_free(struct changes *changes)
{
	snapshot_free(&changes->last);
	extent_map_free(&changes->map);
	changes->any = false;
}
