/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Says when something has happened to the devices that ownership shows in; what it was is to be
 * looked for.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_KERNEL_WATCH_H
#define DAX_OWNER_CLI_SNAPSHOT_KERNEL_WATCH_H

#include <libudev.h>
#include <systemd/sd-event.h>

/**
 * typedef kernel_fn - look now
 * @data: the caller's
 */
typedef void (*kernel_fn)(void *data);

/**
 * struct kernel_watch - of devices
 * @udev: the library
 * @monitor: hears of them
 * @source: of @monitor in the loop
 * @timer: in the loop: runs out when it has been quiet for a moment
 * @since: when the first event came that @fn has not been called for, in µs of CLOCK_MONOTONIC; 0 for none
 * @fn: called when something has happened
 * @data: passed on to @fn
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
