/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The code that daemon-client.c and subscription.c share: the connection to dax-ownerd, and the
 * reading of its replies.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_DAEMON_LINK_H
#define DAX_OWNER_CLI_SNAPSHOT_DAEMON_LINK_H

#if HAVE_VARLINK

#include <systemd/sd-varlink.h>

#include "cli/snapshot/snapshot.h"

/* In µs. A daemon that does not reply to a request in this time does not work. */
#define DAEMON_REPLY_US (2 * 1000 * 1000)

/**
 * struct daemon_reading - an extent of a reply that is being read
 * @json: of type Extent
 * @value: buffer for the last value, if it is no string in the JSON
 */
struct daemon_reading {
	sd_json_variant *json;
	char value[64];
};

const char *daemon_get(const char *name, void *from);
int daemon_take_ledger(sd_json_variant *reply, struct snapshot *snapshot, struct extent_map *map);
int daemon_connect(sd_varlink **link);

#endif

#endif /* DAX_OWNER_CLI_SNAPSHOT_DAEMON_LINK_H */
