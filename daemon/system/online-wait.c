// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait until memory blocks are online. The file checks the blocks after each uevent about memory
 * and after each change of udev's queue.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "model/state.h"
#include "system/online-wait.h"
#include "system/uevent-socket.h"

/* Time from an event to the check of the blocks, in µs: one check serves a burst of events */
#define LOOK_AFTER (20 * 1000)

/**
 * struct waiter - the state of one wait
 * @places: the paths and times; borrowed
 * @recorded: the state file, with the extents; owned
 * @event: the event loop; its exit code is an enum online_wait
 * @look: timer of the next check
 * @watch: socket of the kernel's uevents
 * @offline: bytes that were offline at the last check
 * @soon: @look is set because of an event
 * @quiet: @look is set for the last check, because udev is idle
 * @heard: a uevent about memory has arrived since the last call of on_done()
 */
struct waiter {
	const struct online_wait_paths *places;
	struct state recorded;
	sd_event *event;
	sd_event_source *look;
	struct uevent_socket watch;
	u64 offline;
	bool soon;
	bool quiet;
	bool heard;
};

static int arm(struct waiter *w, uint64_t usec)
{
	int r = sd_event_source_set_time_relative(w->look, usec);

	return r < 0 ? r : sd_event_source_set_enabled(w->look, SD_EVENT_ONESHOT);
}

/* Schedule a check after an event. Further events do not delay it. */
static int poke(struct waiter *w)
{
	w->quiet = false;
	if (w->soon)
		return 0;
	w->soon = true;
	return arm(w, LOOK_AFTER);
}

static bool udev_is_busy(const struct waiter *w)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/queue", w->places->udev);
	return access(path, F_OK) == 0;
}

static int check_blocks(struct waiter *w)
{
	struct online online;
	int r;

	w->soon = false;
	r = online_map(w->places->blocks, &w->recorded.map, &online);
	if (r)
		return r;
	w->offline = online.offline;
	if (!w->offline)
		return sd_event_exit(w->event, ONLINE_WAIT_ALL);
	if (udev_is_busy(w))
		return 0;
	if (w->quiet)
		return sd_event_exit(w->event, ONLINE_WAIT_LEFT);
	w->quiet = true;
	return arm(w, w->places->quiet);
}

static int on_check(sd_event_source *source, uint64_t now, void *data)
{
	(void)source;
	(void)now;
	return check_blocks(data);
}

static int on_limit(sd_event_source *source, uint64_t now, void *data)
{
	struct waiter *w = data;

	(void)source;
	(void)now;
	return sd_event_exit(w->event, ONLINE_WAIT_LATE);
}

static int on_queue(sd_event_source *source, const struct inotify_event *event, void *data)
{
	(void)source;
	(void)event;
	return poke(data);
}

static int on_event(const struct uevent *uevent, void *data)
{
	struct waiter *w = data;

	(void)uevent;
	w->heard = true;
	return 0;
}

static int on_done(void *data)
{
	struct waiter *w = data;

	if (!w->heard)
		return 0;
	w->heard = false;
	return poke(w);
}

static int on_lost(void *data)
{
	return poke(data);
}

static const char *const subsystems[] = { "memory", NULL };

static const struct uevent_socket_ops uevent_socket_ops = {
	.subsystems = subsystems,
	.event = on_event,
	.done = on_done,
	.lost = on_lost,
};

/* Let an error of the handler end the event loop, and let the loop own the source. */
static int fatal(sd_event_source *source)
{
	int r = sd_event_source_set_exit_on_failure(source, true);

	return r < 0 ? r : sd_event_source_set_floating(source, true);
}

static int add_limit(struct waiter *w)
{
	sd_event_source *source;
	int r = sd_event_add_time_relative(w->event, &source, CLOCK_MONOTONIC, w->places->limit, 0,
					   on_limit, w);

	if (r < 0)
		return r;
	r = fatal(source);
	sd_event_source_unref(source);
	return r;
}

/* Watch udev's queue. A system without udev has no such directory, and needs no watch. */
static int add_queue(struct waiter *w)
{
	sd_event_source *source;
	int r = sd_event_add_inotify(w->event, &source, w->places->udev, IN_CREATE | IN_DELETE,
				     on_queue, w);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = fatal(source);
	sd_event_source_unref(source);
	return r;
}

/* Open the socket before the first check, so that no uevent is lost meanwhile. */
static int run(struct waiter *w)
{
	int r;

	r = uevent_socket_open(&w->watch, w->event, -1, &uevent_socket_ops, w);
	if (r >= 0)
		r = add_queue(w);
	if (r >= 0)
		r = add_limit(w);
	if (r >= 0)
		r = sd_event_add_time_relative(w->event, &w->look, CLOCK_MONOTONIC, 0, 1000,
					       on_check, w);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(w->look, true);
	return r < 0 ? r : sd_event_loop(w->event);
}

static int open_and_run(struct waiter *w)
{
	_cleanup_(sd_event_unrefp) sd_event *event = NULL;
	int r = sd_event_new(&event);

	if (r < 0)
		return r;
	w->event = event;
	r = run(w);
	sd_event_source_unref(w->look);
	uevent_socket_close(&w->watch);
	return r;
}

/**
 * online_wait() - wait until all owned system memory is online, or udev is idle, or time is up
 * @places: paths and times
 * @offline: set to the number of bytes that are offline
 *
 * Called when ownership is settled. Without the state file nothing has an owner, because the daemon
 * removes the file on an empty machine.
 *
 * Return: an enum online_wait; a negative errno.
 */
int online_wait(const struct online_wait_paths *places, u64 *offline)
{
	struct waiter w = { .places = places, .watch = UEVENT_SOCKET_INIT };
	char path[PATH_MAX];
	int r;

	if (snprintf(path, sizeof(path), "%s/" STATE_FILE, places->runtime) >= PATH_MAX)
		return -ENAMETOOLONG;
	r = state_load(&w.recorded, path);
	if (!r)
		r = open_and_run(&w);
	else if (r == -ENOENT)
		r = ONLINE_WAIT_ALL;
	*offline = w.offline;
	state_free(&w.recorded);
	return r;
}
