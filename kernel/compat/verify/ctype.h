/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convert C types to text in one canonical spelling, so that strcmp() can compare two: one from
 * the C source text of probe.c, the other from the BTF of the kernel.
 */
#ifndef DAX_OWNER_CTYPE_H
#define DAX_OWNER_CTYPE_H

#include <stddef.h>

struct btf;

#define CTYPE_MAX 1024

/* Convert C source text. Return 0; -1 if this parser does not support the type. */
int ctype_from_source(const char *source, char out[CTYPE_MAX]);

/* Convert a type from BTF. Return 0; -1 if its form is not supported or its text is too long. */
int ctype_from_btf(const struct btf *btf, unsigned int id, char out[CTYPE_MAX]);

#endif /* DAX_OWNER_CTYPE_H */
