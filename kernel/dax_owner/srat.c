// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the address ranges of NUMA nodes from an SRAT. The modules use only the borders of nodes.
 * The kernel itself maps an address to the number of a node, see dax_owner_target_node().
 */
#include "srat.h"

static const struct dax_owner_table_layout layout = {
	.signature = "SRAT",
	.first = DAX_OWNER_TABLE_HEADER_LEN + 12,
	.length_at = 1, /* after the type */
	.length_size = 1,
};

/* Memory Affinity Structure: its type and length, and offsets in it (ACPI 6.5, 5.2.16.2) */
#define MEMORY_TYPE 1
#define MEMORY_BASE 8
#define MEMORY_SIZE 16
#define MEMORY_FLAGS 28
#define MEMORY_LEN 40

#define MEMORY_ENABLED 1

/**
 * dax_owner_srat_open() - begin to read an SRAT
 * @srat: filled in
 * @bytes: the whole table with its header; owned by the caller, valid as long as @srat is used
 * @len: bytes at @bytes that may be read
 *
 * Return: DAX_OWNER_TABLE_OK; another value if the table is malformed, and it has no entries then.
 */
enum dax_owner_table_error dax_owner_srat_open(struct dax_owner_table *srat, const void *bytes,
					       size_t len)
{
	return dax_owner_table_open(srat, &layout, bytes, len);
}

/**
 * dax_owner_srat_next() - step to the next entry of an SRAT
 * @srat: from dax_owner_srat_open()
 * @entry: filled in: memory of a node, an entry without a span, or a malformed one
 *
 * An entry of memory that is not enabled, or whose size is 0, gets no span and no error. Firmware
 * keeps such entries in reserve, and the kernel skips them silently.
 *
 * Return: true; false if no entry is left.
 */
bool dax_owner_srat_next(struct dax_owner_table *srat, struct dax_owner_entry *entry)
{
	u64 base, size;

	if (!dax_owner_table_next(srat, entry))
		return false;
	if (entry->error || entry->bytes[0] != MEMORY_TYPE)
		return true;
	if (entry->len < MEMORY_LEN) {
		entry->error = DAX_OWNER_TABLE_SHORT;
		return true;
	}
	base = dax_owner_table_get(entry->bytes + MEMORY_BASE, 8);
	size = dax_owner_table_get(entry->bytes + MEMORY_SIZE, 8);
	if (!size || !(entry->bytes[MEMORY_FLAGS] & MEMORY_ENABLED))
		return true;
	if (base + size - 1 < base) {
		entry->error = DAX_OWNER_TABLE_WRAPS;
		return true;
	}
	entry->has_span = true;
	entry->span.start = base;
	entry->span.end = base + size - 1;
	return true;
}
