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

/* In bytes */
#define MAX_OUTPUT (1 << 18)
/* In ms. A program that waits for a device does not end at once, even after SIGKILL. */
#define KILL_MS 1000

/**
 * struct program - a program or a function that runs
 * @argv: absolute path of the program and its arguments; NULL for a function
 * @fn: the function
 * @pid: its process, which leads a process group
 * @pidfd: becomes readable when the process ends
 * @fd: its output, read without blocking
 * @until: end of its time, in ms of CLOCK_MONOTONIC
 * @taken: bytes of output so far
 * @max: in bytes; a process with more output is ended
 */
struct program {
	const char *const *argv;
	program_fn fn;
	pid_t pid;
	int pidfd;
	int fd;
	uint64_t until;
	size_t taken;
	size_t max;
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
static int spawn(struct program *program, int to)
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
	r = -posix_spawn(&program->pid, program->argv[0], &files, &attributes,
			 (char *const *)program->argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return r;
}

/*
 * A process that waits in the kernel survives SIGKILL for a while. It keeps no file of the parent
 * open, because a reader of the parent's output would wait for its end, too.
 */
static _Noreturn void run_child(program_fn fn, int to)
{
	int null, status;
	FILE *output;

	dup2(to, STDOUT_FILENO);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	output = fdopen(STDOUT_FILENO, "w");
	if (!output)
		_exit(ENOMEM);
	status = fn(output);
	if (fclose(output) && !status)
		status = EIO;
	/* exit() would write what the parent has buffered */
	_exit(status);
}

static int fork_child(struct program *program, int to)
{
	program->pid = fork();
	if (program->pid < 0)
		return -errno;
	if (!program->pid)
		run_child(program->fn, to);
	setpgid(program->pid, program->pid);
	return 0;
}

static int start(struct program *program)
{
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	program->fd = ends[0];
	fcntl(program->fd, F_SETFL, O_NONBLOCK);
	r = program->argv ? spawn(program, ends[1]) : fork_child(program, ends[1]);
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
		if (program->taken > program->max)
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

/* Return: as program_run(). */
static int run(struct program *program, FILE *output)
{
	_cleanup_(closep) int fd = -1;
	_cleanup_(closep) int pidfd = -1;
	int r = start(program), status;

	fd = program->fd;
	pidfd = program->pidfd;
	if (!r)
		r = follow(program, output);
	if (program->pid <= 0)
		return r;
	/* The children of a program that has ended may still run. */
	kill(-program->pid, SIGKILL);
	status = pidfd < 0 ? -ECHILD : reap(program);
	return r ?: status;
}

/**
 * program_call() - run a function in a child process and copy its output
 * @fn: the function
 * @limit_ms: longest time, in ms; the process is killed then, and may live on until the kernel lets
 *   it end
 * @max: in bytes; a process with more output is killed
 * @output: receives what the function writes
 *
 * The calling process must have one thread.
 *
 * Return: the return value of @fn; -ETIME after @limit_ms; -EFBIG after too much output; -ECHILD if
 * a signal ended the process; another negative errno.
 */
int program_call(program_fn fn, unsigned int limit_ms, size_t max, FILE *output)
{
	struct program program = {
		.fn = fn, .pidfd = -1, .fd = -1, .until = now_ms() + limit_ms, .max = max
	};

	return run(&program, output);
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
	struct program program = {
		.argv = argv, .pidfd = -1, .fd = -1, .until = now_ms() + limit_ms, .max = MAX_OUTPUT
	};

	return run(&program, output);
}
