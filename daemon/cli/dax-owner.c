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

#include "cli/command.h"
#include "cli/format/pager.h"

const char *argp_program_version = "dax-owner " VERSION;

static int run_help(int argc, char **argv, const char *root);

static const struct command command_help_on = { "help", "this list, or the options of a command",
						run_help, true };

static const struct command *const commands[] = {
	&command_list,    &command_map,    &command_explain, &command_audit,
	&command_monitor, &command_check,  &command_settle,  &command_arbitrate,
	&command_metrics, &command_report, &command_help_on,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

/* The command, and the index of its name in argv */
struct chosen {
	const struct command *command;
	int first;
};

static const struct command *find_command(struct argp_state *state, const char *word)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(word, commands[i]->name))
			return commands[i];
	argp_failure(state, EX_USAGE, 0, "%s: no such command; --help lists all commands", word);
	return NULL;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		chosen->command = find_command(state, word);
		/* The command parses the options that follow its name. */
		chosen->first = state->next - 1;
		state->next = state->argc;
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

int main(int argc, char **argv)
{
	struct chosen chosen = {};

	argp_err_exit_status = EX_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen);
	name_command(argv + chosen.first, chosen.command);
	return end_output(chosen.command->run(argc - chosen.first, argv + chosen.first, ""));
}
