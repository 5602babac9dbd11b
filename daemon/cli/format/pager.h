/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pager for long output on a terminal, chosen as systemctl does.
 */
#ifndef DAX_OWNER_CLI_FORMAT_PAGER_H
#define DAX_OWNER_CLI_FORMAT_PAGER_H

#include <stdbool.h>

/**
 * struct pager_environment - what the choice of a pager depends on
 * @terminal: standard output is a terminal
 * @term: TERM of the environment, NULL if unset; the same for the others
 * @systemd_pager: SYSTEMD_PAGER
 * @pager: PAGER
 */
struct pager_environment {
	bool terminal;
	const char *term;
	const char *systemd_pager;
	const char *pager;
};

const char *pager_choose(const struct pager_environment *environment);
void pager_open(void);
void pager_close(void);

#endif /* DAX_OWNER_CLI_FORMAT_PAGER_H */
