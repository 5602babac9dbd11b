/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A drawing in characters.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H
#define DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H

#include <stdio.h>

#include "cli/map/drawing.h"

/* A legend has no room in less, its addresses being broken. */
#define TERMINAL_MIN_WIDTH 72
#define TERMINAL_MAX_WIDTH 4096

/**
 * enum when - when to use colours
 * @WHEN_AUTO: if they are seen
 * @WHEN_ALWAYS: in any case
 * @WHEN_NEVER: in none
 */
enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/**
 * struct machine - what the characters are for
 * @terminal: a terminal, not a file or a pipe
 * @utf8: the locale's characters are UTF-8
 * @term: TERM of the environment; NULL for none
 * @no_color: NO_COLOR of the environment; NULL for none
 */
struct machine {
	bool terminal;
	bool utf8;
	const char *term;
	const char *no_color;
};

/**
 * struct terminal - how to draw
 * @width: no line is longer, in characters; at least TERMINAL_MIN_WIDTH
 * @unicode: with block characters, in UTF-8; else ASCII
 * @colour: with colours
 */
struct terminal {
	unsigned int width;
	bool unicode;
	bool colour;
};

void terminal_choose(struct terminal *terminal, const struct machine *machine, enum when when, bool ascii);
int terminal_print(const struct terminal *terminal, struct drawing *drawing, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H */
