/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * C types as text in one canonical spelling, so that two can be compared with
 * strcmp(): from C source text (what probe.c says) and from BTF (what the
 * kernel says).
 */
#ifndef DAX_OWNER_CTYPE_H
#define DAX_OWNER_CTYPE_H

#include <stddef.h>

struct btf;

#define CTYPE_MAX 1024

/* 0, or -1 when @source is a type this parser does not understand */
int ctype_from_source(const char *source, char out[CTYPE_MAX]);

/* 0, or -1 when the type has a form that is not supported or is too long */
int ctype_from_btf(const struct btf *btf, unsigned int id, char out[CTYPE_MAX]);

#endif /* DAX_OWNER_CTYPE_H */
