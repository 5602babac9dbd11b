// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "cli/format/colors.h"
#include "cli/format/sizes.h"
#include "cli/snapshot/extent-table.h"

DEFINE_CLEANUP(struct libscols_table *, scols_unref_table)

#define CELL_LEN 256

/*
 * The default columns: addresses only if they are not hidden, usable bytes only if an extent is not
 * fully usable.
 */
static const char *const default_columns[2][2] = {
	{ "RANGE,SIZE,STATE,OWNER,REASON,DEVICE,DRIVER,NODE,ONLINE",
	  "RANGE,SIZE,USABLE,STATE,OWNER,REASON,DEVICE,DRIVER,NODE,ONLINE" },
	{ "SIZE,STATE,OWNER,REASON,DEVICE,DRIVER,NODE",
	  "SIZE,USABLE,STATE,OWNER,REASON,DEVICE,DRIVER,NODE" },
};

enum column {
	COLUMN_RANGE,
	COLUMN_START,
	COLUMN_END,
	COLUMN_SIZE,
	COLUMN_USABLE,
	COLUMN_LOSS,
	COLUMN_STATE,
	COLUMN_OWNER,
	COLUMN_EXPECTED,
	COLUMN_PREVIOUS,
	COLUMN_REASON,
	COLUMN_FLAGS,
	COLUMN_DEVICE,
	COLUMN_DRIVER,
	COLUMN_NODE,
	COLUMN_ONLINE,
	COLUMN_OFFLINE,
	COLUMN_REGIONS,
	COLUMN_ERROR,
	COLUMN_HOLDER,
	COLUMN_DECIDED,
	COLUMNS
};

/* The maximum number of columns; a column may be repeated. */
#define COLUMNS_CHOSEN (4 * COLUMNS)

static const struct {
	const char *name;
	int flags;
	const char *what;
} columns[] = {
	[COLUMN_RANGE] = { "RANGE", 0, "first and last byte; only root may read addresses" },
	[COLUMN_START] = { "START", SCOLS_FL_RIGHT, "first byte" },
	[COLUMN_END] = { "END", SCOLS_FL_RIGHT, "last byte" },
	[COLUMN_SIZE] = { "SIZE", SCOLS_FL_RIGHT, "size of the extent" },
	[COLUMN_USABLE] = { "USABLE", SCOLS_FL_RIGHT, "bytes that can be system memory" },
	[COLUMN_LOSS] = { "LOSS", SCOLS_FL_RIGHT, "bytes that lie in no whole memory block" },
	[COLUMN_STATE] = { "STATE", 0,
			   "pending, decided, claimed, idle, owned, released, stranded, withheld" },
	[COLUMN_OWNER] = { "OWNER", 0, "the present or future owner" },
	[COLUMN_EXPECTED] = { "EXPECTED", 0,
			      "the owner by the rules, on kernels that do not follow them" },
	[COLUMN_PREVIOUS] = { "PREVIOUS", 0, "the owner before the last change" },
	[COLUMN_REASON] = { "REASON", 0, "the rule that applied" },
	[COLUMN_FLAGS] = { "FLAGS", 0,
			   "deadline: CXL enumeration had not ended; unsplit: policy split acts as whole" },
	[COLUMN_DEVICE] = { "DEVICE", 0, "DAX device" },
	[COLUMN_DRIVER] = { "DRIVER", 0, "driver of the DAX device" },
	[COLUMN_NODE] = { "NODE", SCOLS_FL_RIGHT, "NUMA node" },
	[COLUMN_ONLINE] = { "ONLINE", SCOLS_FL_RIGHT, "bytes that are system memory in use" },
	[COLUMN_OFFLINE] = { "OFFLINE", SCOLS_FL_RIGHT, "bytes that are system memory but offline" },
	[COLUMN_REGIONS] = { "REGIONS", 0, "committed CXL regions that meet the extent" },
	[COLUMN_ERROR] = { "ERROR", 0, "the error of the claim that failed" },
	[COLUMN_HOLDER] = { "HOLDER", 0, "the device that had already claimed the addresses" },
	[COLUMN_DECIDED] = { "DECIDED", SCOLS_FL_RIGHT,
			     "time of the decision, in seconds since boot" },
};

static void put_size(const struct extent_table *table, u64 bytes, char *cell)
{
	char text[SIZE_TEXT_LEN];

	if (table->bytes)
		snprintf(cell, CELL_LEN, "%" PRIu64, bytes);
	else
		snprintf(cell, CELL_LEN, "%s", size_text_short(text, bytes));
}

static const char *owner_text(enum dax_owner_owner owner)
{
	return owner == DAX_OWNER_NONE ? "" : dax_owner_owner_name(owner);
}

static bool needs_addresses(enum column column)
{
	switch (column) {
	case COLUMN_RANGE:
	case COLUMN_START:
	case COLUMN_END:
	case COLUMN_ONLINE:
	case COLUMN_OFFLINE:
	case COLUMN_REGIONS:
		return true;
	default:
		return false;
	}
}

/* The names of regions have no limit of length, so set_regions() sets that cell. */
static void put_cell(const struct extent_table *table, const struct snapshot_extent *entry,
		     enum column column, char *cell)
{
	const struct extent *extent = &entry->extent;
	const char *text = "";

	*cell = '\0';
	if (extent->hidden && needs_addresses(column))
		return;
	switch (column) {
	case COLUMN_RANGE:
		snprintf(cell, CELL_LEN, "0x%" PRIx64 "-0x%" PRIx64, extent->span.start,
			 extent->span.end);
		return;
	case COLUMN_START:
		snprintf(cell, CELL_LEN, "0x%" PRIx64, extent->span.start);
		return;
	case COLUMN_END:
		snprintf(cell, CELL_LEN, "0x%" PRIx64, extent->span.end);
		return;
	case COLUMN_SIZE:
		put_size(table, extent_size(extent), cell);
		return;
	case COLUMN_USABLE:
		put_size(table, extent->usable_bytes, cell);
		return;
	case COLUMN_LOSS:
		put_size(table, extent->block_loss_bytes, cell);
		return;
	case COLUMN_ONLINE:
		put_size(table, entry->online.online, cell);
		return;
	case COLUMN_OFFLINE:
		put_size(table, entry->online.offline, cell);
		return;
	case COLUMN_NODE:
		if (extent->node >= 0)
			snprintf(cell, CELL_LEN, "%d", extent->node);
		return;
	case COLUMN_DECIDED:
		if (extent->decided_us)
			snprintf(cell, CELL_LEN, "%.6f", (double)extent->decided_us / 1e6);
		return;
	case COLUMN_STATE:
		text = dax_owner_state_name(extent->state);
		break;
	case COLUMN_OWNER:
		text = owner_text(extent->owner);
		break;
	case COLUMN_EXPECTED:
		text = owner_text(extent->expected);
		break;
	case COLUMN_PREVIOUS:
		text = owner_text(extent->previous);
		break;
	case COLUMN_REASON:
		text = dax_owner_reason_name(extent->reason);
		break;
	case COLUMN_FLAGS:
		text = dax_owner_flags_text(extent->flags);
		break;
	case COLUMN_DEVICE:
		text = extent->device;
		break;
	case COLUMN_DRIVER:
		text = entry->driver;
		break;
	case COLUMN_ERROR:
		text = extent->error ? strerror(-extent->error) : "";
		break;
	case COLUMN_HOLDER:
		text = extent->holder;
		break;
	case COLUMN_REGIONS:
	case COLUMNS:
		break;
	}
	snprintf(cell, CELL_LEN, "%s", text);
}

static int find_column(const char *name, size_t len)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strlen(columns[i].name) == len && !strncasecmp(columns[i].name, name, len))
			return i;
	return -1;
}

/*
 * Add columns to the @n that are chosen already. Return: the number of all; -EINVAL with @bad and
 * @bad_len set to the first unknown name.
 */
static int add_columns(const char *names, int n, enum column chosen[COLUMNS_CHOSEN],
		       const char **bad, size_t *bad_len)
{
	for (const char *name = names;; name++) {
		size_t len = strcspn(name, ",");
		int column = find_column(name, len);

		if (column < 0 || n == COLUMNS_CHOSEN) {
			*bad = name;
			*bad_len = len;
			return -EINVAL;
		}
		chosen[n++] = column;
		name += len;
		if (!*name)
			return n;
	}
}

/*
 * Return: as add_columns(). Names with + before them follow the columns @by_default, which may be
 * NULL where the names are only checked.
 */
static int parse_columns(const char *names, const char *by_default,
			 enum column chosen[COLUMNS_CHOSEN], const char **bad, size_t *bad_len)
{
	int n = 0;

	if (!names || (*names == '+' && by_default))
		n = add_columns(by_default, 0, chosen, bad, bad_len);
	if (!names || n < 0)
		return n;
	return add_columns(names + (*names == '+'), n, chosen, bad, bad_len);
}

/**
 * extent_table_check() - test whether all columns exist
 * @names: separated by commas, in upper or lower case; + before the first for additional columns
 * @unknown: filled in with the first unknown name
 * @len: bytes of @unknown, not 0
 *
 * Return: 0, or -EINVAL.
 */
int extent_table_check(const char *names, char *unknown, size_t len)
{
	enum column chosen[COLUMNS_CHOSEN];
	const char *bad;
	size_t bad_len;

	if (parse_columns(names, NULL, chosen, &bad, &bad_len) >= 0)
		return 0;
	snprintf(unknown, len, "%.*s", (int)bad_len, bad);
	return -EINVAL;
}

/**
 * extent_table_help() - print the names and descriptions of all columns
 * @file: receives the text
 */
void extent_table_help(FILE *file)
{
	for (int i = 0; i < COLUMNS; i++)
		fprintf(file, "  %-9s %s\n", columns[i].name, columns[i].what);
}

/* An empty cell becomes a hyphen, so that each row has the same number of words. */
static int set_cell(struct libscols_line *line, int column, const char *text)
{
	return scols_line_set_data(line, (size_t)column, *text ? text : "-");
}

static int set_regions(struct libscols_line *line, int column, const struct snapshot *snapshot,
		       const struct extent *extent)
{
	_cleanup_(freep) char *names = NULL;

	if (extent->hidden)
		return set_cell(line, column, "");
	names = regions_meeting(&snapshot->regions, &extent->span);
	return names ? set_cell(line, column, names) : -ENOMEM;
}

/* Return: the color of a cell; NULL for none. A driver that overwrites data is an error, too. */
static const char *color_of(const struct extent *extent, enum column column)
{
	if (column == COLUMN_STATE && extent->state == DAX_OWNER_STATE_STRANDED)
		return COLOR_ERROR;
	if ((column == COLUMN_OWNER || column == COLUMN_EXPECTED) && extent_is_wrong(extent))
		return extent_is_at_risk(extent) ? COLOR_ERROR : COLOR_WARNING;
	return NULL;
}

static int set_color(struct libscols_line *line, int column, const char *color)
{
	return color ? scols_cell_set_color(scols_line_get_cell(line, (size_t)column), color) : 0;
}

static int add_row(struct libscols_table *made, const struct extent_table *table,
		   const struct snapshot *snapshot, const struct snapshot_extent *entry,
		   const enum column *chosen, int n)
{
	struct libscols_line *line = scols_table_new_line(made, NULL);
	char cell[CELL_LEN];
	int r = line ? 0 : -ENOMEM;

	for (int i = 0; !r && i < n; i++) {
		if (chosen[i] == COLUMN_REGIONS) {
			r = set_regions(line, i, snapshot, &entry->extent);
			continue;
		}
		put_cell(table, entry, chosen[i], cell);
		r = set_cell(line, i, cell);
		if (!r && table->colors)
			r = set_color(line, i, color_of(&entry->extent, chosen[i]));
	}
	return r;
}

static const char *choose_columns(const struct snapshot *snapshot)
{
	bool partly = false;

	for (size_t i = 0; i < snapshot->n; i++) {
		const struct extent *extent = &snapshot->entries[i].extent;

		partly |= extent_is_claimed(extent) && extent->usable_bytes != extent_size(extent);
	}
	return default_columns[snapshot->hidden][partly];
}

/**
 * extent_table_print() - print a snapshot as a table
 * @table: the form; extent_table_check() has accepted its columns
 * @snapshot: the extents
 * @file: receives the table
 *
 * Return: 0, or a negative errno.
 */
int extent_table_print(const struct extent_table *table, const struct snapshot *snapshot, FILE *file)
{
	_cleanup_(scols_unref_tablep) struct libscols_table *made = NULL;
	enum column chosen[COLUMNS_CHOSEN];
	const char *bad;
	size_t bad_len;
	int n, r = 0;

	n = parse_columns(table->columns, choose_columns(snapshot), chosen, &bad, &bad_len);
	if (n < 0)
		return n;
	scols_init_debug(0);
	made = scols_new_table();
	if (!made)
		return -ENOMEM;
	scols_table_set_stream(made, file);
	scols_table_enable_noheadings(made, table->no_headings);
	scols_table_enable_colors(made, table->colors);
	for (int i = 0; !r && i < n; i++)
		r = scols_table_new_column(made, columns[chosen[i]].name, 0,
					   columns[chosen[i]].flags) ?
			    0 :
			    -ENOMEM;
	for (size_t i = 0; !r && i < snapshot->n; i++)
		r = add_row(made, table, snapshot, &snapshot->entries[i], chosen, n);
	return r ?: scols_print_table(made);
}
