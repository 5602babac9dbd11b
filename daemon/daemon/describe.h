/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extents and records as JSON, with the types and field names that interface.c defines.
 */
#ifndef DAX_OWNER_DAEMON_DESCRIBE_H
#define DAX_OWNER_DAEMON_DESCRIBE_H

#include <systemd/sd-json.h>

#include "daemon/journal.h"
#include "daemon/recorder.h"

int describe_extent(const struct extent *extent, const struct regions *regions, bool addresses,
		    sd_json_variant **json);
int describe_extents(struct recorder *recorder, enum arbiter arbiter, bool addresses,
		     sd_json_variant **json);
int describe_record(struct recorder *recorder, const struct journal_record *news, bool addresses,
		    sd_json_variant **json);

#endif /* DAX_OWNER_DAEMON_DESCRIBE_H */
