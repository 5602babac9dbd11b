// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences on the reason of an extent. The file must not know where an extent comes from, or where
 * a sentence goes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/explain.h"
#include "model/messages.h"

#define BIND_A_DRIVER "The memory is usable when a driver is bound to its DAX device, %s"
#define DEADLINE "; CXL enumeration did not end by the deadline"

static __attribute__((format(printf, 2, 3))) void print(char *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, EXPLAIN_LEN, format, args);
	va_end(args);
}

#define UNSPLIT_LEN 128

static const char *explain_unsplit(const struct extent *extent, u64 block_size,
				   char text[UNSPLIT_LEN])
{
	char size[MESSAGE_SIZE_LEN];

	*text = '\0';
	if (extent->flags & DAX_OWNER_FLAG_UNSPLIT)
		snprintf(text, UNSPLIT_LEN,
			 "; policy split acts as whole, because the part that no region covers has no whole "
			 "memory block%s%s",
			 block_size ? " of " : "", block_size ? message_size(block_size, size) : "");
	return text;
}

/**
 * explain_rule() - write a sentence that names the rule that applied
 * @extent: the extent
 * @block_size: bytes of a memory block, 0 if not known
 * @text: buffer of EXPLAIN_LEN bytes, filled in without a full stop
 */
void explain_rule(const struct extent *extent, u64 block_size, char *text)
{
	static const char *const rules[] = {
		[DAX_OWNER_REASON_OUTSIDE_WINDOW] =
			"No CXL window of the firmware meets the range, so dax_hmem gets it",
		[DAX_OWNER_REASON_AWAITING_CXL] =
			"A CXL window meets the range, so the decision waits for the end of CXL enumeration",
		[DAX_OWNER_REASON_REGION_COVERS] =
			"Committed CXL regions cover the extent, so dax_cxl gets it",
		[DAX_OWNER_REASON_REGION_PARTIAL] =
			"Committed CXL regions cover only part of the range, so dax_hmem gets what dax_cxl "
			"does not get",
		[DAX_OWNER_REASON_NO_REGION] =
			"No committed CXL region covers any part of the range, so dax_hmem gets it",
		[DAX_OWNER_REASON_REGION_NOT_DAX] =
			"A committed CXL region that is not for DAX decodes the extent, so no driver gets it: "
			"system memory there would overwrite the region's data",
	};
	char unsplit[UNSPLIT_LEN];
	const char *deadline = extent->flags & DAX_OWNER_FLAG_DEADLINE ? DEADLINE : "";

	if (extent->reason == DAX_OWNER_REASON_CLAIM_FAILED)
		print(text, "The extent was decided for %s, whose claim failed: %s%s%s%s",
		      dax_owner_owner_name(extent->owner),
		      extent->error ? strerror(-extent->error) : "no driver was bound to its device",
		      *extent->holder ? ", already claimed by " : "", extent->holder, deadline);
	else
		print(text, "%s%s%s", rules[extent->reason],
		      explain_unsplit(extent, block_size, unsplit), deadline);
}

/* Return: the condition under which the rules give an owned extent to the other driver. */
static const char *other_decision(const struct extent *extent)
{
	switch (extent->reason) {
	case DAX_OWNER_REASON_OUTSIDE_WINDOW:
		return "dax_cxl gets it if the firmware's CEDT has a window there and committed regions cover "
		       "the whole range";
	case DAX_OWNER_REASON_REGION_COVERS:
		return "dax_hmem gets it if no committed region meets the extent when the range is decided";
	case DAX_OWNER_REASON_REGION_PARTIAL:
		if (extent->flags & DAX_OWNER_FLAG_UNSPLIT)
			return "dax_cxl gets it if committed regions cover the whole range when it is decided";
		return "dax_cxl gets it if committed regions cover the whole range when it is decided. With "
		       "policy split, dax_cxl gets the part that they cover";
	default:
		return "dax_cxl gets it if committed regions cover the whole range when it is decided";
	}
}

/**
 * explain_change() - write a sentence that names the condition for another owner or state
 * @extent: the extent
 * @text: buffer of EXPLAIN_LEN bytes, filled in without a full stop
 */
void explain_change(const struct extent *extent, char *text)
{
	switch (extent->state) {
	case DAX_OWNER_STATE_PENDING:
		print(text, "The owner is decided when CXL enumeration ends, or at the deadline");
		return;
	case DAX_OWNER_STATE_DECIDED:
		print(text, "%s claims the extent next", dax_owner_owner_name(extent->owner));
		return;
	case DAX_OWNER_STATE_CLAIMED:
	case DAX_OWNER_STATE_IDLE:
		if (*extent->device)
			print(text, BIND_A_DRIVER, extent->device);
		else
			print(text,
			      "The memory is usable when an administrator creates a DAX device from it");
		return;
	case DAX_OWNER_STATE_RELEASED:
		print(text, "Nothing decodes the addresses until a region is created there again: "
			    "cxl create-region");
		return;
	case DAX_OWNER_STATE_WITHHELD:
		print(text,
		      "dax_cxl gets the extent when a RAM region in place of the present region decodes it. "
		      "Between the two regions nothing decodes the addresses");
		return;
	case DAX_OWNER_STATE_STRANDED:
		if (extent->error == -ENODEV && *extent->device)
			print(text, BIND_A_DRIVER, extent->device);
		else if (extent->expected == DAX_OWNER_NONE)
			print(text,
			      "When the cause is gone, the extent can be decided again; each boot decides it "
			      "again");
		else
			print(text, "When the cause is gone, a reboot decides the extent again");
		return;
	default:
		break;
	}
	if (extent_is_at_risk(extent))
		print(text, "The rules give the extent to no driver: take it out of use at once");
	else if (extent_is_wrong(extent))
		print(text,
		      "The rules give the extent to %s: the in-tree drivers did not follow them, the "
		      "modules of dax_owner do",
		      dax_owner_owner_name(extent->expected));
	else
		print(text, "%s", other_decision(extent));
}
