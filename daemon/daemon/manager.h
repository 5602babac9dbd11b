/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's one loop: hears of changes, finds out what happened, has it recorded.
 */
#ifndef DAX_OWNER_DAEMON_MANAGER_H
#define DAX_OWNER_DAEMON_MANAGER_H

struct manager;

int manager_new(struct manager **manager, const char *runtime);
int manager_run(struct manager *manager);
void manager_free(struct manager *manager);

#endif /* DAX_OWNER_DAEMON_MANAGER_H */
