/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Advice: sentences on an extent, a region or the machine, each with a command to type. The
 * functions are pure.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_ADVICE_H
#define DAX_OWNER_CLI_EXPLAIN_ADVICE_H

#include "cli/snapshot/snapshot.h"
#include "cli/snapshot/machine.h"

/* Bytes of a sentence, and of a command, with the terminating zero */
#define ADVICE_LEN 320

/**
 * typedef advice_fn - receive one piece of advice
 * @what: a sentence without a full stop, valid during the call
 * @command: the command to type; several are joined with &&; "" for none
 * @data: the caller's
 */
typedef void (*advice_fn)(const char *what, const char *command, void *data);

void advice_on_machine(const struct machine *machine, enum arbiter arbiter, advice_fn fn,
		       void *data);
void advice_on_extent(const struct snapshot_extent *entry, const struct machine *machine,
		      enum arbiter arbiter, advice_fn fn, void *data);
bool advice_takes_memory(const char *command);
void advice_on_region(const struct topology_region *region, advice_fn fn, void *data);

#endif /* DAX_OWNER_CLI_EXPLAIN_ADVICE_H */
