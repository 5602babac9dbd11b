/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The settled file: an empty file in the runtime directory. The daemon creates it when ownership
 * is settled for the first time in this boot. dax-owner-udev.path and dax-ownerd --wait-settled
 * wait for the file.
 */
#ifndef DAX_OWNER_DAEMON_SETTLED_FILE_H
#define DAX_OWNER_DAEMON_SETTLED_FILE_H

int settled_file_write(const char *directory);
int settled_file_wait(const char *directory);

#endif /* DAX_OWNER_DAEMON_SETTLED_FILE_H */
