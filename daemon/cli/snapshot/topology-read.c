// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the topology of CXL through libcxl, the library of the command cxl. The file must not apply
 * rules to it.
 */
#include <cxl/libcxl.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cli/snapshot/topology.h"
#include "system/regions-read.h"

DEFINE_CLEANUP(struct cxl_ctx *, cxl_unref)
DEFINE_CLEANUP(struct cxl_cmd *, cxl_cmd_unref)

/* What libcxl returns for a number that sysfs does not show */
#define UNKNOWN ULLONG_MAX

/*
 * Open libcxl, which reads the running system only. Its messages are off, because a file that is
 * missing or not readable leaves its facts unknown, which is no error.
 *
 * For root, the first call that lists memory devices also waits for the probes that the CXL core
 * has queued: libcxl writes to /sys/bus/cxl/flush. Nothing else that this file calls changes state.
 */
static int open_context(struct cxl_ctx **ctx)
{
	int r = cxl_new(ctx);

	if (r)
		return r < 0 ? r : -EIO;
	cxl_set_log_priority(*ctx, LOG_EMERG);
	return 0;
}

/* A new last element of an array of @n, all zero; NULL without memory */
#define APPEND(array, n) \
	({ \
		typeof(array) more = reallocarray(array, (n) + 1, sizeof(*more)); \
		if (more) { \
			(array) = more; \
			more += (n)++; \
			memset(more, 0, sizeof(*more)); \
		} \
		more; \
	})

static void copy(char *text, size_t len, const char *from)
{
	snprintf(text, len, "%s", from ?: "");
}

#define COPY(text, from) copy(text, sizeof(text), from)

static u64 or_zero(unsigned long long number)
{
	return number == UNKNOWN ? 0 : number;
}

/* --- memory devices --- */

/* libcxl sends the device a command, through a file that only root may open. */
static void read_health(struct cxl_memdev *from, struct topology_memdev *to)
{
	static int (*const tests[])(struct cxl_cmd *) = {
		[HEALTH_MAINTENANCE] = cxl_cmd_health_info_get_maintenance_needed,
		[HEALTH_DEGRADED] = cxl_cmd_health_info_get_performance_degraded,
		[HEALTH_REPLACE] = cxl_cmd_health_info_get_hw_replacement_needed,
		[HEALTH_NOT_READY] = cxl_cmd_health_info_get_media_not_ready,
		[HEALTH_PERSISTENCE_LOST] = cxl_cmd_health_info_get_media_persistence_lost,
		[HEALTH_DATA_LOST] = cxl_cmd_health_info_get_media_data_lost,
	};
	_cleanup_(cxl_cmd_unrefp) struct cxl_cmd *cmd = cxl_cmd_new_get_health_info(from);

	if (!cmd || cxl_cmd_submit(cmd) < 0 || cxl_cmd_get_mbox_status(cmd))
		return;
	to->health_known = true;
	for (enum topology_health i = 0; i < HEALTHS; i++)
		if (tests[i](cmd) > 0)
			to->health |= 1u << i;
}

static bool is_updating(struct cxl_memdev *memdev)
{
#if HAVE_CXL_FW_UPDATE
	return cxl_memdev_fw_update_in_progress(memdev);
#else
	(void)memdev;
	return false;
#endif
}

static int add_memdev(struct topology *topology, struct cxl_memdev *from)
{
	struct topology_memdev *to = APPEND(topology->memdevs, topology->n_memdevs);
	unsigned long long serial = cxl_memdev_get_serial(from);

	if (!to)
		return -ENOMEM;
	COPY(to->name, cxl_memdev_get_devname(from));
	COPY(to->slot, cxl_memdev_get_host(from));
	COPY(to->firmware, cxl_memdev_get_firmware_version(from));
	if (serial != UNKNOWN)
		snprintf(to->serial, sizeof(to->serial), "0x%llx", serial);
	to->updating = is_updating(from);
	to->bound = cxl_memdev_is_enabled(from);
	to->attached = cxl_memdev_get_endpoint(from);
	read_health(from, to);
	return 0;
}

static int add_memdevs(struct topology *topology, struct cxl_ctx *ctx)
{
	struct cxl_memdev *memdev;
	int r = 0;

	for (memdev = cxl_memdev_get_first(ctx); !r && memdev; memdev = cxl_memdev_get_next(memdev))
		r = add_memdev(topology, memdev);
	return r;
}

/* --- regions --- */

/* The oldest libcxl that the command accepts has no functions for these attributes. */
static void read_attributes(struct topology_region *to)
{
	char path[PATH_MAX], mode[32];

	to->dax = file_exists(REGIONS_DIRECTORY "/%s/dax_%s", to->name, to->name);
	snprintf(path, sizeof(path), REGIONS_DIRECTORY "/%s/mode", to->name);
	to->pmem = !file_first_line(path, mode, sizeof(mode)) && !strcmp(mode, "pmem");
}

static void read_targets(struct cxl_region *from, struct topology_region *to)
{
	for (unsigned int i = 0; i < to->ways && i < TOPOLOGY_TARGETS; i++) {
		struct cxl_decoder *decoder = cxl_region_get_target_decoder(from, (int)i);

		if (decoder)
			COPY(to->targets[i], cxl_decoder_get_devname(decoder));
	}
}

static int add_region(struct topology *topology, struct cxl_region *from)
{
	struct topology_region *to = APPEND(topology->regions, topology->n_regions);
	u64 start = or_zero(cxl_region_get_resource(from));
	u64 size = or_zero(cxl_region_get_size(from));

	if (!to)
		return -ENOMEM;
	COPY(to->name, cxl_region_get_devname(from));
	if (size)
		to->span = (struct dax_owner_span) { start, start + size - 1 };
	else
		to->span = (struct dax_owner_span) { 1, 0 };
	to->committed = cxl_region_decode_is_committed(from) > 0;
	to->bound = cxl_region_is_enabled(from) > 0;
	to->ways = cxl_region_get_interleave_ways(from);
	to->granularity = cxl_region_get_interleave_granularity(from);
	read_attributes(to);
	read_targets(from, to);
	return 0;
}

static int add_regions(struct topology *topology, struct cxl_decoder *root)
{
	struct cxl_region *region;
	int r = 0;

	for (region = cxl_region_get_first(root); !r && region; region = cxl_region_get_next(region))
		r = add_region(topology, region);
	return r;
}

static int compare(const void *a, const void *b)
{
	return strverscmp(((const struct topology_region *)a)->name,
			  ((const struct topology_region *)b)->name);
}

static void sort_regions(struct topology *topology)
{
	if (topology->n_regions)
		qsort(topology->regions, topology->n_regions, sizeof(*topology->regions), compare);
}

/* --- ports and decoders --- */

static int add_decoder(struct topology *topology, struct cxl_decoder *from, enum decoder_kind kind)
{
	struct topology_decoder *to = APPEND(topology->decoders, topology->n_decoders);
	unsigned long long start = cxl_decoder_get_resource(from);
	struct cxl_region *region;
	struct cxl_memdev *memdev;

	if (!to)
		return -ENOMEM;
	to->kind = kind;
	COPY(to->name, cxl_decoder_get_devname(from));
	COPY(to->port, cxl_port_get_devname(cxl_decoder_get_port(from)));
	to->size = or_zero(cxl_decoder_get_size(from));
	to->has_start = start != UNKNOWN;
	to->start = or_zero(start);
	to->ways = cxl_decoder_get_interleave_ways(from);
	to->granularity = cxl_decoder_get_interleave_granularity(from);
	if (kind == DECODER_ROOT)
		return add_regions(topology, from);
	region = cxl_decoder_get_region(from);
	COPY(to->region, region ? cxl_region_get_devname(region) : "");
	if (kind != DECODER_ENDPOINT)
		return 0;
	memdev = cxl_decoder_get_memdev(from);
	COPY(to->memdev, memdev ? cxl_memdev_get_devname(memdev) : "");
	to->dpa_size = or_zero(cxl_decoder_get_dpa_size(from));
	to->pmem = cxl_decoder_get_mode(from) == CXL_DECODER_MODE_PMEM;
	return 0;
}

static int add_decoders(struct topology *topology, struct cxl_port *port, enum decoder_kind kind)
{
	struct cxl_decoder *decoder;
	int r = 0;

	for (decoder = cxl_decoder_get_first(port); !r && decoder;
	     decoder = cxl_decoder_get_next(decoder))
		r = add_decoder(topology, decoder, kind);
	return r;
}

static int add_endpoints(struct topology *topology, struct cxl_port *port)
{
	struct cxl_endpoint *endpoint;
	int r = 0;

	for (endpoint = cxl_endpoint_get_first(port); !r && endpoint;
	     endpoint = cxl_endpoint_get_next(endpoint))
		r = add_decoders(topology, cxl_endpoint_get_port(endpoint), DECODER_ENDPOINT);
	return r;
}

static int add_port(struct topology *topology, struct cxl_port *from)
{
	struct topology_port *to = APPEND(topology->ports, topology->n_ports);
	int r;

	if (!to)
		return -ENOMEM;
	COPY(to->name, cxl_port_get_devname(from));
	COPY(to->slot, cxl_port_get_host(from));
	to->bound = cxl_port_is_enabled(from);
	r = add_decoders(topology, from, DECODER_SWITCH);
	return r ?: add_endpoints(topology, from);
}

/* On a machine of CXL 1.1, the endpoints are below the root. */
static int add_root(struct topology *topology, struct cxl_port *root)
{
	struct cxl_port *port;
	int r = add_decoders(topology, root, DECODER_ROOT);

	if (!r)
		r = add_endpoints(topology, root);
	for (port = cxl_port_get_first(root); !r && port; port = cxl_port_get_next_all(port, root))
		r = add_port(topology, port);
	return r;
}

/**
 * topology_read() - read the topology of CXL through libcxl
 * @topology: filled in; the caller releases it with topology_free(); empty after an error
 *
 * A file that is missing or not readable leaves its facts unknown, which is no error.
 *
 * The function waits as long as the kernel probes memory devices, so only a child process calls it.
 *
 * Return: 0, also on a machine without CXL; -ENOMEM; another negative errno if libcxl is not
 * available.
 */
int topology_read(struct topology *topology)
{
	_cleanup_(cxl_unrefp) struct cxl_ctx *ctx = NULL;
	struct cxl_bus *bus;
	int r;

	*topology = (struct topology) {};
	r = open_context(&ctx);
	if (!r)
		r = add_memdevs(topology, ctx);
	for (bus = r ? NULL : cxl_bus_get_first(ctx); !r && bus; bus = cxl_bus_get_next(bus))
		r = add_root(topology, cxl_bus_get_port(bus));
	if (r) {
		topology_free(topology);
		return r;
	}
	sort_regions(topology);
	topology->known = true;
	return 0;
}
