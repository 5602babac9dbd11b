// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect firmware's tables: ACPI tables in binary form, and the memory map as text.
 */
#include <limits.h>

#include "base/cleanup.h"
#include "cli/report/collect-tree.h"

/* In bytes, larger than each of these tables */
#define MAX_TABLE (1 << 20)

#define MEMMAP "/sys/firmware/memmap"
#define TABLES "/sys/firmware/acpi/tables"

/* --- tables --- */

static void take_table(struct collection *c, const char *directory, const char *name, void *data)
{
	_cleanup_(freep) char *table = NULL;
	char path[PATH_MAX];
	size_t len;

	(void)data;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	table = collect_read(c, path, MAX_TABLE, &len);
	if (!table)
		return;
	bundle_raw(&c->bundle, path + 1, table, len);
}

/* The kernel numbers several tables of one kind: CEDT1, CEDT2. */
static void take_tables(struct collection *c, const char *name)
{
	char numbered[16];
	int one, more;

	snprintf(numbered, sizeof(numbered), "%s[0-9]*", name);
	one = collect_names(c, TABLES, name, take_table, NULL);
	more = collect_names(c, TABLES, numbered, take_table, NULL);
	if (one <= 0 && more <= 0)
		collect_missing(c, 0, TABLES "/%s: no such table", name);
}

/* --- memory map --- */

static void put_memory(struct collection *c, const char *directory, const char *name, void *page)
{
	static const char *const files[] = { "start", "end", "type" };
	char entry[PATH_MAX], path[PATH_MAX];

	snprintf(entry, sizeof(entry), "%s/%s", directory, name);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, files[i]);
		collect_attribute(c, entry, files[i], path, page);
	}
}

static void take_memmap(struct collection *c)
{
	FILE *page = bundle_page(&c->bundle, "memmap.txt");

	if (!page)
		return;
	if (collect_names(c, MEMMAP, "[0-9]*", put_memory, page) <= 0)
		collect_missing(c, 0, "memmap.txt: nothing in " MEMMAP);
	collect_end(c, page, "memmap.txt");
}

/**
 * collect_firmware() - collect the ACPI tables and the memory map
 * @c: the collection
 */
void collect_firmware(struct collection *c)
{
	static const char *const names[] = { "CEDT", "SRAT", "HMAT", "SLIT" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		take_tables(c, names[i]);
	take_memmap(c);
}
