/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parse an address that a user types.
 */
#ifndef DAX_OWNER_MODEL_ADDRESS_H
#define DAX_OWNER_MODEL_ADDRESS_H

#include "verdict.h"

int address_parse(const char *text, u64 *address, const char **rest);

#endif /* DAX_OWNER_MODEL_ADDRESS_H */
