/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small set of names.
 */
#ifndef DAX_OWNER_BASE_STRING_SET_H
#define DAX_OWNER_BASE_STRING_SET_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct names - a set
 * @names: @n of them, each once, in no order; owned by this
 * @n: how many
 */
struct names {
	char **names;
	size_t n;
};

void names_free(struct names *names);
bool names_have(const struct names *names, const char *name);
int names_add(struct names *names, const char *name);
bool names_drop(struct names *names, const char *name);

#endif /* DAX_OWNER_BASE_STRING_SET_H */
