// SPDX-License-Identifier: GPL-2.0-only
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

/* The smallest DAX device on x86-64: odd ends of ranges are nobody's */
#define DAX_ALIGN (2ull << 20)

/* Larger than any CEDT or command line */
#define MAX_FILE (1 << 20)

/**
 * fact_sources_close() - done with them
 * @sources: may be opened again
 */
void fact_sources_close(struct fact_sources *sources)
{
	if (sources->iomem)
		fclose(sources->iomem);
	spans_free(&sources->ranges);
	spans_free(&sources->windows);
	*sources = (struct fact_sources){ };
}

/* A file that only root may open: systemd has opened it for us (OpenFile=), or we are root. */
static FILE *open_file(const char *name, const char *path)
{
	int fd = listen_fd(name);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	return file ?: fopen(path, "re");
}

/* All of it, with a zero behind; the caller frees it. */
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
 * facts_read_windows() - read the CXL windows from the firmware's table
 * @windows: the windows are added; none on a machine without CXL
 * @skipped: called for what is malformed in the table, or for the table; may be NULL
 * @data: passed on to @skipped
 *
 * A table that makes no sense counts as no table, as in the kernel.
 *
 * Return: 0; -EACCES without the right to read the table; another negative errno.
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
 * fact_sources_open() - read what is read once
 * @sources: filled in; closed after an error
 * @skipped: called for what makes no sense in what firmware said; may be NULL
 * @data: passed on to @skipped
 *
 * Return: 0; -EACCES without the right to see addresses; another negative errno.
 */
int fact_sources_open(struct fact_sources *sources, firmware_skip_fn skipped, void *data)
{
	int r;

	*sources = (struct fact_sources){ };
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

/* A DAX device is in iomem under its name when its driver has reserved it, or what it can use of it. */
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
	*more = (struct dax_device){ .span = span, .owner = owner, .node = node_of(name) };
	snprintf(more->name, sizeof(more->name), "%s", name);
	return 0;
}

/**
 * facts_read() - look around
 * @sources: from fact_sources_open()
 * @settled: nothing more is to be expected, of CXL's enumeration either
 * @facts: filled in, valid until @sources are closed; empty after an error
 *
 * Return: 0, or a negative errno.
 */
int facts_read(struct fact_sources *sources, bool settled, struct facts *facts)
{
	int r;

	*facts = (struct facts){
		.ranges = &sources->ranges,
		.windows = &sources->windows,
		.enumerated = settled,
		.settled = settled,
	};
	/* without it no block rule applies */
	if (online_block_size(ONLINE_BLOCKS, &facts->block_size))
		facts->block_size = 0;
	r = regions_load(&facts->regions, REGIONS_DIRECTORY);
	if (!r)
		r = iomem_each(sources->iomem, add_device, &facts->devices);
	if (r)
		facts_free(facts);
	return r;
}
