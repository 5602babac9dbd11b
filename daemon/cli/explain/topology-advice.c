// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain/receiver.h"
#include "cli/explain/topology-advice.h"
#include "cli/format/sizes.h"

/* Make a command that lists an object with all that is above and below it. */
static const char *list(char command[ADVICE_LEN], const char *filter, const char *name)
{
	snprintf(command, ADVICE_LEN, "cxl list -vvv %s %s", filter, name);
	return command;
}

/* libcxl leaves out a memory device without a file in /dev/cxl, but not its endpoint. */
static const char *device_of(const struct topology_decoder *decoder)
{
	return *decoder->memdev ? decoder->memdev : decoder->port;
}

/* --- memory devices and ports --- */

static void advise_on_health(const struct receiver *to, const struct topology_memdev *memdev)
{
	static const char *const phrases[] = {
		[HEALTH_MAINTENANCE] = "needs maintenance",
		[HEALTH_DEGRADED] = "is slower than it should be",
		[HEALTH_REPLACE] = "has to be replaced",
		[HEALTH_NOT_READY] = "is not ready",
		[HEALTH_PERSISTENCE_LOST] = "can no longer keep data without power",
		[HEALTH_DATA_LOST] = "has lost data",
	};
	char command[ADVICE_LEN];

	snprintf(command, sizeof(command), "cxl list -H -m %s", memdev->name);
	for (enum topology_health i = 0; i < HEALTHS; i++)
		if (memdev->health & 1u << i)
			advise(to, command, "%s (%s) reports that it %s", memdev->name,
			       memdev->slot, phrases[i]);
}

static void advise_on_memdev(const struct receiver *to, const struct topology_memdev *memdev)
{
	char command[ADVICE_LEN];

	if (!memdev->attached) {
		snprintf(command, sizeof(command),
			 "modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -vvv -m %s",
			 memdev->name);
		advise(to, command,
		       "%s (%s) has no endpoint, so no region can use it: no host bridge reaches it, "
		       "or no driver is bound",
		       memdev->name, memdev->slot);
	}
	if (memdev->updating) {
		snprintf(command, sizeof(command), "cxl list -F -m %s", memdev->name);
		advise(to, command, "A firmware update of %s (%s) is in progress", memdev->name,
		       memdev->slot);
	}
	advise_on_health(to, memdev);
}

static void advise_on_port(const struct receiver *to, const struct topology_port *port)
{
	char command[ADVICE_LEN];

	if (port->bound)
		return;
	snprintf(command, sizeof(command), "modprobe cxl_port && cxl list -vvv -p %s", port->name);
	advise(to, command,
	       "%s (%s) has no driver, so the kernel cannot use the decoders of the port",
	       port->name, port->slot);
}

/* --- targets of regions --- */

/* Write the names of the memory devices of the targets, and return the number of targets. */
static unsigned int list_targets(const struct topology *topology,
				 const struct topology_region *region, char names[ADVICE_LEN])
{
	unsigned int n = 0;
	size_t used = 0;

	*names = '\0';
	for (size_t i = 0; i < TOPOLOGY_TARGETS; i++) {
		const struct topology_decoder *decoder =
			topology_decoder(topology, region->targets[i]);

		if (!*region->targets[i])
			continue;
		if (used < ADVICE_LEN)
			used += (size_t)snprintf(names + used, ADVICE_LEN - used, "%s%s",
						 n ? ", " : "",
						 decoder ? device_of(decoder) : region->targets[i]);
		n++;
	}
	return n;
}

static void advise_on_missing(const struct receiver *to, const struct topology *topology,
			      const struct topology_region *region)
{
	char command[ADVICE_LEN], names[ADVICE_LEN];
	unsigned int n = list_targets(topology, region, names);

	list(command, "-r", region->name);
	if (!region->ways)
		advise(to, command, "%s has no interleave_ways yet, so it has no targets",
		       region->name);
	else if (n < region->ways)
		advise(to, command,
		       "%s has %u of %u targets%s%s%s: %u more endpoint decoder%s must join it",
		       region->name, n, region->ways, n ? " (" : "", names, n ? ")" : "",
		       region->ways - n, region->ways - n > 1 ? "s" : "");
}

/* Compare a target with its region, and with the first target. */
static void advise_on_target(const struct receiver *to, const struct topology_region *region,
			     const struct topology_decoder *first,
			     const struct topology_decoder *decoder)
{
	char command[ADVICE_LEN], size[SIZE_TEXT_LEN], other[SIZE_TEXT_LEN];

	list(command, "-r", region->name);
	if (decoder->pmem != region->pmem)
		advise(to, command, "%s of %s is for %s, and %s is for %s", decoder->name,
		       device_of(decoder), decoder->pmem ? "persistent memory" : "RAM",
		       region->name, region->pmem ? "persistent memory" : "RAM");
	if (decoder->dpa_size != first->dpa_size)
		advise(to, command,
		       "%s of %s has %s of device memory, %s of %s has %s: all targets of %s need the same "
		       "size",
		       first->name, device_of(first), size_text_short(size, first->dpa_size),
		       decoder->name, device_of(decoder), size_text_short(other, decoder->dpa_size),
		       region->name);
	/* A decoder that is not programmed has the values of the kernel, not of the region. */
	if (!decoder->size)
		return;
	if (decoder->ways != region->ways)
		advise(to, command, "%s of %s has interleave_ways %u, %s has %u", decoder->name,
		       device_of(decoder), decoder->ways, region->name, region->ways);
	if (decoder->granularity != region->granularity)
		advise(to, command, "%s of %s has interleave_granularity %u, %s has %u",
		       decoder->name, device_of(decoder), decoder->granularity, region->name,
		       region->granularity);
}

static void advise_on_region(const struct receiver *to, const struct topology *topology,
			     const struct topology_region *region)
{
	const struct topology_decoder *first = NULL;

	/* dax_cxl and dax_hmem do not use persistent memory. */
	if (region->pmem || region->committed)
		return;
	advise_on_missing(to, topology, region);
	for (size_t i = 0; i < TOPOLOGY_TARGETS; i++) {
		const struct topology_decoder *decoder =
			topology_decoder(topology, region->targets[i]);

		if (!decoder)
			continue;
		first = first ?: decoder;
		advise_on_target(to, region, first, decoder);
	}
}

/* --- endpoint decoders without a region --- */

static bool is_programmed(const struct topology_decoder *decoder)
{
	return decoder->kind == DECODER_ENDPOINT && decoder->size && !decoder->pmem;
}

static bool begins_with(const struct topology_decoder *a, const struct topology_decoder *b)
{
	return is_programmed(a) && a->has_start && b->has_start && a->start == b->start;
}

/* Return: the number of endpoint decoders that begin at the address of this one, with itself. */
static unsigned int count_siblings(const struct topology *topology,
				   const struct topology_decoder *decoder)
{
	unsigned int n = 0;

	for (size_t i = 0; i < topology->n_decoders; i++)
		n += begins_with(&topology->decoders[i], decoder);
	return n;
}

/* Return: an endpoint decoder that begins at the same address and differs otherwise, or NULL. */
static const struct topology_decoder *find_different(const struct topology *topology,
						     const struct topology_decoder *decoder)
{
	for (size_t i = 0; i < topology->n_decoders; i++) {
		const struct topology_decoder *other = &topology->decoders[i];

		if (begins_with(other, decoder) &&
		    (other->size != decoder->size || other->ways != decoder->ways ||
		     other->granularity != decoder->granularity))
			return other;
	}
	return NULL;
}

/* Return: true if a CXL window has the addresses of the decoder, or if that is not known. */
static bool has_window(const struct topology *topology, const struct topology_decoder *decoder)
{
	bool any = false;

	for (size_t i = 0; i < topology->n_decoders; i++) {
		const struct topology_decoder *window = &topology->decoders[i];

		if (window->kind != DECODER_ROOT)
			continue;
		if (!window->has_start || !decoder->has_start)
			return true;
		any = true;
		if (window->start <= decoder->start &&
		    decoder->start - window->start < window->size &&
		    window->size - (decoder->start - window->start) >= decoder->size)
			return true;
	}
	return !any;
}

/* Write what is known of the cause, or "". */
static void find_cause(const struct topology *topology, const struct topology_decoder *decoder,
		       char cause[ADVICE_LEN])
{
	const struct topology_decoder *other = find_different(topology, decoder);
	unsigned int siblings = count_siblings(topology, decoder);
	char size[SIZE_TEXT_LEN], others[SIZE_TEXT_LEN];

	*cause = '\0';
	if (!has_window(topology, decoder))
		snprintf(cause, ADVICE_LEN, ": no CXL window has its addresses");
	else if (other && other->size != decoder->size)
		snprintf(cause, ADVICE_LEN, ": it decodes %s, and %s of %s decodes %s",
			 size_text_short(size, decoder->size), other->name, device_of(other),
			 size_text_short(others, other->size));
	else if (other && other->ways != decoder->ways)
		snprintf(cause, ADVICE_LEN,
			 ": its interleave_ways is %u, and that of %s of %s is %u", decoder->ways,
			 other->name, device_of(other), other->ways);
	else if (other)
		snprintf(cause, ADVICE_LEN,
			 ": its interleave_granularity is %u, and that of %s of %s is %u",
			 decoder->granularity, other->name, device_of(other), other->granularity);
	else if (decoder->has_start && siblings < decoder->ways)
		snprintf(cause, ADVICE_LEN,
			 ": its interleave_ways is %u, but only %u decoder%s these addresses",
			 decoder->ways, siblings, siblings > 1 ? "s have" : " has");
}

static void advise_on_decoder(const struct receiver *to, const struct topology *topology,
			      const struct topology_decoder *decoder)
{
	char command[ADVICE_LEN], cause[ADVICE_LEN], addresses[64] = "";

	if (!is_programmed(decoder) || *decoder->region)
		return;
	list(command, "-d", decoder->name);
	if (decoder->has_start)
		snprintf(addresses, sizeof(addresses), " (0x%" PRIx64 "-0x%" PRIx64 ")",
			 decoder->start, decoder->start + decoder->size - 1);
	find_cause(topology, decoder, cause);
	advise(to, command, "%s of %s is programmed%s, but it is in no region%s", decoder->name,
	       device_of(decoder), addresses, cause);
}

/**
 * advice_on_topology() - give advice on devices with a fault and on regions that are not assembled
 * @topology: the topology; without advice if libcxl has not read it
 * @fn: called for each piece of advice
 * @data: passed to @fn
 */
void advice_on_topology(const struct topology *topology, advice_fn fn, void *data)
{
	const struct receiver to = { fn, data };

	if (!topology->known)
		return;
	for (size_t i = 0; i < topology->n_memdevs; i++)
		advise_on_memdev(&to, &topology->memdevs[i]);
	for (size_t i = 0; i < topology->n_ports; i++)
		advise_on_port(&to, &topology->ports[i]);
	for (size_t i = 0; i < topology->n_regions; i++)
		advise_on_region(&to, topology, &topology->regions[i]);
	for (size_t i = 0; i < topology->n_decoders; i++)
		advise_on_decoder(&to, topology, &topology->decoders[i]);
}
