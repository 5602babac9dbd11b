/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a report of a bug needs to have from a machine, below a root directory. What is
 * not there or may not be read is written down, and is no error.
 */
#ifndef DAX_OWNER_CLI_REPORT_COLLECT_H
#define DAX_OWNER_CLI_REPORT_COLLECT_H

#include "cli/report/bundle.h"

/**
 * struct collection - what is being collected
 * @root: put before each path, "" but in tests
 * @bundle: where it goes
 * @mask: learns what is secret, NULL if nothing is to be masked
 * @missing: what is not there, and why: a line each
 * @missing_len: bytes in @missing
 * @notes: writes @missing
 * @denied: how many lines in @missing are about permission
 * @hidden: attributes of the page that is being written which the user may not read
 */
struct collection {
	const char *root;
	struct bundle bundle;
	struct mask *mask;
	char *missing;
	size_t missing_len;
	FILE *notes;
	unsigned int denied;
	unsigned int hidden;
};

int collection_init(struct collection *c, const char *root, bool masked);
void collection_free(struct collection *c);

const char *collect_what_is_missing(struct collection *c);
void collect_all(struct collection *c);

/* Each takes a part of it; the journal is that of the running system, whatever the root. */
void collect_kernel(struct collection *c);
void collect_modules(struct collection *c);
void collect_firmware(struct collection *c);
void collect_devices(struct collection *c);
void collect_configuration(struct collection *c);
void collect_journal(struct collection *c);

/* What they have in common */
__attribute__((format(printf, 3, 4)))
void collect_missing(struct collection *c, int error, const char *format, ...);
void collect_end(struct collection *c, FILE *page, const char *name);
char *collect_read(struct collection *c, const char *path, size_t max, size_t *len);
void collect_file(struct collection *c, const char *path);

/**
 * typedef collect_name_fn - take a name of a directory
 * @c: the collection
 * @directory: without the root
 * @name: in it
 * @data: the caller's
 */
typedef void (*collect_name_fn)(struct collection *c, const char *directory, const char *name, void *data);

int collect_names(struct collection *c, const char *directory, const char *pattern, collect_name_fn fn, void *data);

#endif /* DAX_OWNER_CLI_REPORT_COLLECT_H */
