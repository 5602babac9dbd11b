/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers from the generator splitmix64: one seed gives the same numbers on every machine.
 */
#ifndef DAX_OWNER_TESTS_RANDOM_H
#define DAX_OWNER_TESTS_RANDOM_H

#include <stddef.h>

#include "verdict.h"

/* Set to the seed before the first number is drawn */
static u64 random_state;

/* Any number */
static u64 any(void)
{
	u64 z = (random_state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number from 0 to @n - 1; @n is at most 2^32 */
static unsigned int below(size_t n)
{
	return (unsigned int)(any() % n);
}

#endif
