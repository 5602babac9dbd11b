// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extents and records as JSON.
 *
 * Empty fields are left out, as in the journal. An address is a string, because the last byte may
 * be 2^64 - 1 and most JSON parsers keep 53 bits. A size is a number, because clients calculate
 * with it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "daemon/describe.h"
#include "model/messages.h"

#define _cleanup_json_ _cleanup_(sd_json_variant_unrefp)

static int describe_regions(const struct dax_owner_span *span, const struct regions *regions,
			    sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *names = NULL;
	int r = sd_json_variant_new_array(&names, NULL, 0);

	for (size_t i = 0; r >= 0 && i < regions->n; i++)
		if (dax_owner_span_meets(&regions->regions[i].span, span))
			r = sd_json_variant_append_arrayb(&names, SD_JSON_BUILD_STRING(
									  regions->regions[i].name));
	if (r < 0)
		return r;
	*json = names;
	names = NULL;
	return 0;
}

static int describe_flags(unsigned int flags, sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *names = NULL;
	int r = sd_json_variant_new_array(&names, NULL, 0);

	for (unsigned int flag = 0; r >= 0 && (flag = extent_next_flag(flags, flag));)
		r = sd_json_variant_append_arrayb(&names,
						  SD_JSON_BUILD_STRING(dax_owner_flags_text(flag)));
	if (r < 0)
		return r;
	*json = names;
	names = NULL;
	return 0;
}

/**
 * describe_extent() - describe an extent
 * @extent: the extent
 * @regions: the committed CXL regions; those that overlap the extent are listed
 * @addresses: include the physical addresses
 * @json: set to the description, of type Extent; the caller drops the reference
 *
 * Return: 0 or positive; a negative errno.
 */
int describe_extent(const struct extent *extent, const struct regions *regions, bool addresses,
		    sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *names = NULL, *flags = NULL;
	char start[32], end[32];
	int r;

	r = describe_regions(&extent->span, regions, &names);
	if (r >= 0)
		r = describe_flags(extent->flags, &flags);
	if (r < 0)
		return r;
	snprintf(start, sizeof(start), "0x%" PRIx64, extent->span.start);
	snprintf(end, sizeof(end), "0x%" PRIx64, extent->span.end);
	/* clang-format off: a line for each member */
	return sd_json_buildo(json,
			      SD_JSON_BUILD_PAIR_CONDITION(addresses, "start",
							   SD_JSON_BUILD_STRING(start)),
			      SD_JSON_BUILD_PAIR_CONDITION(addresses, "end",
							   SD_JSON_BUILD_STRING(end)),
			      SD_JSON_BUILD_PAIR_UNSIGNED("size", extent_size(extent)),
			      SD_JSON_BUILD_PAIR_STRING("owner", dax_owner_owner_name(extent->owner)),
			      SD_JSON_BUILD_PAIR_STRING("previous",
							dax_owner_owner_name(extent->previous)),
			      SD_JSON_BUILD_PAIR_CONDITION(extent->expected != DAX_OWNER_NONE ||
								   extent_is_wrong(extent),
							   "expected",
							   SD_JSON_BUILD_STRING(dax_owner_owner_name(
								   extent->expected))),
			      SD_JSON_BUILD_PAIR_STRING("state", dax_owner_state_name(extent->state)),
			      SD_JSON_BUILD_PAIR_STRING("reason",
							dax_owner_reason_name(extent->reason)),
			      SD_JSON_BUILD_PAIR_VARIANT("flags", flags),
			      SD_JSON_BUILD_PAIR_CONDITION(*extent->device, "device",
							   SD_JSON_BUILD_STRING(extent->device)),
			      SD_JSON_BUILD_PAIR_CONDITION(extent->node >= 0, "target_node",
							   SD_JSON_BUILD_INTEGER(extent->node)),
			      SD_JSON_BUILD_PAIR_UNSIGNED("usable_bytes", extent->usable_bytes),
			      SD_JSON_BUILD_PAIR_UNSIGNED("block_loss_bytes",
							  extent->block_loss_bytes),
			      SD_JSON_BUILD_PAIR_CONDITION(extent->decided_us != 0, "decided_us",
							   SD_JSON_BUILD_UNSIGNED(
								   extent->decided_us)),
			      SD_JSON_BUILD_PAIR_CONDITION(extent->error, "error",
							   SD_JSON_BUILD_INTEGER(extent->error)),
			      SD_JSON_BUILD_PAIR_CONDITION(*extent->holder, "holder",
							   SD_JSON_BUILD_STRING(extent->holder)),
			      SD_JSON_BUILD_PAIR_VARIANT("regions", names));
	/* clang-format on */
}

static int describe_map(const struct extent_map *map, const struct regions *regions, bool addresses,
			sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *extents = NULL;
	int r = sd_json_variant_new_array(&extents, NULL, 0);

	for (size_t i = 0; r >= 0 && i < map->n; i++) {
		_cleanup_json_ sd_json_variant *extent = NULL;

		r = describe_extent(&map->extents[i], regions, addresses, &extent);
		if (r >= 0)
			r = sd_json_variant_append_array(&extents, extent);
	}
	if (r < 0)
		return r;
	*json = extents;
	extents = NULL;
	return 0;
}

/**
 * describe_extents() - describe all extents with the kernel, the arbiter and the sums of bytes
 * @recorder: the recorder with the extents
 * @arbiter: the arbiter of this kernel
 * @addresses: include the physical addresses
 * @json: set to the description, of type Ledger; the caller drops the reference
 *
 * Return: 0 or positive; a negative errno.
 */
int describe_extents(struct recorder *recorder, enum arbiter arbiter, bool addresses,
		     sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *extents = NULL;
	const struct state *state = &recorder->recorded;
	struct utsname kernel;
	int r;

	uname(&kernel);
	r = describe_map(&state->map, recorder_regions(recorder), addresses, &extents);
	if (r < 0)
		return r;
	return sd_json_buildo(json, SD_JSON_BUILD_PAIR_STRING("kernel", kernel.release),
			      SD_JSON_BUILD_PAIR_STRING("arbiter", arbiter_name(arbiter)),
			      SD_JSON_BUILD_PAIR_BOOLEAN("settled", state->settled),
			      SD_JSON_BUILD_PAIR_UNSIGNED("stranded_bytes",
							  extent_map_bytes(&state->map,
									   DAX_OWNER_STATE_STRANDED)),
			      SD_JSON_BUILD_PAIR_UNSIGNED("usable_bytes",
							  extent_map_usable_bytes(&state->map)),
			      SD_JSON_BUILD_PAIR_VARIANT("extents", extents));
}

/*
 * A record about an extent names the addresses in its sentence. So this function builds the
 * sentence again for a hidden extent.
 *
 * Return: @text, or the sentence of @news if the record is about no extent.
 */
static const char *message_without_addresses(const struct journal_record *news,
					     char text[MESSAGE_LEN])
{
	struct extent extent;

	if (!news->extent)
		return news->message;
	extent = *news->extent;
	extent.hidden = true;
	message_event(news->kind, &extent, news->withheld_by, text);
	return text;
}

/**
 * describe_record() - describe a record
 * @recorder: the recorder with the extents and the regions
 * @news: the contents of the record
 * @addresses: include the physical addresses of the extent
 * @json: set to the description, of type Record; the caller drops the reference
 *
 * Return: 0 or positive; a negative errno.
 */
int describe_record(struct recorder *recorder, const struct journal_record *news, bool addresses,
		    sd_json_variant **json)
{
	_cleanup_json_ sd_json_variant *extent = NULL;
	const struct state *state = &recorder->recorded;
	bool is_device = news->device;
	char message[MESSAGE_LEN];
	int r = 0;

	if (news->extent)
		r = describe_extent(news->extent, recorder_regions(recorder), addresses, &extent);
	if (r < 0)
		return r;
	return sd_json_buildo(json, SD_JSON_BUILD_PAIR_STRING("event", news->event),
			      SD_JSON_BUILD_PAIR_STRING("message",
							addresses ?
								news->message :
								message_without_addresses(news,
											  message)),
			      SD_JSON_BUILD_PAIR_BOOLEAN("settled", state->settled),
			      SD_JSON_BUILD_PAIR_UNSIGNED("stranded_bytes",
							  extent_map_bytes(&state->map,
									   DAX_OWNER_STATE_STRANDED)),
			      SD_JSON_BUILD_PAIR_CONDITION(extent != NULL, "extent",
							   SD_JSON_BUILD_VARIANT(extent)),
			      SD_JSON_BUILD_PAIR_CONDITION(is_device, "subsystem",
							   SD_JSON_BUILD_STRING(news->subsystem)),
			      SD_JSON_BUILD_PAIR_CONDITION(is_device, "device",
							   SD_JSON_BUILD_STRING(news->device)));
}
