/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's command line, fit to be shown to others.
 */
#ifndef DAX_OWNER_CLI_REPORT_PARAMETERS_H
#define DAX_OWNER_CLI_REPORT_PARAMETERS_H

char *parameters_mask(const char *line);

#endif /* DAX_OWNER_CLI_REPORT_PARAMETERS_H */
