/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read /proc/iomem, the kernel's list of reserved addresses.
 */
#ifndef DAX_OWNER_SYSTEM_IOMEM_H
#define DAX_OWNER_SYSTEM_IOMEM_H

#include <stdio.h>

#include "model/spans.h"

/**
 * typedef iomem_fn - receive one entry
 * @span: the addresses of the entry, inclusive; valid during the call
 * @name: name of the entry, valid during the call
 * @data: data of the caller of iomem_each()
 *
 * Return: 0 to continue, a negative errno to stop.
 */
typedef int (*iomem_fn)(const struct dax_owner_span *span, const char *name, void *data);

int iomem_each(FILE *file, iomem_fn fn, void *data);

#endif /* DAX_OWNER_SYSTEM_IOMEM_H */
