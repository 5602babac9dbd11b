// SPDX-License-Identifier: GPL-2.0-only
/*
 * An index of regions: find the first one that reaches an address, by kind.
 *
 * The sorted array of regions is a binary tree in place. The level of node i is the number of
 * ones at the low end of i. The children of a node at level k are 2^(k-1) to the left and to the
 * right:
 *
 *	level 2	      3
 *	level 1	  1       5
 *	level 0	0   2   4   6
 *
 * Each node stores, by kind, the last byte that a region of its subtree reaches. Regions may
 * overlap, so this need not be the end of the last region. A node past the end of the array does
 * not exist, but nodes of its left subtree may.
 */
#include "reach.h"

/* Return 2^level of node @i: the lowest zero bit of @i. */
static size_t level_bit(size_t i)
{
	return ~i & (i + 1);
}

/* Return the uppermost existing node of the subtree of @i; DAX_OWNER_NO_INDEX if none exists. */
static size_t present(size_t i, size_t nr)
{
	while (i >= nr) {
		size_t half = level_bit(i) / 2;

		dax_owner_step();
		if (!half)
			return DAX_OWNER_NO_INDEX;
		i -= half;
	}
	return i;
}

static size_t right_child(size_t i, size_t nr)
{
	size_t half = level_bit(i) / 2;

	return half ? present(i + half, nr) : DAX_OWNER_NO_INDEX;
}

static void add_reach(struct dax_owner_region *to, unsigned int kind, u64 end)
{
	unsigned char bit = (unsigned char)DAX_OWNER_KIND_BIT(kind);

	if (!(to->kinds & bit) || to->reach[kind] < end)
		to->reach[kind] = end;
	to->kinds |= bit;
}

static void add_subtree(struct dax_owner_region *to, const struct dax_owner_region *child)
{
	unsigned int kind;

	for (kind = 0; kind < DAX_OWNER_NR_KINDS; kind++)
		if (child->kinds & DAX_OWNER_KIND_BIT(kind))
			add_reach(to, kind, child->reach[kind]);
}

/* Compute the stored reach of node @i from its children. */
static void pull(struct dax_owner_region *regions, size_t nr, size_t i)
{
	size_t half = level_bit(i) / 2, right = right_child(i, nr);
	struct dax_owner_region *node = &regions[i];

	dax_owner_step();
	node->kinds = 0;
	if (node->kind < DAX_OWNER_NR_KINDS)
		add_reach(node, node->kind, node->span.end);
	if (half)
		add_subtree(node, &regions[i - half]);
	if (right != DAX_OWNER_NO_INDEX)
		add_subtree(node, &regions[right]);
}

static bool same_reach(const struct dax_owner_region *a, const struct dax_owner_region *b)
{
	unsigned int kind;

	if (a->kinds != b->kinds)
		return false;
	for (kind = 0; kind < DAX_OWNER_NR_KINDS; kind++)
		if ((a->kinds & DAX_OWNER_KIND_BIT(kind)) && a->reach[kind] != b->reach[kind])
			return false;
	return true;
}

/**
 * dax_owner_reach_build() - build the index
 * @regions: ascending by dax_owner_region_cmp(), &dax_owner_region.kind of each is set
 * @nr: number of elements in @regions
 *
 * O(@nr).
 */
void dax_owner_reach_build(struct dax_owner_region *regions, size_t nr)
{
	size_t bit, i;

	for (bit = 1; bit && bit <= nr; bit <<= 1)
		for (i = bit - 1; i < nr; i += 2 * bit)
			pull(regions, nr, i);
}

/**
 * dax_owner_reach_update() - update the index after the kind of a region has changed
 * @regions: the index
 * @nr: number of elements in @regions
 * @i: index of the region
 *
 * O(log @nr).
 */
void dax_owner_reach_update(struct dax_owner_region *regions, size_t nr, size_t i)
{
	struct dax_owner_region was;
	size_t bit;

	for (bit = level_bit(i); bit <= nr; bit <<= 1) {
		if (i < nr) {
			was = regions[i];
			pull(regions, nr, i);
			/* ancestors are computed from this node, so they do not change either */
			if (same_reach(&was, &regions[i]))
				return;
		}
		i = i & (bit << 1) ? i - bit : i + bit;
	}
}

static bool reaches(const struct dax_owner_region *region, unsigned int kinds, u64 at)
{
	dax_owner_step();
	return region->kind < DAX_OWNER_NR_KINDS && (kinds & DAX_OWNER_KIND_BIT(region->kind)) &&
	       region->span.end >= at;
}

static bool subtree_reaches(const struct dax_owner_region *node, unsigned int kinds, u64 at)
{
	unsigned int kind;

	dax_owner_step();
	for (kind = 0; kind < DAX_OWNER_NR_KINDS; kind++)
		if ((node->kinds & kinds & DAX_OWNER_KIND_BIT(kind)) && node->reach[kind] >= at)
			return true;
	return false;
}

/* Return the first region of the subtree of @i that reaches @at. The subtree must have one. */
static size_t first_below(const struct dax_owner_region *regions, size_t nr, size_t i,
			  unsigned int kinds, u64 at)
{
	for (;;) {
		size_t half = level_bit(i) / 2;

		if (half && subtree_reaches(&regions[i - half], kinds, at)) {
			i -= half;
			continue;
		}
		if (reaches(&regions[i], kinds, at))
			return i;
		i = right_child(i, nr);
	}
}

/**
 * dax_owner_reach_find() - find the first region that ends at an address or past it
 * @regions: the index
 * @nr: number of elements in @regions
 * @from: index of the first region that counts
 * @kinds: the kinds that count, DAX_OWNER_KIND_BIT() of each
 * @at: the address
 *
 * The regions ascend by start. So if the result begins past an address, no region that ends at
 * @at or past it contains that address. The first few regions are checked one by one, because
 * regions rarely overlap. O(log @nr).
 *
 * Return: the index of the region; DAX_OWNER_NO_INDEX if there is none.
 */
size_t dax_owner_reach_find(const struct dax_owner_region *regions, size_t nr, size_t from,
			    unsigned int kinds, u64 at)
{
	size_t i, bit, right;

	for (i = from; i < nr && i - from < 3; i++)
		if (reaches(&regions[i], kinds, at))
			return i;

	/* No region before @i counts. Check @i, then its right subtree, then its first ancestor after @i. */
	while (i < nr) {
		if (reaches(&regions[i], kinds, at))
			return i;
		right = right_child(i, nr);
		if (right != DAX_OWNER_NO_INDEX && subtree_reaches(&regions[right], kinds, at))
			return first_below(regions, nr, right, kinds, at);
		for (bit = level_bit(i); i & (bit << 1); bit <<= 1) {
			dax_owner_step();
			i -= bit;
		}
		i += bit;
	}
	return DAX_OWNER_NO_INDEX;
}

/* Return the number of regions that begin at @at or before it. */
static size_t count_begun(const struct dax_owner_region *regions, size_t nr, u64 at)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		dax_owner_step();
		if (regions[middle].span.start <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Add the reach of node @i and of its left subtree to @sum. */
static void add_left(const struct dax_owner_region *regions, size_t i, struct dax_owner_region *sum)
{
	size_t half = level_bit(i) / 2;

	dax_owner_step();
	if (regions[i].kind < DAX_OWNER_NR_KINDS)
		add_reach(sum, regions[i].kind, regions[i].span.end);
	if (half)
		add_subtree(sum, &regions[i - half]);
}

/**
 * dax_owner_reach_before() - find the last byte of the regions that begin at an address or before
 * @regions: the index
 * @nr: number of elements in @regions
 * @kinds: the kinds that count, DAX_OWNER_KIND_BIT() of each
 * @at: the address
 * @end: set to the largest last byte of all regions that begin at @at or before it; untouched if
 *	there is no such region
 *
 * O(log @nr).
 *
 * Return: true if there is such a region.
 */
bool dax_owner_reach_before(const struct dax_owner_region *regions, size_t nr, unsigned int kinds,
			    u64 at, u64 *end)
{
	size_t i = count_begun(regions, nr, at), bit;
	struct dax_owner_region sum = { 0 };
	bool found = false;
	unsigned int kind;

	if (!i)
		return false;
	add_left(regions, --i, &sum);
	for (bit = level_bit(i); bit <= nr; bit <<= 1) {
		if (i & (bit << 1)) {
			i -= bit;
			add_left(regions, i, &sum);
		} else {
			i += bit;
		}
	}

	for (kind = 0; kind < DAX_OWNER_NR_KINDS; kind++) {
		if (!(sum.kinds & kinds & DAX_OWNER_KIND_BIT(kind)))
			continue;
		if (!found || *end < sum.reach[kind])
			*end = sum.reach[kind];
		found = true;
	}
	return found;
}
