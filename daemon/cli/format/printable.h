/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text from a stranger, made safe for a terminal.
 */
#ifndef DAX_OWNER_CLI_FORMAT_PRINTABLE_H
#define DAX_OWNER_CLI_FORMAT_PRINTABLE_H

void printable(char *text);
void printable_name(char *name);

#endif /* DAX_OWNER_CLI_FORMAT_PRINTABLE_H */
