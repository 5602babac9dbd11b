// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner: find the command that the command line names, and run it. The commands are in the
 * library.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/format/pager.h"
#include "cli/unpacked.h"

const char *argp_program_version = "dax-owner " VERSION;

static int run_help(int argc, char **argv, const char *root);

static const struct command command_help_on = { "help",
						"print the commands, or the options of a command",
						run_help, true };

static const struct command *const commands[] = {
	&command_list,    &command_map,    &command_explain, &command_audit,
	&command_monitor, &command_check,  &command_settle,  &command_arbitrate,
	&command_metrics, &command_report, &command_help_on,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

#define OPTION_SYSROOT 256
#define OPTION_FROM 257

/**
 * struct chosen - the command line
 * @command: the command
 * @argc: number of its words
 * @argv: its words, the first of which is its name
 * @sysroot: directory that holds a copy of a machine, NULL without this option
 * @from: a report's archive that holds one, NULL without this option
 */
struct chosen {
	const struct command *command;
	int argc;
	char **argv;
	const char *sysroot;
	const char *from;
};

static const struct argp_option options[] = {
	{ "sysroot", OPTION_SYSROOT, "DIR", 0,
	  "Read the copy of a machine in DIR, and neither this kernel nor the daemon", 0 },
	{ "from", OPTION_FROM, "FILE", 0,
	  "Read the copy of a machine in FILE, the archive of a report", 0 },
	{},
};

static const struct command *find_command(struct argp_state *state, const char *word)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(word, commands[i]->name))
			return commands[i];
	argp_failure(state, EX_USAGE, 0, "%s: no such command; --help lists all commands", word);
	return NULL;
}

/* An empty word, as of a variable that is not set, would be the running system. */
static const char *take_path(struct argp_state *state, const char *word)
{
	if (!*word)
		argp_failure(state, EX_USAGE, 0, "the path of a copy is missing");
	return word;
}

static void check_copy(struct argp_state *state, const struct chosen *chosen)
{
	if (chosen->sysroot && chosen->from)
		argp_failure(state, EX_USAGE, 0, "--sysroot excludes --from");
	if ((chosen->sysroot || chosen->from) && !chosen->command->copies)
		argp_failure(state, EX_USAGE, 0,
			     "%s works only on the running system, without --sysroot and --from",
			     chosen->command->name);
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	switch (key) {
	case OPTION_SYSROOT:
		chosen->sysroot = take_path(state, word);
		return 0;
	case OPTION_FROM:
		chosen->from = take_path(state, word);
		return 0;
	case ARGP_KEY_ARG:
		chosen->command = find_command(state, word);
		/* The command parses the options that follow its name. */
		chosen->argc = state->argc - (state->next - 1);
		chosen->argv = state->argv + state->next - 1;
		state->next = state->argc;
		check_copy(state, chosen);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_failure(state, EX_USAGE, 0, "a command is missing; --help lists all commands");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_commands(FILE *file)
{
	fputs("Commands:\n", file);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(file, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\ndax-owner COMMAND --help prints the options of a command.", file);
}

static char *help(int key, const char *text, void *input)
{
	(void)input;
	return command_help(key, text, print_commands);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_words,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Reports which driver owns Soft Reserved memory, and why.\v",
	.help_filter = help,
};

/* Set the name that argp and the command print for the program, such as "dax-owner list". */
static void name_command(char **argv, const struct command *command)
{
	char *name;

	if (asprintf(&name, "dax-owner %s", command->name) > 0)
		argv[0] = name;
	program_invocation_short_name = argv[0];
}

/* --- help --- */

static error_t parse_help(int key, char *word, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (chosen->command)
		argp_failure(state, EX_USAGE, 0, "%s: unexpected argument", word);
	chosen->command = find_command(state, word);
	return 0;
}

static const struct argp help_argp = {
	.parser = parse_help,
	.children = command_takes_words,
	.args_doc = "[COMMAND]",
	.doc = "Prints the commands, or the options of a command.",
};

/* Run the program or the command with --help. */
static int run_help(int argc, char **argv, const char *root)
{
	char name[] = "dax-owner", option[] = "--help";
	char *words[] = { name, option, NULL };
	struct chosen chosen = {};

	argp_parse(&help_argp, argc, argv, 0, NULL, &chosen);
	if (chosen.command) {
		name_command(words, chosen.command);
		return chosen.command->run(2, words, root);
	}
	program_invocation_short_name = name;
	argp_parse(&argp, 2, words, ARGP_IN_ORDER, NULL, &chosen);
	return 0;
}

/* Report a failed write, because a full disk cuts the output short. */
static int end_output(int status)
{
	bool failed = fflush(stdout) || ferror(stdout);
	int error = errno;

	pager_close();
	if (!failed)
		return status;
	return status ?:
			command_fail(EX_IOERR, "cannot write to standard output: %s",
				     strerror(error));
}

static int run(const char *root, void *data)
{
	const struct chosen *chosen = data;

	return end_output(chosen->command->run(chosen->argc, chosen->argv, root));
}

static int run_below(struct chosen *chosen)
{
	struct stat status;
	int r = stat(chosen->sysroot, &status) ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;

	if (r)
		return command_fail(EX_NOINPUT, "cannot read %s: %s", chosen->sysroot, strerror(r));
	return run(chosen->sysroot, chosen);
}

int main(int argc, char **argv)
{
	struct chosen chosen = {};

	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen);
	name_command(chosen.argv, chosen.command);
	if (chosen.from)
		return unpacked_run(chosen.from, run, &chosen);
	return chosen.sysroot ? run_below(&chosen) : run("", &chosen);
}
