// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/map/drawing-legend.h"

/**
 * legend_heading() - return the heading of a column
 * @column: a column of the legend
 *
 * Return: a constant string, in the terms of dax-owner list.
 */
const char *legend_heading(enum legend column)
{
	static const char *const headings[] = {
		[LEGEND_KEY] = "KEY",     [LEGEND_WHAT] = "WHAT",         [LEGEND_RANGE] = "RANGE",
		[LEGEND_SIZE] = "SIZE",   [LEGEND_USABLE] = "USABLE",     [LEGEND_STATE] = "STATE",
		[LEGEND_OWNER] = "OWNER", [LEGEND_EXPECTED] = "EXPECTED", [LEGEND_NODE] = "NODE",
	};

	return headings[column];
}

static bool is_partly_usable(const struct item *item)
{
	const struct extent *extent = item->extent;

	return extent && extent_is_claimed(extent) && extent->usable_bytes != extent_size(extent);
}

/**
 * legend_has() - test whether a column has content
 * @drawing: the drawing
 * @column: a column of the legend
 *
 * Return: false if the column would be empty in each row.
 */
bool legend_has(const struct drawing *drawing, enum legend column)
{
	if (column != LEGEND_EXPECTED && column != LEGEND_USABLE)
		return true;
	for (size_t i = 0; i < drawing->n; i++) {
		const struct item *item = &drawing->items[i];

		if (column == LEGEND_EXPECTED ? item->wrong : is_partly_usable(item))
			return true;
	}
	return false;
}

static void put_owner(enum dax_owner_owner owner, char text[LEGEND_LEN])
{
	if (owner != DAX_OWNER_NONE)
		snprintf(text, LEGEND_LEN, "%s", dax_owner_owner_name(owner));
}

static void put_extent(const struct item *item, enum legend column, char text[LEGEND_LEN])
{
	const struct extent *extent = item->extent;

	char usable[SIZE_TEXT_LEN];

	if (column == LEGEND_USABLE && extent_is_claimed(extent))
		snprintf(text, LEGEND_LEN, "%s", size_text_short(usable, extent->usable_bytes));
	if (column == LEGEND_STATE)
		snprintf(text, LEGEND_LEN, "%s", dax_owner_state_name(extent->state));
	if (column == LEGEND_OWNER)
		put_owner(extent->owner, text);
	if (column == LEGEND_EXPECTED && item->wrong)
		snprintf(text, LEGEND_LEN, "%s", dax_owner_owner_name(extent->expected));
	if (column == LEGEND_NODE && extent->node >= 0)
		snprintf(text, LEGEND_LEN, "%d", extent->node);
}

/**
 * legend_text() - format one cell of the legend
 * @item: the item of the row
 * @column: a column of the legend
 * @text: filled in, "-" if the cell is empty
 *
 * Return: @text.
 */
const char *legend_text(const struct item *item, enum legend column, char text[LEGEND_LEN])
{
	char size[SIZE_TEXT_LEN];

	snprintf(text, LEGEND_LEN, "-");
	switch (column) {
	case LEGEND_KEY:
		snprintf(text, LEGEND_LEN, "%s", item->key);
		break;
	case LEGEND_WHAT:
		snprintf(text, LEGEND_LEN, "%s", item->name);
		break;
	case LEGEND_RANGE:
		snprintf(text, LEGEND_LEN, "0x%" PRIx64 "-0x%" PRIx64, item->span.start,
			 item->span.end);
		break;
	case LEGEND_SIZE:
		snprintf(text, LEGEND_LEN, "%s",
			 size_text_short(size, item->span.end - item->span.start + 1));
		break;
	default:
		if (item->extent)
			put_extent(item, column, text);
		break;
	}
	return text;
}

/**
 * legend_longest() - measure a column
 * @drawing: the drawing
 * @column: a column of the legend
 *
 * Return: the characters of the longest text, including the heading.
 */
size_t legend_longest(const struct drawing *drawing, enum legend column)
{
	size_t max = strlen(legend_heading(column));
	char text[LEGEND_LEN];

	for (size_t i = 0; i < drawing->n; i++) {
		size_t len = strlen(legend_text(&drawing->items[i], column, text));

		if (max < len)
			max = len;
	}
	return max;
}
