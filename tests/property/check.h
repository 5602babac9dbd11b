/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The assertion of the property tests. The file that includes this one defines print_layout().
 */
#ifndef DAX_OWNER_TESTS_CHECK_H
#define DAX_OWNER_TESTS_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* If the condition is false, print it and the layout @l, and end the program with status 1 */
#define CHECK(l, condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
			print_layout(l); \
			exit(1); \
		} \
	} while (0)

#endif /* DAX_OWNER_TESTS_CHECK_H */
