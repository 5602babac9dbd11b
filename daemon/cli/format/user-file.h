/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write output into a file that the user has named. A failed write leaves the old file as it was.
 */
#ifndef DAX_OWNER_CLI_FORMAT_USER_FILE_H
#define DAX_OWNER_CLI_FORMAT_USER_FILE_H

int user_file_write(const char *path, const char *text);

#endif /* DAX_OWNER_CLI_FORMAT_USER_FILE_H */
