/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes as text for people.
 */
#ifndef DAX_OWNER_CLI_FORMAT_SIZES_H
#define DAX_OWNER_CLI_FORMAT_SIZES_H

#include "verdict.h"

#define SIZE_TEXT_LEN 48

const char *size_text_short(char text[SIZE_TEXT_LEN], u64 bytes);
int size_parse(const char *text, u64 *bytes);
const char *size_text_long(char text[SIZE_TEXT_LEN], u64 bytes);

#endif /* DAX_OWNER_CLI_FORMAT_SIZES_H */
