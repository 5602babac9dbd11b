// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's uevents: parsing a message, which messages are delivered and which dropped, and lost
 * messages. A pair of sockets replaces the kernel's socket, which systemd opens for the daemon.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "system/uevent-socket.h"

struct fixture {
	sd_event *event;
	struct uevent_socket watch;
	int kernel;
	char heard[256];
};

/* The next recvmsg() fails as after an overrun of the socket's buffer */
static bool overrun;

/* Replaces the function of libc for all calls of this program. */
ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	if (overrun) {
		overrun = false;
		errno = ENOBUFS;
		return -1;
	}
	return syscall(SYS_recvmsg, fd, message, flags);
}

static void note(struct fixture *f, const char *word)
{
	size_t used = strlen(f->heard);

	snprintf(f->heard + used, sizeof(f->heard) - used, "%s ", word);
}

static int on_event(const struct uevent *uevent, void *data)
{
	assert_string_equal(uevent->subsystem, "dax");
	assert_string_equal(uevent->action, "add");
	note(data, uevent->name);
	return 0;
}

static int on_done(void *data)
{
	note(data, "done");
	return 0;
}

static int on_lost(void *data)
{
	note(data, "lost");
	return 0;
}

static const char *const subsystems[] = { "cxl", "dax", NULL };

static const struct uevent_socket_ops ops = {
	.subsystems = subsystems,
	.event = on_event,
	.done = on_done,
	.lost = on_lost,
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), 0);
	f->kernel = pair[0];
	assert_int_equal(sd_event_new(&f->event), 0);
	assert_int_equal(uevent_socket_open(&f->watch, f->event, pair[1], &ops, f), 0);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	uevent_socket_close(&f->watch);
	sd_event_unref(f->event);
	close(f->kernel);
	free(f);
	return 0;
}

static void send_bytes(struct fixture *f, const void *bytes, size_t len)
{
	assert_int_equal(send(f->kernel, bytes, len, 0), len);
}

/* Send lines; a zero byte ends each line, as in the kernel's messages */
static void send_lines(struct fixture *f, const char *lines)
{
	char text[UEVENT_MAX];
	size_t len = strlen(lines);

	assert_true(len < sizeof(text));
	memcpy(text, lines, len);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = '\0';
	send_bytes(f, text, len);
}

static void send_added(struct fixture *f, const char *name, int seqnum, const char *more)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "add@/devices/%s\nACTION=add\nDEVPATH=/devices/%s\nSUBSYSTEM=dax\n%sSEQNUM=%d\n",
		 name, name, more, seqnum);
	send_lines(f, text);
}

static void is_heard(struct fixture *f, const char *heard)
{
	f->heard[0] = '\0';
	assert_true(uevent_socket_receive(&f->watch) >= 0);
	assert_string_equal(f->heard, heard);
}

static void receive_waiting_uevents_are_delivered(void **state)
{
	struct fixture *f = *state;

	is_heard(f, "done ");
	send_added(f, "platform/hmem.0/dax0.0", 7, "");
	send_added(f, "dax1.0", 8, "");
	is_heard(f, "dax0.0 dax1.0 done ");
}

static void receive_event_loop_delivers(void **state)
{
	struct fixture *f = *state;

	send_added(f, "dax0.0", 7, "");
	assert_true(sd_event_run(f->event, 0) > 0);
	assert_string_equal(f->heard, "dax0.0 done ");
	assert_int_equal(sd_event_run(f->event, 0), 0);
}

/* The number is global, so uevents of other network namespaces leave gaps in it. */
static void receive_missing_number_is_no_loss(void **state)
{
	struct fixture *f = *state;

	send_added(f, "dax0.0", 7, "");
	is_heard(f, "dax0.0 done ");
	send_added(f, "dax1.0", 9, "");
	send_added(f, "dax2.0", 1000, "");
	is_heard(f, "dax1.0 dax2.0 done ");
}

static void receive_overrun_is_lost_once(void **state)
{
	struct fixture *f = *state;

	send_added(f, "dax0.0", 7, "");
	overrun = true;
	is_heard(f, "dax0.0 lost done ");
	is_heard(f, "done ");
}

static void receive_other_subsystem_is_ignored(void **state)
{
	struct fixture *f = *state;

	send_lines(f,
		   "add@/devices/veth0\nACTION=add\nDEVPATH=/devices/veth0\nSUBSYSTEM=net\nSEQNUM=7\n");
	/* only a part of the name, and the name in another line */
	send_lines(f, "add@/devices/da\nACTION=add\nDEVPATH=/devices/da\nSUBSYSTEM=da\nSEQNUM=8\n");
	send_lines(f,
		   "add@/devices/x\nACTION=add\nDEVPATH=/devices/x\nSUBSYSTEM=net\nX=dax\nSEQNUM=9\n");
	is_heard(f, "done ");
}

/* An administrator can trigger uevents. They report no change. */
static void receive_synthetic_is_dropped(void **state)
{
	struct fixture *f = *state;

	send_added(f, "dax0.0", 8, "SYNTH_UUID=0\n");
	send_added(f, "dax1.0", 9, "");
	is_heard(f, "dax1.0 done ");
}

static void receive_malformed_is_dropped(void **state)
{
	static const char *const wrong[] = {
		"",
		"add",
		"libudev",
		"add@/devices/dax0.0\n",
		"ACTION=add\nDEVPATH=/devices/dax0.0\nSUBSYSTEM=dax\nSEQNUM=7\n",
		"add@/d\nDEVPATH=/devices/dax0.0\nSUBSYSTEM=dax\nSEQNUM=7\n",
		"add@/d\nACTION=add\nSUBSYSTEM=dax\nSEQNUM=7\n",
		"add@/d\nACTION=add\nDEVPATH=dax0.0\nSUBSYSTEM=dax\nSEQNUM=7\n",
		"add@/d\nACTION=add\nDEVPATH=/devices/dax0.0\nSEQNUM=7\n",
		"add@/d\nACTION=add\nDEVPATH=/devices/dax0.0\nSUBSYSTEM=dax\n",
		"add@/d\nACTION=add\nDEVPATH=/devices/dax0.0\nSUBSYSTEM=dax\nSEQNUM=\n",
		"add@/d\nACTION=add\nDEVPATH=/devices/dax0.0\nSUBSYSTEM=dax\nSEQNUM=7a\n",
	};
	struct fixture *f = *state;
	char large[UEVENT_MAX + 64];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		send_lines(f, wrong[i]);
	is_heard(f, "done ");
	/* longer than the buffer: dropped, although its beginning is complete */
	memset(large, 'x', sizeof(large));
	memcpy(large, "add@/d\0ACTION=add\0DEVPATH=/d/dax0.0\0SUBSYSTEM=dax\0SEQNUM=7\0", 60);
	send_bytes(f, large, sizeof(large));
	is_heard(f, "done ");
}

static void uevent_parse_lines_are_properties(void **state)
{
	static const char text[] = "add@/d\0ACTION=add\0DEVPATH=/d/dax0.0\0SUBSYSTEM=dax\0SEQNUM=7\0"
				   "DAX_OWNER_START=0x1\0DAX_OWNER_FLAGS=\0LAST=without a zero";
	struct uevent uevent;

	(void)state;
	memset(uevent.text, 'x', sizeof(uevent.text));
	memcpy(uevent.text, text, sizeof(text) - 1);
	uevent_set(&uevent, sizeof(text) - 1);
	assert_int_equal(uevent_parse(&uevent), 0);
	assert_string_equal(uevent.name, "dax0.0");
	assert_int_equal(uevent.seqnum, 7);
	assert_string_equal(uevent_get(&uevent, "DAX_OWNER_START"), "0x1");
	assert_string_equal(uevent_get(&uevent, "DAX_OWNER_FLAGS"), "");
	assert_string_equal(uevent_get(&uevent, "LAST"), "without a zero");
	assert_null(uevent_get(&uevent, "DAX_OWNER"));
	assert_null(uevent_get(&uevent, "START"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(receive_waiting_uevents_are_delivered, begin, end),
		cmocka_unit_test_setup_teardown(receive_event_loop_delivers, begin, end),
		cmocka_unit_test_setup_teardown(receive_missing_number_is_no_loss, begin, end),
		cmocka_unit_test_setup_teardown(receive_overrun_is_lost_once, begin, end),
		cmocka_unit_test_setup_teardown(receive_other_subsystem_is_ignored, begin, end),
		cmocka_unit_test_setup_teardown(receive_synthetic_is_dropped, begin, end),
		cmocka_unit_test_setup_teardown(receive_malformed_is_dropped, begin, end),
		cmocka_unit_test(uevent_parse_lines_are_properties),
	};

	return cmocka_run_group_tests_name("uevent-socket", tests, NULL, NULL);
}
