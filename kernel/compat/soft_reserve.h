/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the kernel keeps the Soft Reserved ranges.
 *
 * Two habits: older kernels insert them into the iomem tree at boot; newer
 * ones keep them in a tree of their own and leave iomem to the drivers.
 */
#ifndef DAX_OWNER_COMPAT_SOFT_RESERVE_H
#define DAX_OWNER_COMPAT_SOFT_RESERVE_H

#include <linux/ioport.h>

#include "compat_config.h"

/**
 * compat_walk_soft_reserve() - call @fn for each Soft Reserved range
 * @arg: passed on to @fn
 * @fn: gets a copy of the resource, end inclusive; non-zero stops the walk
 *
 * On kernels that keep the ranges in iomem this is only what firmware said
 * as long as nobody changed the tree.
 *
 * Return: what @fn returned last, -EINVAL if there is no such range.
 */
static inline int compat_walk_soft_reserve(void *arg,
					   int (*fn)(struct resource *res, void *arg))
{
#ifdef HAVE_SOFT_RESERVE_TREE
	return walk_soft_reserve_res(0, -1, arg, fn);
#else
	return walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM,
				   0, -1, arg, fn);
#endif
}

/**
 * compat_soft_reserve_in_iomem() - does the kernel itself list the ranges in iomem?
 *
 * Return: true where "Soft Reserved" is in iomem from boot on.
 */
static inline bool compat_soft_reserve_in_iomem(void)
{
#ifdef HAVE_SOFT_RESERVE_TREE
	return false;
#else
	return true;
#endif
}

#endif /* DAX_OWNER_COMPAT_SOFT_RESERVE_H */
