/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was made, into a file that the user has named.
 */
#ifndef DAX_OWNER_CLI_FORMAT_USER_FILE_H
#define DAX_OWNER_CLI_FORMAT_USER_FILE_H

int user_file_write(const char *path, const char *text);

#endif /* DAX_OWNER_CLI_FORMAT_USER_FILE_H */
