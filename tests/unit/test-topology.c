// SPDX-License-Identifier: GPL-2.0-only
/*
 * The topology of CXL as read from a made-up libcxl, the memory devices behind addresses, and the
 * advice on regions that are not assembled. Units of 256 MiB: AT(1, 2) is 0x10000000-0x2fffffff.
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "cli/explain/explanation.h"
#include "cli/explain/topology-advice.h"
#include "cli/snapshot/topology-child.h"
#include "cli/snapshot/topology-json.h"
#include "fake-libcxl.h"

#define UNIT 0x10000000ull
/* clang-format off: an initializer */
#define AT(first, last) \
	{ \
		(first) * UNIT, ((last) + 1) * UNIT - 1 \
	}
/* clang-format on */

/* --- reading --- */

/* A root with one host bridge, two devices below it, mem2 without an endpoint, and three regions */
static struct cxl_port endpoints[2], bridge, root;
static struct cxl_memdev memdevs[3];
static struct cxl_decoder at_endpoints[2], at_bridge, window;
static struct cxl_region regions[3];

static void make_regions(void)
{
	/* the library lists the regions of a window in an order of its own */
	regions[0] = (struct cxl_region) {
		.name = "region10", .resource = ULLONG_MAX, .size = 0, .next = &regions[1]
	};
	regions[1] = (struct cxl_region) { .name = "region2",
					   .resource = 4 * UNIT,
					   .size = 4 * UNIT,
					   .committed = 1,
					   .enabled = 1,
					   .ways = 2,
					   .granularity = 256,
					   .targets = { &at_endpoints[1], &at_endpoints[0] },
					   .next = &regions[2] };
	regions[2] = (struct cxl_region) {
		.name = "region3", .resource = 8 * UNIT, .size = 2 * UNIT, .ways = 40
	};
}

static void make_decoders(void)
{
	static const char *const names[] = { "decoder2.0", "decoder3.0" };

	for (int i = 0; i < 2; i++)
		at_endpoints[i] = (struct cxl_decoder) { .name = names[i],
							 .resource = 4 * UNIT,
							 .size = 4 * UNIT,
							 .dpa_size = 2 * UNIT,
							 .ways = 2,
							 .granularity = 256,
							 .region = &regions[1],
							 .memdev = &memdevs[i],
							 .port = &endpoints[i] };
	at_endpoints[1].dpa_size = ULLONG_MAX;
	at_endpoints[1].pmem = true;
	at_bridge = (struct cxl_decoder) {
		.name = "decoder1.0", .resource = ULLONG_MAX, .size = ULLONG_MAX, .port = &bridge
	};
	window = (struct cxl_decoder) { .name = "decoder0.0",
					.resource = 4 * UNIT,
					.size = 8 * UNIT,
					.regions = &regions[0],
					.port = &root };
}

static int make_devices(void **state)
{
	(void)state;
	endpoints[0] = (struct cxl_port) { "endpoint2", "mem0", true,         &at_endpoints[0],
					   NULL,        NULL,   &endpoints[1] };
	endpoints[1] = (struct cxl_port) { .name = "endpoint3", .decoders = &at_endpoints[1] };
	bridge = (struct cxl_port) { "port1", "pci0000:0c", true, &at_bridge, NULL, endpoints, NULL };
	root = (struct cxl_port) { .name = "root0", .decoders = &window, .ports = &bridge };
	memdevs[0] = (struct cxl_memdev) { "mem0", "0000:0d:00.0", "1.2",         0xabc,      true,
					   true,   true,           &endpoints[0], &memdevs[1] };
	memdevs[1] = (struct cxl_memdev) { "mem1",     "0000:0e:00.0", "",
					   ULLONG_MAX, true,           true,
					   false,      &endpoints[1],  &memdevs[2] };
	memdevs[2] = (struct cxl_memdev) { .name = "mem2", .host = "0000:0f:00.0" };
	make_regions();
	make_decoders();
	fake_libcxl = (struct fake_libcxl) { .memdevs = memdevs, .root = &root };
	return 0;
}

static void topology_memdevs_are_read(void **state)
{
	struct topology topology;

	(void)state;
	assert_int_equal(topology_read(&topology), 0);
	assert_true(topology.known);
	assert_int_equal(topology.n_memdevs, 3);
	assert_string_equal(topology.memdevs[0].name, "mem0");
	assert_string_equal(topology.memdevs[0].slot, "0000:0d:00.0");
	assert_string_equal(topology.memdevs[0].firmware, "1.2");
	assert_true(topology.memdevs[0].bound && topology.memdevs[0].attached &&
		    topology.memdevs[0].health_known);
	assert_string_equal(topology.memdevs[0].serial, "0xabc");
	assert_int_equal(topology.memdevs[0].health, 1u << HEALTH_MAINTENANCE);
	assert_string_equal(topology.memdevs[1].serial, "");
	assert_true(topology.memdevs[1].health_known);
	assert_int_equal(topology.memdevs[1].health, 0);
	assert_string_equal(topology.memdevs[2].firmware, "");
	assert_false(topology.memdevs[2].bound || topology.memdevs[2].attached ||
		     topology.memdevs[2].health_known);
	topology_free(&topology);
	assert_int_equal(topology.n_memdevs, 0);
	assert_int_equal(fake_libcxl.contexts, 0);
}

static void topology_decoders_are_read(void **state)
{
	const struct topology_decoder *decoder;
	struct topology topology;

	(void)state;
	assert_int_equal(topology_read(&topology), 0);
	assert_int_equal(topology.n_ports, 1);
	assert_string_equal(topology.ports[0].name, "port1");
	assert_string_equal(topology.ports[0].slot, "pci0000:0c");
	assert_true(topology.ports[0].bound);
	assert_int_equal(topology.n_decoders, 4);
	decoder = topology_decoder(&topology, "decoder0.0");
	assert_int_equal(decoder->kind, DECODER_ROOT);
	assert_true(decoder->has_start);
	assert_int_equal(decoder->start, 4 * UNIT);
	decoder = topology_decoder(&topology, "decoder1.0");
	assert_int_equal(decoder->kind, DECODER_SWITCH);
	assert_false(decoder->has_start);
	assert_int_equal(decoder->size, 0);
	assert_string_equal(decoder->region, "");
	decoder = topology_decoder(&topology, "decoder2.0");
	assert_int_equal(decoder->kind, DECODER_ENDPOINT);
	assert_string_equal(decoder->port, "endpoint2");
	assert_string_equal(decoder->memdev, "mem0");
	assert_string_equal(decoder->region, "region2");
	assert_int_equal(decoder->dpa_size, 2 * UNIT);
	assert_int_equal(decoder->ways, 2);
	assert_int_equal(decoder->granularity, 256);
	assert_false(decoder->pmem);
	decoder = topology_decoder(&topology, "decoder3.0");
	assert_int_equal(decoder->dpa_size, 0);
	assert_true(decoder->pmem);
	assert_null(topology_decoder(&topology, "decoder4.0"));
	topology_free(&topology);
}

static void topology_regions_are_read_in_order(void **state)
{
	const struct topology_region *region;
	struct topology topology;

	(void)state;
	assert_int_equal(topology_read(&topology), 0);
	assert_int_equal(topology.n_regions, 3);
	region = topology.regions;
	assert_string_equal(region->name, "region2");
	assert_int_equal(region->span.start, 4 * UNIT);
	assert_int_equal(region->span.end, 8 * UNIT - 1);
	assert_true(region->committed && region->bound);
	assert_false(region->dax || region->pmem);
	assert_int_equal(region->ways, 2);
	assert_string_equal(region->targets[0], "decoder3.0");
	assert_string_equal(region->targets[1], "decoder2.0");
	assert_string_equal(region->targets[2], "");
	assert_string_equal(topology.regions[1].name, "region3");
	assert_int_equal(topology.regions[1].ways, 40);
	assert_true(topology.regions[2].span.end < topology.regions[2].span.start);
	assert_ptr_equal(topology_region(&topology, "region10"), &topology.regions[2]);
	assert_null(topology_region(&topology, "region0"));
	topology_free(&topology);
}

static void topology_machine_without_cxl_is_empty(void **state)
{
	struct topology topology;

	(void)state;
	fake_libcxl = (struct fake_libcxl) {};
	assert_int_equal(topology_read(&topology), 0);
	assert_true(topology.known);
	assert_int_equal(topology.n_memdevs + topology.n_ports + topology.n_decoders +
				 topology.n_regions,
			 0);
	topology_free(&topology);
}

static void topology_without_libcxl_is_not_known(void **state)
{
	struct topology topology;

	(void)state;
	fake_libcxl.error = -ENXIO;
	assert_int_equal(topology_read(&topology), -ENXIO);
	assert_false(topology.known);
	assert_int_equal(fake_libcxl.contexts, 0);
}

/* --- JSON --- */

static void same(const struct topology *a, const struct topology *b)
{
	assert_int_equal(a->known, b->known);
	assert_int_equal(a->n_memdevs, b->n_memdevs);
	assert_memory_equal(a->memdevs, b->memdevs, a->n_memdevs * sizeof(*a->memdevs));
	assert_int_equal(a->n_ports, b->n_ports);
	assert_memory_equal(a->ports, b->ports, a->n_ports * sizeof(*a->ports));
	assert_int_equal(a->n_decoders, b->n_decoders);
	assert_memory_equal(a->decoders, b->decoders, a->n_decoders * sizeof(*a->decoders));
	assert_int_equal(a->n_regions, b->n_regions);
	assert_memory_equal(a->regions, b->regions, a->n_regions * sizeof(*a->regions));
}

/* Return: the result of topology_from_json() for a text. */
static int parse(const char *text, struct topology *topology)
{
	struct json_object *json = json_tokener_parse(text);
	int r = topology_from_json(json, topology);

	json_object_put(json);
	return r;
}

static void json_keeps_all_facts(void **state)
{
	struct topology topology, read;
	struct json_object *json;

	(void)state;
	memdevs[0].serial = ULLONG_MAX - 1;
	regions[1].resource = 0xffffffff00000000;
	regions[1].size = 0x100000000;
	at_endpoints[0].resource = 1ull << 63;
	at_endpoints[0].size = ULLONG_MAX - 1;
	assert_int_equal(topology_read(&topology), 0);
	json = topology_json(&topology);
	assert_int_equal(parse(json_object_to_json_string(json), &read), 0);
	same(&topology, &read);
	assert_string_equal(read.memdevs[0].serial, "0xfffffffffffffffe");
	json_object_put(json);
	topology_free(&read);
	/* the same through a child process */
	assert_int_equal(topology_child_read(&json), 0);
	assert_int_equal(topology_from_json(json, &read), 0);
	same(&topology, &read);
	json_object_put(json);
	topology_free(&read);
	topology_free(&topology);
}

#define NONE "\"memdevs\":[],\"ports\":[]"

/* A stranger may have made the JSON, and the command prints names in commands to type. */
static void json_texts_of_stranger_are_safe(void **state)
{
	struct topology topology;

	(void)state;
	assert_int_equal(parse("{\"memdevs\":[{\"device\":\"$(id)\\u001b[2J;mem0 is a name that does not fit\","
			       "\"slot\":\"a\\u001b[2J\",\"serial\":\"<serial-1>\\n\",\"health\":[null,\"x\",1],"
			       "\"firmware_version\":\"\\u007f\"}],\"ports\":[{\"port\":\"`x`\"}],"
			       "\"decoders\":[{\"decoder\":\"a b\",\"kind\":\"endpoint\",\"size\":-1,\"start\":\"0x\","
			       "\"interleave_ways\":4294967296,\"pmem\":\"yes\"}],"
			       "\"regions\":[{\"region\":\"r\",\"start\":\"0x2\",\"end\":\"0x1\",\"targets\":"
			       "[null,\"|\",1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}]}",
			       &topology),
			 0);
	assert_string_equal(topology.memdevs[0].name, "__id___2J_mem0_is_a_name_that_d");
	assert_string_equal(topology.memdevs[0].slot, "a?[2J");
	assert_string_equal(topology.memdevs[0].serial, "<serial-1>?");
	assert_string_equal(topology.memdevs[0].firmware, "?");
	assert_true(topology.memdevs[0].health_known);
	assert_int_equal(topology.memdevs[0].health, 0);
	assert_string_equal(topology.ports[0].name, "_x_");
	assert_string_equal(topology.decoders[0].name, "a_b");
	assert_int_equal(topology.decoders[0].size, 0);
	assert_int_equal(topology.decoders[0].ways, 0);
	assert_false(topology.decoders[0].has_start || topology.decoders[0].pmem);
	assert_true(topology.regions[0].span.end < topology.regions[0].span.start);
	assert_string_equal(topology.regions[0].targets[1], "_");
	assert_string_equal(topology.regions[0].targets[15], "14");
	topology_free(&topology);
}

/* The order of the names is not that of the decoders. */
static void json_decoders_are_found_by_name(void **state)
{
	static const char *const names[] = { "decoder2.0", "decoder10.0", "decoder1.0" };
	struct topology topology;

	(void)state;
	assert_int_equal(parse("{" NONE
			       ",\"decoders\":[{\"decoder\":\"decoder2.0\",\"kind\":\"root\"},"
			       "{\"decoder\":\"decoder10.0\",\"kind\":\"root\"},"
			       "{\"decoder\":\"decoder1.0\",\"kind\":\"root\"}],\"regions\":[]}",
			       &topology),
			 0);
	assert_non_null(topology.by_name);
	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(topology_decoder(&topology, names[i]), &topology.decoders[i]);
	assert_null(topology_decoder(&topology, "decoder3.0"));
	topology_free(&topology);
}

static void json_that_is_not_valid_is_refused(void **state)
{
	static const char *const texts[] = {
		"null",
		"[]",
		"{}",
		"{" NONE ",\"decoders\":{},\"regions\":[]}",
		"{" NONE ",\"decoders\":[null],\"regions\":[]}",
		"{" NONE ",\"decoders\":[{\"decoder\":\"d\",\"kind\":\"x\"}],\"regions\":[]}",
		"{" NONE ",\"decoders\":[{\"decoder\":\"\",\"kind\":\"root\"}],\"regions\":[]}",
		"{" NONE ",\"decoders\":[],\"regions\":[[]]}",
	};
	struct json_object *json = json_tokener_parse("{" NONE ",\"decoders\":[]}");
	struct json_object *many = json_object_new_array();
	struct topology topology;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(parse(texts[i], &topology), -EBADMSG);
		assert_false(topology.known || topology.memdevs || topology.regions);
	}
	for (int i = 0; i < 1025; i++)
		json_object_array_add(many, json_tokener_parse("{\"region\":\"r\"}"));
	json_object_object_add(json, "regions", many);
	assert_int_equal(topology_from_json(json, &topology), -EBADMSG);
	json_object_array_del_idx(many, 0, 1);
	assert_int_equal(topology_from_json(json, &topology), 0);
	topology_free(&topology);
	json_object_put(json);
}

/* --- a child process --- */

static void child_error_is_passed_on(void **state)
{
	struct json_object *json;

	(void)state;
	fake_libcxl.error = -ENXIO;
	assert_int_equal(topology_child_read(&json), -ENXIO);
	assert_null(json);
}

/* Return: what the function prints to standard error, in @text. */
static int read_machine(struct machine *machine, char *text, size_t size)
{
	FILE *file = tmpfile(), *before = stderr;
	int r;

	stderr = file;
	r = machine_read("", "7.3", machine);
	stderr = before;
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
	return r;
}

static void machine_goes_on_while_libcxl_waits(void **state)
{
	time_t begun = time(NULL);
	struct machine machine;
	char text[256];

	(void)state;
	assert_int_equal(read_machine(&machine, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_true(machine.topology.known);
	assert_int_equal(machine.topology.n_memdevs, 3);
	machine_free(&machine);
	fake_libcxl.hangs = true;
	assert_int_equal(read_machine(&machine, text, sizeof(text)), 0);
	assert_string_equal(text,
			    "dax-owner: cannot read the topology of CXL: libcxl took longer than five seconds: "
			    "journalctl -k -g cxl\n");
	assert_false(machine.topology.known);
	assert_true(time(NULL) - begun < 15);
	machine_free(&machine);
}

/* --- made-up topologies --- */

#define N(array) (sizeof(array) / sizeof(*(array)))

static const struct topology_memdev two_memdevs[] = {
	{ .name = "mem0",
	  .slot = "0000:35:00.0",
	  .serial = "0x1122334455667788",
	  .firmware = "1.2",
	  .bound = true,
	  .attached = true,
	  .health_known = true },
	{ .name = "mem1", .slot = "0000:36:00.0", .bound = true, .attached = true },
};

/* A window, and a decoder of each of the devices, interleaved over two ways at units 4 to 7 */
static const struct topology_decoder three_decoders[] = {
	{ .name = "decoder0.0",
	  .kind = DECODER_ROOT,
	  .port = "root0",
	  .has_start = true,
	  .start = 4 * UNIT,
	  .size = 8 * UNIT },
	{ .name = "decoder3.0",
	  .kind = DECODER_ENDPOINT,
	  .memdev = "mem0",
	  .region = "region0",
	  .has_start = true,
	  .start = 4 * UNIT,
	  .size = 4 * UNIT,
	  .dpa_size = 2 * UNIT,
	  .ways = 2,
	  .granularity = 256 },
	{ .name = "decoder4.0",
	  .kind = DECODER_ENDPOINT,
	  .memdev = "mem1",
	  .region = "region0",
	  .has_start = true,
	  .start = 4 * UNIT,
	  .size = 4 * UNIT,
	  .dpa_size = 2 * UNIT,
	  .ways = 2,
	  .granularity = 256 },
};

/* Copies that a test changes */
struct made_up {
	struct topology topology;
	struct topology_memdev memdevs[2];
	struct topology_port port;
	struct topology_decoder decoders[3];
	struct topology_region region;
};

/* Make the assembled region of two devices, in which nothing is unusual. */
static void make_up(struct made_up *made)
{
	memcpy(made->memdevs, two_memdevs, sizeof(two_memdevs));
	memcpy(made->decoders, three_decoders, sizeof(three_decoders));
	made->port = (struct topology_port) { "port1", "pci0000:34", true };
	made->region = (struct topology_region) { .name = "region0",
						  .span = AT(4, 7),
						  .committed = true,
						  .bound = true,
						  .dax = true,
						  .ways = 2,
						  .granularity = 256,
						  .targets = { "decoder3.0", "decoder4.0" } };
	made->topology = (struct topology) { .known = true,
					     .memdevs = made->memdevs,
					     .n_memdevs = N(made->memdevs),
					     .ports = &made->port,
					     .n_ports = 1,
					     .decoders = made->decoders,
					     .n_decoders = N(made->decoders),
					     .regions = &made->region,
					     .n_regions = 1 };
}

/* All advice, a line each: the sentence, then "> " and the command */
struct heard {
	char text[4096];
	size_t len;
};

static void hear(const char *what, const char *command, void *data)
{
	struct heard *heard = data;

	heard->len += (size_t)snprintf(heard->text + heard->len, sizeof(heard->text) - heard->len,
				       "%s%s%s\n", what, *command ? " > " : "", command);
}

static void advises(const struct made_up *made, const char *expected)
{
	struct heard heard = {};

	advice_on_topology(&made->topology, hear, &heard);
	assert_string_equal(heard.text, expected);
}

static void serves_target_of_committed_region(void **state)
{
	const struct dax_owner_span inside = AT(7, 9), outside = AT(8, 9);
	struct made_up made;

	(void)state;
	make_up(&made);
	assert_true(topology_serves(&made.topology, &made.memdevs[0], &inside));
	assert_true(topology_serves(&made.topology, &made.memdevs[1], &inside));
	assert_false(topology_serves(&made.topology, &made.memdevs[0], &outside));
	*made.region.targets[1] = '\0';
	assert_false(topology_serves(&made.topology, &made.memdevs[1], &inside));
	made.region.committed = false;
	assert_false(topology_serves(&made.topology, &made.memdevs[0], &inside));
}

static void advice_assembled_region_is_none(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	advises(&made, "");
	/* without libcxl, the rest is not known, and must not count as missing */
	made.topology.known = false;
	made.region.committed = false;
	made.region.ways = 0;
	advises(&made, "");
}

static void advice_memdev_without_endpoint_is_named(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	made.memdevs[1].attached = false;
	advises(&made,
		"mem1 (0000:36:00.0) has no endpoint, so no region can use it: no host bridge reaches it, or no "
		"driver is bound > modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -vvv -m mem1\n");
}

static void advice_port_without_driver_is_named(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	made.port.bound = false;
	advises(&made,
		"port1 (pci0000:34) has no driver, so the kernel cannot use the decoders of the port > "
		"modprobe cxl_port && cxl list -vvv -p port1\n");
}

static void advice_health_is_named(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	made.memdevs[0].health = 1u << HEALTH_REPLACE | 1u << HEALTH_DATA_LOST;
	made.memdevs[1].updating = true;
	advises(&made,
		"mem0 (0000:35:00.0) reports that it has to be replaced > cxl list -H -m mem0\n"
		"mem0 (0000:35:00.0) reports that it has lost data > cxl list -H -m mem0\n"
		"A firmware update of mem1 (0000:36:00.0) is in progress > cxl list -F -m mem1\n");
}

static void advice_region_with_missing_target_counts_them(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	made.region.committed = false;
	*made.region.targets[1] = '\0';
	made.topology.n_decoders = 2;
	advises(&made, "region0 has 1 of 2 targets (mem0): 1 more endpoint decoder must join it > "
		       "cxl list -vvv -r region0\n");
	made.region.ways = 8;
	made.decoders[1].ways = 8;
	advises(&made, "region0 has 1 of 8 targets (mem0): 7 more endpoint decoders must join it > "
		       "cxl list -vvv -r region0\n");
	made.region.ways = 0;
	*made.region.targets[0] = '\0';
	advises(&made, "region0 has no interleave_ways yet, so it has no targets > "
		       "cxl list -vvv -r region0\n");
	/* these drivers do not use persistent memory */
	made.region.pmem = true;
	advises(&made, "");
}

static void advice_target_that_differs_is_named(void **state)
{
	struct made_up made;

	(void)state;
	make_up(&made);
	made.region.committed = false;
	made.decoders[2].dpa_size = UNIT;
	made.decoders[2].granularity = 512;
	advises(&made,
		"decoder3.0 of mem0 has 512M of device memory, decoder4.0 of mem1 has 256M: all targets of region0 "
		"need the same size > cxl list -vvv -r region0\n"
		"decoder4.0 of mem1 has interleave_granularity 512, region0 has 256 > cxl list -vvv -r region0\n");
	make_up(&made);
	made.region.committed = false;
	made.decoders[1].ways = 4;
	/* the kernel has not programmed this decoder yet, so its values mean nothing */
	made.decoders[2].size = 0;
	made.decoders[2].ways = 1;
	advises(&made, "decoder3.0 of mem0 has interleave_ways 4, region0 has 2 > "
		       "cxl list -vvv -r region0\n");
	make_up(&made);
	made.region.committed = false;
	made.decoders[2].pmem = true;
	advises(&made, "decoder4.0 of mem1 is for persistent memory, and region0 is for RAM > "
		       "cxl list -vvv -r region0\n");
}

/* Two programmed decoders, and no region */
static void make_up_loose(struct made_up *made)
{
	make_up(made);
	made->topology.n_regions = 0;
	*made->decoders[1].region = '\0';
	*made->decoders[2].region = '\0';
}

static void advice_decoder_without_sibling_counts_them(void **state)
{
	struct made_up made;

	(void)state;
	make_up_loose(&made);
	made.topology.n_decoders = 2;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: its "
		"interleave_ways is 2, but only 1 decoder has these addresses > cxl list -vvv -d decoder3.0\n");
	made.decoders[1].ways = 1;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region > "
		"cxl list -vvv -d decoder3.0\n");
	/* only root may read the start */
	made.decoders[1].has_start = false;
	made.decoders[1].ways = 2;
	advises(&made, "decoder3.0 of mem0 is programmed, but it is in no region > "
		       "cxl list -vvv -d decoder3.0\n");
	/* libcxl leaves out the memory device, so the port names it */
	*made.decoders[1].memdev = '\0';
	strcpy(made.decoders[1].port, "endpoint3");
	advises(&made, "decoder3.0 of endpoint3 is programmed, but it is in no region > "
		       "cxl list -vvv -d decoder3.0\n");
	made.decoders[1].size = 0;
	advises(&made, "");
	made.decoders[1].size = 4 * UNIT;
	made.decoders[1].pmem = true;
	advises(&made, "");
}

static void advice_decoders_that_differ_name_the_value(void **state)
{
	struct made_up made;

	(void)state;
	make_up_loose(&made);
	strcpy(made.decoders[2].region, "region0");
	made.decoders[2].granularity = 1024;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: its "
		"interleave_granularity is 256, and that of decoder4.0 of mem1 is 1024 > "
		"cxl list -vvv -d decoder3.0\n");
	made.decoders[2].ways = 4;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: its "
		"interleave_ways is 2, and that of decoder4.0 of mem1 is 4 > cxl list -vvv -d decoder3.0\n");
	made.decoders[2].size = 2 * UNIT;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: it decodes 1G, "
		"and decoder4.0 of mem1 decodes 512M > cxl list -vvv -d decoder3.0\n");
}

static void advice_decoder_outside_windows_is_named(void **state)
{
	struct made_up made;

	(void)state;
	make_up_loose(&made);
	made.topology.n_decoders = 2;
	/* the window ends one unit before the decoder does */
	made.decoders[0].size = 3 * UNIT;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: no CXL "
		"window has its addresses > cxl list -vvv -d decoder3.0\n");
	made.decoders[0].start = 8 * UNIT;
	made.decoders[0].size = 4 * UNIT;
	advises(&made,
		"decoder3.0 of mem0 is programmed (0x40000000-0x7fffffff), but it is in no region: no CXL "
		"window has its addresses > cxl list -vvv -d decoder3.0\n");
}

/* --- explanations --- */

static struct snapshot_extent owned = { .extent = { .span = AT(4, 5),
						    .owner = DAX_OWNER_CXL,
						    .state = DAX_OWNER_STATE_OWNED,
						    .reason = DAX_OWNER_REASON_REGION_COVERS,
						    .node = 1,
						    .usable_bytes = 2 * UNIT,
						    .device = "dax0.0" },
					.driver = "kmem" };

static const struct snapshot snapshot = {
	.source = SOURCE_LEDGER,
	.kernel = "7.3.4",
	.arbiter = ARBITER_DAX_OWNER,
	.entries = &owned,
	.n = 1,
};

static void explanation_names_devices_by_serial_and_slot(void **state)
{
	struct machine machine = { .has_cedt = true };
	struct made_up made;
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	make_up(&made);
	machine.topology = made.topology;
	explanation_print(&(struct question) { &snapshot, &owned, 1, &machine }, file);
	fclose(file);
	assert_non_null(strstr(text, "  region0    0x40000000-0x7fffffff 1G, committed\n"
				     "  device     mem0  serial 0x1122334455667788, 0000:35:00.0\n"
				     "  device     mem1  serial not known, 0000:36:00.0\n"));
	free(text);
}

static void is_json(struct json_object *json, const char *path, const char *expected)
{
	struct json_object *found;

	assert_int_equal(json_pointer_get(json, path, &found), 0);
	assert_string_equal(json_object_to_json_string_ext(found,
							   JSON_C_TO_STRING_PLAIN |
								   JSON_C_TO_STRING_NOSLASHESCAPE),
			    expected);
}

static void explanation_json_has_devices(void **state)
{
	struct machine machine = { .has_cedt = true };
	struct json_object *json, *found;
	struct made_up made;

	(void)state;
	make_up(&made);
	made.memdevs[0].health = 1u << HEALTH_NOT_READY;
	*made.region.targets[1] = '\0';
	machine.topology = made.topology;
	assert_int_equal(explanation_json(&(struct question) { &snapshot, &owned, 1, &machine },
					  &json),
			 0);
	is_json(json, "/devices/1",
		"{\"device\":\"mem1\",\"slot\":\"0000:36:00.0\",\"endpoint\":true}");
	is_json(json, "/explained/0/devices",
		"[{\"device\":\"mem0\",\"slot\":\"0000:35:00.0\",\"serial\":\"0x1122334455667788\","
		"\"firmware\":\"1.2\",\"endpoint\":true,\"health\":[\"media-not-ready\"]}]");
	json_object_put(json);
	/* without libcxl, the devices are not known, which is not the same as none */
	machine.topology.known = false;
	assert_int_equal(explanation_json(&(struct question) { &snapshot, &owned, 1, &machine },
					  &json),
			 0);
	assert_int_not_equal(json_pointer_get(json, "/devices", &found), 0);
	json_object_put(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(topology_memdevs_are_read, make_devices),
		cmocka_unit_test_setup(topology_decoders_are_read, make_devices),
		cmocka_unit_test_setup(topology_regions_are_read_in_order, make_devices),
		cmocka_unit_test_setup(topology_machine_without_cxl_is_empty, make_devices),
		cmocka_unit_test_setup(topology_without_libcxl_is_not_known, make_devices),
		cmocka_unit_test_setup(json_keeps_all_facts, make_devices),
		cmocka_unit_test(json_texts_of_stranger_are_safe),
		cmocka_unit_test(json_decoders_are_found_by_name),
		cmocka_unit_test(json_that_is_not_valid_is_refused),
		cmocka_unit_test_setup(child_error_is_passed_on, make_devices),
		cmocka_unit_test_setup(machine_goes_on_while_libcxl_waits, make_devices),
		cmocka_unit_test(serves_target_of_committed_region),
		cmocka_unit_test(advice_assembled_region_is_none),
		cmocka_unit_test(advice_memdev_without_endpoint_is_named),
		cmocka_unit_test(advice_port_without_driver_is_named),
		cmocka_unit_test(advice_health_is_named),
		cmocka_unit_test(advice_region_with_missing_target_counts_them),
		cmocka_unit_test(advice_target_that_differs_is_named),
		cmocka_unit_test(advice_decoder_without_sibling_counts_them),
		cmocka_unit_test(advice_decoders_that_differ_name_the_value),
		cmocka_unit_test(advice_decoder_outside_windows_is_named),
		cmocka_unit_test(explanation_names_devices_by_serial_and_slot),
		cmocka_unit_test(explanation_json_has_devices),
	};

	return cmocka_run_group_tests_name("topology", tests, NULL, NULL);
}
