/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/iomem: which addresses the kernel says are whose.
 */
#ifndef DAX_OWNER_SYSTEM_IOMEM_H
#define DAX_OWNER_SYSTEM_IOMEM_H

#include <stdio.h>

#include "model/spans.h"

/**
 * typedef iomem_fn - told of each entry
 * @span: its addresses
 * @name: what it is called
 * @data: the caller's
 *
 * Return: 0 to go on, a negative errno to stop.
 */
typedef int (*iomem_fn)(const struct dax_owner_span *span, const char *name, void *data);

int iomem_each(FILE *file, iomem_fn fn, void *data);

#endif /* DAX_OWNER_SYSTEM_IOMEM_H */
