/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * That ownership has been settled once in this boot: an empty file, for those who wait.
 */
#ifndef DAX_OWNER_DAEMON_SETTLED_FILE_H
#define DAX_OWNER_DAEMON_SETTLED_FILE_H

int settled_file_write(const char *directory);
int settled_file_wait(const char *directory);

#endif /* DAX_OWNER_DAEMON_SETTLED_FILE_H */
