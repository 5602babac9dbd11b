/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mask the strings of JSON, so that the result is JSON, too.
 */
#ifndef DAX_OWNER_CLI_REPORT_MASK_JSON_H
#define DAX_OWNER_CLI_REPORT_MASK_JSON_H

#include "cli/report/mask.h"

char *mask_json(struct mask *mask, const char *text);
char *mask_json_lines(struct mask *mask, const char *text);

#endif /* DAX_OWNER_CLI_REPORT_MASK_JSON_H */
