// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child works on the unpacked files. Its parent removes them, however the child ends: by a signal,
 * for example when the reader of a pipe leaves, or in the middle of a library.
 */
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/report/bundle.h"
#include "cli/report/unpack.h"
#include "cli/unpacked.h"

/* Open directories while the files are removed */
#define MAX_OPEN 16

/* Processor time of the child; a report of a large machine needs less than one second. */
#define MAX_SECONDS 60

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static void remove_all(const char *directory)
{
	if (nftw(directory, remove_one, MAX_OPEN, FTW_DEPTH | FTW_PHYS))
		command_fail(0, "cannot remove %s: %s", directory, strerror(errno));
}

/* Make a directory that only this user may read. Return: its path, which the caller frees; NULL. */
static char *make_directory(void)
{
	_cleanup_(freep) char *parent = realpath(getenv("TMPDIR") ?: "/tmp", NULL);
	char *path;

	if (!parent || asprintf(&path, "%s/dax-owner-XXXXXX", parent) < 0)
		return NULL;
	if (mkdtemp(path))
		return path;
	free(path);
	return NULL;
}

/* The child gets SIGXCPU when it has used its time. Only functions that are safe in a handler follow. */
static void end_late(int signal)
{
	static const char text[] = "dax-owner: the archive needs too much time\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)signal;
	(void)n;
	_exit(EX_DATAERR);
}

/* The time of some questions grows with a product of numbers in the archive. */
static void limit_time(void)
{
	const struct sigaction action = { .sa_handler = end_late };
	struct rlimit limit;

	sigaction(SIGXCPU, &action, NULL);
	if (!getrlimit(RLIMIT_CPU, &limit) && limit.rlim_cur > MAX_SECONDS) {
		limit.rlim_cur = MAX_SECONDS;
		setrlimit(RLIMIT_CPU, &limit);
	}
}

static int work(const char *file, const char *directory, unpacked_fn fn, void *data)
{
	char problem[UNPACK_PROBLEM_LEN], root[PATH_MAX];
	int r = unpack(file, directory, problem);

	if (r == -EBADMSG || r == -EFBIG)
		return command_fail(EX_DATAERR, "cannot read %s: %s", file, problem);
	if (r)
		return command_fail(EX_NOINPUT, "cannot read %s: %s", file, problem);
	snprintf(root, sizeof(root), "%s/" BUNDLE_DIRECTORY, directory);
	return fn(root, data);
}

/* Wait for the child, and pass signals on to it. Return: its status, as of waitpid(). */
static int wait_for(pid_t child, const sigset_t *signals)
{
	int status, signal;

	while (waitpid(child, &status, WNOHANG) == 0)
		if (!sigwait(signals, &signal) && signal != SIGCHLD)
			kill(child, signal);
	return status;
}

/* End as the child ended, so that the caller of the program gets the same status. */
static int end_as(int status)
{
	sigset_t all;

	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	sigfillset(&all);
	raise(WTERMSIG(status));
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	return EX_SOFTWARE;
}

/* Block the signals that end the program or the wait for the child. */
static void block(sigset_t *signals, sigset_t *before)
{
	static const int numbers[] = { SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM };

	sigemptyset(signals);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(signals, numbers[i]);
	sigprocmask(SIG_BLOCK, signals, before);
	/* The caller of the program may ignore this signal, and the kernel would not send it. */
	signal(SIGCHLD, SIG_DFL);
}

/**
 * unpacked_run() - unpack an archive, run a function on its files, and remove them
 * @file: path of the archive
 * @fn: called in a child process, whose exit status is the return value
 * @data: passed to @fn
 *
 * The files are in a directory below $TMPDIR, or /tmp, that only this user may read.
 *
 * Return: an exit status: that of @fn, or of an error after an error message. If a signal has ended
 * the child, the signal ends this process, too.
 */
int unpacked_run(const char *file, unpacked_fn fn, void *data)
{
	_cleanup_(freep) char *directory = NULL;
	sigset_t signals, before;
	int status;
	pid_t child;

	/* From here on, a signal leaves no directory behind. */
	block(&signals, &before);
	directory = make_directory();
	if (!directory)
		return command_fail(EX_CANTCREAT, "cannot make a temporary directory: %s",
				    strerror(errno));
	child = fork();
	if (!child) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		limit_time();
		exit(work(file, directory, fn, data));
	}
	status = child < 0 ? EX_OSERR << 8 : wait_for(child, &signals);
	remove_all(directory);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (child < 0)
		return command_fail(EX_OSERR, "cannot start a process");
	return end_as(status);
}
