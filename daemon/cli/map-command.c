// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner map: draw the address space. This command has nothing to do with the extent map of
 * model/extent-map.h.
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/format/user-file.h"
#include "cli/map/drawing-svg.h"
#include "cli/map/drawing-terminal.h"
#include "system/facts.h"

/* In columns, where neither the command line nor the terminal gives a width */
#define DEFAULT_WIDTH 80

/* Long forms only: the letters have another meaning in other commands, see docs/options.md. */
#define OPTION_SVG 256
#define OPTION_WIDTH 257
#define OPTION_ASCII 258
#define OPTION_COLOR 259

static const struct argp_option options[] = {
	{ "svg", OPTION_SVG, "FILE", 0, "Draw an SVG picture into FILE; - is standard output", 0 },
	{ "width", OPTION_WIDTH, "COLUMNS", 0,
	  "Longest line; default: the width of the terminal, or 80", 0 },
	{ "color", OPTION_COLOR, "WHEN", 0, "Use colors: auto (default), always or never", 0 },
	{ "ascii", OPTION_ASCII, NULL, 0, "Use only ASCII characters", 0 },
	{},
};

/**
 * struct request - the form of the drawing
 * @svg: the file for an SVG picture, the caller's string; NULL for a drawing in characters
 * @width: of lines in columns, 0 by default
 * @when: when to use colors
 * @ascii: print only ASCII characters
 * @characters: the command line has an option that applies only to characters
 */
struct request {
	const char *svg;
	unsigned int width;
	enum when when;
	bool ascii;
	bool characters;
};

static int find_when(const char *word)
{
	static const char *const words[] = {
		[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"
	};

	for (int i = WHEN_AUTO; i <= WHEN_NEVER; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

/* Return: the width in columns, or 0 if @word is no valid width. */
static unsigned int find_width(const char *word)
{
	char *end;
	unsigned long width = strtoul(word, &end, 10);

	if (*word < '0' || *word > '9' || *end || width < TERMINAL_MIN_WIDTH ||
	    width > TERMINAL_MAX_WIDTH)
		return 0;
	return (unsigned int)width;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;
	int when;

	switch (key) {
	case OPTION_SVG:
		request->svg = word;
		return 0;
	case OPTION_WIDTH:
		request->width = find_width(word);
		if (!request->width)
			argp_failure(state, EX_USAGE, 0,
				     "%s: must be a number of columns from %d to %d", word,
				     TERMINAL_MIN_WIDTH, TERMINAL_MAX_WIDTH);
		break;
	case OPTION_COLOR:
		when = find_when(word);
		if (when < 0)
			argp_failure(state, EX_USAGE, 0, "%s: not one of auto, always, never", word);
		request->when = when;
		break;
	case OPTION_ASCII:
		request->ascii = true;
		break;
	case ARGP_KEY_END:
		if (request->svg && request->characters)
			argp_failure(state, EX_USAGE, 0,
				     "--svg excludes --width, --color and --ascii");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	request->characters = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Draws the physical address space around Soft Reserved memory, to scale: CXL windows, Soft Reserved ranges, "
	       "CXL regions, and the extents by owner.",
};

/* --- drawing in characters --- */

/* Return: the width in columns, or 0 if it is unknown. */
static unsigned int width_of_terminal(void)
{
	struct winsize size = {};
	const char *columns;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	columns = getenv("COLUMNS");
	return columns ? (unsigned int)strtoul(columns, NULL, 10) : 0;
}

static int print(const struct request *request, struct drawing *drawing)
{
	struct terminal_environment environment = {
		.output = color_environment_read(),
		.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
	};
	struct terminal terminal = { .width = request->width              ?:
						      width_of_terminal() ?:
									    DEFAULT_WIDTH };
	int r;

	if (terminal.width < TERMINAL_MIN_WIDTH)
		return command_fail(EX_USAGE,
				    "cannot draw the map: a terminal of %u columns is too narrow; use --width=%d",
				    terminal.width, TERMINAL_MIN_WIDTH);
	if (terminal.width > TERMINAL_MAX_WIDTH)
		terminal.width = TERMINAL_MAX_WIDTH;
	terminal_choose(&terminal, &environment, request->when, request->ascii);
	r = terminal_print(&terminal, drawing, stdout);
	return r ? command_fail(EX_OSERR, "cannot draw the map: %s", strerror(-r)) : 0;
}

/* --- drawing in SVG --- */

static int make_svg(struct drawing *drawing, char **text)
{
	size_t len;
	FILE *file = open_memstream(text, &len);
	int r;

	if (!file)
		return -errno;
	r = svg_print(drawing, file);
	return fclose(file) && !r ? -errno : r;
}

static int print_svg(const char *path, struct drawing *drawing)
{
	_cleanup_(freep) char *text = NULL;
	int r = make_svg(drawing, &text);

	if (r)
		return command_fail(EX_OSERR, "cannot draw the map: %s", strerror(-r));
	if (!strcmp(path, "-")) {
		fputs(text, stdout);
		return 0;
	}
	r = user_file_write(path, text);
	if (r == -EEXIST)
		return command_fail(EX_CANTCREAT,
				    "cannot write %s: not a regular file; --svg=- is standard output",
				    path);
	return r ? command_fail(EX_CANTCREAT, "cannot write %s: %s", path, strerror(-r)) : 0;
}

/* --- command --- */

/* A failure is no error, because a drawing without windows is still useful. */
static void read_windows(const char *root, struct spans *windows)
{
	int r = facts_read_windows(root, windows, NULL, NULL);

	if (!r)
		return;
	spans_free(windows);
	if (r == -EACCES || r == -EPERM)
		command_fail(0, "map without windows: only root may read them");
	else
		command_fail(0, "map without windows: cannot read the CEDT: %s", strerror(-r));
}

static int draw(const struct request *request, const char *root, const struct snapshot *snapshot)
{
	struct spans windows = {};
	struct drawing drawing;
	int status, r;

	read_windows(root, &windows);
	r = drawing_make(&drawing, snapshot, &windows);
	spans_free(&windows);
	if (r)
		return command_fail(EX_OSERR, "cannot draw the map: %s", strerror(-r));
	status = request->svg ? print_svg(request->svg, &drawing) : print(request, &drawing);
	drawing_free(&drawing);
	if (!status && (fflush(stdout) || ferror(stdout)))
		return command_fail(EX_IOERR, "cannot write to standard output: %s",
				    strerror(errno));
	return status;
}

static int run(int argc, char **argv, const char *root)
{
	struct request request = {};
	struct snapshot snapshot;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	setlocale(LC_CTYPE, "");
	status = command_snapshot(root, &snapshot);
	if (status)
		return status;
	if (snapshot.hidden)
		status =
			command_fail(EX_NOPERM,
				     "cannot draw the map: only root may read addresses; sudo dax-owner map");
	else
		status = draw(&request, root, &snapshot);
	snapshot_free(&snapshot);
	return status;
}

const struct command command_map = { "map", "draw the address space", run, true };
