// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netlink.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/uevent-socket.h"

/* Bytes; for as much of it as anyone may have */
#define RECEIVE_BUFFER (8 << 20)

/* Of NETLINK_KOBJECT_UEVENT: what the kernel sends. Group 2 is udev's. */
#define KERNEL_GROUP 1

/* Return: 1, 0 if there is none, a negative errno. */
static int receive(struct uevent_socket *watch, struct uevent *uevent)
{
	struct sockaddr_nl from = { };
	struct iovec place = { uevent->text, UEVENT_MAX };
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &place,
		.msg_iovlen = 1,
	};
	ssize_t len = recvmsg(watch->fd, &message, MSG_DONTWAIT);

	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	/* others may send, too; what they say is not believed */
	if (from.nl_pid || message.msg_flags & MSG_TRUNC)
		len = 0;
	return uevent_parse(uevent, (size_t)len) ? -EBADMSG : 1;
}

/* Takes one that is there. Return: 1, 0 if there is none, a negative errno. */
static int take(struct uevent_socket *watch, bool *gap)
{
	struct uevent uevent;
	int r = receive(watch, &uevent);

	if (r == -EBADMSG)
		return 1;
	if (r <= 0)
		return r;
	/* numbers are missing also when devices of other network namespaces come and go */
	*gap |= watch->seqnum && uevent.seqnum != watch->seqnum + 1;
	watch->seqnum = uevent.seqnum;
	if (uevent_get(&uevent, "SYNTH_UUID"))
		return 1;
	r = watch->ops->event(&uevent, watch->data);
	return r < 0 ? r : 1;
}

/**
 * uevent_socket_receive() - take all that are there
 * @watch: an open one
 *
 * After an overrun the kernel drops everything until what it has queued has been received: only
 * then there is a point in looking at what was missed.
 *
 * Return: not negative, or a negative errno.
 */
int uevent_socket_receive(struct uevent_socket *watch)
{
	bool gap = false, overrun = false;
	int r;

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

static int on_uevents(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	return uevent_socket_receive(data);
}

static int open_socket(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	const int size = RECEIVE_BUFFER;
	int r;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

/**
 * uevent_socket_open() - what happens from now on is heard of
 * @watch: filled in
 * @event: the loop
 * @given: a socket that listens already, and what it has heard is taken first; or negative
 * @ops: what to do; there as long as the watch
 * @data: passed on to @ops
 *
 * Return: 0, or a negative errno; to be closed in any case.
 */
int uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given, const struct uevent_socket_ops *ops, void *data)
{
	int r;

	*watch = (struct uevent_socket){ .ops = ops, .data = data, .fd = given };
	if (watch->fd < 0)
		watch->fd = open_socket();
	if (watch->fd < 0)
		return watch->fd;
	r = sd_event_add_io(event, &watch->source, watch->fd, EPOLLIN, on_uevents, watch);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(watch->source, true);
	return r < 0 ? r : 0;
}

/**
 * uevent_socket_close() - end
 * @watch: may be one that was never opened, %UEVENT_SOCKET_INIT
 */
void uevent_socket_close(struct uevent_socket *watch)
{
	sd_event_source_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	*watch = (struct uevent_socket)UEVENT_SOCKET_INIT;
}
