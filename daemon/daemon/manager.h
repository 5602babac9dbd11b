/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event loop of the daemon: it receives uevents, reads the extents and passes them to the
 * recorder.
 */
#ifndef DAX_OWNER_DAEMON_MANAGER_H
#define DAX_OWNER_DAEMON_MANAGER_H

struct manager;

int manager_new(struct manager **manager, const char *runtime);
int manager_run(struct manager *manager);
void manager_free(struct manager *manager);

#endif /* DAX_OWNER_DAEMON_MANAGER_H */
