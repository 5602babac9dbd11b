// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sys/epoll.h>

#include "cleanup.h"
#include "watch.h"

/* Bytes; a burst of a whole coldplug fits in */
#define RECEIVE_BUFFER (8 << 20)

/* Takes one that is there. Return: 1, 0 if there is none, a negative errno. */
static int take(struct watch *watch, bool *gap)
{
	_cleanup_(udev_device_unrefp) struct udev_device *device = NULL;
	unsigned long long seqnum;
	int r;

	errno = 0;
	device = udev_monitor_receive_device(watch->monitor);
	if (!device)
		return errno == EAGAIN || !errno ? 0 : -errno;
	seqnum = udev_device_get_seqnum(device);
	/* numbers are missing also when devices of other network namespaces come and go */
	*gap |= watch->seqnum && seqnum != watch->seqnum + 1;
	watch->seqnum = seqnum;
	if (udev_device_get_property_value(device, "SYNTH_UUID"))
		return 1;
	r = watch->ops->event(device, watch->data);
	return r < 0 ? r : 1;
}

/*
 * After an overrun the kernel drops everything until what it has queued has been received: only
 * then there is a point in looking at what was missed.
 */
static int on_uevents(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct watch *watch = data;
	bool gap = false, overrun = false;
	int r;

	(void)source;
	(void)fd;
	(void)revents;
	do {
		r = take(watch, &gap);
		if (r == -ENOBUFS) {
			overrun = true;
			r = 1;
		}
	} while (r > 0);
	if (!r && (gap || overrun))
		r = watch->ops->lost(overrun, watch->data);
	if (r >= 0)
		r = watch->ops->done(watch->data);
	return r;
}

/**
 * watch_open() - what happens from now on is heard of
 * @watch: filled in
 * @event: the loop
 * @udev: the library
 * @ops: what to do; there as long as the watch
 * @data: passed on to @ops
 *
 * Return: 0, or a negative errno; to be closed in any case.
 */
int watch_open(struct watch *watch, sd_event *event, struct udev *udev, const struct watch_ops *ops,
	       void *data)
{
	int r;

	*watch = (struct watch){ .ops = ops, .data = data };
	/* the kernel's own: nothing is lost while udev is not there */
	watch->monitor = udev_monitor_new_from_netlink(udev, "kernel");
	if (!watch->monitor)
		return -errno;
	/* needs CAP_NET_ADMIN; without it there is room for less */
	udev_monitor_set_receive_buffer_size(watch->monitor, RECEIVE_BUFFER);
	r = udev_monitor_enable_receiving(watch->monitor);
	if (r >= 0)
		r = sd_event_add_io(event, &watch->source, udev_monitor_get_fd(watch->monitor),
				    EPOLLIN, on_uevents, watch);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(watch->source, true);
	return r < 0 ? r : 0;
}

/**
 * watch_close() - end
 * @watch: may be one that was never opened, all zero
 */
void watch_close(struct watch *watch)
{
	sd_event_source_unref(watch->source);
	udev_monitor_unref(watch->monitor);
	*watch = (struct watch){ };
}
