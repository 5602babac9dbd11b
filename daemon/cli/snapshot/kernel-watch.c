// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "cli/snapshot/kernel-watch.h"
#include "system/online-wait.h"

/*
 * In µs. Uevents come in bursts. The watch calls its function once, when a burst is over, or at the
 * latest after AT_MOST.
 */
#define QUIET (100 * 1000)
#define AT_MOST (1000 * 1000)

/*
 * In bytes, the size in system/uevent-socket.c. A process without privileges gets a smaller buffer.
 */
#define RECEIVE_BUFFER (8 << 20)

static int on_timer(sd_event_source *source, uint64_t now, void *data)
{
	struct kernel_watch *watch = data;

	(void)source;
	(void)now;
	watch->since = 0;
	watch->fn(watch->data);
	return 0;
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct kernel_watch *watch = data;
	struct udev_device *device;
	uint64_t now, due;
	int r;

	(void)fd;
	(void)revents;
	/* The kind of uevent does not matter, and neither does a lost one. */
	while ((device = udev_monitor_receive_device(watch->monitor)))
		udev_device_unref(device);
	r = sd_event_now(sd_event_source_get_event(source), CLOCK_MONOTONIC, &now);
	if (r < 0)
		return r;
	if (!watch->since)
		watch->since = now;
	due = now + QUIET;
	if (due > watch->since + AT_MOST)
		due = watch->since + AT_MOST;
	r = sd_event_source_set_time(watch->timer, due);
	return r < 0 ? r : sd_event_source_set_enabled(watch->timer, SD_EVENT_ONESHOT);
}

static int start_receiving(struct kernel_watch *watch)
{
	static const char *const subsystems[] = { "cxl", "dax", "dax_owner", "memory" };
	/*
	 * udev sends a device's uevent after its rules have run. Without udev, only the kernel
	 * sends uevents.
	 */
	const char *recorder = access(ONLINE_WAIT_UDEV "/control", F_OK) ? "kernel" : "udev";
	int r = 0;

	watch->udev = udev_new();
	if (watch->udev)
		watch->monitor = udev_monitor_new_from_netlink(watch->udev, recorder);
	if (!watch->monitor)
		return -ENOMEM;
	for (size_t i = 0; r >= 0 && i < sizeof(subsystems) / sizeof(*subsystems); i++)
		r = udev_monitor_filter_add_match_subsystem_devtype(watch->monitor, subsystems[i],
								    NULL);
	udev_monitor_set_receive_buffer_size(watch->monitor, RECEIVE_BUFFER);
	return r < 0 ? r : udev_monitor_enable_receiving(watch->monitor);
}

/**
 * kernel_watch_open() - start to watch the kernel's devices
 * @watch: filled in
 * @event: the event loop
 * @fn: called from the loop, once for a burst of uevents
 * @data: passed to @fn
 *
 * Return: 0, or a negative errno; the caller calls kernel_watch_close() in both cases.
 */
int kernel_watch_open(struct kernel_watch *watch, sd_event *event, kernel_fn fn, void *data)
{
	int r;

	*watch = (struct kernel_watch) { .fn = fn, .data = data };
	r = start_receiving(watch);
	if (r >= 0)
		r = sd_event_add_time(event, &watch->timer, CLOCK_MONOTONIC, 0, 1, on_timer, watch);
	if (r >= 0)
		r = sd_event_source_set_enabled(watch->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_io(event, &watch->source, udev_monitor_get_fd(watch->monitor),
				    EPOLLIN, on_events, watch);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(watch->source, true);
	return r < 0 ? r : 0;
}

/**
 * kernel_watch_later() - call the watch's function after a delay, even without a uevent
 * @watch: an open watch
 * @usec: delay in µs
 *
 * Return: not negative, or a negative errno.
 */
int kernel_watch_later(struct kernel_watch *watch, uint64_t usec)
{
	int r = sd_event_source_set_time_relative(watch->timer, usec);

	return r < 0 ? r : sd_event_source_set_enabled(watch->timer, SD_EVENT_ONESHOT);
}

/**
 * kernel_watch_close() - stop to watch
 * @watch: empty afterwards; may be all zero, never opened
 */
void kernel_watch_close(struct kernel_watch *watch)
{
	sd_event_source_disable_unref(watch->source);
	sd_event_source_disable_unref(watch->timer);
	udev_monitor_unref(watch->monitor);
	udev_unref(watch->udev);
	*watch = (struct kernel_watch) {};
}
