/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A copy: the files of a machine below a root directory, as a report holds them. Its file COPY_FILE
 * has the facts that are in no file of the machine; docs/schema/copy.json describes it.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_COPY_H
#define DAX_OWNER_CLI_SNAPSHOT_COPY_H

#include <stdint.h>

#include <json-c/json.h>

#include "cli/snapshot/snapshot.h"

#define COPY_FILE "copy.json"

/* The records of the copied boot, a line of JSON each */
#define COPY_RECORDS "journal/dax-ownerd.jsonl"

/**
 * struct copy - the facts that are in no file of a machine
 * @kernel: release of the kernel, "" if unknown
 * @time_us: when the copy was made, in microseconds since 1970; 0 if unknown
 * @booting: systemd was starting units then
 * @has_arbiter: @arbiter is known
 * @arbiter: the arbiter of the kernel
 * @daemon: the daemon's extents in the form of docs/schema/list.json, owned by this struct; NULL
 *   without a daemon
 * @topology: the topology of CXL in the form of topology_json(), owned by this struct; NULL if libcxl
 *   did not read it
 */
struct copy {
	char kernel[SNAPSHOT_KERNEL_LEN];
	uint64_t time_us;
	bool booting;
	bool has_arbiter;
	enum arbiter arbiter;
	struct json_object *daemon;
	struct json_object *topology;
};

int copy_read(const char *root, struct copy *copy);
void copy_free(struct copy *copy);
int copy_print(const struct copy *copy, FILE *file);

#endif /* DAX_OWNER_CLI_SNAPSHOT_COPY_H */
