/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiver of advice, for the functions that make it.
 */
#ifndef DAX_OWNER_CLI_EXPLAIN_RECEIVER_H
#define DAX_OWNER_CLI_EXPLAIN_RECEIVER_H

#include "cli/explain/advice.h"

/**
 * struct receiver - the caller's function, and its argument
 * @fn: called for each piece of advice
 * @data: passed to @fn
 */
struct receiver {
	advice_fn fn;
	void *data;
};

__attribute__((format(printf, 3, 4))) void advise(const struct receiver *to, const char *command,
						  const char *format, ...);

#endif /* DAX_OWNER_CLI_EXPLAIN_RECEIVER_H */
