/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The delay until a burst of events counts as over, as a pure function of times. Events that never
 * end do not postpone it for ever.
 */
#ifndef DAX_OWNER_MODEL_DEBOUNCE_H
#define DAX_OWNER_MODEL_DEBOUNCE_H

#include <stdint.h>

uint64_t debounce_delay(uint64_t first, uint64_t now, uint64_t quiet, uint64_t at_most);

#endif /* DAX_OWNER_MODEL_DEBOUNCE_H */
