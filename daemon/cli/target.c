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

/* "node1": the number behind @prefix, or -1 */
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
	return snprintf(target->name, sizeof(target->name), "%s", name) < EXTENT_NAME_LEN ? 0 : -EINVAL;
}

/**
 * target_parse() - what a word means
 * @word: one of TARGET_FORMS, there as long as @target; a device may have /dev/ in front
 * @target: filled in
 *
 * Return: 0; -EINVAL if it is nothing of that; -ERANGE for a number of over 64 bits.
 */
int target_parse(const char *word, struct target *target)
{
	const char *device = strncmp(word, "/dev/", strlen("/dev/")) ? word : word + strlen("/dev/");

	*target = (struct target){ .word = word };
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

static bool region_meets(const struct regions *regions, const char *name, const struct dax_owner_span *span)
{
	for (size_t i = 0; i < regions->n; i++)
		if (!strcmp(regions->regions[i].name, name) && dax_owner_span_meets(&regions->regions[i].span, span))
			return true;
	return false;
}

/**
 * target_meets() - is an extent meant?
 * @target: what is asked about
 * @snapshot: that has the extent
 * @extent: one of its extents
 */
bool target_meets(const struct target *target, const struct snapshot *snapshot, const struct extent *extent)
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
 * target_choose() - leave out of a snapshot what is not meant
 * @target: what is asked about
 * @snapshot: its extents that are not meant go, its sums stay
 *
 * Return: 0, or -ENOENT if none is left.
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
