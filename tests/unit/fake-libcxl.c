// SPDX-License-Identifier: GPL-2.0-only
#include <cxl/libcxl.h>
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "fake-libcxl.h"

struct fake_libcxl fake_libcxl;

/* One context, and one command for all memory devices */
struct cxl_ctx {
	int unused;
};
struct cxl_cmd {
	struct cxl_memdev *memdev;
};

static struct cxl_ctx context;
static struct cxl_cmd command;

int cxl_new(struct cxl_ctx **ctx)
{
	if (fake_libcxl.error)
		return fake_libcxl.error;
	fake_libcxl.contexts++;
	*ctx = &context;
	return 0;
}

void cxl_unref(struct cxl_ctx *ctx)
{
	(void)ctx;
	fake_libcxl.contexts--;
}

void cxl_set_log_priority(struct cxl_ctx *ctx, int priority)
{
	(void)ctx;
	(void)priority;
}

/* --- memory devices --- */

struct cxl_memdev *cxl_memdev_get_first(struct cxl_ctx *ctx)
{
	(void)ctx;
	while (fake_libcxl.hangs)
		pause();
	return fake_libcxl.memdevs;
}

struct cxl_memdev *cxl_memdev_get_next(struct cxl_memdev *memdev)
{
	return memdev->next;
}

const char *cxl_memdev_get_devname(struct cxl_memdev *memdev)
{
	return memdev->name;
}

const char *cxl_memdev_get_host(struct cxl_memdev *memdev)
{
	return memdev->host;
}

const char *cxl_memdev_get_firmware_verison(struct cxl_memdev *memdev)
{
	return memdev->firmware;
}

unsigned long long cxl_memdev_get_serial(struct cxl_memdev *memdev)
{
	return memdev->serial;
}

int cxl_memdev_is_enabled(struct cxl_memdev *memdev)
{
	return memdev->enabled;
}

struct cxl_endpoint *cxl_memdev_get_endpoint(struct cxl_memdev *memdev)
{
	return (struct cxl_endpoint *)memdev->endpoint;
}

/* Only a newer libcxl.h has the prototype. */
bool cxl_memdev_fw_update_in_progress(struct cxl_memdev *memdev);

bool cxl_memdev_fw_update_in_progress(struct cxl_memdev *memdev)
{
	(void)memdev;
	return false;
}

/* --- health --- */

struct cxl_cmd *cxl_cmd_new_get_health_info(struct cxl_memdev *memdev)
{
	if (!memdev->has_health)
		return NULL;
	fake_libcxl.contexts++;
	command.memdev = memdev;
	return &command;
}

void cxl_cmd_unref(struct cxl_cmd *cmd)
{
	(void)cmd;
	fake_libcxl.contexts--;
}

int cxl_cmd_submit(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

int cxl_cmd_get_mbox_status(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

int cxl_cmd_health_info_get_maintenance_needed(struct cxl_cmd *cmd)
{
	return cmd->memdev->needs_maintenance;
}

int cxl_cmd_health_info_get_performance_degraded(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

int cxl_cmd_health_info_get_hw_replacement_needed(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

int cxl_cmd_health_info_get_media_not_ready(struct cxl_cmd *cmd)
{
	(void)cmd;
	return -EOPNOTSUPP;
}

int cxl_cmd_health_info_get_media_persistence_lost(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

int cxl_cmd_health_info_get_media_data_lost(struct cxl_cmd *cmd)
{
	(void)cmd;
	return 0;
}

/* --- ports --- */

struct cxl_bus *cxl_bus_get_first(struct cxl_ctx *ctx)
{
	(void)ctx;
	return (struct cxl_bus *)fake_libcxl.root;
}

struct cxl_bus *cxl_bus_get_next(struct cxl_bus *bus)
{
	(void)bus;
	return NULL;
}

struct cxl_port *cxl_bus_get_port(struct cxl_bus *bus)
{
	return (struct cxl_port *)bus;
}

struct cxl_port *cxl_port_get_first(struct cxl_port *parent)
{
	return parent->ports;
}

/* The tests have one level of ports. */
struct cxl_port *cxl_port_get_next_all(struct cxl_port *port, const struct cxl_port *top)
{
	(void)top;
	return port->next;
}

const char *cxl_port_get_devname(struct cxl_port *port)
{
	return port->name;
}

const char *cxl_port_get_host(struct cxl_port *port)
{
	return port->host;
}

int cxl_port_is_enabled(struct cxl_port *port)
{
	return port->enabled;
}

struct cxl_endpoint *cxl_endpoint_get_first(struct cxl_port *parent)
{
	return (struct cxl_endpoint *)parent->endpoints;
}

struct cxl_endpoint *cxl_endpoint_get_next(struct cxl_endpoint *endpoint)
{
	return (struct cxl_endpoint *)((struct cxl_port *)endpoint)->next;
}

struct cxl_port *cxl_endpoint_get_port(struct cxl_endpoint *endpoint)
{
	return (struct cxl_port *)endpoint;
}

/* --- decoders --- */

struct cxl_decoder *cxl_decoder_get_first(struct cxl_port *port)
{
	return port->decoders;
}

struct cxl_decoder *cxl_decoder_get_next(struct cxl_decoder *decoder)
{
	return decoder->next;
}

const char *cxl_decoder_get_devname(struct cxl_decoder *decoder)
{
	return decoder->name;
}

struct cxl_port *cxl_decoder_get_port(struct cxl_decoder *decoder)
{
	return decoder->port;
}

unsigned long long cxl_decoder_get_resource(struct cxl_decoder *decoder)
{
	return decoder->resource;
}

unsigned long long cxl_decoder_get_size(struct cxl_decoder *decoder)
{
	return decoder->size;
}

unsigned long long cxl_decoder_get_dpa_size(struct cxl_decoder *decoder)
{
	return decoder->dpa_size;
}

unsigned int cxl_decoder_get_interleave_ways(struct cxl_decoder *decoder)
{
	return decoder->ways;
}

unsigned int cxl_decoder_get_interleave_granularity(struct cxl_decoder *decoder)
{
	return decoder->granularity;
}

enum cxl_decoder_mode cxl_decoder_get_mode(struct cxl_decoder *decoder)
{
	return decoder->pmem ? CXL_DECODER_MODE_PMEM : CXL_DECODER_MODE_RAM;
}

struct cxl_region *cxl_decoder_get_region(struct cxl_decoder *decoder)
{
	return decoder->region;
}

struct cxl_memdev *cxl_decoder_get_memdev(struct cxl_decoder *decoder)
{
	return decoder->memdev;
}

/* --- regions --- */

struct cxl_region *cxl_region_get_first(struct cxl_decoder *decoder)
{
	return decoder->regions;
}

struct cxl_region *cxl_region_get_next(struct cxl_region *region)
{
	return region->next;
}

const char *cxl_region_get_devname(struct cxl_region *region)
{
	return region->name;
}

unsigned long long cxl_region_get_resource(struct cxl_region *region)
{
	return region->resource;
}

unsigned long long cxl_region_get_size(struct cxl_region *region)
{
	return region->size;
}

int cxl_region_decode_is_committed(struct cxl_region *region)
{
	return region->committed;
}

int cxl_region_is_enabled(struct cxl_region *region)
{
	return region->enabled;
}

unsigned int cxl_region_get_interleave_ways(struct cxl_region *region)
{
	return region->ways;
}

unsigned int cxl_region_get_interleave_granularity(struct cxl_region *region)
{
	return region->granularity;
}

struct cxl_decoder *cxl_region_get_target_decoder(struct cxl_region *region, int position)
{
	return position < 4 ? region->targets[position] : NULL;
}
