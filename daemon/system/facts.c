// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the facts from the running system. The file must not apply rules to them.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/listen-fds.h"
#include "system/dax-addresses.h"
#include "system/facts.h"
#include "system/iomem.h"
#include "system/online.h"
#include "system/regions-read.h"

/* Bytes of the smallest DAX device on x86-64. No driver can claim the unaligned ends of a range. */
#define DAX_ALIGN (2ull << 20)

/* Bytes of the read buffer, larger than any CEDT or command line */
#define MAX_FILE (1 << 20)

/**
 * fact_sources_close() - close /proc/iomem and free the ranges and windows
 * @sources: the sources; empty afterwards, and ready for fact_sources_open()
 */
void fact_sources_close(struct fact_sources *sources)
{
	if (sources->iomem)
		fclose(sources->iomem);
	spans_free(&sources->ranges);
	spans_free(&sources->windows);
	*sources = (struct fact_sources) {};
}

/*
 * Open a file that only root may open. systemd passes it to the daemon (OpenFile=). Another program
 * has to run as root.
 */
static FILE *open_file(const char *name, const char *path)
{
	int fd = listen_fd(name);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	return file ?: fopen(path, "re");
}

/*
 * Return: the content of the file with a terminating zero, which the caller frees; NULL without
 * memory.
 */
static char *read_file(FILE *file, size_t *len)
{
	char *text = malloc(MAX_FILE);

	if (!text)
		return NULL;
	*len = fread(text, 1, MAX_FILE - 1, file);
	text[*len] = '\0';
	return text;
}

/**
 * facts_read_windows() - read the CXL windows from the ACPI table CEDT
 * @windows: the function adds the windows; none on a machine without CXL
 * @skipped: called for each malformed entry, or once for a malformed table; may be NULL
 * @data: passed to @skipped
 *
 * A malformed table counts as no table, as in the kernel.
 *
 * Return: 0; -EACCES if this process may not read the table; another negative errno.
 */
int facts_read_windows(struct spans *windows, firmware_skip_fn skipped, void *data)
{
	_cleanup_(fclosep) FILE *file = open_file("CEDT", "/sys/firmware/acpi/tables/CEDT");
	_cleanup_(freep) char *table = NULL;
	size_t len;
	int r;

	if (!file)
		return errno == ENOENT ? 0 : -errno;
	table = read_file(file, &len);
	r = table ? firmware_windows(table, len, windows, skipped, data) : -ENOMEM;
	return r == -EBADMSG ? 0 : r;
}

static int read_cmdline(struct spans *ranges, firmware_skip_fn skipped, void *data)
{
	_cleanup_(fclosep) FILE *file = fopen("/proc/cmdline", "re");
	_cleanup_(freep) char *text = NULL;
	size_t len;

	if (!file)
		return -errno;
	text = read_file(file, &len);
	return text ? firmware_cmdline(text, ranges, skipped, data) : -ENOMEM;
}

static int add_soft_reserved(const struct dax_owner_span *span, const char *name, void *data)
{
	return strcmp(name, "Soft Reserved") ? 0 : spans_add(data, span->start, span->end);
}

/**
 * fact_sources_open() - open /proc/iomem and read the ranges and CXL windows
 * @sources: filled in, the caller closes it; closed after an error
 * @skipped: called for each malformed entry of the firmware; may be NULL
 * @data: passed to @skipped
 *
 * Return: 0; -EACCES if this process may not read addresses; another negative errno.
 */
int fact_sources_open(struct fact_sources *sources, firmware_skip_fn skipped, void *data)
{
	int r;

	*sources = (struct fact_sources) {};
	sources->iomem = open_file("iomem", "/proc/iomem");
	if (!sources->iomem)
		return -errno;
	r = iomem_each(sources->iomem, add_soft_reserved, &sources->ranges);
	if (!r)
		r = firmware_memmap("/sys/firmware/memmap", &sources->ranges, skipped, data);
	if (!r || r == -ENOENT)
		r = read_cmdline(&sources->ranges, skipped, data);
	if (!r)
		r = facts_read_windows(&sources->windows, skipped, data);
	if (r) {
		fact_sources_close(sources);
		return r;
	}
	spans_merge(&sources->ranges);
	spans_align(&sources->ranges, DAX_ALIGN);
	return 0;
}

/* --- DAX devices --- */

static enum dax_owner_owner owner_of(const char *name)
{
	_cleanup_(freep) char *real = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), DAX_ADDRESSES_DEVICES "/%s", name);
	real = realpath(path, NULL);
	if (!real)
		return DAX_OWNER_NONE;
	if (strstr(real, "/dax_region"))
		return DAX_OWNER_CXL;
	return strstr(real, "/hmem.") ? DAX_OWNER_HMEM : DAX_OWNER_NONE;
}

static int node_of(const char *name)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];
	int node;

	snprintf(path, sizeof(path), DAX_ADDRESSES_DEVICES "/%s/target_node", name);
	file = fopen(path, "re");
	return file && fscanf(file, "%d", &node) == 1 ? node : -1;
}

static bool is_known(const struct dax_devices *devices, const struct dax_owner_span *span)
{
	return devices->n && devices->devices[devices->n - 1].span.end >= span->start;
}

/*
 * Add a DAX device. iomem lists a DAX device by its name after the driver has reserved the
 * addresses that the driver can use.
 */
static int add_device(const struct dax_owner_span *reserved, const char *name, void *data)
{
	struct dax_owner_span span = *reserved;
	struct dax_devices *devices = data;
	struct dax_device *more;
	enum dax_owner_owner owner;

	if (strncmp(name, "dax", strlen("dax")) || strlen(name) >= EXTENT_NAME_LEN)
		return 0;
	owner = owner_of(name);
	if (owner == DAX_OWNER_NONE)
		return 0;
	dax_addresses_around(DAX_ADDRESSES_DEVICES, name, &span);
	if (is_known(devices, &span))
		return 0;
	more = reallocarray(devices->devices, devices->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	devices->devices = more;
	more += devices->n++;
	*more = (struct dax_device) { .span = span, .owner = owner, .node = node_of(name) };
	snprintf(more->name, sizeof(more->name), "%s", name);
	return 0;
}

/**
 * facts_read() - read the present facts
 * @sources: the open sources
 * @settled: enumeration is over, and no driver will claim more
 * @facts: filled in; valid until the caller closes @sources; the caller frees it. Empty after an
 *	error.
 *
 * Return: 0; a negative errno.
 */
int facts_read(struct fact_sources *sources, bool settled, struct facts *facts)
{
	int r;

	*facts = (struct facts) {
		.ranges = &sources->ranges,
		.windows = &sources->windows,
		.enumerated = settled,
		.settled = settled,
	};
	/* with size 0, no rule on memory blocks applies */
	if (online_block_size(ONLINE_BLOCKS, &facts->block_size))
		facts->block_size = 0;
	r = regions_read(&facts->regions, REGIONS_DIRECTORY);
	if (!r)
		r = iomem_each(sources->iomem, add_device, &facts->devices);
	if (r)
		facts_free(facts);
	return r;
}
