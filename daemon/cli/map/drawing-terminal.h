/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A drawing in characters, for terminals and text files.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H
#define DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H

#include <stdio.h>

#include "cli/format/colors.h"
#include "cli/map/drawing.h"

/* In characters. A narrower legend does not fit, even with its addresses on two lines. */
#define TERMINAL_MIN_WIDTH 72
#define TERMINAL_MAX_WIDTH 4096

/**
 * struct terminal_environment - the environment of the output
 * @output: what the choice of colors depends on
 * @utf8: the locale's characters are UTF-8
 */
struct terminal_environment {
	struct color_environment output;
	bool utf8;
};

/**
 * struct terminal - the form of the drawing
 * @width: maximum length of a line in characters; at least TERMINAL_MIN_WIDTH
 * @unicode: use block characters in UTF-8, otherwise only ASCII
 * @color: use colors
 */
struct terminal {
	unsigned int width;
	bool unicode;
	bool color;
};

void terminal_choose(struct terminal *terminal, const struct terminal_environment *environment,
		     enum when when, bool ascii);
int terminal_print(const struct terminal *terminal, struct drawing *drawing, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H */
