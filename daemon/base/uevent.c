// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/key-value.h"
#include "base/uevent.h"

/**
 * uevent_get() - find the value of a key
 * @uevent: the uevent; its text and length are set
 * @key: the key, without the "="
 *
 * Return: the value, a part of @uevent; NULL if the uevent has no such key.
 */
const char *uevent_get(const struct uevent *uevent, const char *key)
{
	const char *end = uevent->text + uevent->len;
	const char *value = NULL;

	for (const char *line = uevent->text; !value && line < end; line += strlen(line) + 1)
		value = key_value(line, key);
	return value;
}

/**
 * uevent_set() - set the length of a uevent and terminate its text
 * @uevent: the caller has set the text; uevent_get() works afterwards
 * @len: bytes of the text, at most %UEVENT_MAX
 */
void uevent_set(struct uevent *uevent, size_t len)
{
	uevent->text[len] = '\0';
	uevent->len = len;
}

/**
 * uevent_parse() - set the fields of a uevent from its text
 * @uevent: the text and the length are set; the function sets all other fields
 *
 * Return: 0; -EBADMSG if the text does not have the form of the kernel's uevents.
 */
int uevent_parse(struct uevent *uevent)
{
	const char *path, *seqnum;
	char *end;

	uevent->action = uevent_get(uevent, "ACTION");
	uevent->subsystem = uevent_get(uevent, "SUBSYSTEM");
	path = uevent_get(uevent, "DEVPATH");
	seqnum = uevent_get(uevent, "SEQNUM");
	if (!strchr(uevent->text, '@') || !uevent->action || !uevent->subsystem || !path ||
	    !strchr(path, '/') || !seqnum)
		return -EBADMSG;
	uevent->name = strrchr(path, '/') + 1;
	uevent->seqnum = strtoull(seqnum, &end, 10);
	return *end || end == seqnum ? -EBADMSG : 0;
}
