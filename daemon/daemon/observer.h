/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The observer replaces the ledger on kernels without one. After device uevents it reads the facts,
 * derives the extents and passes them to the recorder.
 */
#ifndef DAX_OWNER_DAEMON_OBSERVER_H
#define DAX_OWNER_DAEMON_OBSERVER_H

#include <systemd/sd-event.h>

#include "system/facts.h"
#include "daemon/recorder.h"

/**
 * struct observer - the observer
 * @sources: the sources of facts
 * @recorder: gets the extents; not owned
 * @look: timer of the next reading of facts
 * @look_since: time of the first uevent after the last reading, in µs of CLOCK_BOOTTIME; 0 for none
 * @quiet: timer that expires after a time without device uevents; ownership is settled then
 * @quiet_since: time of the first uevent for which @quiet runs, as @look_since
 * @quiet_us: that time after coldplug, until ownership is settled for the first time, in µs
 * @coldplugged: coldplug is over
 * @devices_failed: the last reading of the CXL devices failed
 * @extents_failed: the extents could not be derived the last time
 */
struct observer {
	struct fact_sources sources;
	struct recorder *recorder;
	sd_event_source *look;
	uint64_t look_since;
	sd_event_source *quiet;
	uint64_t quiet_since;
	uint64_t quiet_us;
	bool coldplugged;
	bool devices_failed;
	bool extents_failed;
};

int observer_open(struct observer *observer, sd_event *event, struct recorder *recorder,
		  uint64_t quiet_us);
void observer_close(struct observer *observer);
int observer_schedule(struct observer *observer);
int observer_coldplugged(struct observer *observer);

#endif /* DAX_OWNER_DAEMON_OBSERVER_H */
