// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/regions.h"

/**
 * regions_free() - free all regions
 * @regions: the regions; empty afterwards, and ready for use
 */
void regions_free(struct regions *regions)
{
	free(regions->regions);
	*regions = (struct regions) {};
}

/**
 * regions_equal() - compare two lists of regions
 * @a: regions, in the order of their names
 * @b: the others, in the same order
 *
 * Return: whether both have the same regions with the same addresses.
 */
bool regions_equal(const struct regions *a, const struct regions *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->regions[i].span.start != b->regions[i].span.start ||
		    a->regions[i].span.end != b->regions[i].span.end ||
		    strcmp(a->regions[i].name, b->regions[i].name) ||
		    strcmp(a->regions[i].no_dax, b->regions[i].no_dax))
			return false;
	return true;
}

/**
 * regions_meeting() - list the names of the regions that overlap a span
 * @regions: the regions
 * @span: the addresses, inclusive
 *
 * Return: all names, separated by blanks, "" for none; the caller frees the string. NULL without
 * memory.
 */
char *regions_meeting(const struct regions *regions, const struct dax_owner_span *span)
{
	char *names = malloc(regions->n * EXTENT_NAME_LEN + 1);
	char *end = names;

	if (!names)
		return NULL;
	*end = '\0';
	for (size_t i = 0; i < regions->n; i++) {
		if (!dax_owner_span_meets(&regions->regions[i].span, span))
			continue;
		if (end != names)
			*end++ = ' ';
		end = stpcpy(end, regions->regions[i].name);
	}
	return names;
}

/* Bytes of " and 18446744073709551615 more" */
#define MORE_LEN 26

/**
 * regions_withholding() - list the regions that overlap a span and that dax_cxl cannot have
 * @regions: the regions
 * @span: the addresses, inclusive
 * @text: filled in: "region0 (pmem), region1 (no dax_region)", "" for none; regions without room are
 *	only counted: "region0 (pmem) and 3 more"
 */
void regions_withholding(const struct regions *regions, const struct dax_owner_span *span,
			 char text[REGIONS_WITHHOLDING_LEN])
{
	const size_t room = REGIONS_WITHHOLDING_LEN - MORE_LEN;
	size_t used = 0, more = 0;

	*text = '\0';
	for (size_t i = 0; i < regions->n; i++) {
		const struct region *region = &regions->regions[i];
		char entry[EXTENT_NAME_LEN + REGION_WHY_LEN + sizeof(",  ()")];
		size_t len;

		if (!*region->no_dax || !dax_owner_span_meets(&region->span, span))
			continue;
		len = (size_t)snprintf(entry, sizeof(entry), "%s%s (%s)", used ? ", " : "",
				       region->name, region->no_dax);
		if (more || used + len >= room) {
			more++;
			continue;
		}
		memcpy(text + used, entry, len + 1);
		used += len;
	}
	if (more)
		snprintf(text + used, REGIONS_WITHHOLDING_LEN - used, " and %zu more", more);
}
