// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of each record. The file must not know the journal's fields.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/messages.h"

/**
 * message_size() - format a size with a binary unit: 1 GiB, 1.5 GiB, 2 MiB
 * @bytes: the size
 * @text: filled in; the number has at most four significant digits
 *
 * Return: @text.
 */
const char *message_size(u64 bytes, char text[MESSAGE_SIZE_LEN])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
		value /= 1024;
	snprintf(text, MESSAGE_SIZE_LEN, "%.4g %s", value, units[unit]);
	return text;
}

/**
 * message_addresses() - format the addresses and the size of an extent
 * @extent: the extent
 * @text: filled in: "0x400000000-0x43fffffff (1 GiB)", or "1 GiB" for a hidden extent
 *
 * Return: @text.
 */
const char *message_addresses(const struct extent *extent, char text[MESSAGE_ADDRESSES_LEN])
{
	char size[MESSAGE_SIZE_LEN];

	message_size(extent_size(extent), size);
	if (extent->hidden)
		snprintf(text, MESSAGE_ADDRESSES_LEN, "%s", size);
	else
		snprintf(text, MESSAGE_ADDRESSES_LEN, "0x%" PRIx64 "-0x%" PRIx64 " (%s)",
			 extent->span.start, extent->span.end, size);
	return text;
}

static __attribute__((format(printf, 2, 3))) void print(char text[MESSAGE_LEN], const char *format,
							...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, MESSAGE_LEN, format, args);
	va_end(args);
}

/**
 * message_event() - write the message of an event
 * @event: the event
 * @extent: the extent after the event
 * @withheld_by: result of regions_withholding() for the extent; "" if it is not known
 * @text: filled in
 */
void message_event(enum event event, const struct extent *extent, const char *withheld_by,
		   char text[MESSAGE_LEN])
{
	const char *owner = dax_owner_owner_name(extent->owner);
	const char *reason = dax_owner_reason_name(extent->reason);
	const char *flags = dax_owner_flags_text(extent->flags);
	char where[MESSAGE_ADDRESSES_LEN];

	if (!*withheld_by)
		withheld_by = "a CXL region that is not for DAX";
	message_addresses(extent, where);
	switch (event) {
	case EVENT_CHANGED:
		print(text, "%s: owner changed from %s to %s", where,
		      dax_owner_owner_name(extent->previous), owner);
		return;
	case EVENT_DECIDED:
		/* without dax_owner, the present owner can differ from the expected owner */
		if (extent->expected != DAX_OWNER_NONE)
			owner = dax_owner_owner_name(extent->expected);
		print(text, "%s: decided for %s: %s%s%s%s", where, owner, reason,
		      *flags ? " (" : "", flags, *flags ? ")" : "");
		return;
	case EVENT_CLAIMED:
		print(text, "%s: claimed by %s", where, owner);
		return;
	case EVENT_OWNED:
		if (extent_is_at_risk(extent))
			print(text,
			      "%s: owned by %s as %s, but must have no driver: %s decodes it, and its data is "
			      "at risk",
			      where, owner, extent->device, withheld_by);
		else if (extent_is_wrong(extent))
			print(text, "%s: owned by %s as %s, but must be owned by %s: %s", where,
			      owner, extent->device, dax_owner_owner_name(extent->expected), reason);
		else
			print(text, "%s: owned by %s as %s", where, owner,
			      *extent->device ? extent->device : "a DAX device");
		return;
	case EVENT_UNBOUND:
		print(text, "%s: driver unbound from %s; %s keeps the claim", where,
		      *extent->device ? extent->device : "the DAX device", owner);
		return;
	case EVENT_RELEASED:
		print(text, "%s: released: its CXL region was torn down", where);
		return;
	case EVENT_CONFLICT:
		print(text, "%s cannot claim %s: already claimed by %s", owner, where,
		      *extent->holder ? extent->holder : "another device");
		return;
	case EVENT_WITHHELD:
		print(text, "%s: withheld: %s decodes it", where, withheld_by);
		return;
	case EVENT_STRANDED:
		print(text, "%s: stranded: no driver owns it: %s%s", where,
		      extent->error ? strerror(-extent->error) : reason,
		      extent->flags & DAX_OWNER_FLAG_DEADLINE ?
			      "; CXL enumeration did not end by the deadline" :
			      "");
		return;
	case EVENT_COUNT:
		break;
	}
	*text = '\0';
}

/**
 * message_settled() - write the message that ownership is settled
 * @cxl_bytes: bytes that dax_cxl owns
 * @hmem_bytes: bytes that dax_hmem owns
 * @stranded_bytes: stranded bytes
 * @usable_bytes: usable bytes
 * @text: filled in
 */
void message_settled(u64 cxl_bytes, u64 hmem_bytes, u64 stranded_bytes, u64 usable_bytes,
		     char text[MESSAGE_LEN])
{
	char cxl[MESSAGE_SIZE_LEN], hmem[MESSAGE_SIZE_LEN], stranded[MESSAGE_SIZE_LEN],
		usable[MESSAGE_SIZE_LEN];

	print(text,
	      "ownership is settled: dax_cxl owns %s, dax_hmem owns %s, stranded %s, usable %s",
	      message_size(cxl_bytes, cxl), message_size(hmem_bytes, hmem),
	      message_size(stranded_bytes, stranded), message_size(usable_bytes, usable));
}

/**
 * message_usable() - write a clause on the usable bytes of an extent and their reason
 * @extent: the extent
 * @text: filled in; "" if all bytes are usable, if the extent is withheld, or without a known
 *	reason
 *
 * Return: true if @text is not "".
 */
bool message_usable(const struct extent *extent, char text[MESSAGE_LEN])
{
	char usable[MESSAGE_SIZE_LEN], size[MESSAGE_SIZE_LEN], loss[MESSAGE_SIZE_LEN];

	*text = '\0';
	if (extent->state == DAX_OWNER_STATE_WITHHELD || extent->usable_bytes == extent_size(extent))
		return false;
	if (extent_lacks_node(extent))
		print(text,
		      "0 usable as system memory: the firmware's tables name no NUMA node; use the device as "
		      "devdax");
	else if (extent->block_loss_bytes)
		print(text, "usable %s of %s: %s lie in no whole memory block",
		      message_size(extent->usable_bytes, usable),
		      message_size(extent_size(extent), size),
		      message_size(extent->block_loss_bytes, loss));
	return *text;
}

/**
 * message_arbiter() - return the sentence on an arbiter
 * @arbiter: the arbiter
 *
 * Return: a sentence without a full stop, a constant.
 */
const char *message_arbiter(enum arbiter arbiter)
{
	static const char *const sentences[] = {
		[ARBITER_NONE] =
			"no driver decides: this kernel has none for Soft Reserved memory, or cannot load it",
		[ARBITER_LEGACY] = "the in-tree drivers decide, without an order between them",
		[ARBITER_NATIVE] = "the in-tree drivers decide",
		[ARBITER_DAX_OWNER] = "dax_owner decides",
	};

	return sentences[arbiter];
}

/**
 * message_deadline() - return the message that enumeration did not end before the deadline
 *
 * Return: a constant.
 */
const char *message_deadline(void)
{
	return "CXL enumeration did not end by the deadline: ownership was decided on the evidence so far";
}

/**
 * message_empty() - return the message that the machine is empty
 *
 * Return: a constant.
 */
const char *message_empty(void)
{
	return "no Soft Reserved memory and no CXL host: dax-ownerd ends, and starts again when such a device appears";
}

/**
 * message_device() - write the message on a device
 * @action: the action as in the uevent
 * @subsystem: "cxl" or "dax"
 * @name: name of the device
 * @text: filled in
 */
void message_device(const char *action, const char *subsystem, const char *name,
		    char text[MESSAGE_LEN])
{
	print(text, "%s device %s: %s", subsystem, name, action);
}

/**
 * message_held() - return the message that dax_cxl is held
 *
 * Return: a constant.
 */
const char *message_held(void)
{
	return "dax_cxl: held until dax_hmem's initial pass is over";
}

/**
 * message_ordered() - return the message that dax_cxl is no longer held
 *
 * Return: a constant.
 */
const char *message_ordered(void)
{
	return "dax_cxl: no longer held";
}

/**
 * message_missed() - write the message that changes may be missing from the journal
 * @cause: the cause, a clause
 * @text: filled in
 */
void message_missed(const char *cause, char text[MESSAGE_LEN])
{
	print(text, "records of changes may be missing: %s; the differences follow", cause);
}

/**
 * message_config() - write the message on a bad line of the configuration
 * @file: path of the file
 * @line: number of the line, from 1
 * @error: the error, a clause
 * @text: filled in
 */
void message_config(const char *file, unsigned int line, const char *error,
		    char text[MESSAGE_CONFIG_LEN])
{
	snprintf(text, MESSAGE_CONFIG_LEN, "%s:%u: line ignored: %s", file, line, error);
}

/**
 * message_failure() - write the message on a failure of a program
 * @error: a negative errno
 * @action: the failed action, a clause "cannot …"
 * @text: filled in
 */
void message_failure(int error, const char *action, char text[MESSAGE_LEN])
{
	print(text, "%s: %s", action, strerror(-error));
}
