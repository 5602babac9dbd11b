/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows from an extent and what there is around it: what is unusual, what can be done, and what to
 * type for it. Pure functions.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_ADVICE_H
#define DAX_OWNER_CLI_EXPLAIN_ADVICE_H

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/* Room for a sentence, and for a command */
#define FINDING_LEN 320

/**
 * typedef advice_fn - told of each finding
 * @what: a sentence, without a full stop
 * @command: what to type; several with && between; "" if there is nothing
 * @data: the caller's
 */
typedef void (*advice_fn)(const char *what, const char *command, void *data);

void advice_on_machine(const struct machine *machine, enum arbiter arbiter, advice_fn fn, void *data);
void advice_on_extent(const struct snapshot_extent *entry, const struct machine *machine, enum arbiter arbiter,
			advice_fn fn, void *data);
void advice_on_region(const struct cxl_region *region, advice_fn fn, void *data);

#endif /* DAX_OWNER_CLI_EXPLAIN_ADVICE_H */
