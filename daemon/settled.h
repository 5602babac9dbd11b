/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * That ownership has been settled once in this boot: an empty file, for those who wait.
 */
#ifndef DAX_OWNERD_SETTLED_H
#define DAX_OWNERD_SETTLED_H

int settled_say(const char *directory);
int settled_wait(const char *directory);

#endif /* DAX_OWNERD_SETTLED_H */
