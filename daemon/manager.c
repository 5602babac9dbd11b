// SPDX-License-Identifier: GPL-2.0-only
/*
 * Order of events. The uevents of class dax_owner carry the record of the moment they were
 * sent, so they are taken one by one, as a history. When some may have been lost, the ledger
 * is read as a whole; uevents sent before that moment are then old news and must not be taken
 * for new. The kernel numbers them all, and says which number it has come to.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "cleanup.h"
#include "config.h"
#include "journal.h"
#include "ledger.h"
#include "manager.h"
#include "observer.h"
#include "order.h"
#include "teller.h"

/* Bytes; a burst of a whole coldplug fits in */
#define RECEIVE_BUFFER (8 << 20)

/**
 * struct manager - all there is
 * @event: the loop
 * @udev: the library
 * @monitor: the kernel's uevents
 * @config: what is set
 * @arbiter: who decides
 * @teller: tells what is new
 * @observer: in place of a ledger
 * @seqnum: of the last uevent that is part of what was read as a whole
 * @coldplugged: coldplug is over
 */
struct manager {
	sd_event *event;
	struct udev *udev;
	struct udev_monitor *monitor;
	struct config config;
	enum arbiter arbiter;
	struct teller teller;
	struct observer observer;
	unsigned long long seqnum;
	bool coldplugged;
};

/* What an operator would ask first */
static void show_status(struct manager *m)
{
	const struct state *told = &m->teller.told;

	if (told->settled)
		sd_notifyf(0, "STATUS=settled, %zu extents, %" PRIu64 " bytes stranded",
			   told->map.n, map_bytes(&told->map, EXTENT_STRANDED));
	else if (!m->coldplugged)
		sd_notify(0, "STATUS=waiting for the end of coldplug");
	else if (!told->map.n)
		sd_notify(0, "STATUS=no Soft Reserved memory seen so far");
	else
		sd_notify(0, "STATUS=waiting for the drivers of Soft Reserved memory");
}

/* --- all of it --- */

static int read_ledger(struct manager *m)
{
	struct map now = { };
	bool settled;
	int r;

	if (!ledger_exists())
		return 0;
	r = ledger_read(m->udev, &now, &m->seqnum);
	if (!r)
		r = teller_map(&m->teller, &now);
	map_free(&now);
	if (!r)
		r = ledger_settled(&settled);
	if (!r)
		teller_settled(&m->teller, settled);
	return r;
}

static bool has_ledger(const struct manager *m)
{
	return m->arbiter == ARBITER_DAX_OWNER;
}

static int missed(struct manager *m, const char *why)
{
	journal_missed(why);
	m->teller.regions_changed = true;
	return has_ledger(m) ? read_ledger(m) : observer_poke(&m->observer);
}

/* --- one by one --- */

static int take_ledger_event(struct manager *m, struct udev_device *device)
{
	const char *action = udev_device_get_action(device);
	const char *settled = udev_device_get_property_value(device, "DAX_OWNER_SETTLED");
	struct extent extent;
	int r;

	/* its addresses are in other extents by now, which are added */
	if (!action || !strcmp(action, "remove") || udev_device_get_seqnum(device) <= m->seqnum)
		return 0;
	r = ledger_extent(device, &extent);
	if (r) {
		journal_failure(r, "cannot make sense of a uevent of dax_owner");
		return 0;
	}
	r = teller_extent(&m->teller, &extent);
	if (!r && settled)
		teller_settled(&m->teller, *settled == '1');
	return r;
}

static void take_device_event(struct manager *m, struct udev_device *device)
{
	const char *action = udev_device_get_action(device);
	const char *subsystem = udev_device_get_subsystem(device);
	const char *name = udev_device_get_sysname(device);

	if (!strcmp(subsystem, "cxl")) {
		if (strncmp(name, "region", strlen("region")))
			return;
		m->teller.regions_changed = true;
	}
	if (action && (!strcmp(action, "add") || !strcmp(action, "remove")))
		journal_device(action, subsystem, name);
}

static int take_event(struct manager *m, struct udev_device *device)
{
	const char *subsystem = udev_device_get_subsystem(device);

	if (!subsystem)
		return 0;
	if (!strcmp(subsystem, LEDGER_SUBSYSTEM))
		return take_ledger_event(m, device);
	if (strcmp(subsystem, "cxl") && strcmp(subsystem, "dax"))
		return 0;
	take_device_event(m, device);
	return has_ledger(m) ? 0 : observer_poke(&m->observer);
}

static int on_uevents(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct manager *m = data;
	int r = 0;

	(void)source;
	(void)fd;
	(void)revents;
	while (r >= 0) {
		_cleanup_(udev_device_unrefp) struct udev_device *device = NULL;

		errno = 0;
		device = udev_monitor_receive_device(m->monitor);
		if (device)
			r = take_event(m, device);
		else if (errno == ENOBUFS)
			r = missed(m, "the kernel sent more uevents than there was room for");
		else
			break;
	}
	if (r < 0)
		journal_failure(r, "cannot follow what happens");
	teller_save(&m->teller);
	show_status(m);
	return r < 0 ? r : 0;
}

/* --- coldplug --- */

static int look_at_coldplug(struct manager *m)
{
	if (m->coldplugged || access(ORDER_COLDPLUG, F_OK))
		return 0;
	m->coldplugged = true;
	return has_ledger(m) ? 0 : observer_coldplugged(&m->observer);
}

static int on_order(sd_event_source *source, const struct inotify_event *event, void *data)
{
	struct manager *m = data;
	int r;

	(void)source;
	(void)event;
	r = look_at_coldplug(m);
	show_status(m);
	return r < 0 ? r : 0;
}

/* Without the part that has privileges there is nobody to say that coldplug is over. */
static int watch_order(struct manager *m)
{
	int r = sd_event_add_inotify(m->event, NULL, ORDER_DIRECTORY, IN_MOVED_TO, on_order, m);

	return r == -ENOENT ? 0 : r;
}

/* --- configuration --- */

static void read_config(struct manager *m)
{
	int r = config_load(&m->config, "", journal_config);

	if (r)
		journal_failure(r, "cannot read all of the configuration");
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

/* --- the loop --- */

static int watch_uevents(struct manager *m)
{
	int r;

	/* the kernel's own: nothing is lost while udev is not there */
	m->monitor = udev_monitor_new_from_netlink(m->udev, "kernel");
	if (!m->monitor)
		return -errno;
	/* needs a privilege; without it there is room for less */
	udev_monitor_set_receive_buffer_size(m->monitor, RECEIVE_BUFFER);
	r = udev_monitor_enable_receiving(m->monitor);
	if (r < 0)
		return r;
	return sd_event_add_io(m->event, NULL, udev_monitor_get_fd(m->monitor), EPOLLIN,
			       on_uevents, m);
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
		r = sd_event_add_signal(m->event, NULL, SIGHUP | SD_EVENT_SIGNAL_PROCMASK, on_reload, m);
	/* listening first: what happens while we look around is not lost */
	if (r >= 0)
		r = watch_uevents(m);
	if (r >= 0)
		r = watch_order(m);
	return r;
}

static int look_around(struct manager *m, const char *runtime)
{
	int r;

	r = arbiter_find(&m->arbiter);
	if (r)
		return r;
	if (ledger_exists())
		m->arbiter = ARBITER_DAX_OWNER;
	journal_arbiter(m->arbiter);
	read_config(m);
	r = teller_open(&m->teller, runtime);
	if (r)
		return r;
	if (has_ledger(m))
		r = read_ledger(m);
	else
		r = observer_open(&m->observer, m->event, &m->teller, m->config.quiet_us);
	if (r >= 0)
		r = look_at_coldplug(m);
	teller_save(&m->teller);
	show_status(m);
	return r;
}

/**
 * manager_new() - ready to run: what is so by now has been recorded, or soon will be
 * @manager: set to the manager
 * @runtime: directory that lives as long as the boot; the string as long as the manager
 *
 * Return: 0; -EACCES on a kernel without ledger if addresses cannot be seen; another negative
 * errno.
 */
int manager_new(struct manager **manager, const char *runtime)
{
	struct manager *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return -ENOMEM;
	r = open_loop(m);
	if (r >= 0)
		r = look_around(m, runtime);
	if (r < 0) {
		manager_free(m);
		return r;
	}
	*manager = m;
	return 0;
}

/**
 * manager_run() - until SIGTERM or SIGINT
 * @m: the manager
 *
 * Return: 0, or a negative errno.
 */
int manager_run(struct manager *m)
{
	return sd_event_loop(m->event);
}

/**
 * manager_free() - end
 * @m: the manager, or NULL
 */
void manager_free(struct manager *m)
{
	if (!m)
		return;
	observer_close(&m->observer);
	sd_event_unref(m->event);
	udev_monitor_unref(m->monitor);
	udev_unref(m->udev);
	teller_close(&m->teller);
	free(m);
}
