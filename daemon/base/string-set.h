/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small set of names. Each operation compares all names, so it is not for large sets.
 */
#ifndef DAX_OWNER_BASE_STRING_SET_H
#define DAX_OWNER_BASE_STRING_SET_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct string_set - a set of names
 * @names: array of @n names without duplicates, in no order; owned by the set
 * @n: number of names
 */
struct string_set {
	char **names;
	size_t n;
};

void string_set_free(struct string_set *names);
bool string_set_has(const struct string_set *names, const char *name);
int string_set_add(struct string_set *names, const char *name);
bool string_set_remove(struct string_set *names, const char *name);

#endif /* DAX_OWNER_BASE_STRING_SET_H */
