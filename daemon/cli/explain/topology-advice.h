/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Advice on the topology of CXL: why a region was not assembled, and which memory device reports a
 * fault. The function is pure.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_TOPOLOGY_ADVICE_H
#define DAX_OWNER_CLI_EXPLAIN_TOPOLOGY_ADVICE_H

#include "cli/explain/advice.h"
#include "cli/snapshot/topology.h"

void advice_on_topology(const struct topology *topology, advice_fn fn, void *data);

#endif /* DAX_OWNER_CLI_EXPLAIN_TOPOLOGY_ADVICE_H */
