// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive the kernel's uevents from a netlink socket.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/uevent-socket.h"

/* Bytes of the socket's buffer; the kernel lowers the value to its limit for all users */
#define RECEIVE_BUFFER (8 << 20)

/* The multicast group of the kernel's uevents. Group 2 is for the messages of udev. */
#define KERNEL_GROUP 1

/*
 * Return: true if the uevent is of one of the subsystems. The function searches only for the
 * subsystem, because most uevents of a busy machine are of other ones.
 */
static bool is_wanted(const struct uevent_socket *watch, const struct uevent *uevent)
{
	const char *subsystem = uevent_get(uevent, "SUBSYSTEM");

	for (const char *const *wanted = watch->ops->subsystems; subsystem && *wanted; wanted++)
		if (!strcmp(subsystem, *wanted))
			return true;
	return false;
}

/*
 * Receive one message. Return: 1; 0 if none is pending; -EBADMSG if it is not a uevent of the
 * kernel for one of the subsystems; another negative errno.
 */
static int receive(struct uevent_socket *watch, struct uevent *uevent)
{
	struct sockaddr_nl from = {};
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
	/* ignore messages of other senders, because any process may send to the socket */
	if (from.nl_pid || message.msg_flags & MSG_TRUNC)
		len = 0;
	uevent_set(uevent, (size_t)len);
	return is_wanted(watch, uevent) && !uevent_parse(uevent) ? 1 : -EBADMSG;
}

/* Receive and process one uevent. Return: 1; 0 if none is pending; a negative errno. */
static int take(struct uevent_socket *watch)
{
	struct uevent uevent;
	int r = receive(watch, &uevent);

	if (r == -EBADMSG)
		return 1;
	if (r <= 0)
		return r;
	if (uevent_get(&uevent, "SYNTH_UUID"))
		return 1;
	r = watch->ops->event(&uevent, watch->data);
	return r < 0 ? r : 1;
}

/**
 * uevent_socket_receive() - receive and process all pending uevents
 * @watch: an open socket
 *
 * After an overrun, the kernel drops all uevents until the socket's queue is empty. The function
 * therefore calls the operation lost only after it has received all pending uevents. Only an
 * overrun counts as a loss. A gap in the numbers does not, because the kernel numbers the uevents
 * of all network namespaces together and sends each namespace only some of them.
 *
 * Return: 0 or a positive number; a negative errno.
 */
int uevent_socket_receive(struct uevent_socket *watch)
{
	bool overrun = false;
	int r;

	do {
		r = take(watch);
		if (r == -ENOBUFS) {
			overrun = true;
			r = 1;
		}
	} while (r > 0);
	if (!r && overrun)
		r = watch->ops->lost(watch->data);
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
 * uevent_socket_open() - start to receive uevents in an event loop
 * @watch: filled in; the caller closes it, also after an error
 * @event: the event loop
 * @given: an open socket, which @watch owns from now on; its pending uevents come first. Negative:
 *	the function opens a socket.
 * @ops: the operations; borrowed until the caller closes @watch
 * @data: passed to @ops
 *
 * Return: 0; a negative errno.
 */
int uevent_socket_open(struct uevent_socket *watch, sd_event *event, int given,
		       const struct uevent_socket_ops *ops, void *data)
{
	int r;

	*watch = (struct uevent_socket) { .ops = ops, .data = data, .fd = given };
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
 * uevent_socket_close() - close the socket and remove it from the event loop
 * @watch: the socket; may be %UEVENT_SOCKET_INIT, which was never open
 */
void uevent_socket_close(struct uevent_socket *watch)
{
	sd_event_source_unref(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	*watch = (struct uevent_socket)UEVENT_SOCKET_INIT;
}
