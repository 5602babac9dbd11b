// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/format/colors.h"

/**
 * color_terminal() - test whether standard output is a terminal with more than plain characters
 * @environment: the environment of the output
 *
 * Return: whether it is.
 */
bool color_terminal(const struct color_environment *environment)
{
	return environment->terminal && environment->term && *environment->term &&
	       strcmp(environment->term, "dumb");
}

static bool is_one_of(const char *word, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(word, words[i]))
			return true;
	return false;
}

/**
 * colors_choose() - choose whether to use colors
 * @environment: the environment of the output
 * @when: the user's choice
 *
 * SYSTEMD_COLORS forbids or forces colors, as for systemctl, and precedes NO_COLOR.
 *
 * Return: the choice.
 */
bool colors_choose(const struct color_environment *environment, enum when when)
{
	static const char *const no[] = { "0", "no", "n", "false", "f", "off" };
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on", "16", "256", "24bit" };
	const char *systemd = environment->systemd_colors;

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	if (systemd && is_one_of(systemd, no, sizeof(no) / sizeof(*no)))
		return false;
	if (systemd && is_one_of(systemd, yes, sizeof(yes) / sizeof(*yes)))
		return true;
	return color_terminal(environment) && (!environment->no_color || !*environment->no_color);
}

/**
 * color_environment_read() - return the environment of standard output
 *
 * Return: the environment. Its texts belong to the environment of the process.
 */
struct color_environment color_environment_read(void)
{
	return (struct color_environment) {
		.terminal = isatty(STDOUT_FILENO),
		.term = getenv("TERM"),
		.systemd_colors = getenv("SYSTEMD_COLORS"),
		.no_color = getenv("NO_COLOR"),
	};
}

/**
 * colors_on() - test whether to use colors on standard output
 *
 * The first call chooses. pager_open() calls the function before standard output becomes a pipe.
 *
 * Return: the choice.
 */
bool colors_on(void)
{
	static bool chosen, on;
	const struct color_environment environment = color_environment_read();

	if (!chosen)
		on = colors_choose(&environment, WHEN_AUTO);
	chosen = true;
	return on;
}

/**
 * color_of_priority() - return the color of a record, as in journalctl
 * @priority: of the record, as for syslog()
 *
 * Return: the sequence that begins the color; "" for plain text, and without colors.
 */
const char *color_of_priority(int priority)
{
	if (!colors_on() || priority > LOG_NOTICE)
		return "";
	if (priority <= LOG_ERR)
		return COLOR_ERROR;
	return priority == LOG_WARNING ? COLOR_WARNING : COLOR_NOTICE;
}
