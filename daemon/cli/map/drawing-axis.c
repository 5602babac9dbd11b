// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map/drawing-axis.h"

/*
 * Only the edges of a band and of omitted gaps have marks.
 *
 * Return: true if the section is next to such an edge.
 */
static bool has_mark(const struct drawing *drawing, size_t i, enum axis axis)
{
	const struct section *section = &drawing->sections[i];

	if (axis == AXIS_STARTS)
		return !i || section->torn || section[-1].band != section->band;
	return i + 1 == drawing->nr_sections || section[1].torn || section[1].band != section->band;
}

/*
 * Above the lanes, a text begins at its column; below, it ends there. At the edge of the drawing,
 * the text moves inwards.
 */
static struct mark make(const struct section *section, enum axis axis, unsigned int columns)
{
	struct mark mark = { .at = section->column };
	u64 address = axis == AXIS_STARTS ? section->span.start : section->span.end;
	unsigned int len =
		(unsigned int)snprintf(mark.text, sizeof(mark.text), "0x%" PRIx64, address);

	if (axis == AXIS_ENDS)
		mark.at += section->columns - 1;
	mark.from = mark.at;
	if (axis == AXIS_ENDS)
		mark.from = mark.at + 1 > len ? mark.at + 1 - len : 0;
	if (mark.from + len > columns)
		mark.from = columns > len ? columns - len : 0;
	return mark;
}

static bool covers(const struct mark *mark, unsigned int from, unsigned int past)
{
	return mark->from < past && from < mark->from + strlen(mark->text);
}

/* Keep a blank between two texts, and no text across another mark's line. */
static bool has_room(const struct mark *marks, size_t n, const struct mark *mark)
{
	unsigned int past = mark->from + (unsigned int)strlen(mark->text);

	for (size_t i = 0; i < n; i++) {
		if (marks[i].row == mark->row &&
		    covers(&marks[i], mark->from ? mark->from - 1 : 0, past + 1))
			return false;
		if (marks[i].row < mark->row && covers(&marks[i], mark->at, mark->at + 1))
			return false;
		if (marks[i].row > mark->row && covers(mark, marks[i].at, marks[i].at + 1))
			return false;
	}
	return true;
}

static void place(struct mark *marks, size_t *n, struct mark mark)
{
	for (mark.row = 0; mark.row < AXIS_ROWS; mark.row++)
		if (has_room(marks, *n, &mark)) {
			marks[(*n)++] = mark;
			return;
		}
}

/**
 * axis_marks() - find the positions of the addresses on one side of a band
 * @drawing: laid out
 * @axis: the side
 * @band: 0 for the first
 * @columns: columns that texts may use, counted from the first of the drawing
 * @marks: set to an array, which the caller frees; NULL after an error
 * @n: set to the number of marks; a mark that does not fit into AXIS_ROWS rows is left out
 *
 * Return: 0, or -ENOMEM.
 */
int axis_marks(const struct drawing *drawing, enum axis axis, unsigned int band,
	       unsigned int columns, struct mark **marks, size_t *n)
{
	size_t sections = drawing->nr_sections;

	*n = 0;
	*marks = calloc(sections + 1, sizeof(**marks));
	if (!*marks)
		return -ENOMEM;
	/*
	 * The texts above extend to the right, those below to the left. Begin at that side, so that
	 * the first texts cover no column of a later mark.
	 */
	for (size_t i = 0; i < sections; i++) {
		size_t next = axis == AXIS_STARTS ? sections - 1 - i : i;

		if (drawing->sections[next].band == band && has_mark(drawing, next, axis))
			place(*marks, n, make(&drawing->sections[next], axis, columns));
	}
	return 0;
}

/**
 * axis_rows() - count the rows that marks use
 * @marks: from axis_marks()
 * @n: number of marks
 *
 * Return: the number of rows, 0 without marks.
 */
unsigned int axis_rows(const struct mark *marks, size_t n)
{
	unsigned int rows = 0;

	for (size_t i = 0; i < n; i++)
		if (rows <= marks[i].row)
			rows = marks[i].row + 1;
	return rows;
}
