/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mask the kernel's command line for publication.
 */
#ifndef DAX_OWNER_CLI_REPORT_PARAMETERS_H
#define DAX_OWNER_CLI_REPORT_PARAMETERS_H

char *parameters_mask(const char *line);

#endif /* DAX_OWNER_CLI_REPORT_PARAMETERS_H */
