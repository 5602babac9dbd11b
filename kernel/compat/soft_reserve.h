/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the Soft Reserved ranges from the place where the kernel keeps them.
 *
 * Older kernels insert them into the iomem tree at boot. Newer ones keep them in a separate tree
 * and leave iomem to the drivers.
 */
#ifndef DAX_OWNER_COMPAT_SOFT_RESERVE_H
#define DAX_OWNER_COMPAT_SOFT_RESERVE_H

#include <linux/ioport.h>

#include "compat_config.h"

/**
 * compat_walk_soft_reserve() - call @fn for each Soft Reserved range
 * @arg: passed to @fn
 * @fn: gets a copy of the resource, end inclusive; a value other than 0 stops the walk
 *
 * On kernels that keep the ranges in iomem, these are firmware's ranges only until the first
 * change of the tree.
 *
 * Return: the last value of @fn; -EINVAL if there is no such range.
 */
static inline int compat_walk_soft_reserve(void *arg, int (*fn)(struct resource *res, void *arg))
{
#ifdef HAVE_SOFT_RESERVE_TREE
	return walk_soft_reserve_res(0, -1, arg, fn);
#else
	return walk_iomem_res_desc(IORES_DESC_SOFT_RESERVED, IORESOURCE_MEM, 0, -1, arg, fn);
#endif
}

/**
 * compat_soft_reserve_in_iomem() - check whether the kernel itself inserts the ranges into iomem
 *
 * Return: true if "Soft Reserved" is in iomem from boot on.
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
