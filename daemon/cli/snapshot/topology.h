/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The topology of CXL: memory devices, ports, decoders and regions, as libcxl reads them. Only the
 * command links libcxl, because the daemon must stay small.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_H
#define DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_H

#include "model/extent.h"

/* Highest number of targets of a region */
#define TOPOLOGY_TARGETS 16

/* Bytes of a device's firmware version, and of its slot, with the terminating zero */
#define TOPOLOGY_FIRMWARE_LEN 32
#define TOPOLOGY_SLOT_LEN 64

/* Bytes of a serial number in hexadecimal, or of the word in its place, with the terminating zero */
#define TOPOLOGY_SERIAL_LEN 32

/*
 * What a memory device reports about its health. Each is a bit; topology_health_word() returns its
 * name.
 */
enum topology_health {
	HEALTH_MAINTENANCE,
	HEALTH_DEGRADED,
	HEALTH_REPLACE,
	HEALTH_NOT_READY,
	HEALTH_PERSISTENCE_LOST,
	HEALTH_DATA_LOST,
	HEALTHS
};

/**
 * struct topology_memdev - a CXL memory device
 * @name: for example "mem0"
 * @slot: name of the device that it belongs to, a PCI address
 * @serial: the serial number, hexadecimal with 0x; a word like <serial-1> if the copy is of a report
 *   that masks it; "" if unknown
 * @firmware: version of the firmware that is active, "" if unknown
 * @updating: a firmware update is in progress
 * @bound: the driver cxl_mem is bound to it
 * @attached: it has an endpoint, so a host bridge reaches it
 * @health_known: @health is filled in; only root gets the health, and not every device reports it
 * @health: what the device reports, a bit of enum topology_health each; 0 if nothing is unusual
 */
struct topology_memdev {
	char name[EXTENT_NAME_LEN];
	char slot[TOPOLOGY_SLOT_LEN];
	char serial[TOPOLOGY_SERIAL_LEN];
	char firmware[TOPOLOGY_FIRMWARE_LEN];
	bool updating;
	bool bound;
	bool attached;
	bool health_known;
	unsigned int health;
};

/**
 * struct topology_port - a port between the root and the endpoints: a host bridge or a switch
 * @name: for example "port1"
 * @slot: name of the device that it belongs to
 * @bound: the driver cxl_port is bound to it
 */
struct topology_port {
	char name[EXTENT_NAME_LEN];
	char slot[TOPOLOGY_SLOT_LEN];
	bool bound;
};

/**
 * enum decoder_kind - the place of a decoder
 * @DECODER_ROOT: a CXL window
 * @DECODER_SWITCH: of a host bridge or a switch
 * @DECODER_ENDPOINT: of a memory device
 */
enum decoder_kind {
	DECODER_ROOT,
	DECODER_SWITCH,
	DECODER_ENDPOINT,
};

/**
 * struct topology_decoder - a decoder
 * @name: for example "decoder3.0"
 * @kind: its place
 * @port: name of its port
 * @memdev: name of its memory device, "" unless it is an endpoint decoder
 * @region: name of its region, "" for none
 * @size: bytes of host addresses that it decodes, 0 if it is not programmed
 * @has_start: @start is known; only root may read it
 * @start: first host address
 * @dpa_size: bytes of the device's memory, 0 if none; only of endpoint decoders
 * @ways: interleave_ways, 0 if unknown
 * @granularity: interleave_granularity in bytes, 0 if unknown
 * @pmem: it decodes persistent memory
 */
struct topology_decoder {
	char name[EXTENT_NAME_LEN];
	enum decoder_kind kind;
	char port[EXTENT_NAME_LEN];
	char memdev[EXTENT_NAME_LEN];
	char region[EXTENT_NAME_LEN];
	u64 size;
	bool has_start;
	u64 start;
	u64 dpa_size;
	unsigned int ways;
	unsigned int granularity;
	bool pmem;
};

/**
 * struct topology_region - a CXL region, committed or not
 * @name: of its device
 * @span: its addresses, both ends inclusive; empty (end below start) if it has none yet
 * @committed: its decoders are programmed
 * @bound: the CXL core's driver is bound to it
 * @dax: it has a DAX region, which dax_cxl can claim
 * @pmem: it is persistent memory, which dax_cxl cannot claim
 * @ways: interleave_ways, 0 if it is not set or unknown
 * @granularity: interleave_granularity in bytes, 0 if it is not set or unknown
 * @targets: names of its endpoint decoders, by position; "" for none
 */
struct topology_region {
	char name[EXTENT_NAME_LEN];
	struct dax_owner_span span;
	bool committed;
	bool bound;
	bool dax;
	bool pmem;
	unsigned int ways;
	unsigned int granularity;
	char targets[TOPOLOGY_TARGETS][EXTENT_NAME_LEN];
};

/**
 * struct topology - the topology of CXL
 * @known: libcxl has read it. Otherwise it has regions without ways and targets, and nothing else.
 * @memdevs: the memory devices, owned by this struct as the other arrays are
 * @n_memdevs: number of memory devices
 * @ports: the ports, without roots and endpoints
 * @n_ports: number of ports
 * @decoders: the decoders of roots, ports and endpoints
 * @n_decoders: number of decoders
 * @regions: the CXL regions, in the order of their names
 * @n_regions: number of regions
 * @by_name: the decoders in the order of their names, after topology_sort(); otherwise NULL
 */
struct topology {
	bool known;
	struct topology_memdev *memdevs;
	size_t n_memdevs;
	struct topology_port *ports;
	size_t n_ports;
	struct topology_decoder *decoders;
	size_t n_decoders;
	struct topology_region *regions;
	size_t n_regions;
	const struct topology_decoder **by_name;
};

int topology_sort(struct topology *topology);
int topology_read(struct topology *topology);
void topology_free(struct topology *topology);
const char *topology_health_word(enum topology_health health);
const struct topology_memdev *topology_memdev(const struct topology *topology, const char *name);
const struct topology_decoder *topology_decoder(const struct topology *topology, const char *name);
const struct topology_region *topology_region(const struct topology *topology, const char *name);
bool topology_serves(const struct topology *topology, const struct topology_memdev *memdev,
		     const struct dax_owner_span *span);

#endif /* DAX_OWNER_CLI_SNAPSHOT_TOPOLOGY_H */
