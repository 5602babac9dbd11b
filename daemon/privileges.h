/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DAX_OWNERD_PRIVILEGES_H
#define DAX_OWNERD_PRIVILEGES_H

int privileges_drop(void);

#endif /* DAX_OWNERD_PRIVILEGES_H */
