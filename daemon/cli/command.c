// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

/**
 * command_fail() - say in a line what is wrong
 * @status: exit status, of sysexits.h
 * @format: as for printf()
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

static error_t parse_nothing(int key, char *word, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_failure(state, argp_err_exit_status, 0, "%s: there are no arguments", word);
	return 0;
}

static const struct argp nothing = { .parser = parse_nothing };

const struct argp_child command_takes_no_words[] = { { &nothing, 0, NULL, 0 }, { } };

/**
 * command_no_arguments() - the command line of a command that takes nothing
 * @argc: as the command got it
 * @argv: as the command got it
 * @doc: what --help says, see argp(3)
 *
 * Does not return if there is anything.
 */
void command_no_arguments(int argc, char **argv, const char *doc)
{
	const struct argp argp = { .parser = parse_nothing, .doc = doc };

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
}

/**
 * command_target() - the word of the command line that says what it is about
 * @state: of argp
 * @word: what was said
 * @target: set to what it means; its word is NULL before
 *
 * Does not return if it means nothing, or is the second one.
 */
void command_target(struct argp_state *state, const char *word, struct target *target)
{
	int r;

	if (target->word)
		argp_failure(state, EX_USAGE, 0, "%s: one thing at a time", word);
	r = target_parse(word, target);
	if (r == -ERANGE)
		argp_failure(state, EX_USAGE, 0, "%s: an address has at most 64 bits", word);
	else if (r)
		argp_failure(state, EX_USAGE, 0, "%s: not " TARGET_FORMS, word);
}

/**
 * command_help() - for .help_filter of an argp whose doc ends in \v: what comes last is printed by a function
 * @key: of argp
 * @text: of argp
 * @print: prints it
 *
 * Return: what argp wants, and frees.
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
 * command_problem() - why it cannot be told who owns what
 * @r: as snapshot_take() returned it
 * @snapshot: as it was taken
 * @text: filled in with a sentence, "" if all is well
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
		snprintf(text, COMMAND_PROBLEM_LEN,
			 "firmware has marked no memory Soft Reserved, or the kernel ignores it (efi=nosoftreserve)");
		return EX_UNAVAILABLE;
	case -EACCES:
	case -EPERM:
		snprintf(text, COMMAND_PROBLEM_LEN,
			 "only root may see addresses: run it with sudo, or start dax-ownerd.service");
		return EX_NOPERM;
	case -EPROTO:
		snprintf(text, COMMAND_PROBLEM_LEN,
			 "dax-ownerd answers what this program does not understand: is it of another version?");
		return EX_PROTOCOL;
	case -EBADMSG:
		snprintf(text, COMMAND_PROBLEM_LEN, "cannot tell who owns what: the firmware's table CEDT cannot be understood");
		return EX_OSERR;
	default:
		snprintf(text, COMMAND_PROBLEM_LEN, "cannot tell who owns what: %s", strerror(-r));
		return EX_OSERR;
	}
}

/**
 * command_look() - who owns what now, if anything; or a line that says why that cannot be told
 * @snapshot: filled in; empty after an error
 *
 * Return: 0, or an exit status.
 */
int command_look(struct snapshot *snapshot)
{
	char problem[COMMAND_PROBLEM_LEN];
	int r = snapshot_take(snapshot);

	return r ? command_fail(command_problem(r, snapshot, problem), "%s", problem) : 0;
}

/**
 * command_snapshot() - who owns what now, or a line that says why that cannot be told
 * @snapshot: filled in; empty after an error
 *
 * Return: 0, or an exit status; EX_UNAVAILABLE if there is nothing to own.
 */
int command_snapshot(struct snapshot *snapshot)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = command_look(snapshot);

	if (status)
		return status;
	status = command_problem(0, snapshot, problem);
	if (!status)
		return 0;
	snapshot_free(snapshot);
	return command_fail(status, "%s", problem);
}

/**
 * command_print_json() - an answer as JSON
 * @json: is dropped; NULL if there was no memory for it
 *
 * Return: 0, or an exit status.
 */
int command_print_json(struct json_object *json)
{
	if (!json)
		return command_fail(EX_OSERR, "out of memory");
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return 0;
}
