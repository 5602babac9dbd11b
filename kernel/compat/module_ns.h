/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Import a symbol namespace. MODULE_IMPORT_NS() takes a bare word on older kernels and a string
 * on newer ones. Both produce the same modinfo line, which this macro writes.
 */
#ifndef DAX_OWNER_COMPAT_MODULE_NS_H
#define DAX_OWNER_COMPAT_MODULE_NS_H

#include <linux/module.h>

#define COMPAT_IMPORT_NS(ns) MODULE_INFO(import_ns, ns)

#endif /* DAX_OWNER_COMPAT_MODULE_NS_H */
