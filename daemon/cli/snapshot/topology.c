// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/snapshot/topology.h"

/**
 * topology_free() - free all arrays
 * @topology: empty afterwards, and ready for use
 */
void topology_free(struct topology *topology)
{
	free(topology->memdevs);
	free(topology->ports);
	free(topology->decoders);
	free(topology->regions);
	free(topology->by_name);
	*topology = (struct topology) {};
}

/**
 * topology_health_word() - return the name of what a memory device reports about its health
 * @health: what it reports
 *
 * Return: a constant word, as in docs/schema/explain.json.
 */
const char *topology_health_word(enum topology_health health)
{
	static const char *const words[] = {
		[HEALTH_MAINTENANCE] = "maintenance-needed",
		[HEALTH_DEGRADED] = "performance-degraded",
		[HEALTH_REPLACE] = "replacement-needed",
		[HEALTH_NOT_READY] = "media-not-ready",
		[HEALTH_PERSISTENCE_LOST] = "persistence-lost",
		[HEALTH_DATA_LOST] = "data-lost",
	};

	return words[health];
}

/**
 * topology_memdev() - find a memory device by its name
 * @topology: the topology
 * @name: for example "mem0"
 *
 * Return: the memory device, which @topology owns; NULL if there is none.
 */
const struct topology_memdev *topology_memdev(const struct topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->n_memdevs; i++)
		if (!strcmp(topology->memdevs[i].name, name))
			return &topology->memdevs[i];
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct topology_decoder *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

static int compare_to_name(const void *name, const void *entry)
{
	const struct topology_decoder *const *decoder = entry;

	return strcmp(name, (*decoder)->name);
}

/**
 * topology_sort() - make topology_decoder() fast
 * @topology: with all its decoders. A topology that a stranger made may have many.
 *
 * Return: 0, or -ENOMEM.
 */
int topology_sort(struct topology *topology)
{
	topology->by_name = calloc(topology->n_decoders ?: 1, sizeof(*topology->by_name));
	if (!topology->by_name)
		return -ENOMEM;
	for (size_t i = 0; i < topology->n_decoders; i++)
		topology->by_name[i] = &topology->decoders[i];
	qsort(topology->by_name, topology->n_decoders, sizeof(*topology->by_name), compare_names);
	return 0;
}

/**
 * topology_decoder() - find a decoder by its name
 * @topology: the topology
 * @name: for example "decoder3.0"
 *
 * Return: the decoder, which @topology owns; NULL if there is none.
 */
const struct topology_decoder *topology_decoder(const struct topology *topology, const char *name)
{
	const struct topology_decoder *const *found;

	if (topology->by_name) {
		found = bsearch(name, topology->by_name, topology->n_decoders,
				sizeof(*topology->by_name), compare_to_name);
		return found ? *found : NULL;
	}
	for (size_t i = 0; i < topology->n_decoders; i++)
		if (!strcmp(topology->decoders[i].name, name))
			return &topology->decoders[i];
	return NULL;
}

/**
 * topology_region() - find a region by its name
 * @topology: the topology
 * @name: for example "region0"
 *
 * Return: the region, which @topology owns; NULL if there is none.
 */
const struct topology_region *topology_region(const struct topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->n_regions; i++)
		if (!strcmp(topology->regions[i].name, name))
			return &topology->regions[i];
	return NULL;
}

static bool is_target(const struct topology *topology, const struct topology_region *region,
		      const struct topology_memdev *memdev)
{
	for (size_t i = 0; i < TOPOLOGY_TARGETS; i++) {
		const struct topology_decoder *decoder =
			topology_decoder(topology, region->targets[i]);

		if (decoder && !strcmp(decoder->memdev, memdev->name))
			return true;
	}
	return false;
}

/**
 * topology_serves() - check whether a memory device is behind addresses
 * @topology: the topology
 * @memdev: the memory device
 * @span: the addresses, both ends inclusive
 *
 * Return: true if the device is a target of a committed region that meets @span.
 */
bool topology_serves(const struct topology *topology, const struct topology_memdev *memdev,
		     const struct dax_owner_span *span)
{
	for (size_t i = 0; i < topology->n_regions; i++) {
		const struct topology_region *region = &topology->regions[i];

		if (region->committed && dax_owner_span_meets(&region->span, span) &&
		    is_target(topology, region, memdev))
			return true;
	}
	return false;
}
