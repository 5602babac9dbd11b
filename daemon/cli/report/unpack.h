/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unpack the archive of a report. The archive may be hostile, because a stranger may have made it.
 */
#ifndef DAX_OWNER_CLI_REPORT_UNPACK_H
#define DAX_OWNER_CLI_REPORT_UNPACK_H

/*
 * Limits: bytes of a file, bytes of all files, number of entries, directories in a path, directories
 * that have no entry of their own
 */
#define UNPACK_MAX_FILE (16ll << 20)
#define UNPACK_MAX_ALL (256ll << 20)
#define UNPACK_MAX_ENTRIES 200000
#define UNPACK_MAX_DEPTH 32
#define UNPACK_MAX_IMPLIED 8192

/* Bytes of a sentence on a problem, with the terminating zero */
#define UNPACK_PROBLEM_LEN 160

int unpack(const char *file, const char *directory, char problem[UNPACK_PROBLEM_LEN]);

#endif /* DAX_OWNER_CLI_REPORT_UNPACK_H */
