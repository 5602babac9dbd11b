// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of the command to a daemon that accepts connections and does not reply, as after
 * SIGSTOP.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <systemd/sd-varlink.h>

#include "cli/snapshot/daemon-client.h"

/* The end of the socket that nothing reads */
static int hung;

/* Stands in for libsystemd's function, which would connect to the socket of a real daemon. */
int sd_varlink_connect_address(sd_varlink **link, const char *address)
{
	int pair[2];

	(void)address;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair),
			 0);
	hung = pair[1];
	return sd_varlink_connect_fd(link, pair[0]);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double begun;

static int begin(void **state)
{
	(void)state;
	begun = now();
	return 0;
}

static int end(void **state)
{
	(void)state;
	return close(hung);
}

/* The limit is two seconds; a loaded machine may need longer. */
static void is_in_time(void)
{
	assert_true(now() - begun > 1.5);
	assert_true(now() - begun < 10);
}

static void list_of_hung_daemon_ends(void **state)
{
	struct extent_map map = {};
	struct snapshot snapshot = {};

	(void)state;
	assert_int_equal(snapshot_read_daemon(&snapshot, &map), -EHOSTDOWN);
	is_in_time();
	extent_map_free(&map);
}

static void settle_of_hung_daemon_ends(void **state)
{
	(void)state;
	assert_int_equal(daemon_client_settle(30 * 1000000ull), -EHOSTDOWN);
	is_in_time();
}

/* The line is printed once, and the snapshot has another source, or the error of that source. */
static void snapshot_of_hung_daemon_warns(void **state)
{
	static const char line[] = "dax-owner: dax-ownerd does not reply: ";
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO), r;
	struct snapshot snapshot;
	char text[512] = "";

	(void)state;
	dup2(fileno(file), STDERR_FILENO);
	r = snapshot_take("", &snapshot);
	dup2(before, STDERR_FILENO);
	close(before);
	is_in_time();
	assert_int_not_equal(r, -EHOSTDOWN);
	assert_true(r || snapshot.source != SOURCE_DAEMON);
	snapshot_free(&snapshot);
	rewind(file);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_memory_equal(text, line, strlen(line));
	assert_null(fgets(text, sizeof(text), file));
	fclose(file);
}

/* --- subscription --- */

static void on_ledger(struct snapshot *snapshot, void *data)
{
	(void)snapshot;
	(void)data;
	fail();
}

static void on_record(const struct change *change, void *data)
{
	(void)change;
	(void)data;
	fail();
}

static void on_ended(int r, void *data)
{
	assert_int_equal(r, -EHOSTDOWN);
	sd_event_exit(data, 7);
}

static void subscription_to_hung_daemon_ends(void **state)
{
	static const struct daemon_client_ops ops = { .ledger = on_ledger,
						      .record = on_record,
						      .ended = on_ended };
	struct subscription *subscription;
	sd_event *event;

	(void)state;
	assert_int_equal(sd_event_new(&event), 0);
	/* ends a loop that would wait for ever */
	sd_event_add_time_relative(event, NULL, CLOCK_MONOTONIC, 15 * 1000000ull, 0, NULL,
				   (void *)8);
	assert_int_equal(daemon_client_subscribe(&subscription, event, &ops, event), 0);
	assert_int_equal(sd_event_loop(event), 7);
	is_in_time();
	daemon_client_unsubscribe(subscription);
	sd_event_unref(event);
}

/* --- records --- */

#define MANY 60

static void ignore_ledger(struct snapshot *snapshot, void *data)
{
	(void)data;
	snapshot_free(snapshot);
}

/* Each of the regions has its name, "region100" to "region159". */
static void has_many_regions(const struct change *change, void *data)
{
	assert_int_equal(strlen(change->regions), MANY * strlen("region100 ") - 1);
	assert_string_equal(strrchr(change->regions, ' '), " region159");
	sd_event_exit(data, 7);
}

/* Reply as the daemon does: the ledger, and a record about an extent. */
static void reply_with_many_regions(void)
{
	FILE *file = fdopen(dup(hung), "w");

	assert_non_null(file);
	fputs("{\"parameters\":{\"ledger\":{\"arbiter\":\"legacy\",\"settled\":true,\"extents\":[]}},"
	      "\"continues\":true}",
	      file);
	fputc('\0', file);
	fputs("{\"parameters\":{\"record\":{\"event\":\"owned\",\"message\":\"owned\",\"settled\":true,"
	      "\"stranded_bytes\":0,\"extent\":{\"size\":4096,\"owner\":\"dax_cxl\",\"state\":\"owned\","
	      "\"reason\":\"region-covers\",\"flags\":[],\"regions\":[",
	      file);
	for (int i = 0; i < MANY; i++)
		fprintf(file, "%s\"region%d\"", i ? "," : "", 100 + i);
	fputs("]}}},\"continues\":true}", file);
	fputc('\0', file);
	assert_int_equal(fclose(file), 0);
}

static void subscription_names_all_regions(void **state)
{
	static const struct daemon_client_ops ops = { .ledger = ignore_ledger,
						      .record = has_many_regions,
						      .ended = on_ended };
	struct subscription *subscription;
	sd_event *event;

	(void)state;
	assert_int_equal(sd_event_new(&event), 0);
	assert_int_equal(daemon_client_subscribe(&subscription, event, &ops, event), 0);
	reply_with_many_regions();
	assert_int_equal(sd_event_loop(event), 7);
	daemon_client_unsubscribe(subscription);
	sd_event_unref(event);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(list_of_hung_daemon_ends),       TEST(settle_of_hung_daemon_ends),
		TEST(snapshot_of_hung_daemon_warns),  TEST(subscription_to_hung_daemon_ends),
		TEST(subscription_names_all_regions),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
