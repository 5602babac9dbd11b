/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libcxl whose devices a test makes up. The linker takes these functions instead of the library's.
 */
#ifndef TESTS_UNIT_FAKE_LIBCXL_H
#define TESTS_UNIT_FAKE_LIBCXL_H

#include <stdbool.h>

/* A memory device; its endpoint decoders are those of the port @endpoint */
struct cxl_memdev {
	const char *name;
	const char *host;
	const char *firmware;
	unsigned long long serial;
	bool enabled;
	bool has_health;
	bool needs_maintenance;
	struct cxl_port *endpoint;
	struct cxl_memdev *next;
};

struct cxl_region {
	const char *name;
	unsigned long long resource;
	unsigned long long size;
	int committed;
	int enabled;
	unsigned int ways;
	unsigned int granularity;
	struct cxl_decoder *targets[4];
	struct cxl_region *next;
};

struct cxl_decoder {
	const char *name;
	unsigned long long resource;
	unsigned long long size;
	unsigned long long dpa_size;
	unsigned int ways;
	unsigned int granularity;
	bool pmem;
	struct cxl_region *region;
	struct cxl_region *regions;
	struct cxl_memdev *memdev;
	struct cxl_port *port;
	struct cxl_decoder *next;
};

/* A root, a port or an endpoint; @next is a sibling */
struct cxl_port {
	const char *name;
	const char *host;
	bool enabled;
	struct cxl_decoder *decoders;
	struct cxl_port *ports;
	struct cxl_port *endpoints;
	struct cxl_port *next;
};

/**
 * struct fake_libcxl - what the library finds
 * @error: the return value of cxl_new()
 * @hangs: the first call that lists memory devices does not return
 * @memdevs: the first memory device
 * @root: the one root, NULL for none
 * @contexts: contexts and commands that are open
 */
struct fake_libcxl {
	int error;
	bool hangs;
	struct cxl_memdev *memdevs;
	struct cxl_port *root;
	int contexts;
};

extern struct fake_libcxl fake_libcxl;

#endif /* TESTS_UNIT_FAKE_LIBCXL_H */
