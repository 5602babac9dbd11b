/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that a bug report needs, read below a root directory. A file that is missing or not
 * readable is listed in the report, and is no error.
 */
#ifndef DAX_OWNER_CLI_REPORT_COLLECT_H
#define DAX_OWNER_CLI_REPORT_COLLECT_H

#include "cli/report/bundle.h"
#include "cli/snapshot/copy.h"

/**
 * struct collection - the content of a report
 * @root: put before each path; "" except in tests
 * @bundle: the files of the report
 * @mask: the secret values, NULL if nothing is masked
 * @missing: the list of missing files and reasons, a line each
 * @missing_len: bytes of @missing
 * @notes: writes @missing
 * @denied: number of lines in @missing that are about permission
 * @hidden: number of attributes of the current page that the user may not read
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

/*
 * Each collects a part. The journal, the programs and the topology are those of the running system,
 * for any root.
 */
void collect_copy(struct collection *c);
void collect_topology(struct collection *c, struct copy *copy);
void collect_facts(struct collection *c, const struct snapshot *snapshot, struct copy *copy);
void collect_kernel(struct collection *c);
void collect_modules(struct collection *c);
void collect_firmware(struct collection *c);
void collect_devices(struct collection *c);
void collect_configuration(struct collection *c);
void collect_system(struct collection *c);
void collect_journal(struct collection *c);
void collect_programs(struct collection *c);

/* Functions that the parts share */
__attribute__((format(printf, 3, 4))) void collect_missing(struct collection *c, int error,
							   const char *format, ...);
void collect_end(struct collection *c, FILE *page, const char *name);
bool collect_program(struct collection *c, const char *name, const char *const *argv,
		     unsigned int limit_ms);
char *collect_read_quietly(struct collection *c, const char *path, size_t max, size_t *len);
char *collect_read(struct collection *c, const char *path, size_t max, size_t *len);
void collect_file(struct collection *c, const char *path);

/**
 * typedef collect_name_fn - receive a name of a directory
 * @c: the collection
 * @directory: the directory, without the root
 * @name: a name in it
 * @data: the caller's
 */
typedef void (*collect_name_fn)(struct collection *c, const char *directory, const char *name,
				void *data);

int collect_names(struct collection *c, const char *directory, const char *pattern,
		  collect_name_fn fn, void *data);

#endif /* DAX_OWNER_CLI_REPORT_COLLECT_H */
