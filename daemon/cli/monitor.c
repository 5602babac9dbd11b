// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner monitor: what happens, when it happens. dax-ownerd tells; while it does not run, the
 * kernel's devices are watched and what is different is told.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cli/command.h"
#include "cli/snapshot/changes.h"
#include "cli/snapshot/daemon-client.h"
#include "cli/snapshot/kernel-watch.h"
#include "model/state.h"

#define OPTION_JSON 'j'

/* In µs. A daemon whose socket has appeared listens to it in a moment. */
#define DAEMON_AFTER (200 * 1000)
/* Without a daemon nobody knows whether udev will have a driver bound: a look when it is busy is too early. */
#define BUSY_AFTER (500 * 1000)

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "JSON, a line for each, see " SCHEMA_DIR "/monitor.json", 0 },
	{ }
};

/**
 * struct monitor - the command
 * @json: as JSON
 * @event: the loop; its exit code is the exit status
 * @changes: what has been told
 * @daemon: tells, NULL while it does not run
 * @watch: of the kernel's devices, while there is no @daemon
 * @arrival: of the daemon's socket, while there is no @daemon
 */
struct monitor {
	bool json;
	sd_event *event;
	struct changes changes;
	struct subscription *daemon;
	struct kernel_watch watch;
	sd_event_source *arrival;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct monitor *monitor = state->input;

	(void)word;
	if (key != OPTION_JSON)
		return ARGP_ERR_UNKNOWN;
	monitor->json = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Prints what there is, and then a line for each thing that happens to it, until it is interrupted.",
};

/* --- output --- */

static void quit(struct monitor *monitor, int status)
{
	sd_event_exit(monitor->event, status);
}

static void print(const struct change *change, void *data)
{
	struct monitor *monitor = data;

	/* nobody reads it any more: which is no reason for words */
	if (ferror(stdout))
		return;
	if (change_print(change, monitor->json, stdout))
		quit(monitor, command_fail(EX_OSERR, "out of memory"));
	else if (ferror(stdout) && errno == EPIPE)
		quit(monitor, 0);
	else if (ferror(stdout))
		quit(monitor, command_fail(EX_IOERR, "cannot write to standard output: %s", strerror(errno)));
}

/* Who read it may end while nothing happens. */
static int on_output(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	quit(data, 0);
	return 0;
}

/* --- the kernel's devices --- */

static void take(struct monitor *monitor, struct snapshot *now)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = monitor->changes.any ? 0 : command_problem(0, now, problem);

	if (status) {
		snapshot_free(now);
		quit(monitor, command_fail(status, "%s", problem));
	} else if (changes_take(&monitor->changes, now)) {
		quit(monitor, command_fail(EX_OSERR, "out of memory"));
	}
}

/* A later look may do better than one that failed, but not than the first. */
static void cannot_look(struct monitor *monitor, int r)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = command_problem(r, NULL, problem);

	command_fail(status, "%s", problem);
	if (!monitor->changes.any)
		quit(monitor, status);
}

static void look(struct monitor *monitor)
{
	struct snapshot now;
	int r = snapshot_take(&now);

	if (r) {
		cannot_look(monitor, r);
		return;
	}
	if (now.source == SOURCE_DRIVERS && !now.settled && monitor->changes.any) {
		snapshot_free(&now);
		kernel_watch_later(&monitor->watch, BUSY_AFTER);
		return;
	}
	/* back again, and it will tell more than that */
	if (now.source == SOURCE_DAEMON)
		kernel_watch_later(&monitor->watch, DAEMON_AFTER);
	take(monitor, &now);
}

/* --- the daemon --- */

static void watch_kernel(struct monitor *monitor);

static void on_ledger(struct snapshot *now, void *data)
{
	take(data, now);
}

static void on_record(const struct change *change, void *data)
{
	struct monitor *monitor = data;
	struct regions *regions = &monitor->changes.last.regions;

	print(change, monitor);
	monitor->changes.last.settled = change->settled;
	if (change->extent) {
		struct extent extent = *change->extent;

		if (changes_note(&monitor->changes, &extent))
			quit(monitor, command_fail(EX_OSERR, "out of memory"));
	}
	/* a region that came or went has been told, too */
	if (change->subsystem && !strcmp(change->subsystem, "cxl")) {
		regions_free(regions);
		regions_load(regions, REGIONS_DIRECTORY);
	}
}

static void on_ended(int r, void *data)
{
	struct monitor *monitor = data;

	daemon_client_unsubscribe(monitor->daemon);
	monitor->daemon = NULL;
	if (r == -EPROTO) {
		cannot_look(monitor, r);
		quit(monitor, EX_PROTOCOL);
		return;
	}
	command_fail(0, "dax-ownerd tells no more; watching the kernel's devices until it is back");
	watch_kernel(monitor);
}

static const struct daemon_client_ops daemon_client_ops = { .ledger = on_ledger, .record = on_record, .ended = on_ended };

/* Return: 0 if it tells from now on; -ENOENT if it does not run; another negative errno. */
static int try_daemon(struct monitor *monitor)
{
	return daemon_client_subscribe(&monitor->daemon, monitor->event, &daemon_client_ops, monitor);
}

/* --- one or the other --- */

static void await_daemon(struct monitor *monitor);

static int on_arrival(sd_event_source *source, const struct inotify_event *event, void *data)
{
	struct monitor *monitor = data;

	(void)source;
	(void)event;
	/* the directory may have come before the socket: look at the right one from here on */
	await_daemon(monitor);
	return kernel_watch_later(&monitor->watch, DAEMON_AFTER);
}

/* That it cannot be waited for is no reason to end: any change has it looked for, too. */
static void await_daemon(struct monitor *monitor)
{
	const char *directory = access(STATE_DIRECTORY, F_OK) ? "/run" : STATE_DIRECTORY;

	monitor->arrival = sd_event_source_disable_unref(monitor->arrival);
	sd_event_add_inotify(monitor->event, &monitor->arrival, directory, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR,
			     on_arrival, monitor);
}

static void end_watching(struct monitor *monitor)
{
	monitor->arrival = sd_event_source_disable_unref(monitor->arrival);
	kernel_watch_close(&monitor->watch);
}

static void on_stir(void *data)
{
	struct monitor *monitor = data;

	if (try_daemon(monitor))
		look(monitor);
	else
		end_watching(monitor);
}

/* Listening first: what happens while we look is not missed. The daemon, which has just not been there, is not tried. */
static void watch_kernel(struct monitor *monitor)
{
	int r = kernel_watch_open(&monitor->watch, monitor->event, on_stir, monitor);

	if (r) {
		quit(monitor, command_fail(EX_OSERR, "cannot watch the kernel's devices: %s", strerror(-r)));
		return;
	}
	await_daemon(monitor);
	look(monitor);
}

/* --- the command --- */

static int set_up(struct monitor *monitor)
{
	int r = sd_event_new(&monitor->event);

	if (r >= 0)
		r = sd_event_add_signal(monitor->event, NULL, SIGINT | SD_EVENT_SIGNAL_PROCMASK, NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(monitor->event, NULL, SIGTERM | SD_EVENT_SIGNAL_PROCMASK, NULL, NULL);
	if (r < 0)
		return r;
	/* not for files */
	r = sd_event_add_io(monitor->event, NULL, STDOUT_FILENO, 0, on_output, monitor);
	return r == -EPERM ? 0 : r;
}

static int run(int argc, char **argv)
{
	struct monitor monitor = { .changes = { .fn = print } };
	int r;

	argp_parse(&argp, argc, argv, 0, NULL, &monitor);
	monitor.changes.data = &monitor;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	r = set_up(&monitor);
	if (r >= 0) {
		if (try_daemon(&monitor))
			watch_kernel(&monitor);
		r = sd_event_loop(monitor.event);
	}
	daemon_client_unsubscribe(monitor.daemon);
	end_watching(&monitor);
	changes_free(&monitor.changes);
	sd_event_unref(monitor.event);
	return r < 0 ? command_fail(EX_OSERR, "%s", strerror(-r)) : r;
}

const struct command command_monitor = { "monitor", "what happens, as it happens", run };
