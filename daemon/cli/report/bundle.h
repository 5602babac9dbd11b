/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts and tables that become one archive. They are kept in memory until all of them are there:
 * what is secret in one may be known from another.
 */
#ifndef DAX_OWNER_CLI_REPORT_BUNDLE_H
#define DAX_OWNER_CLI_REPORT_BUNDLE_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "cli/report/mask.h"

/* The one directory in the archive */
#define BUNDLE_DIRECTORY "dax-owner-report"

/**
 * struct bundle - what is to be in the archive
 * @first: its members, as a list
 * @last: where the next one goes
 * @failed: there was no memory for one, so it is no good
 */
struct bundle {
	struct member *first;
	struct member **last;
	bool failed;
};

void bundle_init(struct bundle *bundle);
void bundle_free(struct bundle *bundle);
FILE *bundle_page(struct bundle *bundle, const char *name);
void bundle_end(struct bundle *bundle, FILE *page);
void bundle_raw(struct bundle *bundle, const char *name, const void *data, size_t len);
int bundle_mask(struct bundle *bundle, struct mask *mask);
int bundle_write(const struct bundle *bundle, int fd, time_t when);

#endif /* DAX_OWNER_CLI_REPORT_BUNDLE_H */
