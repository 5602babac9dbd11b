// SPDX-License-Identifier: GPL-2.0-only
/*
 * The items of a drawing, and their texts. The layout is in drawing-layout.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map/drawing.h"

/* Extents have keys of their own, because a reader looks for extents first. */
static const char keys[] = "123456789abcdefghijklmnopqrstuvwxyz";
static const char extent_keys[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * lane_name() - return the name of a lane
 * @lane: a lane
 *
 * Return: a constant string.
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
 * style_name() - return the name of a style
 * @style: a style
 *
 * Return: a constant string.
 */
const char *style_name(enum style style)
{
	static const char *const names[] = {
		[STYLE_WINDOW] = "CXL window", [STYLE_RANGE] = "Soft Reserved",
		[STYLE_REGION] = "CXL region", [STYLE_CXL] = "dax_cxl",
		[STYLE_HMEM] = "dax_hmem",     [STYLE_COMING] = "not owned yet",
		[STYLE_RELEASED] = "released", [STYLE_WITHHELD] = "withheld",
		[STYLE_STRANDED] = "stranded",
	};

	return names[style];
}

static enum style style_of(const struct extent *extent)
{
	switch (extent->state) {
	case DAX_OWNER_STATE_STRANDED:
		return STYLE_STRANDED;
	case DAX_OWNER_STATE_RELEASED:
		return STYLE_RELEASED;
	case DAX_OWNER_STATE_WITHHELD:
		return STYLE_WITHHELD;
	case DAX_OWNER_STATE_OWNED:
		if (extent->owner == DAX_OWNER_NONE)
			break;
		return extent->owner == DAX_OWNER_CXL ? STYLE_CXL : STYLE_HMEM;
	default:
		break;
	}
	return STYLE_COMING;
}

/* --- items --- */

/* Return: the new item in an array that is large enough; NULL if @span is empty. */
static struct item *add(struct drawing *drawing, const struct dax_owner_span *span, enum lane lane,
			enum style style, const char *name)
{
	struct item *item = &drawing->items[drawing->n];

	/* An empty window or region has no addresses to draw. */
	if (span->start > span->end)
		return NULL;
	drawing->n++;
	*item = (struct item) { .span = *span, .lane = lane, .style = style };
	snprintf(item->name, sizeof(item->name), "%s", name);
	for (char *at = item->name; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return item;
}

static void add_extent(struct drawing *drawing, const struct extent *extent)
{
	struct item *item = add(drawing, &extent->span, LANE_OWNERS, style_of(extent),
				*extent->device ? extent->device : "extent");

	if (!item)
		return;
	item->extent = extent;
	item->wrong = extent_is_wrong(extent);
}

static int compare(const void *a, const void *b)
{
	const struct item *one = a, *other = b;

	if (one->lane != other->lane)
		return one->lane < other->lane ? -1 : 1;
	if (one->span.start != other->span.start)
		return one->span.start < other->span.start ? -1 : 1;
	return one->span.end < other->span.end ? -1 : one->span.end > other->span.end;
}

/* Write the key @number: A to Z, then AA to ZZ, as a spreadsheet names its columns. */
static void put_key(const char *letters, size_t number, char key[KEY_LEN])
{
	const size_t base = strlen(letters);
	char reversed[KEY_LEN] = "";
	size_t len = 0;

	for (number++; number && len < KEY_LEN - 1; number = (number - 1) / base)
		reversed[len++] = letters[(number - 1) % base];
	for (size_t i = 0; i < len; i++)
		key[i] = reversed[len - 1 - i];
	key[len] = '\0';
}

static void name_keys(struct drawing *drawing)
{
	size_t extents = 0, others = 0;

	drawing->key_columns = 1;
	for (size_t i = 0; i < drawing->n; i++) {
		struct item *item = &drawing->items[i];

		if (item->lane == LANE_OWNERS)
			put_key(extent_keys, extents++, item->key);
		else
			put_key(keys, others++, item->key);
		if (drawing->key_columns < strlen(item->key))
			drawing->key_columns = (unsigned int)strlen(item->key);
	}
}

static bool is_free(const struct drawing *drawing, const struct item *item, unsigned int track)
{
	for (const struct item *other = drawing->items; other < item; other++)
		if (other->lane == item->lane && other->track == track &&
		    dax_owner_span_meets(&other->span, &item->span))
			return false;
	return true;
}

static void find_tracks(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->n; i++) {
		struct item *item = &drawing->items[i];

		while (!is_free(drawing, item, item->track))
			item->track++;
		if (drawing->tracks[item->lane] <= item->track)
			drawing->tracks[item->lane] = item->track + 1;
	}
}

static void add_all(struct drawing *drawing, const struct snapshot *snapshot,
		    const struct spans *windows, const struct spans *ranges)
{
	for (size_t i = 0; i < windows->n; i++)
		add(drawing, &windows->spans[i], LANE_WINDOWS, STYLE_WINDOW, "window");
	for (size_t i = 0; i < ranges->n; i++)
		add(drawing, &ranges->spans[i], LANE_RANGES, STYLE_RANGE, "range");
	for (size_t i = 0; i < snapshot->regions.n; i++)
		add(drawing, &snapshot->regions.regions[i].span, LANE_REGIONS, STYLE_REGION,
		    snapshot->regions.regions[i].name);
	for (size_t i = 0; i < snapshot->n; i++)
		add_extent(drawing, &snapshot->entries[i].extent);
}

/**
 * drawing_make() - collect the items of a drawing
 * @drawing: filled in, not laid out; the caller releases it with drawing_free(); empty after an
 *   error
 * @snapshot: the extents and regions; must outlive @drawing
 * @windows: the CXL windows in any order; empty if they are unknown
 *
 * Return: 0; -EINVAL if an extent ends before it begins; -ENOMEM.
 */
int drawing_make(struct drawing *drawing, const struct snapshot *snapshot,
		 const struct spans *windows)
{
	struct spans ranges = {};
	int r = snapshot_ranges(snapshot, &ranges);

	*drawing = (struct drawing) {};
	if (!r) {
		drawing->items =
			calloc(windows->n + ranges.n + snapshot->regions.n + snapshot->n + 1,
			       sizeof(*drawing->items));
		r = drawing->items ? 0 : -ENOMEM;
	}
	if (!r) {
		add_all(drawing, snapshot, windows, &ranges);
		qsort(drawing->items, drawing->n, sizeof(*drawing->items), compare);
		name_keys(drawing);
		find_tracks(drawing);
	}
	spans_free(&ranges);
	return r;
}

/**
 * drawing_free() - release the items and the layout of a drawing
 * @drawing: empty afterwards, may be made again
 */
void drawing_free(struct drawing *drawing)
{
	free(drawing->items);
	free(drawing->sections);
	*drawing = (struct drawing) {};
}

/**
 * drawing_stranded() - add up the stranded memory
 * @drawing: a drawing
 *
 * Return: the stranded memory in bytes.
 */
u64 drawing_stranded(const struct drawing *drawing)
{
	u64 bytes = 0;

	for (size_t i = 0; i < drawing->n; i++)
		if (drawing->items[i].style == STYLE_STRANDED)
			bytes += extent_size(drawing->items[i].extent);
	return bytes;
}

/* --- texts --- */

static bool is_named(const struct item *item)
{
	return item->lane == LANE_REGIONS || item->lane == LANE_OWNERS;
}

/*
 * Format the label of a box. A larger @brevity gives a shorter label.
 *
 * Return: false if there is no label of this brevity.
 */
static bool format_label(const struct item *item, int brevity, char text[LABEL_LEN])
{
	const struct extent *extent = item->extent;
	char size[SIZE_TEXT_LEN], node[24] = "";
	const char *name = item->name, *wrong = item->wrong ? " WRONG" : "";

	if (extent && item->style != STYLE_CXL && item->style != STYLE_HMEM)
		name = dax_owner_state_name(extent->state);
	if (extent && extent->node >= 0)
		snprintf(node, sizeof(node), " node %d", extent->node);
	size_text_short(size, item->span.end - item->span.start + 1);
	switch (brevity) {
	case 0:
		snprintf(text, LABEL_LEN, "%s%s %s%s", name, wrong, size, node);
		return true;
	case 1:
		snprintf(text, LABEL_LEN, "%s%s %s", name, wrong, size);
		return true;
	case 2:
		/* For windows and ranges, the size carries more information than the name. */
		snprintf(text, LABEL_LEN, "%s%s", is_named(item) ? name : size, wrong);
		return true;
	case 3:
		snprintf(text, LABEL_LEN, "%s", item->wrong ? wrong + 1 : size);
		return true;
	default:
		return false;
	}
}

/**
 * drawing_label() - choose the longest label that fits into an item's box
 * @item: an item
 * @room: characters that fit into the box
 * @text: filled in with the label, or with ""
 *
 * Return: @text.
 */
const char *drawing_label(const struct item *item, unsigned int room, char text[LABEL_LEN])
{
	for (int brevity = 0; format_label(item, brevity, text); brevity++)
		if (strlen(text) <= room)
			return text;
	*text = '\0';
	return text;
}
