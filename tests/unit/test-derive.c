// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts read from the system's files, and the extents that the observer derives from them.
 * Units of 256 MiB: AT(1, 2) is 0x10000000-0x2fffffff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.h"
#include "system/facts.h"
#include "system/firmware.h"
#include "system/iomem.h"
#include "model/derive.h"

#define UNIT 0x10000000ull
/* clang-format off: an initializer */
#define AT(first, last) \
	{ \
		(first) * UNIT, ((last) + 1) * UNIT - 1 \
	}
/* clang-format on */

static void is_spans(const struct spans *spans, size_t n, const struct dax_owner_span *expected)
{
	assert_int_equal(spans->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(spans->spans[i].start, expected[i].start);
		assert_int_equal(spans->spans[i].end, expected[i].end);
	}
}

#define IS_SPANS(spans, ...) \
	is_spans(spans, \
		 sizeof((struct dax_owner_span[]) { __VA_ARGS__ }) / sizeof(struct dax_owner_span), \
		 (struct dax_owner_span[]) { __VA_ARGS__ })

/* --- firmware --- */

#define LE16(n) (n) & 0xff, (n) >> 8
#define LE64(n) \
	(n) & 0xff, ((n) >> 8) & 0xff, ((n) >> 16) & 0xff, ((n) >> 24) & 0xff, ((n) >> 32) & 0xff, \
		((n) >> 40) & 0xff, ((n) >> 48) & 0xff, ((n) >> 56) & 0xff
/* The length is larger than any table here, so the end of the array is the end of the table */
#define HEADER 'C', 'E', 'D', 'T', 0xff, 0xff, [35] = 0
#define CHBS 0, 0, LE16(8), 1, 2, 3, 4
#define CFMWS(base, size) \
	1, 0, LE16(40), 0, 0, 0, 0, LE64(base), LE64(size), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, \
		0, 0, 0

/* The last skipped entry */
struct left_out {
	unsigned int n;
	char what[160];
};

static void leave_out(const char *what, void *data)
{
	struct left_out *out = data;

	out->n++;
	snprintf(out->what, sizeof(out->what), "%s", what);
}

static void cedt_window_of_size_zero_is_skipped(void **state)
{
	const unsigned char table[] = { HEADER, CHBS, CFMWS(4 * UNIT, 2 * UNIT),
					CFMWS(9 * UNIT, 0ull), CFMWS(6 * UNIT, UNIT) };
	struct spans windows = {};
	struct left_out out = {};

	(void)state;
	assert_int_equal(firmware_windows(table, sizeof(table), &windows, leave_out, &out), 0);
	IS_SPANS(&windows, AT(4, 5), AT(6, 6));
	assert_int_equal(out.n, 1);
	assert_string_equal(out.what, "CEDT: entry 2 at offset 0x54 skipped: size is zero");
	spans_free(&windows);
}

static void cedt_damaged_table_gives_sound_windows(void **state)
{
	const unsigned char zero[] = { HEADER, CFMWS(UNIT, UNIT), 0,
				       0,      LE16(0),           CFMWS(2 * UNIT, UNIT) };
	const unsigned char odd[] = { HEADER, CFMWS(UNIT, UNIT), 1, 0 };
	const unsigned char beyond[] = { HEADER, CFMWS(UNIT, UNIT), 0, 0, LE16(9), 1, 2, 3, 4 };
	const unsigned char wraps[] = { HEADER, CFMWS(0xfffffffff0000000ull, 2 * UNIT),
					CFMWS(UNIT, UNIT) };
	const struct {
		const unsigned char *table;
		size_t len;
	} tables[] = { { zero, sizeof(zero) },
		       { odd, sizeof(odd) },
		       { beyond, sizeof(beyond) },
		       { wraps, sizeof(wraps) } };

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct spans windows = {};
		struct left_out out = {};

		assert_int_equal(firmware_windows(tables[i].table, tables[i].len, &windows,
						  leave_out, &out),
				 0);
		IS_SPANS(&windows, AT(1, 1));
		assert_int_equal(out.n, 1);
		spans_free(&windows);
		assert_int_equal(firmware_windows(tables[i].table, tables[i].len, &windows, NULL,
						  NULL),
				 0);
		spans_free(&windows);
	}
}

static void cedt_short_header_is_refused(void **state)
{
	struct spans windows = {};
	struct left_out out = {};

	(void)state;
	assert_int_equal(firmware_windows("CEDT", 4, &windows, leave_out, &out), -EBADMSG);
	assert_string_equal(out.what, "CEDT skipped: incomplete table header");
	assert_int_equal(windows.n, 0);
}

static void cmdline_memmap_gives_ranges(void **state)
{
	struct spans ranges = {};

	(void)state;
	assert_int_equal(firmware_cmdline("root=/dev/vda memmap=512M%0x40000000+0xefffffff,1G%4G-1+0xefffffff "
					  "memmap=1M%0x100000-2+1 memmap=64K$0x1000 nomemmap=1G%8G+0xefffffff "
					  "memmap=exactmap memmap=256M%0x10000000+4026531839\n",
					  &ranges, NULL, NULL),
			 0);
	IS_SPANS(&ranges, AT(4, 5), AT(16, 19), AT(1, 1));
	spans_merge(&ranges);
	IS_SPANS(&ranges, AT(1, 1), AT(4, 5), AT(16, 19));
	spans_free(&ranges);
}

static void cmdline_wrapping_range_is_skipped(void **state)
{
	struct spans ranges = {};
	struct left_out out = {};

	(void)state;
	assert_int_equal(firmware_cmdline("memmap=8%0xfffffffffffffffc+0xefffffff,256M%0x10000000+0xefffffff",
					  &ranges, leave_out, &out),
			 0);
	IS_SPANS(&ranges, AT(1, 1));
	assert_int_equal(out.n, 1);
	assert_string_equal(out.what,
			    "memmap=: Soft Reserved 0xfffffffffffffffc-0x3 skipped: its end is below its start");
	spans_free(&ranges);
}

static void put_memory(const char *entry, const char *start, const char *end, const char *type)
{
	char name[64];

	snprintf(name, sizeof(name), "sys/firmware/memmap/%s/start", entry);
	put(name, start);
	snprintf(name, sizeof(name), "sys/firmware/memmap/%s/end", entry);
	put(name, end);
	snprintf(name, sizeof(name), "sys/firmware/memmap/%s/type", entry);
	put(name, type);
}

/* Two sound entries, and entries with an empty start, no number, a wrong order and no type */
static void put_damaged_memmap(void)
{
	put_memory("0", "0x10000000\n", "0x1fffffff\n", "Soft Reserved\n");
	put_memory("1", "", "0x2fffffff\n", "Soft Reserved\n");
	put_memory("2", "0x30000000\n", "none\n", "Soft Reserved\n");
	put_memory("3", "0x50000000\n", "0x4fffffff\n", "Soft Reserved\n");
	put_memory("4", "0x60000000\n", "0x6fffffff\n", "");
	put_memory("5", "0x70000000\n", "0x7fffffff\n", "System RAM\n");
	put("sys/firmware/memmap/6/start", "0x80000000\n");
	put_memory("7", "0x90000000\n", "0x9fffffff\n", "Soft Reserved\n");
}

static void memmap_damaged_entries_are_skipped(void **state)
{
	struct spans ranges = {};
	struct left_out out = {};
	char path[PATH_SIZE];

	(void)state;
	put_damaged_memmap();
	path_of(path, "sys/firmware/memmap");
	assert_int_equal(firmware_memmap(path, &ranges, leave_out, &out), 0);
	spans_merge(&ranges);
	IS_SPANS(&ranges, AT(1, 1), AT(9, 9));
	/* an entry without a type is being removed, and needs no message */
	assert_int_equal(out.n, 4);
	spans_free(&ranges);
	path_of(path, "none");
	assert_int_equal(firmware_memmap(path, &ranges, leave_out, &out), -ENOENT);
}

static FILE *text_file(const char *text)
{
	FILE *file = fmemopen((char *)text, strlen(text), "r");

	assert_non_null(file);
	return file;
}

static void ranges_of_damaged_sources_are_read(void **state)
{
	FILE *iomem = text_file("0-fff : Reserved\nnonsense\n"
				"40000000-3fffffff : Soft Reserved\n"
				"20000000-2fffffff : Soft Reserved\n");
	struct spans ranges = {};
	struct left_out out = {};

	(void)state;
	put_damaged_memmap();
	/* without a command line */
	assert_int_equal(facts_read_ranges(directory, iomem, &ranges, leave_out, &out), 0);
	IS_SPANS(&ranges, AT(1, 2), AT(9, 9));
	assert_int_equal(out.n, 6);
	assert_string_equal(out.what, "cannot read /proc/cmdline: No such file or directory");
	spans_free(&ranges);
	put("proc/cmdline", "memmap=2%0xffffffffffffffff+0xefffffff,256M%0x30000000+0xefffffff\n");
	assert_int_equal(facts_read_ranges(directory, iomem, &ranges, NULL, NULL), 0);
	IS_SPANS(&ranges, AT(1, 3), AT(9, 9));
	spans_free(&ranges);
	fclose(iomem);
}

static void ranges_without_addresses_are_refused(void **state)
{
	FILE *iomem = text_file("00000000-00000000 : Soft Reserved\n");
	struct spans ranges = {};

	(void)state;
	assert_int_equal(facts_read_ranges(directory, iomem, &ranges, NULL, NULL), -EACCES);
	spans_free(&ranges);
	fclose(iomem);
}

static void spans_merge_joins_touching_spans(void **state)
{
	struct spans spans = {};

	(void)state;
	spans_merge(&spans);
	assert_int_equal(spans_add(&spans, 2, 1), -EINVAL);
	assert_int_equal(spans_add(&spans, UINT64_MAX - 1, UINT64_MAX), 0);
	assert_int_equal(spans_add(&spans, 10, 19), 0);
	assert_int_equal(spans_add(&spans, UINT64_MAX, UINT64_MAX), 0);
	assert_int_equal(spans_add(&spans, 0, 9), 0);
	assert_int_equal(spans_add(&spans, 12, 13), 0);
	assert_int_equal(spans_add(&spans, 21, 29), 0);
	spans_merge(&spans);
	IS_SPANS(&spans, { 0, 19 }, { 21, 29 }, { UINT64_MAX - 1, UINT64_MAX });
	spans_free(&spans);
}

static void spans_align_cuts_unaligned_ends(void **state)
{
	struct spans spans = {};

	(void)state;
	spans_add(&spans, 0, 0xfff);
	spans_add(&spans, 0x1000, 0x1fffff);
	spans_add(&spans, 0x200000, 0x5fffff);
	spans_add(&spans, 0x700000, 0xafffff);
	spans_add(&spans, UINT64_MAX - 0x2fffff, UINT64_MAX);
	spans_align(&spans, 0x200000);
	IS_SPANS(&spans, { 0x200000, 0x5fffff }, { 0x800000, 0x9fffff },
		 { UINT64_MAX - 0x1fffff, UINT64_MAX });
	spans_free(&spans);
}

/* --- iomem --- */

static int add_dax(const struct dax_owner_span *span, const char *name, void *data)
{
	return strcmp(name, "dax0.0") ? 0 : spans_add(data, span->start, span->end);
}

static int iomem_of(const char *text, struct spans *spans)
{
	FILE *file = text_file(text);
	int r;

	r = iomem_each(file, add_dax, spans);
	fclose(file);
	return r;
}

static void iomem_malformed_lines_are_skipped(void **state)
{
	struct spans spans = {};

	(void)state;
	assert_int_equal(iomem_of("00000000-00000fff : Reserved\n"
				  "40000000-5fffffff : CXL Window 0\n"
				  "  40000000-5fffffff : region0\n"
				  "    40000000-5fffffff : dax0.0\n"
				  "      40000000-5fffffff : System RAM (kmem)\n",
				  &spans),
			 0);
	IS_SPANS(&spans, AT(4, 5));
	spans_free(&spans);
	assert_int_equal(iomem_of("00000000-00000000 : Reserved\n  00000000-00000000 : x\n", &spans),
			 -EACCES);
	assert_int_equal(iomem_of("0-fff : Reserved\nnonsense\n0-1f\n5fffffff-40000000 : dax0.0\n"
				  "40000000-5fffffff : dax0.0\n",
				  &spans),
			 3);
	IS_SPANS(&spans, AT(4, 5));
	spans_free(&spans);
}

/* --- the observer --- */

/* A range of four units in a window of eight units, after coldplug */
struct bench {
	struct dax_owner_span range, window;
	struct spans ranges, windows;
	struct region regions[4];
	struct dax_device devices[4];
	struct facts facts;
	struct extent_map map;
};

static void setup(struct bench *b)
{
	*b = (struct bench) { .range = AT(0, 3), .window = AT(0, 7) };
	b->ranges = (struct spans) { &b->range, 1 };
	b->windows = (struct spans) { &b->window, 1 };
	b->facts = (struct facts) {
		.ranges = &b->ranges,
		.windows = &b->windows,
		.regions = { b->regions, 0 },
		.devices = { b->devices, 0 },
		.enumerated = true,
		.settled = true,
	};
}

static void region(struct bench *b, struct dax_owner_span span)
{
	b->regions[b->facts.regions.n++] = (struct region) { .span = span, .name = "region0" };
}

static void pmem(struct bench *b, struct dax_owner_span span)
{
	b->regions[b->facts.regions.n++] =
		(struct region) { .span = span, .name = "region1", .no_dax = "pmem" };
}

static void device(struct bench *b, struct dax_owner_span span, enum dax_owner_owner owner)
{
	b->devices[b->facts.devices.n++] =
		(struct dax_device) { .span = span, .owner = owner, .name = "dax0.0" };
}

static void look(struct bench *b)
{
	extent_map_free(&b->map);
	assert_int_equal(derive_extents(&b->facts, &b->map), 0);
}

static void is_extent(const struct bench *b, size_t i, struct dax_owner_span span,
		      enum dax_owner_state state, enum dax_owner_owner owner,
		      enum dax_owner_owner expected)
{
	const struct extent *extent = &b->map.extents[i];

	assert_true(i < b->map.n);
	assert_int_equal(extent->span.start, span.start);
	assert_int_equal(extent->span.end, span.end);
	assert_string_equal(dax_owner_state_name(extent->state), dax_owner_state_name(state));
	assert_string_equal(dax_owner_owner_name(extent->owner), dax_owner_owner_name(owner));
	assert_string_equal(dax_owner_owner_name(extent->expected), dax_owner_owner_name(expected));
}

#define IS(i, first, last, state, owner, expected) \
	is_extent(&b, i, (struct dax_owner_span)AT(first, last), DAX_OWNER_STATE_##state, \
		  DAX_OWNER_##owner, DAX_OWNER_##expected)
#define SPAN(first, last) ((struct dax_owner_span)AT(first, last))

static void derive_region_with_device_is_owned(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	region(&b, SPAN(0, 3));
	device(&b, SPAN(0, 3), DAX_OWNER_CXL);
	look(&b);
	assert_int_equal(b.map.n, 1);
	IS(0, 0, 3, OWNED, CXL, CXL);
	extent_map_free(&b.map);
}

static void derive_before_enumeration_is_pending(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.enumerated = b.facts.settled = false;
	look(&b);
	IS(0, 0, 3, PENDING, NONE, NONE);
	/* also with a device, because the right owner is not known yet */
	device(&b, SPAN(0, 3), DAX_OWNER_HMEM);
	look(&b);
	IS(0, 0, 3, PENDING, NONE, NONE);
	b.facts.devices.n = 0;
	b.window = SPAN(5, 7);
	look(&b);
	IS(0, 0, 3, DECIDED, HMEM, HMEM);
	extent_map_free(&b.map);
}

/* While udev is busy, a driver may still claim the rest. */
static void derive_with_busy_udev_is_decided(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.facts.settled = false;
	region(&b, SPAN(0, 3));
	device(&b, SPAN(0, 1), DAX_OWNER_CXL);
	look(&b);
	IS(0, 0, 1, OWNED, CXL, CXL);
	IS(1, 2, 3, DECIDED, CXL, CXL);
	extent_map_free(&b.map);
}

static void derive_region_without_device_is_stranded(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	region(&b, SPAN(0, 3));
	look(&b);
	assert_int_equal(b.map.n, 1);
	IS(0, 0, 3, STRANDED, CXL, CXL);
	assert_int_equal(b.map.extents[0].reason, DAX_OWNER_REASON_CLAIM_FAILED);
	extent_map_free(&b.map);
}

/* As on kernel 6.12: dax_cxl owns the region's part, the rest is stranded */
static void derive_uncovered_parts_are_stranded(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	region(&b, SPAN(1, 2));
	device(&b, SPAN(1, 2), DAX_OWNER_CXL);
	look(&b);
	assert_int_equal(b.map.n, 3);
	IS(0, 0, 0, STRANDED, HMEM, HMEM);
	/* policy whole gives the whole range to dax_hmem */
	IS(1, 1, 2, OWNED, CXL, HMEM);
	IS(2, 3, 3, STRANDED, HMEM, HMEM);
	extent_map_free(&b.map);
}

static void derive_wrong_owner_has_expected_owner(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	region(&b, SPAN(0, 3));
	device(&b, SPAN(0, 3), DAX_OWNER_HMEM);
	look(&b);
	assert_int_equal(b.map.n, 1);
	IS(0, 0, 3, OWNED, HMEM, CXL);
	extent_map_free(&b.map);
}

/* Two devices that reach beyond the range, and one outside it */
static void derive_devices_are_cut_to_range(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.range = SPAN(1, 4);
	device(&b, SPAN(0, 1), DAX_OWNER_HMEM);
	device(&b, SPAN(3, 5), DAX_OWNER_HMEM);
	device(&b, SPAN(6, 6), DAX_OWNER_HMEM);
	look(&b);
	assert_int_equal(b.map.n, 3);
	IS(0, 1, 1, OWNED, HMEM, HMEM);
	IS(1, 2, 2, STRANDED, HMEM, HMEM);
	IS(2, 3, 4, OWNED, HMEM, HMEM);
	extent_map_free(&b.map);
}

/* One range with a region of RAM and a region of persistent memory after it */
static void derive_no_dax_region_is_withheld(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	region(&b, SPAN(0, 1));
	pmem(&b, SPAN(2, 3));
	device(&b, SPAN(0, 1), DAX_OWNER_CXL);
	look(&b);
	assert_int_equal(b.map.n, 2);
	IS(0, 0, 1, OWNED, CXL, CXL);
	IS(1, 2, 3, WITHHELD, NONE, NONE);
	assert_int_equal(b.map.extents[1].reason, DAX_OWNER_REASON_REGION_NOT_DAX);
	assert_int_equal(b.map.extents[1].usable_bytes + b.map.extents[1].block_loss_bytes, 0);
	assert_int_equal(extent_map_bytes(&b.map, DAX_OWNER_STATE_STRANDED), 0);
	assert_false(extent_is_wrong(&b.map.extents[1]));
	extent_map_free(&b.map);
}

/* As with the in-tree drivers: the device of dax_hmem covers the whole range. */
static void derive_device_over_no_dax_region_is_at_risk(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	pmem(&b, SPAN(2, 3));
	device(&b, SPAN(0, 3), DAX_OWNER_HMEM);
	look(&b);
	assert_int_equal(b.map.n, 2);
	IS(0, 0, 1, OWNED, HMEM, HMEM);
	IS(1, 2, 3, OWNED, HMEM, NONE);
	assert_true(extent_is_at_risk(&b.map.extents[1]));
	assert_false(extent_is_wrong(&b.map.extents[0]));
	extent_map_free(&b.map);
}

/* The ends of the range lie inside memory blocks. */
static void derive_unaligned_ends_lose_bytes(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.range = (struct dax_owner_span) { UNIT / 4, 4 * UNIT - 1 };
	b.facts.block_size = UNIT;
	device(&b, b.range, DAX_OWNER_HMEM);
	b.devices[0].node = 1;
	look(&b);
	assert_int_equal(b.map.n, 1);
	assert_int_equal(b.map.extents[0].usable_bytes, 3 * UNIT);
	assert_int_equal(b.map.extents[0].block_loss_bytes, UNIT - UNIT / 4);
	/* the blocks of the device count, also a block that reaches beyond the extent */
	b.range = (struct dax_owner_span) { UNIT / 2, 4 * UNIT - 1 };
	b.devices[0].span = SPAN(0, 3);
	look(&b);
	assert_int_equal(b.map.extents[0].usable_bytes, 4 * UNIT - UNIT / 2);
	assert_int_equal(b.map.extents[0].block_loss_bytes, 0);
	/* without a node no byte is usable, but none is lost to blocks */
	b.devices[0].node = -1;
	look(&b);
	assert_int_equal(b.map.extents[0].usable_bytes, 0);
	assert_int_equal(b.map.extents[0].block_loss_bytes, 0);
	/* with an unknown block size every byte is usable */
	b.devices[0].node = 1;
	b.devices[0].span = b.range;
	b.facts.block_size = 0;
	look(&b);
	assert_int_equal(b.map.extents[0].usable_bytes, 4 * UNIT - UNIT / 2);
	extent_map_free(&b.map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cedt_window_of_size_zero_is_skipped),
		cmocka_unit_test(cedt_damaged_table_gives_sound_windows),
		cmocka_unit_test(cedt_short_header_is_refused),
		cmocka_unit_test(cmdline_memmap_gives_ranges),
		cmocka_unit_test(cmdline_wrapping_range_is_skipped),
		cmocka_unit_test_setup_teardown(memmap_damaged_entries_are_skipped, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(ranges_of_damaged_sources_are_read, make_directory,
						remove_directory),
		cmocka_unit_test_setup_teardown(ranges_without_addresses_are_refused,
						make_directory, remove_directory),
		cmocka_unit_test(spans_merge_joins_touching_spans),
		cmocka_unit_test(spans_align_cuts_unaligned_ends),
		cmocka_unit_test(iomem_malformed_lines_are_skipped),
		cmocka_unit_test(derive_region_with_device_is_owned),
		cmocka_unit_test(derive_before_enumeration_is_pending),
		cmocka_unit_test(derive_with_busy_udev_is_decided),
		cmocka_unit_test(derive_region_without_device_is_stranded),
		cmocka_unit_test(derive_uncovered_parts_are_stranded),
		cmocka_unit_test(derive_wrong_owner_has_expected_owner),
		cmocka_unit_test(derive_devices_are_cut_to_range),
		cmocka_unit_test(derive_no_dax_region_is_withheld),
		cmocka_unit_test(derive_device_over_no_dax_region_is_at_risk),
		cmocka_unit_test(derive_unaligned_ends_lose_bytes),
	};

	return cmocka_run_group_tests_name("derive", tests, NULL, NULL);
}
