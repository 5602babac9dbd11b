// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file descriptors that systemd passes to the daemon.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <systemd/sd-daemon.h>

#include "base/listen-fds.h"

#define FIRST SD_LISTEN_FDS_START

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int begin(void **state)
{
	char pid[32];
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, true);
	setenv("LISTEN_FDS", "2", true);
	setenv("LISTEN_FDNAMES", "iomem:uevents", true);
	return fd < 0 || dup2(fd, FIRST) < 0 || dup2(fd, FIRST + 1) < 0 ? -1 : 0;
}

static void listen_fd_finds_descriptor_by_name(void **state)
{
	(void)state;
	assert_int_equal(listen_fd("iomem"), FIRST);
	assert_int_equal(listen_fd("uevents"), FIRST + 1);
	assert_int_equal(listen_fd("CEDT"), -ENOENT);
}

static void listen_fd_close_closes_only_that_name(void **state)
{
	(void)state;
	listen_fd_close("iomem");
	listen_fd_close("CEDT");
	assert_false(is_open(FIRST));
	assert_true(is_open(FIRST + 1));
}

/* The number of a closed descriptor becomes that of another file. */
static void listen_fd_closed_is_not_found_again(void **state)
{
	(void)state;
	listen_fd_close("iomem");
	assert_true(dup2(FIRST + 1, FIRST) == FIRST);
	assert_int_equal(listen_fd("iomem"), -ENOENT);
	listen_fd_close("iomem");
	assert_true(is_open(FIRST));
	assert_int_equal(listen_fd("uevents"), FIRST + 1);
}

static void listen_fd_copy_leaves_descriptor_open(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd = listen_fd_copy("uevents");

		assert_true(fd > FIRST + 1);
		assert_int_equal(close(fd), 0);
	}
	assert_true(is_open(FIRST + 1));
	assert_int_equal(listen_fd_copy("CEDT"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(listen_fd_finds_descriptor_by_name, begin),
		cmocka_unit_test_setup(listen_fd_copy_leaves_descriptor_open, begin),
		/* the process remembers closed descriptors */
		cmocka_unit_test_setup(listen_fd_close_closes_only_that_name, begin),
		cmocka_unit_test_setup(listen_fd_closed_is_not_found_again, begin),
	};

	return cmocka_run_group_tests_name("listen-fds", tests, NULL, NULL);
}
