// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables, JSON, metrics and the line of check, printed from made-up snapshots. Tests in virtual machines read real
 * snapshots.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/check.h"
#include "cli/command.h"
#include "cli/format/colors.h"
#include "cli/format/pager.h"
#include "cli/format/sizes.h"
#include "cli/snapshot/snapshot-json.h"
#include "cli/metrics.h"
#include "cli/snapshot/extent-table.h"
#include "directory.h"

#define GIB (1ull << 30)

/* An extent of dax_cxl, a stranded extent, and an extent with the wrong owner */
static struct snapshot_extent entries[] = {
	{
		.extent = {
			.span = { 16 * GIB, 17 * GIB - 1 },
			.owner = DAX_OWNER_CXL,
			.state = DAX_OWNER_STATE_OWNED,
			.reason = DAX_OWNER_REASON_REGION_COVERS,
			.node = 1,
			.usable_bytes = GIB,
			.decided_us = 12345678,
			.device = "dax0.0",
		},
		.driver = "kmem",
		.online = { .online = GIB / 2, .offline = GIB / 2 },
	},
	{
		.extent = {
			.span = { 17 * GIB, 17 * GIB + GIB / 2 - 1 },
			.owner = DAX_OWNER_HMEM,
			.state = DAX_OWNER_STATE_STRANDED,
			.reason = DAX_OWNER_REASON_CLAIM_FAILED,
			.flags = DAX_OWNER_FLAG_DEADLINE,
			.node = -1,
			.error = -EBUSY,
			.holder = "dax_region0",
		},
	},
	{
		.extent = {
			.span = { 20 * GIB, ~0ull },
			.owner = DAX_OWNER_HMEM,
			.expected = DAX_OWNER_CXL,
			.state = DAX_OWNER_STATE_OWNED,
			.reason = DAX_OWNER_REASON_REGION_COVERS,
			.node = 2,
			.usable_bytes = ~0ull - 20 * GIB + 1,
			.device = "dax1.0",
		},
		.driver = "device_dax",
	},
};

static struct region region = { .span = { 16 * GIB, 17 * GIB + 4095 }, .name = "region0" };

static struct snapshot some(size_t n)
{
	struct snapshot snapshot = {
		.source = SOURCE_LEDGER,
		.kernel = "7.3.4",
		.arbiter = ARBITER_DAX_OWNER,
		.settled = true,
		.entries = entries,
		.n = n,
		.regions = { &region, 1 },
	};

	snapshot_add_up(&snapshot);
	return snapshot;
}

/* --- sizes --- */

static void size_text_any_size_has_fitting_unit(void **state)
{
	char text[SIZE_TEXT_LEN];

	(void)state;
	assert_string_equal(size_text_short(text, 0), "0B");
	assert_string_equal(size_text_short(text, 1023), "1023B");
	assert_string_equal(size_text_short(text, 1024), "1K");
	assert_string_equal(size_text_short(text, GIB / 2), "512M");
	assert_string_equal(size_text_short(text, GIB + GIB / 2), "1.5G");
	assert_string_equal(size_text_short(text, 2 * GIB - 1), "1.9G");
	assert_string_equal(size_text_short(text, ~0ull), "15.9E");
	assert_string_equal(size_text_long(text, 4096), "4096");
	assert_string_equal(size_text_long(text, GIB), "1024.00 MiB (1073.74 MB)");
	assert_string_equal(size_text_long(text, 2 * GIB), "2.00 GiB (2.15 GB)");
	assert_string_equal(size_text_long(text, 3072 * GIB), "3.00 TiB (3.30 TB)");
}

/* --- the pager --- */

static void pager_is_chosen_on_terminal_only(void **state)
{
	struct pager_environment environment = { .terminal = true, .term = "xterm" };

	(void)state;
	assert_non_null(strstr(pager_choose(&environment), "less"));
	environment.pager = "more";
	assert_string_equal(pager_choose(&environment), "more");
	environment.systemd_pager = "less -i";
	assert_string_equal(pager_choose(&environment), "less -i");
	environment.term = "dumb";
	assert_null(pager_choose(&environment));
	environment.term = "xterm";
	environment.systemd_pager = " ";
	assert_null(pager_choose(&environment));
	environment.systemd_pager = "cat";
	assert_null(pager_choose(&environment));
	environment.systemd_pager = NULL;
	environment.terminal = false;
	assert_null(pager_choose(&environment));
}

static void colors_follow_environment(void **state)
{
	struct color_environment environment = { .terminal = true, .term = "xterm" };

	(void)state;
	assert_true(colors_choose(&environment, WHEN_AUTO));
	assert_false(colors_choose(&environment, WHEN_NEVER));
	environment.no_color = "1";
	assert_false(colors_choose(&environment, WHEN_AUTO));
	environment.systemd_colors = "True";
	assert_true(colors_choose(&environment, WHEN_AUTO));
	environment.no_color = "";
	environment.systemd_colors = "0";
	assert_false(colors_choose(&environment, WHEN_AUTO));
	assert_true(colors_choose(&environment, WHEN_ALWAYS));
	environment.systemd_colors = NULL;
	environment.term = "dumb";
	assert_false(colors_choose(&environment, WHEN_AUTO));
	environment.term = "xterm";
	environment.terminal = false;
	assert_false(colors_choose(&environment, WHEN_AUTO));
	environment.systemd_colors = "256";
	assert_true(colors_choose(&environment, WHEN_AUTO));
}

/* --- tables --- */

/* Return: the table as text, which the caller frees. */
static char *table_text(const struct extent_table *table, const struct snapshot *snapshot)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	assert_int_equal(extent_table_print(table, snapshot, file), 0);
	fclose(file);
	return text;
}

static void prints(const struct extent_table *table, const struct snapshot *snapshot,
		   const char *expected)
{
	char *text = table_text(table, snapshot);

	assert_string_equal(text, expected);
	free(text);
}

static void table_default_columns_are_printed(void **state)
{
	struct snapshot snapshot = some(2);

	(void)state;
	prints(&(struct extent_table) {}, &snapshot,
	       "RANGE                   SIZE STATE    OWNER    REASON        DEVICE DRIVER NODE ONLINE\n"
	       "0x400000000-0x43fffffff   1G owned    dax_cxl  region-covers dax0.0 kmem      1   512M\n"
	       "0x440000000-0x45fffffff 512M stranded dax_hmem claim-failed  -      -         -     0B\n");
}

static void table_chosen_columns_are_printed(void **state)
{
	struct extent_table table = { .columns = "start,Size,REGIONS,error,decided",
				      .bytes = true,
				      .no_headings = true };
	struct snapshot snapshot = some(2);

	(void)state;
	prints(&table, &snapshot,
	       "0x400000000 1073741824 region0 -                       12.345678\n"
	       "0x440000000  536870912 region0 Device or resource busy         -\n");
}

static void table_added_columns_follow_default_ones(void **state)
{
	struct extent_table table = { .columns = "+regions,ERROR" };
	struct snapshot snapshot = some(2);
	char unknown[8];

	(void)state;
	assert_int_equal(extent_table_check(table.columns, unknown, sizeof(unknown)), 0);
	prints(&table, &snapshot,
	       "RANGE                   SIZE STATE    OWNER    REASON        DEVICE DRIVER NODE ONLINE REGIONS ERROR\n"
	       "0x400000000-0x43fffffff   1G owned    dax_cxl  region-covers dax0.0 kmem      1   512M region0 -\n"
	       "0x440000000-0x45fffffff 512M stranded dax_hmem claim-failed  -      -         -     0B region0 Device or resource busy\n");
	assert_int_equal(extent_table_check("+", unknown, sizeof(unknown)), -EINVAL);
	assert_int_equal(extent_table_check("+START,+END", unknown, sizeof(unknown)), -EINVAL);
	assert_string_equal(unknown, "+END");
}

static void table_stranded_extent_has_color(void **state)
{
	struct extent_table table = { .columns = "SIZE,STATE", .no_headings = true, .colors = true };
	struct snapshot snapshot = some(2);
	char *text = table_text(&table, &snapshot);

	(void)state;
	assert_non_null(strstr(text, COLOR_ERROR "stranded\033["));
	assert_null(strstr(text, COLOR_ERROR "owned"));
	free(text);
}

static void table_unknown_column_is_refused(void **state)
{
	char unknown[8];

	(void)state;
	assert_int_equal(extent_table_check("START,END", unknown, sizeof(unknown)), 0);
	assert_int_equal(extent_table_check("START,ends,END", unknown, sizeof(unknown)), -EINVAL);
	assert_string_equal(unknown, "ends");
	assert_int_equal(extent_table_check("START,", unknown, sizeof(unknown)), -EINVAL);
	assert_string_equal(unknown, "");
	assert_int_equal(extent_table_check("STARTSTARTSTART", unknown, sizeof(unknown)), -EINVAL);
	assert_string_equal(unknown, "STARTST");
}

/* --- JSON --- */

static void describes(const struct snapshot *snapshot, bool human, const char *expected)
{
	struct json_object *json;

	assert_int_equal(json_snapshot(snapshot, human, &json), 0);
	assert_string_equal(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN), expected);
	json_object_put(json);
}

static void json_snapshot_has_all_fields(void **state)
{
	struct snapshot snapshot = some(3);

	(void)state;
	describes(&snapshot, false,
		  "{\"schema\":1,\"kernel\":\"7.3.4\",\"source\":\"ledger\",\"arbiter\":\"dax_owner\",\"settled\":true,"
		  "\"stranded_bytes\":536870912,\"withheld_bytes\":0,\"usable_bytes\":18446744053308456960,\"extents\":["
		  "{\"start\":\"0x400000000\",\"end\":\"0x43fffffff\",\"size\":1073741824,\"owner\":\"dax_cxl\","
		  "\"previous\":\"none\",\"state\":\"owned\",\"reason\":\"region-covers\",\"flags\":[],"
		  "\"device\":\"dax0.0\",\"driver\":\"kmem\",\"target_node\":1,\"usable_bytes\":1073741824,"
		  "\"block_loss_bytes\":0,\"online_bytes\":536870912,"
		  "\"offline_bytes\":536870912,\"regions\":[\"region0\"],\"decided_us\":12345678},"
		  "{\"start\":\"0x440000000\",\"end\":\"0x45fffffff\",\"size\":536870912,\"owner\":\"dax_hmem\","
		  "\"previous\":\"none\",\"state\":\"stranded\",\"reason\":\"claim-failed\",\"flags\":[\"deadline\"],"
		  "\"usable_bytes\":0,\"block_loss_bytes\":0,\"online_bytes\":0,\"offline_bytes\":0,"
		  "\"regions\":[\"region0\"],\"error\":-16,"
		  "\"holder\":\"dax_region0\"},"
		  "{\"start\":\"0x500000000\",\"end\":\"0xffffffffffffffff\",\"size\":18446744052234715136,"
		  "\"owner\":\"dax_hmem\",\"previous\":\"none\",\"expected\":\"dax_cxl\",\"state\":\"owned\","
		  "\"reason\":\"region-covers\",\"flags\":[],\"device\":\"dax1.0\",\"driver\":\"device_dax\","
		  "\"target_node\":2,\"usable_bytes\":18446744052234715136,\"block_loss_bytes\":0,"
		  "\"online_bytes\":0,\"offline_bytes\":0,\"regions\":[]}]}");
}

static void json_human_sizes_have_units(void **state)
{
	struct snapshot snapshot = some(1);

	(void)state;
	snapshot.settled = false;
	snapshot.source = SOURCE_DAEMON;
	describes(&snapshot, true,
		  "{\"schema\":1,\"kernel\":\"7.3.4\",\"source\":\"dax-ownerd\",\"arbiter\":\"dax_owner\",\"settled\":false,"
		  "\"stranded_bytes\":\"0\",\"withheld_bytes\":\"0\",\"usable_bytes\":\"1024.00 MiB (1073.74 MB)\",\"extents\":["
		  "{\"start\":\"0x400000000\",\"end\":\"0x43fffffff\",\"size\":\"1024.00 MiB (1073.74 MB)\","
		  "\"owner\":\"dax_cxl\",\"previous\":\"none\",\"state\":\"owned\",\"reason\":\"region-covers\","
		  "\"flags\":[],\"device\":\"dax0.0\",\"driver\":\"kmem\",\"target_node\":1,"
		  "\"usable_bytes\":\"1024.00 MiB (1073.74 MB)\",\"block_loss_bytes\":\"0\","
		  "\"online_bytes\":\"512.00 MiB (536.87 MB)\",\"offline_bytes\":\"512.00 MiB (536.87 MB)\","
		  "\"regions\":[\"region0\"],\"decided_us\":12345678}]}");
}

/* --- check --- */

static void answers_with(const struct check_limits *limits, const struct snapshot *snapshot,
			 enum check answer, const char *expected)
{
	char line[CHECK_LEN];

	assert_int_equal(check(snapshot, limits, line), answer);
	assert_string_equal(line, expected);
}

static void answers(const struct snapshot *snapshot, enum check answer, const char *expected)
{
	answers_with(&(struct check_limits) {}, snapshot, answer, expected);
}

static void check_all_owned_is_ok(void **state)
{
	struct snapshot snapshot = some(1);

	(void)state;
	answers(&snapshot, CHECK_OK,
		"DAX-OWNER OK - settled, 1G owned, 0B by the wrong driver, 0B stranded | "
		"owned=1073741824B wrong=0B stranded=0B;;0 withheld=0B usable=1073741824B");
}

static void check_stranded_is_critical(void **state)
{
	struct snapshot snapshot = some(2);

	(void)state;
	answers(&snapshot, CHECK_CRITICAL,
		"DAX-OWNER CRITICAL - memory is stranded, 1G owned, 0B by the wrong driver, 512M stranded | "
		"owned=1073741824B wrong=0B stranded=536870912B;;0 withheld=0B usable=1073741824B");
}

static void check_limits_decide_on_stranded(void **state)
{
	struct check_limits limits = { .has_warning = true, .warning = GIB / 2 - 1 };
	struct snapshot snapshot = some(2);

	(void)state;
	answers_with(&limits, &snapshot, CHECK_WARNING,
		     "DAX-OWNER WARNING - memory is stranded, 1G owned, 0B by the wrong driver, 512M stranded | "
		     "owned=1073741824B wrong=0B stranded=536870912B;536870911 withheld=0B usable=1073741824B");
	limits.has_critical = true;
	limits.critical = GIB / 2;
	limits.warning = 0;
	answers_with(&limits, &snapshot, CHECK_WARNING,
		     "DAX-OWNER WARNING - memory is stranded, 1G owned, 0B by the wrong driver, 512M stranded | "
		     "owned=1073741824B wrong=0B stranded=536870912B;0;536870912 withheld=0B usable=1073741824B");
	limits.has_warning = false;
	answers_with(&limits, &snapshot, CHECK_OK,
		     "DAX-OWNER OK - settled, 1G owned, 0B by the wrong driver, 512M stranded | "
		     "owned=1073741824B wrong=0B stranded=536870912B;;536870912 withheld=0B usable=1073741824B");
}

static void check_unsettled_warns_during_boot_only(void **state)
{
	struct check_limits limits = { .booting = true };
	struct snapshot snapshot = some(2);

	(void)state;
	snapshot.settled = false;
	answers_with(&limits, &snapshot, CHECK_WARNING,
		     "DAX-OWNER WARNING - not settled during boot, 1G owned, 0B by the wrong driver, 512M stranded | "
		     "owned=1073741824B wrong=0B stranded=536870912B;;0 withheld=0B usable=1073741824B");
	answers(&snapshot, CHECK_CRITICAL,
		"DAX-OWNER CRITICAL - not settled, 1G owned, 0B by the wrong driver, 512M stranded | "
		"owned=1073741824B wrong=0B stranded=536870912B;;0 withheld=0B usable=1073741824B");
}

static void size_with_unit_is_parsed(void **state)
{
	u64 bytes;

	(void)state;
	assert_int_equal(size_parse("0", &bytes), 0);
	assert_true(bytes == 0);
	assert_int_equal(size_parse("4096", &bytes), 0);
	assert_true(bytes == 4096);
	assert_int_equal(size_parse("512M", &bytes), 0);
	assert_true(bytes == GIB / 2);
	assert_int_equal(size_parse("1.5GiB", &bytes), 0);
	assert_true(bytes == GIB + GIB / 2);
	assert_int_equal(size_parse("7B", &bytes), 0);
	assert_true(bytes == 7);
	assert_int_equal(size_parse("16E", &bytes), -ERANGE);
	for (const char *const *wrong =
		     (const char *const[]) { "", "M", "-1", "1X", "1GB", "1 ", "1.5", NULL };
	     *wrong; wrong++)
		assert_int_equal(size_parse(*wrong, &bytes), -EINVAL);
}

static void check_wrong_owner_warns(void **state)
{
	struct snapshot_extent wrong = entries[2];
	struct snapshot snapshot = some(1);

	(void)state;
	wrong.extent.span = entries[0].extent.span;
	wrong.extent.usable_bytes = GIB;
	snapshot.entries = &wrong;
	snapshot_add_up(&snapshot);
	answers(&snapshot, CHECK_WARNING,
		"DAX-OWNER WARNING - memory has the wrong driver, 1G owned, 1G by the wrong driver, 0B stranded | "
		"owned=1073741824B wrong=1073741824B stranded=0B;;0 withheld=0B usable=1073741824B");
}

/* --- metrics --- */

static void metrics_of_snapshot_are_printed(void **state)
{
	static const char expected[] =
		"# TYPE dax_owner_arbiter gauge\n"
		"# HELP dax_owner_arbiter The arbiter of this kernel; always 1.\n"
		"dax_owner_arbiter{arbiter=\"dax_owner\",kernel=\"7.3.4\",source=\"ledger\"} 1\n"
		"# TYPE dax_owner_settled gauge\n"
		"# HELP dax_owner_settled 1 if ownership is settled.\n"
		"dax_owner_settled 1\n"
		"# TYPE dax_owner_stranded_bytes gauge\n"
		"# UNIT dax_owner_stranded_bytes bytes\n"
		"# HELP dax_owner_stranded_bytes Soft Reserved memory that is stranded: no driver owns it.\n"
		"dax_owner_stranded_bytes 536870912\n"
		"# TYPE dax_owner_wrong_bytes gauge\n"
		"# UNIT dax_owner_wrong_bytes bytes\n"
		"# HELP dax_owner_wrong_bytes Soft Reserved memory that the wrong driver owns.\n"
		"dax_owner_wrong_bytes 0\n"
		"# TYPE dax_owner_withheld_bytes gauge\n"
		"# UNIT dax_owner_withheld_bytes bytes\n"
		"# HELP dax_owner_withheld_bytes Soft Reserved memory that no driver may own: a CXL region that is not for DAX, or is disabled, decodes it.\n"
		"dax_owner_withheld_bytes 0\n"
		"# TYPE dax_owner_at_risk_bytes gauge\n"
		"# UNIT dax_owner_at_risk_bytes bytes\n"
		"# HELP dax_owner_at_risk_bytes Soft Reserved memory that a driver owns although no driver may own it.\n"
		"dax_owner_at_risk_bytes 0\n"
		"# TYPE dax_owner_usable_bytes gauge\n"
		"# UNIT dax_owner_usable_bytes bytes\n"
		"# HELP dax_owner_usable_bytes Soft Reserved memory that can be system memory.\n"
		"dax_owner_usable_bytes 1073741824\n"
		"# TYPE dax_owner_owned_bytes gauge\n"
		"# UNIT dax_owner_owned_bytes bytes\n"
		"# HELP dax_owner_owned_bytes Soft Reserved memory that a driver owns.\n"
		"dax_owner_owned_bytes{owner=\"dax_cxl\"} 1073741824\n"
		"dax_owner_owned_bytes{owner=\"dax_hmem\"} 0\n"
		"# TYPE dax_owner_extent_info gauge\n"
		"# HELP dax_owner_extent_info The facts of an extent of Soft Reserved memory; always 1.\n"
		"dax_owner_extent_info{extent=\"0x400000000\",end=\"0x43fffffff\",owner=\"dax_cxl\",state=\"owned\","
		"reason=\"region-covers\",device=\"dax0.0\",driver=\"kmem\",target_node=\"1\"} 1\n"
		"dax_owner_extent_info{extent=\"0x440000000\",end=\"0x45fffffff\",owner=\"dax_hmem\",state=\"stranded\","
		"reason=\"claim-failed\",device=\"\",driver=\"\",target_node=\"-1\"} 1\n"
		"# TYPE dax_owner_extent_bytes gauge\n"
		"# UNIT dax_owner_extent_bytes bytes\n"
		"# HELP dax_owner_extent_bytes Size of an extent of Soft Reserved memory.\n"
		"dax_owner_extent_bytes{extent=\"0x400000000\"} 1073741824\n"
		"dax_owner_extent_bytes{extent=\"0x440000000\"} 536870912\n"
		"# TYPE dax_owner_extent_usable_bytes gauge\n"
		"# UNIT dax_owner_extent_usable_bytes bytes\n"
		"# HELP dax_owner_extent_usable_bytes Bytes of an extent that can be system memory.\n"
		"dax_owner_extent_usable_bytes{extent=\"0x400000000\"} 1073741824\n"
		"dax_owner_extent_usable_bytes{extent=\"0x440000000\"} 0\n"
		"# TYPE dax_owner_extent_block_loss_bytes gauge\n"
		"# UNIT dax_owner_extent_block_loss_bytes bytes\n"
		"# HELP dax_owner_extent_block_loss_bytes Bytes of an extent that lie in no whole memory block.\n"
		"dax_owner_extent_block_loss_bytes{extent=\"0x400000000\"} 0\n"
		"dax_owner_extent_block_loss_bytes{extent=\"0x440000000\"} 0\n"
		"# TYPE dax_owner_online_bytes gauge\n"
		"# UNIT dax_owner_online_bytes bytes\n"
		"# HELP dax_owner_online_bytes Bytes of an extent that are system memory in use.\n"
		"dax_owner_online_bytes{extent=\"0x400000000\"} 536870912\n"
		"dax_owner_online_bytes{extent=\"0x440000000\"} 0\n"
		"# EOF\n";
	struct snapshot snapshot = some(2);
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	assert_non_null(file);
	metrics_print(&snapshot, file);
	fclose(file);
	assert_string_equal(text, expected);
	free(text);
}

static void metrics_without_extents_have_sums(void **state)
{
	struct snapshot snapshot = some(0);
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	(void)state;
	assert_non_null(file);
	metrics_print(&snapshot, file);
	fclose(file);
	assert_non_null(strstr(text, "\ndax_owner_stranded_bytes 0\n"));
	assert_null(strstr(text, "extent="));
	free(text);
}

/* --- output for other users than root, withheld extents, partly usable extents --- */

static void hidden_extents_have_no_addresses(void **state)
{
	struct snapshot_extent hidden[2] = { entries[0], entries[1] };
	struct snapshot snapshot = some(2);
	struct extent_table all = { .columns = "RANGE,SIZE,ONLINE,REGIONS,OWNER" };
	char *text;
	size_t len;
	FILE *file;

	(void)state;
	hidden[0].extent.hidden = hidden[1].extent.hidden = true;
	snapshot.entries = hidden;
	snapshot.hidden = true;
	prints(&(struct extent_table) {}, &snapshot,
	       "SIZE STATE    OWNER    REASON        DEVICE DRIVER NODE\n"
	       "  1G owned    dax_cxl  region-covers dax0.0 kmem      1\n"
	       "512M stranded dax_hmem claim-failed  -      -         -\n");
	prints(&all, &snapshot,
	       "RANGE SIZE ONLINE REGIONS OWNER\n"
	       "-       1G      - -       dax_cxl\n"
	       "-     512M      - -       dax_hmem\n");
	snapshot.n = 1;
	describes(&snapshot, false,
		  "{\"schema\":1,\"kernel\":\"7.3.4\",\"source\":\"ledger\",\"arbiter\":\"dax_owner\",\"settled\":true,"
		  "\"stranded_bytes\":536870912,\"withheld_bytes\":0,\"usable_bytes\":1073741824,\"extents\":["
		  "{\"size\":1073741824,\"owner\":\"dax_cxl\",\"previous\":\"none\",\"state\":\"owned\","
		  "\"reason\":\"region-covers\",\"flags\":[],\"device\":\"dax0.0\",\"driver\":\"kmem\",\"target_node\":1,"
		  "\"usable_bytes\":1073741824,\"block_loss_bytes\":0,\"decided_us\":12345678}]}");
	file = open_memstream(&text, &len);
	metrics_print(&snapshot, file);
	fclose(file);
	assert_null(strstr(text, "end="));
	assert_null(strstr(text, "0x4"));
	assert_null(strstr(text, "online_bytes"));
	assert_non_null(strstr(text, "dax_owner_extent_info{extent=\"0\",owner=\"dax_cxl\""));
	assert_non_null(strstr(text, "dax_owner_extent_bytes{extent=\"0\"} 1073741824\n"));
	free(text);
}

static struct snapshot one(struct snapshot_extent *entry, enum dax_owner_owner owner,
			   enum dax_owner_state its_state)
{
	struct snapshot snapshot = some(1);

	*entry = (struct snapshot_extent){
		.extent = {
			.span = { 16 * GIB, 17 * GIB - 1 }, .owner = owner, .state = its_state,
			.reason = DAX_OWNER_REASON_REGION_NOT_DAX, .node = -1,
		},
	};
	snapshot.entries = entry;
	snapshot_add_up(&snapshot);
	return snapshot;
}

static void check_withheld_is_ok(void **state)
{
	struct snapshot_extent entry;
	struct snapshot snapshot = one(&entry, DAX_OWNER_NONE, DAX_OWNER_STATE_WITHHELD);

	(void)state;
	answers(&snapshot, CHECK_OK,
		"DAX-OWNER OK - settled, 0B owned, 0B by the wrong driver, 0B stranded, 1G withheld | "
		"owned=0B wrong=0B stranded=0B;;0 withheld=1073741824B usable=0B");
	prints(&(struct extent_table) { .columns = "STATE,OWNER,REASON,USABLE,LOSS" }, &snapshot,
	       "STATE    OWNER REASON         USABLE LOSS\n"
	       "withheld -     region-not-dax     0B   0B\n");
}

static void check_data_at_risk_is_critical(void **state)
{
	struct snapshot_extent entry;
	struct snapshot snapshot = one(&entry, DAX_OWNER_HMEM, DAX_OWNER_STATE_OWNED);

	(void)state;
	answers(&snapshot, CHECK_CRITICAL,
		"DAX-OWNER CRITICAL - data at risk, 1G owned, 1G by the wrong driver, 0B stranded | "
		"owned=1073741824B wrong=1073741824B stranded=0B;;0 withheld=0B usable=0B");
}

static void table_partly_usable_extent_adds_column(void **state)
{
	struct snapshot_extent part = entries[0];
	struct snapshot snapshot = some(1);

	(void)state;
	part.extent.usable_bytes = GIB / 2;
	part.extent.block_loss_bytes = GIB / 2;
	part.extent.flags = DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT;
	snapshot.entries = &part;
	prints(&(struct extent_table) {}, &snapshot,
	       "RANGE                   SIZE USABLE STATE OWNER   REASON        DEVICE DRIVER NODE ONLINE\n"
	       "0x400000000-0x43fffffff   1G   512M owned dax_cxl region-covers dax0.0 kmem      1   512M\n");
	prints(&(struct extent_table) { .columns = "LOSS,FLAGS", .no_headings = true }, &snapshot,
	       "512M deadline unsplit\n");
}

/* The daemon replies before it has read the facts. */
static void problem_without_extents_depends_on_settled(void **state)
{
	struct snapshot snapshot = some(0);
	char problem[COMMAND_PROBLEM_LEN];

	(void)state;
	assert_int_equal(command_problem(0, &snapshot, problem), EX_UNAVAILABLE);
	assert_non_null(strstr(problem, "firmware has marked no memory Soft Reserved"));
	snapshot.settled = false;
	assert_int_equal(command_problem(0, &snapshot, problem), EX_UNAVAILABLE);
	assert_null(strstr(problem, "firmware"));
	assert_non_null(strstr(problem, "not settled"));
}

/* The initial pass is not over, so the ledger has no extents yet. */
static void check_allow_none_unsettled_is_unknown(void **state)
{
	char *argv[] = { (char[]) { "check" }, (char[]) { "--allow-none" }, NULL };

	(void)state;
	put("sys/class/dax_owner/settled", "0\n");
	assert_int_equal(command_check.run(2, argv, directory), CHECK_UNKNOWN);
	put("sys/class/dax_owner/settled", "1\n");
	assert_int_equal(command_check.run(2, argv, directory), CHECK_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_text_any_size_has_fitting_unit),
		cmocka_unit_test(pager_is_chosen_on_terminal_only),
		cmocka_unit_test(colors_follow_environment),
		cmocka_unit_test(table_default_columns_are_printed),
		cmocka_unit_test(table_chosen_columns_are_printed),
		cmocka_unit_test(table_added_columns_follow_default_ones),
		cmocka_unit_test(table_stranded_extent_has_color),
		cmocka_unit_test(table_unknown_column_is_refused),
		cmocka_unit_test(json_snapshot_has_all_fields),
		cmocka_unit_test(json_human_sizes_have_units),
		cmocka_unit_test(check_all_owned_is_ok),
		cmocka_unit_test(check_stranded_is_critical),
		cmocka_unit_test(check_limits_decide_on_stranded),
		cmocka_unit_test(check_unsettled_warns_during_boot_only),
		cmocka_unit_test_setup_teardown(check_allow_none_unsettled_is_unknown,
						make_directory, remove_directory),
		cmocka_unit_test(size_with_unit_is_parsed),
		cmocka_unit_test(check_wrong_owner_warns),
		cmocka_unit_test(metrics_of_snapshot_are_printed),
		cmocka_unit_test(metrics_without_extents_have_sums),
		cmocka_unit_test(hidden_extents_have_no_addresses),
		cmocka_unit_test(check_withheld_is_ok),
		cmocka_unit_test(check_data_at_risk_is_critical),
		cmocka_unit_test(table_partly_usable_extent_adds_column),
		cmocka_unit_test(problem_without_extents_depends_on_settled),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
