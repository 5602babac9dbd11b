/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time spans and points in time as text, in the forms of systemd.time(7).
 */
#ifndef DAX_OWNER_CLI_FORMAT_TIMES_H
#define DAX_OWNER_CLI_FORMAT_TIMES_H

#include <stdint.h>

#define TIMESPAN_LEN 80

const char *timespan_text(char text[TIMESPAN_LEN], uint64_t usec);
int timespan_parse(const char *text, uint64_t *usec);
int timestamp_parse(const char *text, uint64_t now, uint64_t *usec);

#endif /* DAX_OWNER_CLI_FORMAT_TIMES_H */
