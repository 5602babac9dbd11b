/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A watch on the kernel's devices that show ownership. It reports that a uevent came, but not which
 * change it was: the caller takes a snapshot to find out.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_KERNEL_WATCH_H
#define DAX_OWNER_CLI_SNAPSHOT_KERNEL_WATCH_H

#include <libudev.h>
#include <systemd/sd-event.h>

/**
 * typedef kernel_fn - react to uevents
 * @data: the caller's
 */
typedef void (*kernel_fn)(void *data);

/**
 * struct kernel_watch - a watch on the kernel's devices
 * @udev: the library
 * @monitor: receives the uevents
 * @source: of @monitor in the event loop
 * @timer: in the event loop; expires when no uevent has come for a moment
 * @since: time of the first uevent that @fn was not called for, in µs of CLOCK_MONOTONIC; 0 for
 *   none
 * @fn: called after a burst of uevents
 * @data: passed to @fn
 */
struct kernel_watch {
	struct udev *udev;
	struct udev_monitor *monitor;
	sd_event_source *source;
	sd_event_source *timer;
	uint64_t since;
	kernel_fn fn;
	void *data;
};

int kernel_watch_open(struct kernel_watch *watch, sd_event *event, kernel_fn fn, void *data);
int kernel_watch_later(struct kernel_watch *watch, uint64_t usec);
void kernel_watch_close(struct kernel_watch *watch);

#endif /* DAX_OWNER_CLI_SNAPSHOT_KERNEL_WATCH_H */
