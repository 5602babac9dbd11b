/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot as numbers for monitoring.
 */
#ifndef DAX_OWNER_CLI_METRICS_H
#define DAX_OWNER_CLI_METRICS_H

#include <stdio.h>

#include "cli/snapshot/snapshot.h"

void metrics_print(const struct snapshot *snapshot, FILE *file);

#endif /* DAX_OWNER_CLI_METRICS_H */
