/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of NUMA nodes in an ACPI SRAT (ACPI 6.5, 5.2.16), as pure functions over its bytes.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon.
 */
#ifndef DAX_OWNER_SRAT_H
#define DAX_OWNER_SRAT_H

#include "table.h"

enum dax_owner_table_error dax_owner_srat_open(struct dax_owner_table *srat, const void *bytes,
					       size_t len);
bool dax_owner_srat_next(struct dax_owner_table *srat, struct dax_owner_entry *entry);

#endif /* DAX_OWNER_SRAT_H */
