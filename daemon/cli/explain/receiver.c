// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "cli/explain/receiver.h"

/**
 * advise() - pass a piece of advice to its receiver
 * @to: the receiver
 * @command: the command to type, "" for none
 * @format: the sentence, as for printf(); cut to ADVICE_LEN bytes
 */
void advise(const struct receiver *to, const char *command, const char *format, ...)
{
	char what[ADVICE_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	to->fn(what, command, to->data);
}
