/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface of dax_hmem.ko for dax_cxl. */
#ifndef DAX_HMEM_H
#define DAX_HMEM_H

#include <linux/kconfig.h>
#include <linux/types.h>

#if IS_ENABLED(CONFIG_DEV_DAX_HMEM)
void dax_hmem_flush_work(void);
bool dax_hmem_flush_work_until(bool (*give_up)(void));
#else
static inline void dax_hmem_flush_work(void) { }
static inline bool dax_hmem_flush_work_until(bool (*give_up)(void))
{
	return true;
}
#endif

#endif /* DAX_HMEM_H */
