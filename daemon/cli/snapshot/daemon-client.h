/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The client of dax-ownerd: requests over Varlink, see docs/abi/varlink.md.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H
#define DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H

#include <stdint.h>

#include <systemd/sd-event.h>

#include "cli/snapshot/change.h"

/**
 * struct daemon_client_ops - callbacks of a subscription
 * @ledger: called first, with the present extents; the callee owns the snapshot
 * @record: called for each record, which is valid during the call
 * @ended: called last: -ENOENT if the daemon has stopped, -EHOSTDOWN if it does not send its ledger
 *   within two seconds, -EPROTO if its reply is not valid, or another negative errno. The callback
 *   may call daemon_client_unsubscribe().
 *
 * A subscription that has ended still requires a call of daemon_client_unsubscribe().
 */
struct daemon_client_ops {
	void (*ledger)(struct snapshot *now, void *data);
	void (*record)(const struct change *change, void *data);
	void (*ended)(int r, void *data);
};

struct subscription;

int daemon_client_settle(uint64_t timeout_us);
int daemon_client_subscribe(struct subscription **subscription, sd_event *event,
			    const struct daemon_client_ops *ops, void *data);
void daemon_client_unsubscribe(struct subscription *subscription);

#endif /* DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H */
