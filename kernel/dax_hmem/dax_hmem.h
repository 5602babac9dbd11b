/* SPDX-License-Identifier: GPL-2.0-only */
/* What dax_hmem.ko offers to dax_cxl, and shares among its own files. */
#ifndef DAX_HMEM_H
#define DAX_HMEM_H

#include <linux/kconfig.h>

#include "../dax_owner/dax_owner.h"

#if IS_ENABLED(CONFIG_DEV_DAX_HMEM)
void dax_hmem_flush_work(void);
#else
static inline void dax_hmem_flush_work(void) { }
#endif

extern const struct dax_owner_hmem_ops hmem_ops;

/* Without dax_cxl nobody is to be waited for: initial_pass.c is not built. */
#if IS_ENABLED(CONFIG_DEV_DAX_CXL)
int initial_pass_init(void);
void initial_pass_exit(void);
void initial_pass_queue(struct device *host);
bool initial_pass_in_flight(void);
#else
static inline int initial_pass_init(void) { return 0; }
static inline void initial_pass_exit(void) { }
static inline void initial_pass_queue(struct device *host) { }
static inline bool initial_pass_in_flight(void) { return false; }
#endif

#endif /* DAX_HMEM_H */
