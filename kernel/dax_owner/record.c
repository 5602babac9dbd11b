// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

static const char *const names[] = {
	[DAX_OWNER_STATE_PENDING] = "pending",
	[DAX_OWNER_STATE_DECIDED] = "decided",
	[DAX_OWNER_STATE_CLAIMED] = "claimed",
	[DAX_OWNER_STATE_IDLE] = "idle",
	[DAX_OWNER_STATE_OWNED] = "owned",
	[DAX_OWNER_STATE_RELEASED] = "released",
	[DAX_OWNER_STATE_STRANDED] = "stranded",
	[DAX_OWNER_STATE_WITHHELD] = "withheld",
};

/**
 * dax_owner_state_name() - the name of a state, as in sysfs, journal and JSON
 * @state: the state
 *
 * Return: a constant string.
 */
const char *dax_owner_state_name(enum dax_owner_state state)
{
	return names[state];
}

static bool is(const char *text, const char *name)
{
	while (*text && *text == *name) {
		text++;
		name++;
	}
	return *text == *name;
}

/**
 * dax_owner_state_parse() - the state a text names
 * @text: a name of dax_owner_state_name()
 * @state: where to put it; untouched on error
 *
 * Return: 0, or -EINVAL when @text names no state.
 */
int dax_owner_state_parse(const char *text, enum dax_owner_state *state)
{
	size_t i;

	for (i = 0; text && i < sizeof(names) / sizeof(*names); i++) {
		if (is(text, names[i])) {
			*state = i;
			return 0;
		}
	}
	return -EINVAL;
}
