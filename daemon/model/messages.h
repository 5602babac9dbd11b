/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened, in words: the same in the journal and wherever else it is told.
 */
#ifndef DAX_OWNER_MODEL_MESSAGES_H
#define DAX_OWNER_MODEL_MESSAGES_H

#include <stddef.h>

#include "model/arbiter.h"
#include "model/events.h"

/* Room for a sentence */
#define SENTENCE_LEN 256

/* Room for a size, and for a range with its size */
#define SENTENCE_SIZE_LEN 16
#define SENTENCE_WHERE_LEN 96

const char *sentence_event_name(enum event event);
int sentence_priority(enum event event, const struct extent *extent);
const char *sentence_size(u64 bytes, char text[SENTENCE_SIZE_LEN]);
const char *sentence_where(const struct extent *extent, char text[SENTENCE_WHERE_LEN]);
void sentence_event(enum event event, const struct extent *extent, const char *withheld_by, char text[SENTENCE_LEN]);
void sentence_settled(u64 cxl_bytes, u64 hmem_bytes, u64 stranded_bytes, u64 usable_bytes, char text[SENTENCE_LEN]);
bool sentence_usable(const struct extent *extent, char text[SENTENCE_LEN]);
const char *sentence_arbiter(enum arbiter arbiter);

#endif /* DAX_OWNER_MODEL_MESSAGES_H */
