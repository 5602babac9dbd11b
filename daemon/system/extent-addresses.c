// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the addresses of extents from sysfs, and cache them by the number of the extent.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "system/extent-addresses.h"

static int read_address(const char *directory, const char *name, const char *attribute, u64 *address)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s/%s", directory, name, attribute) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return errno == ENODEV ? -ENOENT : -errno;
	/* the read fails if the extent was removed after fopen() */
	return fscanf(file, "%" SCNx64, address) == 1 ? 0 : -ENOENT;
}

/**
 * extent_address_read() - read the addresses of an extent from sysfs
 * @directory: path of the class in sysfs
 * @name: name of the extent
 * @span: set to the addresses, inclusive
 *
 * Return: 0; -ENOENT if the extent does not exist; -EACCES if this process may not read the
 * addresses; -EBADMSG if the start is past the end; another negative errno.
 */
int extent_address_read(const char *directory, const char *name, struct dax_owner_span *span)
{
	int r = read_address(directory, name, "start", &span->start);

	if (!r)
		r = read_address(directory, name, "end", &span->end);
	if (!r && span->start > span->end)
		r = -EBADMSG;
	return r;
}

/* Parse extentN. The class has other entries, too. */
static int parse_name(const char *name, unsigned long long *number)
{
	static const char prefix[] = "extent";
	const char *digits = name + strlen(prefix);
	char *end;

	if (strncmp(name, prefix, strlen(prefix)) || *digits < '0' || *digits > '9')
		return -EINVAL;
	*number = strtoull(digits, &end, 10);
	return *end ? -EINVAL : 0;
}

/* Return: the index of the first entry whose number is not below @number. */
static size_t lower_bound(const struct extent_addresses *places, unsigned long long number)
{
	size_t low = 0, high = places->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places->places[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct extent_addresses *places, size_t i, unsigned long long number)
{
	return i < places->n && places->places[i].number == number;
}

static int insert(struct extent_addresses *places, size_t i, const struct extent_address *place)
{
	struct extent_address *more = reallocarray(places->places, places->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	places->places = more;
	memmove(&more[i + 1], &more[i], (places->n - i) * sizeof(*more));
	more[i] = *place;
	places->n++;
	return 0;
}

/**
 * extent_addresses_find() - find the addresses of an extent in the cache or in sysfs
 * @places: the cache; the function adds the addresses to it
 * @name: name of the extent
 * @span: set to the addresses, inclusive
 *
 * Return: the result of extent_address_read(), 0 for a cached extent; -EINVAL if @name is not the
 * name of an extent; -ENOMEM.
 */
int extent_addresses_find(struct extent_addresses *places, const char *name,
			  struct dax_owner_span *span)
{
	struct extent_address place;
	size_t i;
	int r;

	r = parse_name(name, &place.number);
	if (r)
		return r;
	i = lower_bound(places, place.number);
	if (is_at(places, i, place.number)) {
		*span = places->places[i].span;
		return 0;
	}
	r = extent_address_read(places->directory, name, &place.span);
	if (r)
		return r;
	*span = place.span;
	return insert(places, i, &place);
}

/**
 * extent_addresses_remove() - remove an extent from the cache
 * @places: the cache
 * @name: name of the extent; without effect if the cache does not contain it
 */
void extent_addresses_remove(struct extent_addresses *places, const char *name)
{
	unsigned long long number;
	size_t i;

	if (parse_name(name, &number))
		return;
	i = lower_bound(places, number);
	if (!is_at(places, i, number))
		return;
	places->n--;
	memmove(&places->places[i], &places->places[i + 1],
		(places->n - i) * sizeof(*places->places));
}

/**
 * extent_addresses_free() - free all entries of the cache
 * @places: the cache; empty afterwards, and ready for use, because the directory stays
 */
void extent_addresses_free(struct extent_addresses *places)
{
	free(places->places);
	places->places = NULL;
	places->n = 0;
}
