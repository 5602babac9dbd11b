/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dax-ownerd, asked over Varlink: docs/abi/varlink.md.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H
#define DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H

#include <stdint.h>

#include <systemd/sd-event.h>

#include "cli/snapshot/change.h"

/**
 * struct daemon_client_ops - what to do with what it tells
 * @ledger: how it is now, first of all; the snapshot is the callee's
 * @record: something has happened; gone when this returns
 * @ended: it tells no more: -ENOENT if it does not run any more, -EPROTO if it cannot be understood,
 *	another negative errno. The last thing that is called; may end the subscription.
 *
 * A subscription that has ended is still to be closed.
 */
struct daemon_client_ops {
	void (*ledger)(struct snapshot *now, void *data);
	void (*record)(const struct change *change, void *data);
	void (*ended)(int r, void *data);
};

struct subscription;

int daemon_client_settle(uint64_t timeout_us);
int daemon_client_subscribe(struct subscription **subscription, sd_event *event, const struct daemon_client_ops *ops, void *data);
void daemon_client_unsubscribe(struct subscription *subscription);

#endif /* DAX_OWNER_CLI_SNAPSHOT_DAEMON_CLIENT_H */
