/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of an archive. They stay in memory until all are complete, because another file may be
 * needed to recognize a secret.
 */
#ifndef DAX_OWNER_CLI_REPORT_BUNDLE_H
#define DAX_OWNER_CLI_REPORT_BUNDLE_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "cli/report/mask.h"

/* The directory that holds all other files of the archive; a root directory for --sysroot */
#define BUNDLE_DIRECTORY "dax-owner-report"

/**
 * struct bundle - the files of an archive
 * @first: the list of its members, owned by this struct
 * @last: the pointer that the next member is linked to
 * @failed: memory was short, so the archive must not be written
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
void bundle_directory(struct bundle *bundle, const char *name);
void bundle_link(struct bundle *bundle, const char *name, const char *target);
void bundle_raw(struct bundle *bundle, const char *name, const void *data, size_t len);
int bundle_mask(struct bundle *bundle, struct mask *mask);
int bundle_write(const struct bundle *bundle, int fd, time_t when);

#endif /* DAX_OWNER_CLI_REPORT_BUNDLE_H */
