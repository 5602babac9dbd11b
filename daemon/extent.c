// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extents to properties and back: see docs/abi/uevents.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extent.h"

static const char *const state_names[] = {
	[DAX_OWNER_STATE_PENDING] = "pending",
	[DAX_OWNER_STATE_DECIDED] = "decided",
	[DAX_OWNER_STATE_CLAIMED] = "claimed",
	[DAX_OWNER_STATE_OWNED] = "owned",
	[DAX_OWNER_STATE_RELEASED] = "released",
	[DAX_OWNER_STATE_STRANDED] = "stranded",
};

/**
 * dax_owner_state_name() - the word for a state
 * @state: a state
 */
const char *dax_owner_state_name(enum dax_owner_state state)
{
	return state_names[state];
}

/**
 * extent_size() - bytes of an extent
 * @extent: an extent
 */
u64 extent_size(const struct extent *extent)
{
	return extent->span.end - extent->span.start + 1;
}

/**
 * extent_is_wrong() - has somebody else an extent than the rules say?
 * @extent: an extent
 */
bool extent_is_wrong(const struct extent *extent)
{
	return extent->expected != DAX_OWNER_NONE && extent->expected != extent->owner;
}

/* The names of an enum, asked one by one: verdict.h has functions for some of them. */
typedef const char *(*name_fn)(unsigned int value);

static const char *owner_name(unsigned int value)
{
	return dax_owner_owner_name(value);
}

static const char *reason_name(unsigned int value)
{
	return dax_owner_reason_name(value);
}

static const char *state_name(unsigned int value)
{
	return state_names[value];
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

/* Absent means @value as it is: what one source does not know is not an error. */
static int parse_int(const char *text, int *value)
{
	char *end;
	long parsed;

	if (!text)
		return 0;
	errno = 0;
	parsed = strtol(text, &end, 10);
	if (!*text || *end || errno || parsed < INT32_MIN || parsed > INT32_MAX)
		return -EINVAL;
	*value = (int)parsed;
	return 0;
}

static void copy_name(char *to, const char *from)
{
	snprintf(to, EXTENT_NAME_LEN, "%s", from ?: "");
}

/**
 * extent_read() - an extent from its properties
 * @extent: filled in, undefined after an error
 * @get: looks a property up
 * @from: passed on to @get
 *
 * Return: 0; -EINVAL if START, END, OWNER, STATE or REASON is missing or anything is
 * malformed; -ERANGE if a number is too large.
 */
int extent_read(struct extent *extent, extent_get_fn get, void *from)
{
	unsigned int owner, previous = DAX_OWNER_NONE, expected = DAX_OWNER_NONE, state, reason;
	const char *text;
	int r;

	*extent = (struct extent){ .node = -1 };

	r = parse_u64(get("START", from), &extent->span.start);
	if (!r)
		r = parse_u64(get("END", from), &extent->span.end);
	if (!r)
		r = parse_name(get("OWNER", from), owner_name, DAX_OWNER_HMEM, &owner);
	if (!r)
		r = parse_name(get("STATE", from), state_name, DAX_OWNER_STATE_STRANDED, &state);
	if (!r)
		r = parse_name(get("REASON", from), reason_name,
			       DAX_OWNER_REASON_CLAIM_FAILED, &reason);
	if (!r && (text = get("PREVIOUS", from)))
		r = parse_name(text, owner_name, DAX_OWNER_HMEM, &previous);
	if (!r && (text = get("EXPECTED", from)))
		r = parse_name(text, owner_name, DAX_OWNER_HMEM, &expected);
	if (!r)
		r = parse_int(get("NODE", from), &extent->node);
	if (!r)
		r = parse_int(get("ERRNO", from), &extent->error);
	if (r)
		return r;
	if (extent->span.start > extent->span.end)
		return -EINVAL;

	extent->owner = owner;
	extent->previous = previous;
	extent->expected = expected;
	extent->state = state;
	extent->reason = reason;
	text = get("FLAGS", from);
	if (text && strstr(text, "deadline"))
		extent->flags = DAX_OWNER_FLAG_DEADLINE;
	copy_name(extent->device, get("DEVICE", from));
	copy_name(extent->holder, get("HOLDER", from));
	return 0;
}

/**
 * extent_write() - the properties of an extent
 * @extent: an extent
 * @put: called once for each
 * @to: passed on to @put
 */
void extent_write(const struct extent *extent, extent_put_fn put, void *to)
{
	char number[32];

	snprintf(number, sizeof(number), "0x%" PRIx64, extent->span.start);
	put("DAX_OWNER_START", number, to);
	snprintf(number, sizeof(number), "0x%" PRIx64, extent->span.end);
	put("DAX_OWNER_END", number, to);
	put("DAX_OWNER_OWNER", dax_owner_owner_name(extent->owner), to);
	put("DAX_OWNER_PREVIOUS", dax_owner_owner_name(extent->previous), to);
	if (extent->expected != DAX_OWNER_NONE)
		put("DAX_OWNER_EXPECTED", dax_owner_owner_name(extent->expected), to);
	put("DAX_OWNER_STATE", dax_owner_state_name(extent->state), to);
	put("DAX_OWNER_REASON", dax_owner_reason_name(extent->reason), to);
	put("DAX_OWNER_FLAGS", extent->flags & DAX_OWNER_FLAG_DEADLINE ? "deadline" : "", to);
	put("DAX_OWNER_DEVICE", extent->device, to);
	snprintf(number, sizeof(number), "%d", extent->node);
	put("DAX_OWNER_NODE", number, to);
	snprintf(number, sizeof(number), "%d", extent->error);
	put("DAX_OWNER_ERRNO", number, to);
	put("DAX_OWNER_HOLDER", extent->holder, to);
}
