// SPDX-License-Identifier: GPL-2.0-only
#include "cli/format/printable.h"

/**
 * printable() - replace control characters by question marks
 * @text: changed in place. A terminal obeys control characters, such as those that begin a sequence.
 */
void printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}
