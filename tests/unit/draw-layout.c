// SPDX-License-Identifier: GPL-2.0-only
/*
 * draw-layout LAYOUT svg|ascii|unicode|color [WIDTH]: print the drawing of a layout. Without arguments, list the
 * layouts.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/map/drawing-svg.h"
#include "cli/map/drawing-terminal.h"
#include "layouts.h"

static int draw(const struct layout *layout, const char *how, unsigned int width)
{
	struct terminal terminal = {
		.width = width,
		.unicode = strcmp(how, "ascii") != 0,
		.color = !strcmp(how, "color"),
	};
	struct snapshot snapshot = {};
	struct spans windows = {};
	struct drawing drawing;
	int r;

	layout->make(&snapshot, &windows);
	r = drawing_make(&drawing, &snapshot, &windows);
	if (!r)
		r = strcmp(how, "svg") ? terminal_print(&terminal, &drawing, stdout) :
					 svg_print(&drawing, stdout);
	drawing_free(&drawing);
	snapshot_free(&snapshot);
	spans_free(&windows);
	return r ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 3 && i < nr_layouts; i++)
		if (!strcmp(argv[1], layouts[i].name))
			return draw(&layouts[i], argv[2],
				    argc > 3 ? (unsigned int)atoi(argv[3]) : 80);
	for (size_t i = 0; i < nr_layouts; i++)
		puts(layouts[i].name);
	return argc > 1 ? EXIT_FAILURE : EXIT_SUCCESS;
}
