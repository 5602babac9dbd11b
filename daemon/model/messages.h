/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages on events, in the same words in the journal and in the output of each command.
 */
#ifndef DAX_OWNER_MODEL_MESSAGES_H
#define DAX_OWNER_MODEL_MESSAGES_H

#include <limits.h>
#include <stddef.h>

#include "model/arbiter.h"
#include "model/events.h"

/* Bytes of a message, with the terminating zero; room for the text of regions_withholding() */
#define MESSAGE_LEN 512

/* Bytes of a message that names a file, with the terminating zero */
#define MESSAGE_CONFIG_LEN (PATH_MAX + MESSAGE_LEN)

/* Bytes of a size, and of addresses with their size, with the terminating zero */
#define MESSAGE_SIZE_LEN 16
#define MESSAGE_ADDRESSES_LEN 96

const char *message_size(u64 bytes, char text[MESSAGE_SIZE_LEN]);
const char *message_addresses(const struct extent *extent, char text[MESSAGE_ADDRESSES_LEN]);
void message_event(enum event event, const struct extent *extent, const char *withheld_by,
		   char text[MESSAGE_LEN]);
void message_settled(u64 cxl_bytes, u64 hmem_bytes, u64 stranded_bytes, u64 usable_bytes,
		     char text[MESSAGE_LEN]);
bool message_usable(const struct extent *extent, char text[MESSAGE_LEN]);
const char *message_arbiter(enum arbiter arbiter);
const char *message_deadline(void);
const char *message_empty(void);
void message_device(const char *action, const char *subsystem, const char *name,
		    char text[MESSAGE_LEN]);
const char *message_held(void);
const char *message_ordered(void);
void message_missed(const char *cause, char text[MESSAGE_LEN]);
void message_config(const char *file, unsigned int line, const char *error,
		    char text[MESSAGE_CONFIG_LEN]);
void message_failure(int error, const char *action, char text[MESSAGE_LEN]);

#endif /* DAX_OWNER_MODEL_MESSAGES_H */
