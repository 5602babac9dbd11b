/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes for people.
 */
#ifndef DAX_OWNER_CLI_FORMAT_SIZES_H
#define DAX_OWNER_CLI_FORMAT_SIZES_H

#include "verdict.h"

#define HUMAN_LEN 48

const char *human_short(char text[HUMAN_LEN], u64 bytes);
const char *human_long(char text[HUMAN_LEN], u64 bytes);

#endif /* DAX_OWNER_CLI_FORMAT_SIZES_H */
