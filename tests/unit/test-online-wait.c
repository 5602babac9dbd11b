// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the wait for online memory ends. The files are in a temporary directory. A child process
 * acts as udev. A test cannot send uevents, so the directory of udev's queue stands in for them:
 * on each change in it, online_wait() reads the memory blocks again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "model/state.h"
#include "system/online-wait.h"

#define BLOCK 0x200000ull
/* µs; far more than a test takes, unless the test is about waiting */
#define LONG (20 * 1000 * 1000)
#define SHORT (100 * 1000)

static char blocks[64], udev[64];

static void take(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (unlink(path))
		abort();
}

static void make(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* One extent of two blocks, both offline */
static int begin(void **test)
{
	struct extent extent = {
		.span = { 0, 2 * BLOCK - 1 },
		.owner = DAX_OWNER_CXL,
		.state = DAX_OWNER_STATE_OWNED,
	};
	struct state state = { .map = { &extent, 1 }, .settled = true };
	char path[128];

	if (make_directory(test))
		return -1;
	snprintf(blocks, sizeof(blocks), "%s/blocks", directory);
	snprintf(udev, sizeof(udev), "%s/udev", directory);
	make("blocks");
	make("blocks/memory0");
	make("blocks/memory1");
	make("udev");
	put("blocks/block_size_bytes", "200000\n");
	put("blocks/memory0/state", "offline\n");
	put("blocks/memory1/state", "offline\n");
	snprintf(path, sizeof(path), "%s/recorded", directory);
	return state_save(&state, path);
}

static int wait_for(uint64_t quiet, uint64_t limit, u64 *offline)
{
	const struct online_wait_paths places = {
		.runtime = directory,
		.blocks = blocks,
		.udev = udev,
		.quiet = quiet,
		.limit = limit,
	};

	return online_wait(&places, offline);
}

static u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

/* Run fn() in a child process after @ms milliseconds. */
static pid_t meanwhile(unsigned int ms, void (*fn)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	usleep(ms * 1000);
	fn();
	_exit(0);
}

static void join(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void all_online(void)
{
	put("blocks/memory0/state", "online\n");
	put("blocks/memory1/state", "online\n");
}

static void online_wait_all_online_ignores_udev(void **state)
{
	u64 offline = 1;

	(void)state;
	put("udev/queue", "");
	all_online();
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_ALL);
	assert_int_equal(offline, 0);
}

static void online_wait_without_blocks_ignores_udev(void **state)
{
	u64 offline = 1;

	(void)state;
	put("udev/queue", "");
	take("blocks/memory0/state");
	take("blocks/memory1/state");
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_ALL);
}

static void online_wait_idle_udev_leaves_offline(void **state)
{
	u64 offline = 0;

	(void)state;
	put("blocks/memory1/state", "online\n");
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_LEFT);
	assert_int_equal(offline, BLOCK);
}

static void online_wait_without_udev_leaves_offline(void **state)
{
	u64 offline = 0;

	(void)state;
	assert_int_equal(rmdir(udev), 0);
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_LEFT);
	assert_int_equal(offline, 2 * BLOCK);
}

static void put_online_and_notify(void)
{
	all_online();
	put("udev/notice", "");
}

static void online_wait_busy_udev_is_awaited(void **state)
{
	u64 offline = 1;
	pid_t child;

	(void)state;
	put("udev/queue", "");
	child = meanwhile(300, put_online_and_notify);
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_ALL);
	join(child);
}

static void empty_queue(void)
{
	take("udev/queue");
}

static void online_wait_empty_queue_ends_wait(void **state)
{
	u64 offline = 0, since = now_ms();
	pid_t child;

	(void)state;
	put("udev/queue", "");
	child = meanwhile(400, empty_queue);
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_LEFT);
	assert_true(now_ms() - since >= 400);
	join(child);
}

static void fill_queue(void)
{
	put("udev/queue", "");
	usleep(300 * 1000);
	take("udev/queue");
	usleep(300 * 1000);
	put_online_and_notify();
}

/* Udev receives the uevents late, so its queue is empty at first. */
static void online_wait_late_udev_is_awaited(void **state)
{
	u64 offline = 0;
	pid_t child;

	(void)state;
	child = meanwhile(50, fill_queue);
	assert_int_equal(wait_for(LONG / 4, LONG, &offline), ONLINE_WAIT_ALL);
	join(child);
}

static void online_wait_limit_ends_wait(void **state)
{
	u64 offline = 0;

	(void)state;
	put("udev/queue", "");
	assert_int_equal(wait_for(SHORT, 300 * 1000, &offline), ONLINE_WAIT_LATE);
	assert_int_equal(offline, 2 * BLOCK);
}

/* The daemon has removed the recorded state, because the machine is empty. */
static void online_wait_without_state_waits_for_nothing(void **state)
{
	u64 offline = 1;

	(void)state;
	take("recorded");
	assert_int_equal(wait_for(SHORT, LONG, &offline), ONLINE_WAIT_ALL);
	assert_int_equal(offline, 0);
}

static void online_wait_with_damaged_state_is_ebadmsg(void **state)
{
	u64 offline = 0;

	(void)state;
	put("recorded", "damaged\n");
	assert_int_equal(wait_for(SHORT, LONG, &offline), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(online_wait_all_online_ignores_udev, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_without_blocks_ignores_udev, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_idle_udev_leaves_offline, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_without_udev_leaves_offline, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_busy_udev_is_awaited, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_empty_queue_ends_wait, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_late_udev_is_awaited, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_limit_ends_wait, begin, remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_without_state_waits_for_nothing, begin,
						remove_directory),
		cmocka_unit_test_setup_teardown(online_wait_with_damaged_state_is_ebadmsg, begin,
						remove_directory),
	};

	return cmocka_run_group_tests_name("online-wait", tests, NULL, NULL);
}
