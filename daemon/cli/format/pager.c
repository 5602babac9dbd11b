// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/format/colors.h"
#include "cli/format/pager.h"

/* systemd's options of less: leave out the pager for a short text, keep colors, cut long lines */
#define LESS_OPTIONS "FRSXMK"

/* A small server may lack less. */
#define DEFAULT_PAGER "command -v less >/dev/null && exec less; exec cat"

/* The process of the pager, 0 for none */
static pid_t running;

/**
 * pager_choose() - choose a pager
 * @environment: the environment of the output
 *
 * Return: the command line of the pager; NULL for none.
 */
const char *pager_choose(const struct pager_environment *environment)
{
	const char *command = environment->systemd_pager ?: environment->pager ?: DEFAULT_PAGER;

	if (!environment->terminal || !environment->term || !strcmp(environment->term, "dumb"))
		return NULL;
	command += strspn(command, " ");
	return *command && strcmp(command, "cat") ? command : NULL;
}

static bool is_no(const char *word)
{
	return word && (!strcmp(word, "0") || !strcasecmp(word, "no") || !strcasecmp(word, "false"));
}

static __attribute__((noreturn)) void become_pager(const char *command, int input)
{
	dup2(input, STDIN_FILENO);
	setenv("LESS", getenv("SYSTEMD_LESS") ?: LESS_OPTIONS, 1);
	/* The command often runs as root: less must not start a shell. */
	if (!is_no(getenv("SYSTEMD_PAGERSECURE")))
		setenv("LESSSECURE", "1", 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(EXIT_FAILURE);
}

/**
 * pager_open() - send standard output through a pager, if it is a terminal
 *
 * A failure leaves standard output as it was. pager_close() must follow.
 */
void pager_open(void)
{
	const struct pager_environment environment = {
		.terminal = isatty(STDOUT_FILENO),
		.term = getenv("TERM"),
		.systemd_pager = getenv("SYSTEMD_PAGER"),
		.pager = getenv("PAGER"),
	};
	const char *command = pager_choose(&environment);
	int ends[2];

	/* The choice of colors depends on the terminal, and a pipe replaces it below. */
	colors_on();
	if (!command || running || pipe2(ends, O_CLOEXEC))
		return;
	fflush(stdout);
	running = fork();
	if (!running)
		become_pager(command, ends[0]);
	if (running > 0)
		dup2(ends[1], STDOUT_FILENO);
	else
		running = 0;
	close(ends[0]);
	close(ends[1]);
}

/**
 * pager_close() - end the output, and wait until the user leaves the pager
 */
void pager_close(void)
{
	if (!running)
		return;
	fflush(stdout);
	/* The pager ends at the end of its input. */
	close(STDOUT_FILENO);
	while (waitpid(running, NULL, 0) < 0 && errno == EINTR)
		;
	running = 0;
}
