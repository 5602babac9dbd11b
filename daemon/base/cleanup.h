/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scope helpers: a variable declared with _cleanup_() releases its resource when the scope ends.
 */
#ifndef DAX_OWNER_BASE_CLEANUP_H
#define DAX_OWNER_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))

/*
 * DEFINE_CLEANUP(type, fn) defines fn##p() for _cleanup_(). @type is a pointer type that fn()
 * takes. fn##p() does nothing if the variable is NULL.
 */
#define DEFINE_CLEANUP(type, fn) \
	static inline void fn##p(type *p) \
	{ \
		if (*p) \
			fn(*p); \
	}

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

DEFINE_CLEANUP(FILE *, fclose)

#endif /* DAX_OWNER_BASE_CLEANUP_H */
