// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/snapshot/programs.h"

/* In bytes; a program with more output is ended */
#define MAX_OUTPUT (1 << 18)
/* In ms. A program that waits for a device does not end at once, even after SIGKILL. */
#define KILL_MS 1000

/**
 * struct program - a program that runs
 * @pid: its process, which leads a process group
 * @pidfd: becomes readable when the process ends
 * @fd: its output, read without blocking
 * @until: end of its time, in ms of CLOCK_MONOTONIC
 * @taken: bytes of output so far
 */
struct program {
	pid_t pid;
	int pidfd;
	int fd;
	uint64_t until;
	size_t taken;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int time_left(const struct program *program)
{
	uint64_t now = now_ms();

	return now < program->until ? (int)(program->until - now) : 0;
}

/* Start the program with its output in @to, and without input. Return: 0, or a negative errno. */
static int spawn(struct program *program, const char *const *argv, int to)
{
	static char *const environment[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
					     (char *)"LC_ALL=C", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, pipes;
	int r;

	sigemptyset(&none);
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &pipes);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, to, STDERR_FILENO);
	/* glibc searches the caller's PATH, so @argv has a path */
	r = -posix_spawn(&program->pid, argv[0], &files, &attributes, (char *const *)argv,
			 environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return r;
}

static int start(struct program *program, const char *const *argv)
{
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	program->fd = ends[0];
	fcntl(program->fd, F_SETFL, O_NONBLOCK);
	r = spawn(program, argv, ends[1]);
	close(ends[1]);
	if (r)
		return r;
	program->pidfd = pidfd_open(program->pid, 0);
	return program->pidfd < 0 ? -errno : 0;
}

/* Copy the output that is there. Return: 1 at its end, 0 before, -EFBIG if it is too long. */
static int take_output(struct program *program, FILE *output)
{
	char data[4096];
	ssize_t n;

	while ((n = read(program->fd, data, sizeof(data))) > 0) {
		program->taken += (size_t)n;
		if (program->taken > MAX_OUTPUT)
			return -EFBIG;
		fwrite(data, 1, (size_t)n, output);
	}
	return !n;
}

/*
 * Copy the output until the process ends. A child of it may keep the output open, and it may close
 * its output early.
 *
 * Return: 0; -ETIME; -EFBIG.
 */
static int follow(struct program *program, FILE *output)
{
	struct pollfd polled[] = { { .fd = program->pidfd, .events = POLLIN },
				   { .fd = program->fd, .events = POLLIN } };
	int r = 0;

	while (r >= 0) {
		int n = poll(polled, 2, time_left(program));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ETIME;
		r = take_output(program, output);
		if (r >= 0 && polled[0].revents)
			return 0;
		/* poll() ignores a negative descriptor */
		if (r > 0)
			polled[1].fd = -1;
	}
	return r;
}

/* Return: exit status; -ECHILD if the process does not end, or ended by a signal. */
static int reap(const struct program *program)
{
	struct pollfd polled = { .fd = program->pidfd, .events = POLLIN };
	siginfo_t info = {};

	if (poll(&polled, 1, KILL_MS) <= 0)
		return -ECHILD;
	if (waitid(P_PIDFD, (id_t)program->pidfd, &info, WEXITED | WNOHANG) || !info.si_pid)
		return -ECHILD;
	return info.si_code == CLD_EXITED ? info.si_status : -ECHILD;
}

/**
 * program_run() - run a program and copy its output
 * @argv: absolute path of the program and its arguments, ended by NULL
 * @limit_ms: longest time, in ms; the program and its children are killed then
 * @output: receives standard output and standard error
 *
 * The program has no input, a fixed PATH and the locale C.
 *
 * Return: exit status of the program; -ENOENT if it does not exist; -ETIME after @limit_ms; -EFBIG
 * after too much output; -ECHILD if a signal ended it; another negative errno.
 */
int program_run(const char *const *argv, unsigned int limit_ms, FILE *output)
{
	_cleanup_(closep) int fd = -1;
	_cleanup_(closep) int pidfd = -1;
	struct program program = { .pidfd = -1, .fd = -1, .until = now_ms() + limit_ms };
	int r = start(&program, argv), status;

	fd = program.fd;
	pidfd = program.pidfd;
	if (!r)
		r = follow(&program, output);
	if (program.pid <= 0)
		return r;
	/* The children of a program that has ended may still run. */
	kill(-program.pid, SIGKILL);
	status = pidfd < 0 ? -ECHILD : reap(&program);
	return r ?: status;
}
