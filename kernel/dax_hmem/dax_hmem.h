/* SPDX-License-Identifier: GPL-2.0-only */
/* What dax_hmem.ko offers to dax_cxl, and shares among its own files. */
#ifndef DAX_HMEM_H
#define DAX_HMEM_H

#include <linux/kconfig.h>
#include <linux/platform_device.h>

#if IS_ENABLED(CONFIG_DEV_DAX_HMEM)
void dax_hmem_flush_work(void);
#else
static inline void dax_hmem_flush_work(void) { }
#endif

#endif /* DAX_HMEM_H */
