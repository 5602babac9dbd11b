/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read from the running system whether it is empty. Any user may read these facts.
 */
#ifndef DAX_OWNER_SYSTEM_PRESENCE_READ_H
#define DAX_OWNER_SYSTEM_PRESENCE_READ_H

#include "model/presence.h"

void presence_read(const char *root, struct presence *presence);

#endif /* DAX_OWNER_SYSTEM_PRESENCE_READ_H */
