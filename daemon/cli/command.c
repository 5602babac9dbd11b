// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

/**
 * command_fail() - print an error line to standard error and return the exit status
 * @status: exit status, of sysexits.h
 * @format: as for printf(), without a newline
 *
 * Return: @status.
 */
int command_fail(int status, const char *format, ...)
{
	va_list args;

	fputs("dax-owner: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

#define OPTION_HELP 'h'

static const struct argp_option help_options[] = {
	{ NULL, OPTION_HELP, NULL, 0, "The same as --help", -1 },
	{},
};

static error_t parse_help(int key, char *word, struct argp_state *state)
{
	(void)word;
	if (key != OPTION_HELP)
		return ARGP_ERR_UNKNOWN;
	argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
	return 0;
}

static error_t parse_nothing(int key, char *word, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return parse_help(key, word, state);
	argp_failure(state, argp_err_exit_status, 0, "%s: unexpected argument", word);
	return 0;
}

static const struct argp words = { .options = help_options, .parser = parse_help };
static const struct argp nothing = { .options = help_options, .parser = parse_nothing };

const struct argp_child command_takes_words[] = { { &words, 0, NULL, 0 }, {} };
const struct argp_child command_takes_no_words[] = { { &nothing, 0, NULL, 0 }, {} };

/**
 * command_no_arguments() - parse the command line of a command without options and arguments
 * @argc: as passed to the command
 * @argv: as passed to the command
 * @doc: text for --help, see argp(3)
 *
 * Does not return if the command line has an argument or an unknown option.
 */
void command_no_arguments(int argc, char **argv, const char *doc)
{
	const struct argp argp = { .options = help_options, .parser = parse_nothing, .doc = doc };

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
}

/**
 * command_optional_value() - take the next argument as the value of an option
 * @state: of argp, at an option whose value may be left out
 *
 * argp takes such a value only from the same argument, as in -b-1. The value may also be the next
 * argument, as in -b -1. The command must take no words.
 *
 * Return: the next argument, unless it is an option; NULL otherwise.
 */
const char *command_optional_value(struct argp_state *state)
{
	const char *next = state->next < state->argc ? state->argv[state->next] : "-";

	if (*next == '-' && (next[1] < '0' || next[1] > '9'))
		return NULL;
	state->next++;
	return next;
}

/**
 * command_target() - parse the argument that names a target
 * @state: of argp
 * @word: the argument; it must live as long as @target
 * @target: filled in; its word is NULL before the first call
 *
 * Does not return if @word is not a target, or if @target is filled in already.
 */
void command_target(struct argp_state *state, const char *word, struct target *target)
{
	int r;

	if (target->word)
		argp_failure(state, EX_USAGE, 0, "%s: only one target is allowed", word);
	r = target_parse(word, target);
	if (r == -ERANGE)
		argp_failure(state, EX_USAGE, 0, "%s: an address has at most 64 bits", word);
	else if (r)
		argp_failure(state, EX_USAGE, 0, "%s: not " TARGET_FORMS, word);
}

/**
 * command_target_allowed() - test whether a snapshot without addresses can match a target
 * @target: the target; its word is NULL for none
 * @snapshot: the snapshot
 *
 * Return: 0; an exit status after an error message.
 */
int command_target_allowed(const struct target *target, const struct snapshot *snapshot)
{
	if (!snapshot->hidden || !target->word ||
	    (target->kind != TARGET_ADDRESSES && target->kind != TARGET_REGION))
		return 0;
	return command_fail(EX_NOPERM,
			    "%s: only root may read addresses and match regions by address; use sudo, "
			    "or name a device or a node",
			    target->word);
}

/**
 * command_help() - append a function's output to the help text of a command
 * @key: of argp
 * @text: of argp
 * @print: prints the text that follows the options
 *
 * A .help_filter for an argp whose doc ends in \v.
 *
 * Return: @text, or a new string that argp frees; NULL if memory is short.
 */
char *command_help(int key, const char *text, void (*print)(FILE *file))
{
	size_t len;
	char *help;
	FILE *file;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	file = open_memstream(&help, &len);
	if (!file)
		return NULL;
	print(file);
	fclose(file);
	return help;
}

/**
 * command_problem() - describe why a command cannot use a snapshot
 * @r: the return value of snapshot_take()
 * @snapshot: the snapshot; read only if @r is 0
 * @text: filled in with a sentence, or with "" if the snapshot has an extent
 *
 * Return: 0, or an exit status.
 */
int command_problem(int r, const struct snapshot *snapshot, char text[COMMAND_PROBLEM_LEN])
{
	*text = '\0';
	switch (r) {
	case 0:
		if (snapshot->n)
			return 0;
		if (!snapshot->settled)
			snprintf(text, COMMAND_PROBLEM_LEN,
				 "no extent is known yet, because ownership is not settled: dax-owner settle, "
				 "then journalctl -b -u dax-ownerd");
		else
			snprintf(text, COMMAND_PROBLEM_LEN,
				 "firmware has marked no memory Soft Reserved, or the kernel ignores it "
				 "(efi=nosoftreserve)");
		return EX_UNAVAILABLE;
	case -EACCES:
	case -EPERM:
		snprintf(text, COMMAND_PROBLEM_LEN,
			 "cannot read addresses: only root may read them; use sudo, or systemctl start "
			 "dax-ownerd.service");
		return EX_NOPERM;
	case -EPROTO:
		snprintf(text, COMMAND_PROBLEM_LEN,
			 "unexpected reply from dax-ownerd; do daemon and command versions match?");
		return EX_PROTOCOL;
	default:
		snprintf(text, COMMAND_PROBLEM_LEN, "cannot determine the owners: %s", strerror(-r));
		return EX_OSERR;
	}
}

/**
 * command_take_snapshot() - take a snapshot, or print why that fails
 * @root: directory that holds a copy of a machine, "" for the running system
 * @snapshot: filled in, perhaps without an extent; empty after an error
 *
 * Return: 0, or an exit status.
 */
int command_take_snapshot(const char *root, struct snapshot *snapshot)
{
	char problem[COMMAND_PROBLEM_LEN];
	int r = snapshot_take(root, snapshot);

	if (*root && (r == -EACCES || r == -ENOENT))
		return command_fail(EX_UNAVAILABLE,
				    "the copy holds no addresses; only root can make a report with addresses");
	return r ? command_fail(command_problem(r, snapshot, problem), "%s", problem) : 0;
}

/**
 * command_snapshot() - take a snapshot with at least one extent, or print why that fails
 * @root: directory that holds a copy of a machine, "" for the running system
 * @snapshot: filled in; empty after an error
 *
 * Return: 0, or an exit status; EX_UNAVAILABLE if there is no Soft Reserved memory.
 */
int command_snapshot(const char *root, struct snapshot *snapshot)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = command_take_snapshot(root, snapshot);

	if (status)
		return status;
	status = command_problem(0, snapshot, problem);
	if (!status)
		return 0;
	snapshot_free(snapshot);
	return command_fail(status, "%s", problem);
}

/**
 * command_print_json() - print a JSON value and release it
 * @json: the caller's reference, which this function drops; NULL if memory was short
 *
 * Return: 0, or an exit status.
 */
int command_print_json(struct json_object *json)
{
	if (!json)
		return command_fail(EX_OSERR, "out of memory");
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return 0;
}
