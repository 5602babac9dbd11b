// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of a drawing, its output on a terminal, and how a file is written. The tests compare the drawings of the
 * layouts with files in the directory of the argument; draw-layout makes these files. test-svg checks SVG pictures.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/map/drawing-svg.h"
#include "cli/map/drawing-terminal.h"
#include "cli/format/user-file.h"
#include "directory.h"
#include "layouts.h"

static const char *drawings;

/* A layout and its drawing */
struct example {
	struct snapshot snapshot;
	struct spans windows;
	struct drawing drawing;
};

static void make(struct example *example, const struct layout *layout)
{
	*example = (struct example) {};
	layout->make(&example->snapshot, &example->windows);
	assert_int_equal(drawing_make(&example->drawing, &example->snapshot, &example->windows), 0);
}

static void make_named(struct example *example, const char *name)
{
	for (size_t i = 0; i < nr_layouts; i++)
		if (!strcmp(layouts[i].name, name)) {
			make(example, &layouts[i]);
			return;
		}
	fail_msg("no layout %s", name);
}

static void drop(struct example *example)
{
	drawing_free(&example->drawing);
	snapshot_free(&example->snapshot);
	spans_free(&example->windows);
}

static const struct item *find(const struct drawing *drawing, char key)
{
	for (size_t i = 0; i < drawing->n; i++)
		if (drawing->items[i].key[0] == key && !drawing->items[i].key[1])
			return &drawing->items[i];
	return NULL;
}

static void is_at(const struct drawing *drawing, char key, unsigned int column, unsigned int columns)
{
	const struct item *item = find(drawing, key);
	struct box box;

	assert_non_null(item);
	assert_true(drawing_box(drawing, item, 0, &box));
	assert_int_equal(box.column, column);
	assert_int_equal(box.columns, columns);
}

/* --- layout --- */

static void layout_items_are_to_scale(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "half");
	assert_int_equal(drawing_layout(&example.drawing, 71, 9), 0);
	assert_int_equal(example.drawing.scale, 16 * MIB);
	assert_int_equal(example.drawing.bands, 1);
	is_at(&example.drawing, '1', 0, 64);
	is_at(&example.drawing, '3', 0, 32);
	is_at(&example.drawing, 'A', 0, 32);
	is_at(&example.drawing, 'B', 32, 32);
	/* 64 columns do not fit into 63, so the scale doubles */
	assert_int_equal(drawing_layout(&example.drawing, 63, 9), 0);
	assert_int_equal(example.drawing.scale, 32 * MIB);
	is_at(&example.drawing, 'B', 16, 16);
	drop(&example);
}

static void layout_large_hole_becomes_gap(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "far");
	assert_int_equal(drawing_layout(&example.drawing, 71, 9), 0);
	assert_int_equal(example.drawing.scale, 64 * MIB);
	is_at(&example.drawing, 'A', 0, 8);
	/* 8 columns of the range and 9 of the gap are before it */
	is_at(&example.drawing, 'B', 17, 8);
	/* a hole inside a window is no gap */
	is_at(&example.drawing, 'C', 27, 4);
	assert_false(example.drawing.sections[0].torn);
	assert_true(example.drawing.sections[1].torn);
	assert_int_equal(example.drawing.sections[1].gap, 0x690000000 - 0x160000000);
	drop(&example);
}

static void layout_small_holes_are_to_scale(void **state)
{
	struct example example = {};

	(void)state;
	add_extent(&example.snapshot, GIB, 16 * GIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	add_extent(&example.snapshot, 21 * GIB, 16 * GIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	/* smaller than a column */
	add_extent(&example.snapshot, 37 * GIB + 4096, 16 * GIB - 4096, DAX_OWNER_CXL,
		   DAX_OWNER_STATE_OWNED);
	assert_int_equal(drawing_make(&example.drawing, &example.snapshot, &example.windows), 0);
	assert_int_equal(drawing_layout(&example.drawing, 60, 9), 0);
	assert_int_equal(example.drawing.scale, GIB);
	is_at(&example.drawing, 'A', 0, 16);
	is_at(&example.drawing, 'B', 20, 16);
	is_at(&example.drawing, 'C', 37, 15);
	drop(&example);
}

static void layout_small_items_get_a_column(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "large");
	assert_int_equal(drawing_layout(&example.drawing, 71, 9), 0);
	assert_int_equal(example.drawing.scale, 512 * GIB);
	for (unsigned int i = 0; i < 8; i++) {
		is_at(&example.drawing, (char)('1' + i), i * 8, 8);
		is_at(&example.drawing, (char)('A' + i), i * 8, 1);
	}
	drop(&example);
}

/* A large item keeps half of its columns beside many small items. */
static void layout_large_items_keep_half(void **state)
{
	struct example example = {};

	(void)state;
	for (unsigned int i = 0; i < 20; i++)
		add_extent(&example.snapshot, GIB + i * 4096, 4096, DAX_OWNER_CXL,
			   DAX_OWNER_STATE_OWNED);
	add_extent(&example.snapshot, GIB + 20 * 4096, 8 * GIB, DAX_OWNER_CXL,
		   DAX_OWNER_STATE_OWNED);
	add_extent(&example.snapshot, 9 * GIB + 20 * 4096, 32 * GIB, DAX_OWNER_CXL,
		   DAX_OWNER_STATE_OWNED);
	assert_int_equal(drawing_make(&example.drawing, &example.snapshot, &example.windows), 0);
	assert_int_equal(drawing_layout(&example.drawing, 60, 9), 0);
	assert_int_equal(example.drawing.scale, GIB);
	is_at(&example.drawing, 'T', 19, 1);
	is_at(&example.drawing, 'U', 20, 4);
	is_at(&example.drawing, 'V', 24, 16);
	drop(&example);
}

/* Sections of a band do not overlap, are not empty, and fit into the columns. */
static void is_sound(const struct drawing *drawing, unsigned int columns)
{
	unsigned int band = 0, past = 0;

	for (size_t i = 0; i < drawing->nr_sections; i++) {
		const struct section *section = &drawing->sections[i];

		if (section->band != band) {
			assert_int_equal(section->band, band + 1);
			band++;
			past = 0;
		}
		assert_true(section->columns > 0);
		assert_true(section->column >= past + (section->torn ? drawing->gap_columns : 0));
		past = section->column + section->columns;
		assert_true(past <= columns);
		assert_true(past <= drawing->columns);
	}
	assert_int_equal(drawing->bands, band + 1);
}

static void layout_any_width_has_no_overlap(void **state)
{
	struct example example;

	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		for (unsigned int columns = 11; columns < 200; columns++) {
			make(&example, &layouts[i]);
			assert_int_equal(drawing_layout(&example.drawing, columns, 9), 0);
			is_sound(&example.drawing, columns);
			drop(&example);
		}
}

/* Each extent has a key of its own, also if there are more extents than letters. */
static void key_of_each_item_is_unique(void **state)
{
	struct example example = {};

	(void)state;
	for (unsigned int i = 0; i < 30 * 26; i++)
		add_extent(&example.snapshot, GIB + i * 4096, 4096, DAX_OWNER_CXL,
			   DAX_OWNER_STATE_OWNED);
	assert_int_equal(drawing_make(&example.drawing, &example.snapshot, &example.windows), 0);
	assert_int_equal(example.drawing.key_columns, 3);
	for (size_t i = 1; i < example.drawing.n; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(example.drawing.items[i].key,
						example.drawing.items[j].key);
	drop(&example);
}

static void layout_long_drawing_has_bands(void **state)
{
	struct example example;
	const struct section *last;

	(void)state;
	make_named(&example, "crowd");
	assert_int_equal(drawing_layout(&example.drawing, 20, 9), 0);
	assert_true(example.drawing.bands > 1);
	/* the gap before a band is drawn at its start */
	last = &example.drawing.sections[example.drawing.nr_sections - 1];
	assert_true(last->torn);
	assert_true(last->column >= 9);
	drop(&example);
}

static void layout_too_few_columns_are_refused(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "half");
	assert_int_equal(drawing_layout(&example.drawing, 9, 9), -ERANGE);
	assert_int_equal(drawing_layout(&example.drawing, 0, 0), -ERANGE);
	drop(&example);
}

/* Extents over all 64 bits, and an empty region */
static void layout_whole_address_space_is_drawn(void **state)
{
	struct example example = {};

	(void)state;
	add_extent(&example.snapshot, 0, 4096, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	add_extent(&example.snapshot, 4096, ~0ull - 4096 + 1, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);
	add_region(&example.snapshot, "backwards", 4096, 0);
	assert_int_equal(drawing_make(&example.drawing, &example.snapshot, &example.windows), 0);
	assert_int_equal(example.drawing.n, 3);
	assert_int_equal(drawing_layout(&example.drawing, 71, 9), 0);
	is_at(&example.drawing, '1', 0, 64);
	is_at(&example.drawing, 'A', 0, 1);
	is_at(&example.drawing, 'B', 1, 63);
	drop(&example);
}

/* --- items --- */

static void items_touching_extents_are_one_range(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "half");
	assert_int_equal(example.drawing.n, 5);
	assert_int_equal(find(&example.drawing, '2')->lane, LANE_RANGES);
	assert_int_equal(find(&example.drawing, '2')->span.start, 0x690000000);
	assert_int_equal(find(&example.drawing, '2')->span.end, 0x6cfffffff);
	assert_int_equal(drawing_stranded(&example.drawing), 512 * MIB);
	drop(&example);
}

static void items_overlapping_windows_have_tracks(void **state)
{
	struct example example;

	(void)state;
	make_named(&example, "states");
	assert_int_equal(example.drawing.tracks[LANE_WINDOWS], 2);
	assert_int_equal(find(&example.drawing, '1')->track, 0);
	assert_int_equal(find(&example.drawing, '2')->track, 1);
	assert_int_equal(example.drawing.tracks[LANE_OWNERS], 1);
	drop(&example);
}

static void label_fits_its_columns(void **state)
{
	struct example example;
	char text[LABEL_LEN];

	(void)state;
	make_named(&example, "states");
	assert_string_equal(drawing_label(find(&example.drawing, 'D'), 80, text),
			    "dax3.0 1G node 4");
	assert_string_equal(drawing_label(find(&example.drawing, 'D'), 15, text), "dax3.0 1G");
	assert_string_equal(drawing_label(find(&example.drawing, 'D'), 8, text), "dax3.0");
	assert_string_equal(drawing_label(find(&example.drawing, 'D'), 5, text), "1G");
	assert_string_equal(drawing_label(find(&example.drawing, 'D'), 1, text), "");
	assert_string_equal(drawing_label(find(&example.drawing, 'F'), 11, text), "stranded 1G");
	assert_string_equal(drawing_label(find(&example.drawing, 'G'), 80, text),
			    "dax6.0 WRONG 1G node 7");
	assert_string_equal(drawing_label(find(&example.drawing, 'G'), 5, text), "WRONG");
	assert_string_equal(drawing_label(find(&example.drawing, '1'), 8, text), "4G");
	drop(&example);
}

/* A drawing prints no character that a terminal or a parser interprets */
static void item_name_loses_control_characters(void **state)
{
	struct example example = {};
	char *text;
	size_t len;
	FILE *file;

	(void)state;
	add_region(&example.snapshot, "a\033[31m<&>", GIB, GIB);
	add_extent(&example.snapshot, GIB, GIB, DAX_OWNER_CXL, DAX_OWNER_STATE_OWNED);
	assert_int_equal(drawing_make(&example.drawing, &example.snapshot, &example.windows), 0);
	assert_string_equal(find(&example.drawing, '2')->name, "a?[31m<&>");
	file = open_memstream(&text, &len);
	assert_non_null(file);
	assert_int_equal(svg_print(&example.drawing, file), 0);
	fclose(file);
	assert_non_null(strstr(text, "a?[31m&lt;&amp;&gt;"));
	assert_null(strstr(text, "<&>"));
	free(text);
	drop(&example);
}

/* --- the terminal --- */

static char *print(struct drawing *drawing, const struct terminal *terminal)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	assert_int_equal(terminal_print(terminal, drawing, file), 0);
	fclose(file);
	return text;
}

/* Read a drawing from a file, without the licence in the first line */
static char *expected(const char *name, const char *how)
{
	char path[4096], *text;
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.%s", drawings, name, how);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	text = calloc(1, 1 << 16);
	assert_non_null(text);
	assert_non_null(fgets(text, 1 << 16, file));
	len = fread(text, 1, (1 << 16) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* Remove blanks at the ends of lines, because libsmartcols leaves them and the files have none. */
static void strip(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		while (*from == '\n' && to > text && to[-1] == ' ')
			to--;
		*to++ = *from;
	}
	*to = '\0';
}

static void prints(const struct layout *layout, const char *how, const struct terminal *terminal)
{
	char *text, *file = expected(layout->name, how);
	struct example example;

	make(&example, layout);
	text = print(&example.drawing, terminal);
	strip(text);
	assert_string_equal(text, file);
	free(text);
	free(file);
	drop(&example);
}

static void terminal_ascii_matches_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		prints(&layouts[i], "ascii", &(struct terminal) { .width = 80 });
}

static void terminal_unicode_matches_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		prints(&layouts[i], "unicode", &(struct terminal) { .width = 80, .unicode = true });
}

static void terminal_color_matches_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		prints(&layouts[i], "color",
		       &(struct terminal) { .width = 80, .unicode = true, .color = true });
}

/* A legend that is too long prints its addresses on two lines. */
static void terminal_narrow_legend_has_two_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		if (!strcmp(layouts[i].name, "states"))
			prints(&layouts[i], "narrow", &(struct terminal) { .width = 72 });
}

static void is_not_longer(const char *text, size_t width)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > width)
			fail_msg("%.*s is longer than %zu", (int)len, text, width);
		text += len + (text[len] == '\n');
	}
}

static void terminal_lines_fit_width(void **state)
{
	struct example example;
	char *text;

	(void)state;
	for (size_t i = 0; i < nr_layouts; i++)
		for (unsigned int width = TERMINAL_MIN_WIDTH; width < 200; width++) {
			make(&example, &layouts[i]);
			text = print(&example.drawing, &(struct terminal) { .width = width });
			is_not_longer(text, width);
			free(text);
			drop(&example);
		}
}

static void chooses(const struct terminal_environment *environment, enum when when, bool ascii,
		    bool unicode, bool color)
{
	struct terminal terminal = {};

	terminal_choose(&terminal, environment, when, ascii);
	assert_int_equal(terminal.unicode, unicode);
	assert_int_equal(terminal.color, color);
}

static void terminal_choose_follows_environment(void **state)
{
	struct terminal_environment environment = { .output = { .terminal = true, .term = "xterm" },
						    .utf8 = true };

	(void)state;
	chooses(&environment, WHEN_AUTO, false, true, true);
	chooses(&environment, WHEN_AUTO, true, false, true);
	chooses(&environment, WHEN_NEVER, false, true, false);
	environment.output.no_color = "1";
	chooses(&environment, WHEN_AUTO, false, true, false);
	chooses(&environment, WHEN_ALWAYS, false, true, true);
	environment.output.no_color = "";
	chooses(&environment, WHEN_AUTO, false, true, true);
	environment.utf8 = false;
	chooses(&environment, WHEN_AUTO, false, false, true);
	environment.utf8 = true;
	environment.output.term = "dumb";
	chooses(&environment, WHEN_AUTO, false, false, false);
	environment.output.term = NULL;
	chooses(&environment, WHEN_AUTO, false, false, false);
	environment.output.term = "xterm";
	environment.output.terminal = false;
	chooses(&environment, WHEN_AUTO, false, false, false);
	chooses(&environment, WHEN_ALWAYS, false, true, true);
}

/* --- files --- */

static void has(const char *name, const char *text)
{
	char path[PATH_SIZE], line[64] = "";
	FILE *file;

	path_of(path, name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	assert_string_equal(line, text);
}

static void user_file_link_is_refused(void **state)
{
	char path[PATH_SIZE], link[PATH_SIZE];
	struct stat there;

	(void)state;
	path_of(path, "map.svg");
	path_of(link, "link.svg");
	umask(027);
	assert_int_equal(user_file_write(path, "one"), 0);
	assert_int_equal(user_file_write(path, "two"), 0);
	umask(022);
	has("map.svg", "two");
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0640);
	assert_int_equal(symlink("map.svg", link), 0);
	assert_int_equal(user_file_write(link, "three"), -EEXIST);
	has("map.svg", "two");
	assert_int_equal(lstat(link, &there), 0);
	assert_true(S_ISLNK(there.st_mode));
}

/* A device is written to and not replaced, also for root. */
static void user_file_device_is_written(void **state)
{
	struct stat there;

	(void)state;
	assert_int_equal(user_file_write("/dev/null", "text"), 0);
	assert_int_equal(stat("/dev/null", &there), 0);
	assert_true(S_ISCHR(there.st_mode));
	assert_int_equal(user_file_write("/dev/full", "text"), -ENOSPC);
}

static void user_file_bad_path_is_refused(void **state)
{
	(void)state;
	put("kept.svg", "kept");
	assert_int_equal(user_file_write("/dev/null/map.svg", "text"), -ENOTDIR);
	assert_int_equal(user_file_write("/proc/no/map.svg", "text"), -ENOENT);
	assert_int_equal(user_file_write("", "text"), -ENOENT);
	/* a directory is refused, and its files stay */
	assert_int_equal(user_file_write(directory, "text"), -EEXIST);
	has("kept.svg", "kept");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_items_are_to_scale),
		cmocka_unit_test(layout_large_hole_becomes_gap),
		cmocka_unit_test(layout_small_holes_are_to_scale),
		cmocka_unit_test(layout_small_items_get_a_column),
		cmocka_unit_test(layout_large_items_keep_half),
		cmocka_unit_test(layout_any_width_has_no_overlap),
		cmocka_unit_test(key_of_each_item_is_unique),
		cmocka_unit_test(layout_long_drawing_has_bands),
		cmocka_unit_test(layout_too_few_columns_are_refused),
		cmocka_unit_test(layout_whole_address_space_is_drawn),
		cmocka_unit_test(items_touching_extents_are_one_range),
		cmocka_unit_test(items_overlapping_windows_have_tracks),
		cmocka_unit_test(label_fits_its_columns),
		cmocka_unit_test(item_name_loses_control_characters),
		cmocka_unit_test(terminal_ascii_matches_file),
		cmocka_unit_test(terminal_unicode_matches_file),
		cmocka_unit_test(terminal_color_matches_file),
		cmocka_unit_test(terminal_narrow_legend_has_two_lines),
		cmocka_unit_test(terminal_lines_fit_width),
		cmocka_unit_test(terminal_choose_follows_environment),
		cmocka_unit_test_setup_teardown(user_file_link_is_refused, make_directory,
						remove_directory),
		cmocka_unit_test(user_file_device_is_written),
		cmocka_unit_test_setup_teardown(user_file_bad_path_is_refused, make_directory,
						remove_directory),
	};

	drawings = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests_name("drawing", tests, NULL, NULL);
}
