/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for the ledger on kernels that keep none: looks around when something has happened.
 */
#ifndef DAX_OWNER_DAEMON_OBSERVER_H
#define DAX_OWNER_DAEMON_OBSERVER_H

#include <systemd/sd-event.h>

#include "system/facts.h"
#include "daemon/recorder.h"

/**
 * struct observer - looks around
 * @sources: of facts
 * @recorder: told what there is
 * @look: timer of the next look
 * @quiet: timer of when nothing has happened for so long that nothing more is expected
 * @quiet_us: how long that is, in µs
 * @coldplugged: coldplug is over
 */
struct observer {
	struct fact_sources sources;
	struct recorder *recorder;
	sd_event_source *look;
	sd_event_source *quiet;
	uint64_t quiet_us;
	bool coldplugged;
};

int observer_open(struct observer *observer, sd_event *event, struct recorder *recorder,
		  uint64_t quiet_us);
void observer_close(struct observer *observer);
int observer_poke(struct observer *observer);
int observer_coldplugged(struct observer *observer);

#endif /* DAX_OWNER_DAEMON_OBSERVER_H */
