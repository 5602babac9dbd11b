// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which things there are to draw, and what they are called.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map/drawing.h"

/* Those of extents differ from all others: they are what a reader looks for. */
static const char keys[] = "123456789abcdefghijklmnopqrstuvwxyz";
static const char extent_keys[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * lane_name() - what a lane is called
 * @lane: a lane
 */
const char *lane_name(enum lane lane)
{
	static const char *const names[] = {
		[LANE_WINDOWS] = "windows",
		[LANE_RANGES] = "ranges",
		[LANE_REGIONS] = "regions",
		[LANE_OWNERS] = "owners",
	};

	return names[lane];
}

/**
 * look_name() - what is drawn so
 * @look: a look
 */
const char *look_name(enum look look)
{
	static const char *const names[] = {
		[LOOK_WINDOW] = "CXL window",
		[LOOK_RANGE] = "Soft Reserved",
		[LOOK_REGION] = "CXL region",
		[LOOK_CXL] = "dax_cxl",
		[LOOK_HMEM] = "dax_hmem",
		[LOOK_COMING] = "not owned yet",
		[LOOK_RELEASED] = "released",
		[LOOK_WITHHELD] = "withheld",
		[LOOK_STRANDED] = "stranded",
	};

	return names[look];
}

static enum look look_of(const struct extent *extent)
{
	switch (extent->state) {
	case DAX_OWNER_STATE_STRANDED:
		return LOOK_STRANDED;
	case DAX_OWNER_STATE_RELEASED:
		return LOOK_RELEASED;
	case DAX_OWNER_STATE_WITHHELD:
		return LOOK_WITHHELD;
	case DAX_OWNER_STATE_OWNED:
		if (extent->owner == DAX_OWNER_NONE)
			break;
		return extent->owner == DAX_OWNER_CXL ? LOOK_CXL : LOOK_HMEM;
	default:
		break;
	}
	return LOOK_COMING;
}

/* --- things --- */

/* Room for all there may be has been made. */
static struct thing *add(struct drawing *drawing, const struct dax_owner_span *span, enum lane lane, enum look look,
			 const char *name)
{
	struct thing *thing = &drawing->things[drawing->n];

	/* such a window or region meets nothing */
	if (span->start > span->end)
		return NULL;
	drawing->n++;
	*thing = (struct thing){ .span = *span, .lane = lane, .look = look };
	snprintf(thing->name, sizeof(thing->name), "%s", name);
	for (char *at = thing->name; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return thing;
}

static void add_extent(struct drawing *drawing, const struct extent *extent)
{
	struct thing *thing = add(drawing, &extent->span, LANE_OWNERS, look_of(extent),
				  *extent->device ? extent->device : "extent");

	if (!thing)
		return;
	thing->extent = extent;
	thing->wrong = extent_is_wrong(extent);
}

static int compare(const void *a, const void *b)
{
	const struct thing *one = a, *other = b;

	if (one->lane != other->lane)
		return one->lane < other->lane ? -1 : 1;
	if (one->span.start != other->span.start)
		return one->span.start < other->span.start ? -1 : 1;
	return one->span.end < other->span.end ? -1 : one->span.end > other->span.end;
}

static void name_keys(struct drawing *drawing)
{
	size_t extents = 0, others = 0;

	for (size_t i = 0; i < drawing->n; i++) {
		struct thing *thing = &drawing->things[i];

		if (thing->lane == LANE_OWNERS)
			thing->key = extent_keys[extents++ % (sizeof(extent_keys) - 1)];
		else
			thing->key = keys[others++ % (sizeof(keys) - 1)];
	}
}

static bool is_free(const struct drawing *drawing, const struct thing *thing, unsigned int track)
{
	for (const struct thing *other = drawing->things; other < thing; other++)
		if (other->lane == thing->lane && other->track == track &&
		    dax_owner_span_meets(&other->span, &thing->span))
			return false;
	return true;
}

static void find_tracks(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->n; i++) {
		struct thing *thing = &drawing->things[i];

		while (!is_free(drawing, thing, thing->track))
			thing->track++;
		if (drawing->tracks[thing->lane] <= thing->track)
			drawing->tracks[thing->lane] = thing->track + 1;
	}
}

static void add_all(struct drawing *drawing, const struct snapshot *snapshot, const struct spans *windows,
		    const struct spans *ranges)
{
	for (size_t i = 0; i < windows->n; i++)
		add(drawing, &windows->spans[i], LANE_WINDOWS, LOOK_WINDOW, "window");
	for (size_t i = 0; i < ranges->n; i++)
		add(drawing, &ranges->spans[i], LANE_RANGES, LOOK_RANGE, "range");
	for (size_t i = 0; i < snapshot->regions.n; i++)
		add(drawing, &snapshot->regions.regions[i].span, LANE_REGIONS, LOOK_REGION,
		    snapshot->regions.regions[i].name);
	for (size_t i = 0; i < snapshot->n; i++)
		add_extent(drawing, &snapshot->entries[i].extent);
}

/**
 * drawing_make() - the things there are to draw
 * @drawing: filled in, not laid out; empty after an error
 * @snapshot: who owns what; must outlive @drawing
 * @windows: the CXL windows, in any order; none if there are none or they are not known
 *
 * Return: 0; -EINVAL if an extent ends before it begins; -ENOMEM.
 */
int drawing_make(struct drawing *drawing, const struct snapshot *snapshot, const struct spans *windows)
{
	struct spans ranges = { };
	int r = snapshot_ranges(snapshot, &ranges);

	*drawing = (struct drawing){ };
	if (!r) {
		drawing->things = calloc(windows->n + ranges.n + snapshot->regions.n + snapshot->n + 1,
					 sizeof(*drawing->things));
		r = drawing->things ? 0 : -ENOMEM;
	}
	if (!r) {
		add_all(drawing, snapshot, windows, &ranges);
		qsort(drawing->things, drawing->n, sizeof(*drawing->things), compare);
		name_keys(drawing);
		find_tracks(drawing);
	}
	spans_free(&ranges);
	return r;
}

/**
 * drawing_free() - forget
 * @drawing: may be made again
 */
void drawing_free(struct drawing *drawing)
{
	free(drawing->things);
	free(drawing->pieces);
	*drawing = (struct drawing){ };
}

/**
 * drawing_stranded() - how much is stranded, in bytes
 * @drawing: a drawing
 */
u64 drawing_stranded(const struct drawing *drawing)
{
	u64 bytes = 0;

	for (size_t i = 0; i < drawing->n; i++)
		if (drawing->things[i].look == LOOK_STRANDED)
			bytes += extent_size(drawing->things[i].extent);
	return bytes;
}

/* --- texts --- */

static bool is_named(const struct thing *thing)
{
	return thing->lane == LANE_REGIONS || thing->lane == LANE_OWNERS;
}

/* What is said in a box: less and less, as @brevity grows. Return: whether there is anything. */
static bool say(const struct thing *thing, int brevity, char text[LABEL_LEN])
{
	const struct extent *extent = thing->extent;
	char size[SIZE_TEXT_LEN], node[24] = "";
	const char *name = thing->name, *wrong = thing->wrong ? " WRONG" : "";

	if (extent && thing->look != LOOK_CXL && thing->look != LOOK_HMEM)
		name = dax_owner_state_name(extent->state);
	if (extent && extent->node >= 0)
		snprintf(node, sizeof(node), " node %d", extent->node);
	size_text_short(size, thing->span.end - thing->span.start + 1);
	switch (brevity) {
	case 0:
		snprintf(text, LABEL_LEN, "%s%s %s%s", name, wrong, size, node);
		return true;
	case 1:
		snprintf(text, LABEL_LEN, "%s%s %s", name, wrong, size);
		return true;
	case 2:
		/* "range" says less than a size */
		snprintf(text, LABEL_LEN, "%s%s", is_named(thing) ? name : size, wrong);
		return true;
	case 3:
		snprintf(text, LABEL_LEN, "%s", thing->wrong ? wrong + 1 : size);
		return true;
	default:
		return false;
	}
}

/**
 * drawing_label() - what is said in the box of a thing
 * @thing: a thing
 * @room: characters there is room for
 * @text: filled in with the longest that has room, or ""
 *
 * Return: @text.
 */
const char *drawing_label(const struct thing *thing, unsigned int room, char text[LABEL_LEN])
{
	for (int brevity = 0; say(thing, brevity, text); brevity++)
		if (strlen(text) <= room)
			return text;
	*text = '\0';
	return text;
}
