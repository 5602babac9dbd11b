/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scope helpers for libkmod.
 */
#ifndef DAX_OWNER_BASE_KMOD_H
#define DAX_OWNER_BASE_KMOD_H

#include <libkmod.h>

#include "base/cleanup.h"

DEFINE_CLEANUP(struct kmod_ctx *, kmod_unref)

#endif /* DAX_OWNER_BASE_KMOD_H */
