// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner monitor: print each event when it happens. The command reads them from dax-ownerd.
 * While the daemon does not run, it watches the kernel's devices and compares snapshots.
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
#include "system/regions-read.h"

#define OPTION_JSON 'j'

/* In µs. A daemon listens on its socket a moment after it has created it. */
#define DAEMON_AFTER (200 * 1000)
/*
 * In µs. Without the daemon, udev may still bind a driver. A snapshot that is taken while udev is
 * busy is too early.
 */
#define BUSY_AFTER (500 * 1000)

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0,
	  "JSON, a line for each change, see " SCHEMA_DIR "/monitor.json", 0 },
	{},
};

/**
 * struct monitor - the state of dax-owner monitor
 * @json: print JSON
 * @event: the event loop; its exit code is the exit status
 * @changes: the ownership that the output has reported so far
 * @daemon: the subscription to the daemon, NULL while the daemon does not run; it may still wait for
 *   the daemon's ledger
 * @silent: the output has reported that the daemon does not reply
 * @watch: of the kernel's devices, until @daemon has sent its ledger
 * @arrival: inotify source for the daemon's socket, as long as @watch
 */
struct monitor {
	bool json;
	sd_event *event;
	struct changes changes;
	struct subscription *daemon;
	bool silent;
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
	.doc = "Prints each extent, and then a line for each change, until it is interrupted.",
};

/* --- output --- */

static void quit(struct monitor *monitor, int status)
{
	sd_event_exit(monitor->event, status);
}

static void print(const struct change *change, void *data)
{
	struct monitor *monitor = data;

	/* After a write error, the first call has already ended the loop. */
	if (ferror(stdout))
		return;
	if (change_print(change, monitor->json, stdout))
		quit(monitor, command_fail(EX_OSERR, "out of memory"));
	else if (ferror(stdout) && errno == EPIPE)
		quit(monitor, 0);
	else if (ferror(stdout))
		quit(monitor,
		     command_fail(EX_IOERR, "cannot write to standard output: %s", strerror(errno)));
}

/* End when the reader closes the pipe, because a monitor without events would not notice it. */
static int on_output(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	quit(data, 0);
	return 0;
}

/* --- kernel's devices --- */

static void add_snapshot(struct monitor *monitor, struct snapshot *now)
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

/*
 * A failure ends the command only before the first snapshot, because a later snapshot may succeed.
 */
static void fail_snapshot(struct monitor *monitor, int r)
{
	char problem[COMMAND_PROBLEM_LEN];
	int status = command_problem(r, NULL, problem);

	command_fail(status, "%s", problem);
	if (!monitor->changes.any)
		quit(monitor, status);
}

static void take_snapshot(struct monitor *monitor)
{
	struct snapshot now;
	int r = snapshot_take_kernel(&now);

	if (r) {
		fail_snapshot(monitor, r);
		return;
	}
	if (now.source == SOURCE_DRIVERS && !now.settled && monitor->changes.any) {
		snapshot_free(&now);
		kernel_watch_later(&monitor->watch, BUSY_AFTER);
		return;
	}
	add_snapshot(monitor, &now);
}

/* --- daemon --- */

static void watch_kernel(struct monitor *monitor);
static void end_watching(struct monitor *monitor);

static void on_ledger(struct snapshot *now, void *data)
{
	struct monitor *monitor = data;

	monitor->silent = false;
	end_watching(monitor);
	add_snapshot(monitor, now);
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
	/*
	 * The record has reported this region event: reload the regions, so that none is reported
	 * twice.
	 */
	if (change->subsystem && !strcmp(change->subsystem, "cxl")) {
		regions_free(regions);
		regions_read(regions, REGIONS_DIRECTORY);
	}
}

static bool is_watching(const struct monitor *monitor)
{
	return monitor->watch.udev != NULL;
}

static void on_ended(int r, void *data)
{
	struct monitor *monitor = data;

	daemon_client_unsubscribe(monitor->daemon);
	monitor->daemon = NULL;
	if (r == -EPROTO) {
		fail_snapshot(monitor, r);
		quit(monitor, EX_PROTOCOL);
		return;
	}
	if (r == -EHOSTDOWN) {
		if (!monitor->silent)
			snapshot_warn_silent();
		monitor->silent = true;
	} else if (!is_watching(monitor)) {
		command_fail(0,
			     "connection to dax-ownerd lost: watching the kernel's devices until it runs again");
	}
	watch_kernel(monitor);
}

static const struct daemon_client_ops daemon_client_ops = { .ledger = on_ledger,
							    .record = on_record,
							    .ended = on_ended };

/* Return: 0 after a subscription; -ENOENT if the daemon does not run; another negative errno. */
static int subscribe_daemon(struct monitor *monitor)
{
	return daemon_client_subscribe(&monitor->daemon, monitor->event, &daemon_client_ops,
				       monitor);
}

/* --- daemon or kernel's devices --- */

static void await_daemon(struct monitor *monitor);

static int on_arrival(sd_event_source *source, const struct inotify_event *event, void *data)
{
	struct monitor *monitor = data;

	(void)source;
	(void)event;
	/*
	 * The directory may have appeared before the socket: watch the directory that exists now.
	 */
	await_daemon(monitor);
	return kernel_watch_later(&monitor->watch, DAEMON_AFTER);
}

/* Errors are ignored, because each change of a device makes the command try the daemon, too. */
static void await_daemon(struct monitor *monitor)
{
	const char *directory = access(STATE_DIRECTORY, F_OK) ? "/run" : STATE_DIRECTORY;

	monitor->arrival = sd_event_source_disable_unref(monitor->arrival);
	sd_event_add_inotify(monitor->event, &monitor->arrival, directory,
			     IN_CREATE | IN_MOVED_TO | IN_ONLYDIR, on_arrival, monitor);
}

static void end_watching(struct monitor *monitor)
{
	monitor->arrival = sd_event_source_disable_unref(monitor->arrival);
	kernel_watch_close(&monitor->watch);
}

static void on_device_change(void *data)
{
	struct monitor *monitor = data;

	/* A subscription that waits for the ledger ends the watch, or takes a snapshot at its end. */
	if (!monitor->daemon && subscribe_daemon(monitor))
		take_snapshot(monitor);
}

/* Return: 0, or an exit status. */
static int open_watch(struct monitor *monitor)
{
	int r = kernel_watch_open(&monitor->watch, monitor->event, on_device_change, monitor);

	if (r)
		return command_fail(EX_OSERR, "cannot watch the kernel's devices: %s", strerror(-r));
	await_daemon(monitor);
	/* Try the daemon again, because it may have appeared before the watch for its socket. */
	kernel_watch_later(&monitor->watch, DAEMON_AFTER);
	return 0;
}

/*
 * Open the watch before the first snapshot, so that no event is missed in between. Do not try the
 * daemon, because its absence is the reason for this call.
 */
static void watch_kernel(struct monitor *monitor)
{
	int status = is_watching(monitor) ? 0 : open_watch(monitor);

	if (status)
		quit(monitor, status);
	else
		take_snapshot(monitor);
}

/* --- command --- */

static int set_up(struct monitor *monitor)
{
	int r = sd_event_new(&monitor->event);

	if (r >= 0)
		r = sd_event_add_signal(monitor->event, NULL, SIGINT | SD_EVENT_SIGNAL_PROCMASK,
					NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(monitor->event, NULL, SIGTERM | SD_EVENT_SIGNAL_PROCMASK,
					NULL, NULL);
	if (r < 0)
		return r;
	/* epoll refuses regular files, which have no reader that could close them. */
	r = sd_event_add_io(monitor->event, NULL, STDOUT_FILENO, 0, on_output, monitor);
	return r == -EPERM ? 0 : r;
}

static int run(int argc, char **argv, const char *root)
{
	struct monitor monitor = { .changes = { .fn = print } };
	int r;

	(void)root;
	argp_parse(&argp, argc, argv, 0, NULL, &monitor);
	monitor.changes.data = &monitor;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	r = set_up(&monitor);
	if (r >= 0) {
		if (subscribe_daemon(&monitor))
			watch_kernel(&monitor);
		r = sd_event_loop(monitor.event);
	}
	daemon_client_unsubscribe(monitor.daemon);
	end_watching(&monitor);
	changes_free(&monitor.changes);
	sd_event_unref(monitor.event);
	return r < 0 ? command_fail(EX_OSERR, "%s", strerror(-r)) : r;
}

const struct command command_monitor = { "monitor", "print changes when they occur", run, false };
