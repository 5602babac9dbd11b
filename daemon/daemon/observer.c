// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <time.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "daemon/observer.h"
#include "model/debounce.h"
#include "system/cxl-devices.h"

/*
 * Delay from a uevent to the reading of facts, in µs, so that one reading covers a burst; and the
 * longest time from the first uevent of the burst to the reading
 */
#define LOOK_AFTER (250 * 1000)
#define LOOK_AT_MOST (1000 * 1000)
/*
 * The same delay once ownership is settled, in µs. It is longer, so that a device that is being
 * added or removed is not recorded as stranded. The second value limits it.
 */
#define QUIET_AGAIN (1000 * 1000)
#define QUIET_AGAIN_AT_MOST (5 * 1000 * 1000)
/* Delay after a failed reading, in µs, because no uevent may come */
#define RETRY_AFTER (30 * 1000 * 1000)

/* A failure counts as the end of enumeration, because the limit of the wait would not help. */
static bool is_enumerating(struct observer *observer)
{
	struct cxl_devices devices;
	int r = cxl_devices_read("", &devices);

	journal_failure_once(observer->recorder->journal, &observer->devices_failed, r,
			     "cannot read the CXL devices");
	return !r && enumeration_goes_on(&devices);
}

/*
 * @enumerating was read before the facts, so that regions which appear in between are among them.
 * Once ownership is settled, it counts only if the deadline was recorded: the wait of that time was
 * limited, and a later change is an administrator's.
 */
static int record_extents(struct observer *observer, bool settled, bool enumerating)
{
	const struct state *recorded = &observer->recorder->recorded;
	struct facts facts;
	struct extent_map now = {};
	int r;

	r = facts_read(&observer->sources, settled, &facts);
	if (r)
		goto out;
	facts.deadline = settled && enumerating && (!recorded->settled || recorded->deadline);
	r = derive_extents(&facts, &now);
	if (!r)
		r = recorder_extent_map(observer->recorder, &now);
	extent_map_free(&now);
	facts_free(&facts);
	if (!r)
		recorder_settled(observer->recorder, settled);
out:
	journal_failure_once(observer->recorder->journal, &observer->extents_failed, r,
			     "cannot derive the extents");
	/* do not end the daemon, because the next reading may succeed */
	return 0;
}

/*
 * Restart a timer, which expires after the time @quiet without another restart, and at the latest
 * the time @at_most after the first one. @since is the time of that one, 0 for none.
 */
static int restart(sd_event_source *timer, uint64_t *since, uint64_t quiet, uint64_t at_most)
{
	uint64_t now;
	int r = sd_event_now(sd_event_source_get_event(timer), CLOCK_BOOTTIME, &now);

	if (r < 0)
		return r;
	if (!*since)
		*since = now;
	r = sd_event_source_set_time_relative(timer, debounce_delay(*since, now, quiet, at_most));
	return r < 0 ? r : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static int on_read(sd_event_source *source, uint64_t now, void *data)
{
	struct observer *observer = data;
	bool settled = observer->recorder->recorded.settled;

	(void)source;
	(void)now;
	observer->look_since = 0;
	return record_extents(observer, settled, settled && is_enumerating(observer));
}

/* Return: true if the limit of the wait for enumeration has passed. */
static bool is_late(const struct observer *observer, uint64_t now)
{
	return now >= observer->quiet_since + ENUMERATION_AT_MOST;
}

/*
 * The probe of a CXL device can last longer than the quiet time and sends no uevent meanwhile. So
 * the observer waits again while enumeration goes on.
 */
static int on_quiet(sd_event_source *source, uint64_t due, void *data)
{
	struct observer *observer = data;
	bool enumerating = is_enumerating(observer);
	uint64_t now, again = observer->quiet_us > QUIET_AGAIN ? observer->quiet_us : QUIET_AGAIN;
	int r = sd_event_now(sd_event_source_get_event(source), CLOCK_BOOTTIME, &now);

	(void)due;
	if (r < 0)
		return r;
	if (enumerating && !observer->recorder->recorded.settled && !is_late(observer, now))
		return restart(source, &observer->quiet_since, again, ENUMERATION_AT_MOST);
	observer->quiet_since = 0;
	r = record_extents(observer, true, enumerating);
	if (r < 0 || !observer->extents_failed)
		return r;
	return restart(source, &observer->quiet_since, RETRY_AFTER, RETRY_AFTER);
}

static int add_timer(sd_event *event, sd_event_source **timer, sd_event_time_handler_t fn,
		     struct observer *observer)
{
	int r = sd_event_add_time_relative(event, timer, CLOCK_BOOTTIME, 0, 0, fn, observer);

	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(*timer, true);
	return r < 0 ? r : sd_event_source_set_enabled(*timer, SD_EVENT_OFF);
}

/*
 * Called only while fact_sources_open() reads the firmware's tables. The daemon reads them once,
 * because they do not change while the machine runs.
 */
static void warn_skipped(const char *what, void *data)
{
	(void)data;
	sd_journal_print(LOG_WARNING, "%s", what);
}

/**
 * observer_open() - open the sources of facts and start the timer for the first reading
 * @observer: filled in; all zero after an error
 * @event: the event loop
 * @recorder: gets the extents; the caller keeps it until observer_close()
 * @quiet_us: time without device uevents, after coldplug, until ownership counts as settled, in µs
 *
 * Return: 0; -EACCES if the process may not read addresses; another negative errno.
 */
int observer_open(struct observer *observer, sd_event *event, struct recorder *recorder,
		  uint64_t quiet_us)
{
	int r;

	*observer = (struct observer) { .recorder = recorder, .quiet_us = quiet_us };
	r = fact_sources_open("", &observer->sources, warn_skipped, NULL);
	if (!r)
		r = add_timer(event, &observer->look, on_read, observer);
	if (r >= 0)
		r = add_timer(event, &observer->quiet, on_quiet, observer);
	if (r >= 0)
		r = observer_schedule(observer);
	if (r < 0)
		observer_close(observer);
	return r < 0 ? r : 0;
}

/**
 * observer_close() - stop the timers and close the sources of facts
 * @observer: the observer, all zero afterwards; one that is all zero is allowed
 */
void observer_close(struct observer *observer)
{
	sd_event_source_unref(observer->look);
	sd_event_source_unref(observer->quiet);
	fact_sources_close(&observer->sources);
	*observer = (struct observer) {};
}

/**
 * observer_schedule() - restart the timers after a device uevent
 * @observer: the observer, which reads the facts when a timer expires; the time from the first
 *	uevent to the reading is limited
 *
 * Return: 0 or positive; a negative errno.
 */
int observer_schedule(struct observer *observer)
{
	int r;

	if (observer->recorder->recorded.settled)
		return restart(observer->quiet, &observer->quiet_since, QUIET_AGAIN,
			       QUIET_AGAIN_AT_MOST);
	r = restart(observer->look, &observer->look_since, LOOK_AFTER, LOOK_AT_MOST);
	if (r >= 0 && observer->coldplugged)
		r = restart(observer->quiet, &observer->quiet_since, observer->quiet_us,
			    ENUMERATION_AT_MOST);
	return r;
}

/**
 * observer_coldplugged() - report the end of coldplug to the observer and restart the timers
 * @observer: the observer; from now on, ownership is settled after @quiet_us without device uevents
 *
 * Return: as observer_schedule().
 */
int observer_coldplugged(struct observer *observer)
{
	observer->coldplugged = true;
	return observer_schedule(observer);
}
