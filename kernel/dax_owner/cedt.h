/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CXL windows of an ACPI CEDT (CXL 3.1, 9.18.1), as pure functions over its bytes.
 *
 * This file is compiled into dax_owner.ko and, unchanged, into the tests and the daemon.
 */
#ifndef DAX_OWNER_CEDT_H
#define DAX_OWNER_CEDT_H

#include "table.h"

enum dax_owner_table_error dax_owner_cedt_open(struct dax_owner_table *cedt, const void *bytes,
					       size_t len);
bool dax_owner_cedt_next(struct dax_owner_table *cedt, struct dax_owner_entry *entry);

#endif /* DAX_OWNER_CEDT_H */
