// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner settle: wait until ownership is settled. The command waits for the daemon, or without
 * it for the kernel's ledger. Without a ledger, it needs the daemon.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include "cli/format/times.h"
#include "cli/settle.h"
#include "cli/snapshot/daemon-client.h"
#include "system/ledger.h"
#include "system/presence-read.h"
#include "system/uevent-socket.h"

#define SECOND UINT64_C(1000000)

/* In µs, the default of udevadm settle */
#define DEFAULT_TIMEOUT (120 * SECOND)
#define MAX_TIMEOUT (24 * 60 * 60 * SECOND)

/* The exit status after the timeout */
#define UNSETTLED 2

#define OPTION_TIMEOUT 't'

static const struct argp_option options[] = {
	{ "timeout", OPTION_TIMEOUT, "TIME", 0,
	  "Longest time to wait: seconds, or 5min 3s; default: 2min; 0 checks once", 0 },
	{},
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	uint64_t *timeout = state->input;

	switch (key) {
	case OPTION_TIMEOUT:
		if (timespan_parse(word, timeout) || *timeout > MAX_TIMEOUT)
			argp_failure(state, EX_USAGE, 0,
				     "%s: must be a time span up to 1d, such as 30 or 5min", word);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Waits until ownership of Soft Reserved memory is settled: it changes only if an administrator "
	       "changes it. Exit status: 0 settled, 2 not settled in time.",
};

/* --- ledger --- */

static int check_settled(sd_event *event)
{
	bool settled;
	int r = ledger_settled(&settled);

	if (r)
		return r;
	return settled ? sd_event_exit(event, 0) : 0;
}

static int on_event(const struct uevent *uevent, void *data)
{
	(void)uevent;
	(void)data;
	return 0;
}

static int on_done(void *data)
{
	return check_settled(data);
}

static int on_lost(void *data)
{
	(void)data;
	return 0;
}

static const char *const subsystems[] = { LEDGER_SUBSYSTEM, NULL };

static const struct uevent_socket_ops uevent_socket_ops = {
	.subsystems = subsystems,
	.event = on_event,
	.done = on_done,
	.lost = on_lost,
};

static int on_timeout(sd_event_source *source, uint64_t now, void *data)
{
	(void)now;
	(void)data;
	return sd_event_exit(sd_event_source_get_event(source), -ETIME);
}

/**
 * settle_by_ledger() - wait until ownership is settled in the kernel's ledger
 * @timeout: in µs
 *
 * Return: 0; -ETIME after @timeout; another negative errno.
 */
int settle_by_ledger(uint64_t timeout)
{
	_cleanup_(sd_event_unrefp) sd_event *event = NULL;
	struct uevent_socket watch = UEVENT_SOCKET_INIT;
	int r = sd_event_new(&event);

	if (r >= 0)
		r = uevent_socket_open(&watch, event, -1, &uevent_socket_ops, event);
	if (r >= 0)
		r = sd_event_add_time_relative(event, NULL, CLOCK_MONOTONIC, timeout, 0, on_timeout,
					       NULL);
	/* Open the socket before the first check, so that no event is missed in between. */
	if (r >= 0)
		r = check_settled(event);
	if (r >= 0)
		r = sd_event_loop(event);
	uevent_socket_close(&watch);
	return r;
}

/* --- daemon or ledger --- */

static int settle(uint64_t timeout)
{
	int r = daemon_client_settle(timeout);
	struct presence presence;

	if (r == -EHOSTDOWN)
		snapshot_warn_silent();
	if (r != -ENOENT && r != -EHOSTDOWN)
		return r;
	if (ledger_exists())
		return settle_by_ledger(timeout);
	presence_read("", &presence);
	/* the daemon does not run on an empty machine, whose ownership does not change */
	return presence_is_empty(&presence) ? 0 : r;
}

static int run(int argc, char **argv, const char *root)
{
	uint64_t timeout = DEFAULT_TIMEOUT;
	char span[TIMESPAN_LEN];
	char problem[COMMAND_PROBLEM_LEN];
	int r;

	(void)root;
	argp_parse(&argp, argc, argv, 0, NULL, &timeout);
	r = settle(timeout);
	switch (r) {
	case 0:
		return 0;
	case -ETIME:
		return command_fail(UNSETTLED, "ownership is not settled after %s",
				    timespan_text(span, timeout));
	case -ENOENT:
		return command_fail(EX_UNAVAILABLE,
				    "cannot determine whether ownership is settled: this kernel has no ledger; "
				    "systemctl start dax-ownerd");
	case -EHOSTDOWN:
		return command_fail(EX_UNAVAILABLE,
				    "cannot determine whether ownership is settled: this kernel has no ledger; "
				    "systemctl restart dax-ownerd");
	case -EPROTO:
		return command_fail(command_problem(r, NULL, problem), "%s", problem);
	default:
		return command_fail(EX_OSERR, "cannot determine whether ownership is settled: %s",
				    strerror(-r));
	}
}

const struct command command_settle = { "settle", "wait until ownership is settled", run, false };
