// SPDX-License-Identifier: GPL-2.0-only
/*
 * Predicates on extents, and conversion between extents and properties: see docs/abi/uevents.md.
 * The file must not know where properties are stored.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/extent.h"

/**
 * extent_size() - count the bytes of an extent
 * @extent: the extent
 *
 * Return: number of bytes.
 */
u64 extent_size(const struct extent *extent)
{
	return extent->span.end - extent->span.start + 1;
}

/**
 * extent_is_claimed() - check whether a driver has claimed the addresses
 * @extent: the extent
 *
 * Return: true in the states claimed, idle and owned.
 */
bool extent_is_claimed(const struct extent *extent)
{
	return extent->state == DAX_OWNER_STATE_CLAIMED || extent->state == DAX_OWNER_STATE_IDLE ||
	       extent->state == DAX_OWNER_STATE_OWNED;
}

/**
 * extent_is_at_risk() - check whether a driver has claimed memory of a region that is not for DAX
 * @extent: the extent
 *
 * The rules give such memory to no driver, because each write overwrites the region's data. An
 * example is a region of persistent memory.
 *
 * Return: true if a driver has claimed it.
 */
bool extent_is_at_risk(const struct extent *extent)
{
	return extent->reason == DAX_OWNER_REASON_REGION_NOT_DAX && extent_is_claimed(extent);
}

/**
 * extent_is_wrong() - check whether the owner differs from the owner that the rules give
 * @extent: the extent
 *
 * Return: true if it differs, or if the extent is at risk; false if the expected owner is not
 * known.
 */
bool extent_is_wrong(const struct extent *extent)
{
	if (extent_is_at_risk(extent))
		return true;
	return extent->expected != DAX_OWNER_NONE && extent->expected != extent->owner;
}

/**
 * extent_lacks_node() - check whether a claimed extent has no usable bytes for lack of a NUMA node
 * @extent: the extent
 *
 * Return: true if a node would make some of its bytes usable.
 */
bool extent_lacks_node(const struct extent *extent)
{
	return extent_is_claimed(extent) && extent->node < 0 && !extent->usable_bytes &&
	       extent->block_loss_bytes < extent_size(extent);
}

/**
 * extent_next_flag() - return the next flag of a set, in ascending order
 * @flags: a set of DAX_OWNER_FLAG_*
 * @flag: the flag that the last call returned, 0 for the first flag
 *
 * Return: the next flag, 0 if there is none.
 */
unsigned int extent_next_flag(unsigned int flags, unsigned int flag)
{
	unsigned int left = flag ? flags & ~(flag | (flag - 1)) : flags;

	return left & -left;
}

/* Return: the name of a value of an enum. */
typedef const char *(*name_fn)(unsigned int value);

static const char *owner_name(unsigned int value)
{
	return dax_owner_owner_name(value);
}

static const char *reason_name(unsigned int value)
{
	return dax_owner_reason_name(value);
}

static int parse_name(const char *text, name_fn name, unsigned int last, unsigned int *value)
{
	for (unsigned int i = 0; text && i <= last; i++)
		if (!strcmp(text, name(i))) {
			*value = i;
			return 0;
		}
	return -EINVAL;
}

static int parse_u64(const char *text, u64 *value)
{
	char *end;

	if (!text || !*text)
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return *end ? -EINVAL : -errno;
}

/*
 * Without the property, @value keeps its default, because not every source has each property. The
 * lowest int is refused, because a reader negates an error.
 */
static int parse_int(const char *text, int *value)
{
	char *end;
	long parsed;

	if (!text)
		return 0;
	errno = 0;
	parsed = strtol(text, &end, 10);
	if (!*text || *end || errno || parsed < -INT32_MAX || parsed > INT32_MAX)
		return -EINVAL;
	*value = (int)parsed;
	return 0;
}

/* Without the property, @value keeps its default. */
static int parse_bytes(const char *text, u64 *value)
{
	return text ? parse_u64(text, value) : 0;
}

/* The function ignores unknown words, because they come from a later version. */
static unsigned int parse_flags(const char *text)
{
	unsigned int flags = 0, flag;
	char word[32];

	for (; *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");

		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		if (!dax_owner_flags_parse(word, &flag))
			flags |= flag;
		text += len;
	}
	return flags;
}

/* Parse START and END, or only SIZE for a hidden extent. */
static int parse_span(struct extent *extent, extent_get_fn get, void *from)
{
	const char *start = get("START", from);
	u64 size = 0;
	int r;

	extent->hidden = !start;
	if (!start) {
		r = parse_u64(get("SIZE", from), &size);
		if (!r && !size)
			r = -EINVAL;
		extent->span = (struct dax_owner_span) { 0, size - 1 };
		return r;
	}
	r = parse_u64(start, &extent->span.start);
	if (!r)
		r = parse_u64(get("END", from), &extent->span.end);
	return r ?: extent->span.start > extent->span.end ? -EINVAL : 0;
}

static void copy_name(char *to, const char *from)
{
	snprintf(to, EXTENT_NAME_LEN, "%s", from ?: "");
}

/**
 * extent_read() - set an extent from its properties
 * @extent: filled in, undefined after an error; hidden if the properties have a SIZE and no START
 * @get: returns the value of a property
 * @from: passed to @get
 *
 * Return: 0; -EINVAL if OWNER, STATE, REASON or the addresses are missing, or if a property is
 * malformed; -ERANGE if an unsigned number exceeds 64 bits.
 */
int extent_read(struct extent *extent, extent_get_fn get, void *from)
{
	unsigned int owner, previous = DAX_OWNER_NONE, expected = DAX_OWNER_NONE, reason;
	const char *text;
	int r;

	*extent = (struct extent) { .node = -1 };

	r = parse_span(extent, get, from);
	if (r)
		return r;
	extent->usable_bytes = extent_size(extent);
	r = parse_name(get("OWNER", from), owner_name, DAX_OWNER_HMEM, &owner);
	if (!r)
		r = (text = get("STATE", from)) ? dax_owner_state_parse(text, &extent->state) :
						  -EINVAL;
	if (!r)
		r = parse_name(get("REASON", from), reason_name, DAX_OWNER_REASON_CLAIM_FAILED,
			       &reason);
	if (!r && (text = get("PREVIOUS", from)))
		r = parse_name(text, owner_name, DAX_OWNER_HMEM, &previous);
	if (!r && (text = get("EXPECTED", from)))
		r = parse_name(text, owner_name, DAX_OWNER_HMEM, &expected);
	if (!r)
		r = parse_int(get("TARGET_NODE", from), &extent->node);
	if (!r)
		r = parse_int(get("ERROR", from), &extent->error);
	if (!r)
		r = parse_bytes(get("USABLE_BYTES", from), &extent->usable_bytes);
	if (!r)
		r = parse_bytes(get("BLOCK_LOSS_BYTES", from), &extent->block_loss_bytes);
	if (!r)
		r = parse_bytes(get("DECIDED_US", from), &extent->decided_us);
	if (r)
		return r;

	extent->owner = owner;
	extent->previous = previous;
	extent->expected = expected;
	extent->reason = reason;
	extent->flags = parse_flags(get("FLAGS", from) ?: "");
	copy_name(extent->device, get("DEVICE", from));
	copy_name(extent->holder, get("HOLDER", from));
	return 0;
}

static __attribute__((format(printf, 4, 5))) void
put_number(extent_put_fn put, void *to, const char *name, const char *format, ...)
{
	char number[32];
	va_list args;

	va_start(args, format);
	vsnprintf(number, sizeof(number), format, args);
	va_end(args);
	put(name, number, to);
}

/**
 * extent_write() - write the properties of an extent
 * @extent: the extent
 * @put: called once for each property
 * @to: passed to @put
 */
void extent_write(const struct extent *extent, extent_put_fn put, void *to)
{
	if (!extent->hidden) {
		put_number(put, to, "DAX_OWNER_START", "0x%" PRIx64, extent->span.start);
		put_number(put, to, "DAX_OWNER_END", "0x%" PRIx64, extent->span.end);
	}
	put_number(put, to, "DAX_OWNER_SIZE", "%" PRIu64, extent_size(extent));
	put("DAX_OWNER_OWNER", dax_owner_owner_name(extent->owner), to);
	put("DAX_OWNER_PREVIOUS", dax_owner_owner_name(extent->previous), to);
	if (extent->expected != DAX_OWNER_NONE || extent_is_wrong(extent))
		put("DAX_OWNER_EXPECTED", dax_owner_owner_name(extent->expected), to);
	put("DAX_OWNER_STATE", dax_owner_state_name(extent->state), to);
	put("DAX_OWNER_REASON", dax_owner_reason_name(extent->reason), to);
	put("DAX_OWNER_FLAGS", dax_owner_flags_text(extent->flags), to);
	put("DAX_OWNER_DEVICE", extent->device, to);
	put_number(put, to, "DAX_OWNER_TARGET_NODE", "%d", extent->node);
	put_number(put, to, "DAX_OWNER_ERROR", "%d", extent->error);
	put("DAX_OWNER_HOLDER", extent->holder, to);
	put_number(put, to, "DAX_OWNER_USABLE_BYTES", "%" PRIu64, extent->usable_bytes);
	put_number(put, to, "DAX_OWNER_BLOCK_LOSS_BYTES", "%" PRIu64, extent->block_loss_bytes);
	if (extent->decided_us)
		put_number(put, to, "DAX_OWNER_DECIDED_US", "%" PRIu64, extent->decided_us);
}
