// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <time.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "daemon/journal.h"
#include "daemon/observer.h"

/* In µs: one look for a burst of uevents */
#define LOOK_AFTER (250 * 1000)
/* How long nothing happens, once it has been quiet: what is coming and going is not called stranded */
#define QUIET_AGAIN (1000 * 1000)

static int look(struct observer *observer, bool settled)
{
	struct facts facts;
	struct extent_map now = { };
	int r;

	r = facts_read(&observer->sources, settled, &facts);
	if (r)
		goto out;
	r = derive_extents(&facts, &now);
	if (!r)
		r = recorder_extent_map(observer->recorder, &now);
	extent_map_free(&now);
	facts_free(&facts);
	if (!r)
		recorder_settled(observer->recorder, settled);
out:
	if (r)
		journal_failure(r, "cannot look at who owns what");
	/* the next look may do better */
	return 0;
}

static int on_look(sd_event_source *source, uint64_t now, void *data)
{
	struct observer *observer = data;

	(void)source;
	(void)now;
	return look(observer, observer->recorder->recorded.settled);
}

static int on_quiet(sd_event_source *source, uint64_t now, void *data)
{
	(void)source;
	(void)now;
	return look(data, true);
}

static int add_timer(sd_event *event, sd_event_source **timer, sd_event_time_handler_t fn,
		     struct observer *observer)
{
	int r = sd_event_add_time_relative(event, timer, CLOCK_BOOTTIME, 0, 0, fn, observer);

	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(*timer, true);
	return r < 0 ? r : sd_event_source_set_enabled(*timer, SD_EVENT_OFF);
}

static int arm(sd_event_source *timer, uint64_t usec)
{
	int r = sd_event_source_set_time_relative(timer, usec);

	return r < 0 ? r : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

/* Once: firmware says nothing new while the machine runs. */
static void warn_skipped(const char *what, void *data)
{
	(void)data;
	sd_journal_print(LOG_WARNING, "%s", what);
}

/**
 * observer_open() - a first look is taken soon
 * @observer: filled in
 * @event: the loop
 * @recorder: told what there is; there as long as the observer
 * @quiet_us: how long nothing happens after coldplug until nothing more is expected, in µs
 *
 * Return: 0; -EACCES without the right to see addresses; another negative errno.
 */
int observer_open(struct observer *observer, sd_event *event, struct recorder *recorder,
		  uint64_t quiet_us)
{
	int r;

	*observer = (struct observer){ .recorder = recorder, .quiet_us = quiet_us };
	r = fact_sources_open(&observer->sources, warn_skipped, NULL);
	if (!r)
		r = add_timer(event, &observer->look, on_look, observer);
	if (r >= 0)
		r = add_timer(event, &observer->quiet, on_quiet, observer);
	if (r >= 0)
		r = observer_poke(observer);
	if (r < 0)
		observer_close(observer);
	return r < 0 ? r : 0;
}

/**
 * observer_close() - end
 * @observer: may be one that was never opened, all zero
 */
void observer_close(struct observer *observer)
{
	sd_event_source_unref(observer->look);
	sd_event_source_unref(observer->quiet);
	fact_sources_close(&observer->sources);
	*observer = (struct observer){ };
}

/**
 * observer_poke() - something has happened; what has come of it shows in a moment
 * @observer: looks then
 *
 * Return: not negative, or a negative errno.
 */
int observer_poke(struct observer *observer)
{
	int r;

	if (observer->recorder->recorded.settled)
		return arm(observer->quiet, QUIET_AGAIN);
	r = arm(observer->look, LOOK_AFTER);
	if (r >= 0 && observer->coldplugged)
		r = arm(observer->quiet, observer->quiet_us);
	return r;
}

/**
 * observer_coldplugged() - coldplug is over
 * @observer: from now on, quiet means that nothing more is to be expected
 *
 * Return: as observer_poke().
 */
int observer_coldplugged(struct observer *observer)
{
	observer->coldplugged = true;
	return observer_poke(observer);
}
