// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/target.h"
#include "model/address.h"

static int parse_addresses(const char *word, struct dax_owner_span *span)
{
	int r = address_parse(word, &span->start, &word);

	if (r)
		return r;
	span->end = span->start;
	if (*word == '-')
		r = address_parse(word + 1, &span->end, &word);
	if (r)
		return r;
	return *word || span->end < span->start ? -EINVAL : 0;
}

/* Return: the number after @prefix, 1 for "node1"; or -1. */
static int number_behind(const char *word, const char *prefix)
{
	size_t len = strlen(prefix);
	char *end;
	long number;

	if (strncmp(word, prefix, len) || !isdigit((unsigned char)word[len]))
		return -1;
	number = strtol(word + len, &end, 10);
	return *end || number >= 1 << 20 ? -1 : (int)number;
}

static bool is_dax(const char *word)
{
	unsigned int region, device;
	int len = -1;

	return sscanf(word, "dax%u.%u%n", &region, &device, &len) == 2 && len == (int)strlen(word);
}

static int set_name(struct target *target, enum target_kind kind, const char *name)
{
	target->kind = kind;
	return snprintf(target->name, sizeof(target->name), "%s", name) < EXTENT_NAME_LEN ? 0 :
											    -EINVAL;
}

/**
 * target_parse() - parse a target from the command line
 * @word: one of TARGET_FORMS, a device also with /dev/ before it; must live as long as @target
 * @target: filled in; it points to @word
 *
 * Return: 0; -EINVAL if @word has none of the forms; -ERANGE for a number of over 64 bits.
 */
int target_parse(const char *word, struct target *target)
{
	const char *device = strncmp(word, "/dev/", strlen("/dev/")) ? word : word + strlen("/dev/");

	*target = (struct target) { .word = word };
	if (is_dax(device))
		return set_name(target, TARGET_DEVICE, device);
	if (number_behind(word, "region") >= 0)
		return set_name(target, TARGET_REGION, word);
	target->node = number_behind(word, "node");
	if (target->node >= 0) {
		target->kind = TARGET_NODE;
		return 0;
	}
	target->kind = TARGET_ADDRESSES;
	return parse_addresses(word, &target->span);
}

static bool region_meets(const struct regions *regions, const char *name,
			 const struct dax_owner_span *span)
{
	for (size_t i = 0; i < regions->n; i++)
		if (!strcmp(regions->regions[i].name, name) &&
		    dax_owner_span_meets(&regions->regions[i].span, span))
			return true;
	return false;
}

/**
 * target_meets() - test whether a target includes an extent or a part of it
 * @target: the target
 * @snapshot: the snapshot that holds @extent
 * @extent: one of the extents of @snapshot
 *
 * Return: true if it does.
 */
bool target_meets(const struct target *target, const struct snapshot *snapshot,
		  const struct extent *extent)
{
	switch (target->kind) {
	case TARGET_ADDRESSES:
		return dax_owner_span_meets(&target->span, &extent->span);
	case TARGET_DEVICE:
		return !strcmp(target->name, extent->device);
	case TARGET_REGION:
		return region_meets(&snapshot->regions, target->name, &extent->span);
	case TARGET_NODE:
		return target->node == extent->node;
	}
	return false;
}

/**
 * target_choose() - remove the extents that a target does not meet from a snapshot
 * @target: the target
 * @snapshot: loses these extents; its sums do not change
 *
 * Return: 0, or -ENOENT if no extent is left.
 */
int target_choose(const struct target *target, struct snapshot *snapshot)
{
	size_t n = 0;

	for (size_t i = 0; i < snapshot->n; i++)
		if (target_meets(target, snapshot, &snapshot->entries[i].extent))
			snapshot->entries[n++] = snapshot->entries[i];
	snapshot->n = n;
	return n ? 0 : -ENOENT;
}
