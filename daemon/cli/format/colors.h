/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Colors on a terminal, chosen as systemctl and journalctl do.
 */
#ifndef DAX_OWNER_CLI_FORMAT_COLORS_H
#define DAX_OWNER_CLI_FORMAT_COLORS_H

#include <stdbool.h>

/* Sequences of the terminal that begin a color, and the one that ends all colors */
#define COLOR_ERROR "\033[1;31m"
#define COLOR_WARNING "\033[1;33m"
#define COLOR_NOTICE "\033[1m"
#define COLOR_END "\033[0m"

/**
 * enum when - when to use colors
 * @WHEN_AUTO: on a terminal that shows colors, unless the environment forbids them
 * @WHEN_ALWAYS: always
 * @WHEN_NEVER: never
 */
enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/**
 * struct color_environment - what the choice of colors depends on
 * @terminal: standard output is a terminal
 * @term: TERM of the environment, NULL if unset; the same for the others
 * @systemd_colors: SYSTEMD_COLORS
 * @no_color: NO_COLOR
 */
struct color_environment {
	bool terminal;
	const char *term;
	const char *systemd_colors;
	const char *no_color;
};

bool color_terminal(const struct color_environment *environment);
bool colors_choose(const struct color_environment *environment, enum when when);
struct color_environment color_environment_read(void);
bool colors_on(void);
const char *color_of_priority(int priority);

#endif /* DAX_OWNER_CLI_FORMAT_COLORS_H */
