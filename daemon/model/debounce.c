// SPDX-License-Identifier: GPL-2.0-only
#include "model/debounce.h"

/**
 * debounce_delay() - compute the delay from an event until its burst counts as over
 * @first: time of the first event of the burst
 * @now: time of the present event
 * @quiet: time without events after which the burst is over
 * @at_most: time after @first at which the burst is over in any case; if @quiet is longer, @quiet
 *
 * All times are in µs of one clock.
 *
 * Return: the delay after @now, in µs.
 */
uint64_t debounce_delay(uint64_t first, uint64_t now, uint64_t quiet, uint64_t at_most)
{
	uint64_t passed = now > first ? now - first : 0;
	uint64_t limit = at_most > quiet ? at_most : quiet;
	uint64_t rest = limit > passed ? limit - passed : 0;

	return rest < quiet ? rest : quiet;
}
