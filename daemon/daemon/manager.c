// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event loop of the daemon.
 *
 * Order of uevents. A uevent of class dax_owner carries the properties of its extent at the moment
 * it was sent. So the daemon processes these uevents one by one, as a history. If the kernel may
 * have dropped some, the daemon reads the whole ledger. It must then ignore uevents that were sent
 * before the reading, because the ledger already contains their changes. The daemon detects them by
 * number: the kernel numbers all uevents and shows the last number.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/listen-fds.h"
#include "base/paths.h"
#include "daemon/config.h"
#include "daemon/devices.h"
#include "daemon/journal.h"
#include "daemon/manager.h"
#include "daemon/observer.h"
#include "daemon/recorder.h"
#include "daemon/server.h"
#include "model/messages.h"
#include "system/arbiter-loaded.h"
#include "system/ledger.h"
#include "system/modules.h"
#include "system/presence-read.h"
#include "system/uevent-socket.h"

/**
 * struct manager - the state of the daemon
 * @event: the event loop
 * @udev: the context of libudev
 * @watch: the socket for the kernel's uevents
 * @config: the configuration
 * @journal: gets the records, and names the arbiter of this kernel
 * @untested: the modules of dax_owner are untested on this kernel
 * @recorder: records what has changed
 * @observer: derives the extents on a kernel without a ledger
 * @observing: @observer is open
 * @blind: the ledger or the facts cannot be read, and a record of that was made
 * @devices_failed: the last reading of the CXL regions and DAX devices failed
 * @server: the Varlink server; NULL if it could not start
 * @places: the addresses of the ledger's extents
 * @known: the last reading of the ledger contains all uevents up to and including this number; a
 *	daemon before a restart may have done that reading
 * @unsure: the last reading may contain uevents after @known, up to and including this number
 * @reread: the ledger must be read again
 * @coldplugged: coldplug is over
 * @no_ranges: coldplug is over, and the machine has neither a ledger nor a Soft Reserved range
 * @empty: the machine is empty, and the daemon ends
 * @status: the last status that was sent to systemd
 */
struct manager {
	sd_event *event;
	struct udev *udev;
	struct uevent_socket watch;
	struct config config;
	struct journal journal;
	bool untested;
	struct recorder recorder;
	struct observer observer;
	bool observing;
	bool blind;
	bool devices_failed;
	struct server *server;
	struct extent_addresses places;
	unsigned long long known;
	unsigned long long unsure;
	bool reread;
	bool coldplugged;
	bool no_ranges;
	bool empty;
	char status[128];
};

static bool has_ledger(const struct manager *m)
{
	return m->journal.arbiter == ARBITER_DAX_OWNER;
}

/* Send the status to systemd if it changed; systemctl status prints it. */
static void show_status(struct manager *m)
{
	const struct state *state = &m->recorder.recorded;
	char status[sizeof(m->status)];

	if (m->empty)
		snprintf(status, sizeof(status), "STATUS=%s", message_empty());
	else if (m->blind)
		snprintf(status, sizeof(status),
			 "STATUS=cannot read the extents: journalctl -b -u dax-ownerd");
	else if (state->settled)
		snprintf(status, sizeof(status),
			 "STATUS=ownership is settled: %zu extents, %" PRIu64 " bytes stranded",
			 state->map.n, extent_map_bytes(&state->map, DAX_OWNER_STATE_STRANDED));
	else if (!m->coldplugged)
		snprintf(status, sizeof(status), "STATUS=waiting for the end of coldplug");
	else
		snprintf(status, sizeof(status),
			 "STATUS=waiting for the drivers of Soft Reserved memory");
	if (!strcmp(status, m->status))
		return;
	memcpy(m->status, status, sizeof(status));
	sd_notify(0, status);
}

/* --- the whole state --- */

/*
 * Record once that the extents cannot be read. The daemon runs on, because a restart would read the
 * same.
 *
 * Return: 0; -ENOMEM, which ends the daemon.
 */
static int cannot_read(struct manager *m, int r, const char *action)
{
	if (r == -ENOMEM)
		return r;
	if (!m->blind)
		journal_failure(&m->journal, r, action);
	m->blind = true;
	return 0;
}

static int start_observer(struct manager *m)
{
	int r = observer_open(&m->observer, m->event, &m->recorder, m->config.quiet_us);

	m->observing = !r;
	if (r)
		return cannot_read(m, r, "cannot read the addresses of Soft Reserved memory");
	m->blind = false;
	return 0;
}

static void stop_observer(struct manager *m)
{
	observer_close(&m->observer);
	m->observing = false;
}

static int schedule_observer(struct manager *m)
{
	return m->observing ? observer_schedule(&m->observer) : 0;
}

/*
 * Find the arbiter of a kernel without a ledger, and record it if it changed. dax-owner-order
 * writes it again when coldplug is over. Without its file, the loaded drivers show the arbiter.
 */
static void update_arbiter(struct manager *m)
{
	enum arbiter arbiter;
	bool untested;

	if (arbiter_load(ORDER_ARBITER, &arbiter, &untested) || arbiter == ARBITER_DAX_OWNER)
		arbiter = arbiter_loaded("");
	if (arbiter == m->journal.arbiter)
		return;
	m->journal.arbiter = arbiter;
	m->untested = false;
	journal_arbiter(&m->journal, m->untested);
}

/*
 * Return: whether the machine is empty. The observer knows more ranges than any user may read. If it
 * could not open its sources, the machine counts as not empty.
 */
static bool is_empty(const struct manager *m)
{
	struct presence presence;

	if (!m->observing || m->observer.sources.ranges.n)
		return false;
	presence_read("", &presence);
	return presence_is_empty(&presence);
}

/*
 * End the daemon with success, because the machine is empty. systemd closes the socket for uevents, so
 * that no uevent starts the daemon. udev starts dax-owner-devices.target, which starts the daemon again,
 * for the first device that the daemon records.
 */
static int end_empty(struct manager *m)
{
	stop_observer(m);
	recorder_settled(&m->recorder, true);
	journal_empty(&m->journal);
	recorder_discard(&m->recorder);
	m->empty = true;
	show_status(m);
	return sd_event_exit(m->event, 0);
}

/*
 * Coldplug is over, so udev has loaded the modules of all devices. If dax_owner is not loaded, the
 * machine has no Soft Reserved memory, and ownership is settled. Otherwise the modules are
 * installed and cannot be loaded, and the daemon observes.
 */
static int go_without_ledger(struct manager *m)
{
	int r;

	/* do not record again which entries of firmware's tables are skipped */
	if (m->no_ranges)
		return 0;
	r = start_observer(m);
	if (r || !m->observing)
		return r;
	if (is_empty(m))
		return end_empty(m);
	m->no_ranges = !m->observer.sources.ranges.n;
	if (m->no_ranges) {
		stop_observer(m);
		recorder_settled(&m->recorder, true);
		return 0;
	}
	update_arbiter(m);
	return observer_coldplugged(&m->observer);
}

static int take_ledger(struct manager *m, struct ledger *ledger)
{
	int r;

	m->known = ledger->from;
	m->unsure = ledger->to;
	recorder_set_seqnum(&m->recorder, ledger->to);
	r = recorder_extent_map(&m->recorder, &ledger->map);
	if (!r)
		recorder_settled(&m->recorder, ledger->settled);
	return r;
}

/*
 * Close the files with physical addresses that systemd has opened. Only the observer reads them, and
 * the ledger stays until the next boot.
 */
static void close_unused_files(void)
{
	listen_fd_close("iomem");
	listen_fd_close("CEDT");
}

static int read_ledger(struct manager *m)
{
	struct ledger ledger;
	int r;

	m->reread = false;
	if (!ledger_exists())
		return m->coldplugged ? go_without_ledger(m) : 0;
	close_unused_files();
	r = ledger_read("", &m->places, &ledger);
	if (!r && ledger.hidden) {
		extent_map_free(&ledger.map);
		r = -EACCES;
	}
	if (r) {
		/* the next uevents make the daemon try again */
		m->reread = true;
		return cannot_read(m, r, "cannot read the ledger");
	}
	m->blind = false;
	r = take_ledger(m, &ledger);
	extent_map_free(&ledger.map);
	return r;
}

static int read_all(struct manager *m)
{
	int r = devices_read(&m->recorder, m->udev);

	if (r == -ENOMEM)
		return r;
	journal_failure_once(&m->journal, &m->devices_failed, r,
			     "cannot list the CXL regions and DAX devices");
	m->recorder.regions_changed = true;
	return has_ledger(m) ? read_ledger(m) : schedule_observer(m);
}

/* --- single uevents --- */

/*
 * The modules of dax_owner were loaded although the daemon found another arbiter at its start. They
 * were installed after that.
 */
static int change_arbiter(struct manager *m)
{
	stop_observer(m);
	m->journal.arbiter = ARBITER_DAX_OWNER;
	m->untested = modules_untested("");
	journal_arbiter(&m->journal, m->untested);
	return read_ledger(m);
}

/*
 * Handle an extent that ledger_extent() could not read. -ENOENT is no failure: the extent was
 * removed before the daemon read its addresses, and each extent that replaces it has a uevent.
 *
 * Return: 0 to go on; a negative errno to end the daemon.
 */
static int cannot_take(struct manager *m, int r)
{
	static const char action[] = "cannot read the extent in a uevent of dax_owner";

	if (r == -ENOENT)
		return 0;
	/* the addresses of no extent can be read */
	if (r == -EACCES)
		return cannot_read(m, r, action);
	journal_failure(&m->journal, r, action);
	return r == -ENOMEM ? r : 0;
}

static int take_ledger_event(struct manager *m, const struct uevent *uevent)
{
	const char *settled = uevent_get(uevent, "DAX_OWNER_SETTLED");
	struct extent extent;
	int r;

	if (!has_ledger(m))
		return change_arbiter(m);
	/* other extents contain these addresses now, and each of them has a uevent */
	if (!strcmp(uevent->action, "remove")) {
		extent_addresses_remove(&m->places, uevent->name);
		return 0;
	}
	if (uevent->seqnum <= m->known)
		return 0;
	if (uevent->seqnum <= m->unsure) {
		m->reread = true;
		return 0;
	}
	r = ledger_extent(uevent, &m->places, &extent);
	if (!r)
		r = recorder_extent(&m->recorder, &extent);
	else
		r = cannot_take(m, r);
	if (!r && settled)
		recorder_settled(&m->recorder, *settled == '1');
	return r;
}

static int take_device_event(struct manager *m, const struct uevent *uevent)
{
	int r = devices_event(&m->recorder, uevent);

	/* any uevent of CXL may change a region: it may be committed now or have a DAX region */
	if (!strcmp(uevent->subsystem, "cxl"))
		m->recorder.regions_changed = true;
	return r || has_ledger(m) ? r : schedule_observer(m);
}

static int on_event(const struct uevent *uevent, void *data)
{
	struct manager *m = data;

	if (!strcmp(uevent->subsystem, LEDGER_SUBSYSTEM))
		return take_ledger_event(m, uevent);
	if (!strcmp(uevent->subsystem, "cxl") || !strcmp(uevent->subsystem, "dax"))
		return take_device_event(m, uevent);
	/* a ledger without extents sends no uevents */
	if (!strcmp(uevent->subsystem, "module") && !strcmp(uevent->name, "dax_owner") &&
	    m->coldplugged)
		m->reread = true;
	return 0;
}

static int on_done(void *data)
{
	struct manager *m = data;

	return m->reread && has_ledger(m) ? read_ledger(m) : 0;
}

static int on_lost(void *data)
{
	struct manager *m = data;

	journal_missed(&m->journal,
		       "the kernel dropped uevents, because the socket's buffer was full");
	return read_all(m);
}

/* The subsystems that on_event() handles */
static const char *const subsystems[] = { LEDGER_SUBSYSTEM, "cxl", "dax", "module", NULL };

static const struct uevent_socket_ops uevent_socket_ops = {
	.subsystems = subsystems,
	.event = on_event,
	.done = on_done,
	.lost = on_lost,
};

/* --- coldplug --- */

static int check_coldplug(struct manager *m)
{
	if (m->coldplugged || access(ORDER_COLDPLUG, F_OK))
		return 0;
	m->coldplugged = true;
	if (has_ledger(m))
		return read_ledger(m);
	/* a ledger without extents has sent no uevent */
	if (ledger_exists())
		return change_arbiter(m);
	update_arbiter(m);
	if (is_empty(m))
		return end_empty(m);
	return m->observing ? observer_coldplugged(&m->observer) : 0;
}

static int on_order(sd_event_source *source, const struct inotify_event *event, void *data)
{
	(void)source;
	(void)event;
	return check_coldplug(data);
}

/*
 * Watch for the file that reports the end of coldplug. dax-owner-order creates it and its
 * directory. Without the directory the daemon runs on, because nothing reports the end of
 * coldplug then.
 */
static int watch_order(struct manager *m)
{
	sd_event_source *source;
	int r;

	r = sd_event_add_inotify(m->event, &source, ORDER_DIRECTORY, IN_MOVED_TO, on_order, m);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	r = sd_event_source_set_exit_on_failure(source, true);
	if (r >= 0)
		r = sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	return r;
}

/* --- configuration --- */

static void record_bad_line(const char *file, unsigned int line, const char *what, void *journal)
{
	journal_config(journal, file, line, what);
}

static void read_config(struct manager *m)
{
	int r = config_load(&m->config, "", record_bad_line, &m->journal);

	if (r)
		journal_failure(&m->journal, r, "cannot read the whole configuration");
	m->observer.quiet_us = m->config.quiet_us;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	uint64_t now;

	(void)info;
	sd_event_now(sd_event_source_get_event(source), CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now);
	read_config(data);
	sd_notify(0, "READY=1");
	return 0;
}

/* --- the event loop --- */

/* sd-event calls this after it has dispatched any other event source. */
static int on_post(sd_event_source *source, void *data)
{
	struct manager *m = data;

	(void)source;
	recorder_end_turn(&m->recorder);
	show_status(m);
	return 0;
}

static int open_loop(struct manager *m)
{
	int r;

	m->udev = udev_new();
	if (!m->udev)
		return -ENOMEM;
	r = sd_event_default(&m->event);
	if (r >= 0)
		r = sd_event_set_signal_exit(m->event, true);
	if (r >= 0)
		r = sd_event_set_watchdog(m->event, true);
	if (r >= 0)
		r = sd_event_add_signal(m->event, NULL, SIGHUP | SD_EVENT_SIGNAL_PROCMASK,
					on_reload, m);
	/* open the socket before the daemon reads the state, so that no uevent is lost meanwhile */
	if (r >= 0)
		r = uevent_socket_open(&m->watch, m->event, listen_fd(UEVENT_SOCKET_NAME),
				       &uevent_socket_ops, m);
	if (r >= 0)
		r = watch_order(m);
	if (r >= 0)
		r = sd_event_add_post(m->event, NULL, on_post, m);
	return r;
}

/*
 * dax-owner-order finds the arbiter and writes it to ORDER_ARBITER, because the daemon may not read
 * the modules. An existing ledger has precedence over that file.
 */
static void find_arbiter(struct manager *m)
{
	int r;

	if (ledger_exists()) {
		m->journal.arbiter = ARBITER_DAX_OWNER;
		m->untested = modules_untested("");
		return;
	}
	r = arbiter_load(ORDER_ARBITER, &m->journal.arbiter, &m->untested);
	if (!r)
		return;
	m->journal.arbiter = arbiter_loaded("");
	m->untested = false;
	journal_failure(&m->journal, r,
			"cannot read " ORDER_ARBITER
			", so the daemon derives the arbiter from the loaded drivers");
}

static int record_initial_state(struct manager *m, const char *runtime)
{
	int r;

	find_arbiter(m);
	journal_arbiter(&m->journal, m->untested);
	read_config(m);
	r = recorder_open(&m->recorder, &m->journal, runtime);
	if (!r && !has_ledger(m))
		r = start_observer(m);
	/* the socket has queued uevents since before coldplug; they are older than the state */
	m->known = m->recorder.recorded.seqnum;
	if (!r)
		r = uevent_socket_receive(&m->watch);
	if (r >= 0)
		r = read_all(m);
	if (r >= 0)
		r = check_coldplug(m);
	recorder_save(&m->recorder);
	show_status(m);
	return r < 0 ? r : 0;
}

/*
 * Called after the initial state is recorded, so that the server can reply. On a failure the daemon
 * runs without the server.
 */
static void open_server(struct manager *m, const char *runtime)
{
	int r = server_open(&m->server, m->event, runtime, &m->recorder, &m->journal);

	if (r)
		journal_failure(&m->journal, r, "cannot start the Varlink server");
}

/**
 * manager_new() - create a manager and record the initial state
 * @manager: set to the manager; the caller frees it with manager_free()
 * @runtime: path of a directory that stays until the machine reboots; the caller keeps the string
 *	until manager_free()
 *
 * Without a ledger, the extents are recorded a moment later, in manager_run().
 *
 * The content of a file never ends the daemon. It records the sources that it cannot read, and does
 * without them.
 *
 * Return: 0; a negative errno if the event loop cannot be made, or without memory.
 */
int manager_new(struct manager **manager, const char *runtime)
{
	struct manager *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return -ENOMEM;
	m->watch = (struct uevent_socket)UEVENT_SOCKET_INIT;
	m->places.directory = LEDGER_CLASS;
	r = open_loop(m);
	if (r >= 0)
		r = record_initial_state(m, runtime);
	if (r < 0) {
		manager_free(m);
		return r;
	}
	if (!m->empty)
		open_server(m, runtime);
	*manager = m;
	return 0;
}

/**
 * manager_run() - run the event loop until SIGTERM or SIGINT, or until the machine proves empty
 * @m: the manager
 *
 * A device may appear while the daemon ends. systemd does not start a daemon that runs, so the function
 * first sends the notice that the daemon stops, and then reads the machine again. From the notice on,
 * systemd queues a start until the daemon has ended.
 *
 * Return: 0; -ERESTART if the machine is not empty any more, and systemd must restart the daemon; the
 * negative errno that ended the loop.
 */
int manager_run(struct manager *m)
{
	struct presence presence;
	int r = sd_event_loop(m->event);

	sd_notify(0, "STOPPING=1");
	if (r || !m->empty)
		return r;
	presence_read("", &presence);
	return presence_is_empty(&presence) ? 0 : -ERESTART;
}

/**
 * manager_free() - close the server, the observer and the sockets, and free the manager
 * @m: the manager, or NULL
 */
void manager_free(struct manager *m)
{
	if (!m)
		return;
	server_close(m->server);
	observer_close(&m->observer);
	uevent_socket_close(&m->watch);
	sd_event_unref(m->event);
	udev_unref(m->udev);
	recorder_close(&m->recorder);
	extent_addresses_free(&m->places);
	free(m);
}
