/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A drawing in characters, for terminals and text files.
 */
#ifndef DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H
#define DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H

#include <stdio.h>

#include "cli/map/drawing.h"

/* In characters. A narrower legend does not fit, even with its addresses on two lines. */
#define TERMINAL_MIN_WIDTH 72
#define TERMINAL_MAX_WIDTH 4096

/**
 * enum when - when to use colours
 * @WHEN_AUTO: on a terminal that shows colours, unless NO_COLOR is set
 * @WHEN_ALWAYS: always
 * @WHEN_NEVER: never
 */
enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/**
 * struct terminal_environment - the environment of the output
 * @terminal: standard output is a terminal, not a file or a pipe
 * @utf8: the locale's characters are UTF-8
 * @term: TERM of the environment; NULL if unset
 * @no_color: NO_COLOR of the environment; NULL if unset
 */
struct terminal_environment {
	bool terminal;
	bool utf8;
	const char *term;
	const char *no_color;
};

/**
 * struct terminal - the form of the drawing
 * @width: maximum length of a line in characters; at least TERMINAL_MIN_WIDTH
 * @unicode: use block characters in UTF-8, otherwise only ASCII
 * @colour: use colours
 */
struct terminal {
	unsigned int width;
	bool unicode;
	bool colour;
};

void terminal_choose(struct terminal *terminal, const struct terminal_environment *environment,
		     enum when when, bool ascii);
int terminal_print(const struct terminal *terminal, struct drawing *drawing, FILE *file);

#endif /* DAX_OWNER_CLI_MAP_DRAWING_TERMINAL_H */
