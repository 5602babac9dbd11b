// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the facts from the running system, or from a copy of one below a root directory. The file
 * must not apply rules to them.
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

/* The firmware's memory map, and the kernel's command line */
#define MEMMAP "/sys/firmware/memmap"
#define CMDLINE "/proc/cmdline"

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
 * has to run as root; each user may open it below another root. The daemon opens the file again after a
 * change of the arbiter, so a duplicate of the descriptor is opened, from the beginning of the file.
 */
static FILE *open_file(const char *root, const char *name, const char *path)
{
	int fd = *root ? -1 : listen_fd_copy(name);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char full[PATH_MAX];

	if (!file) {
		snprintf(full, sizeof(full), "%s%s", root, path);
		return fopen(full, "re");
	}
	rewind(file);
	return file;
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
 * @root: prefix of the path, "" for the running system
 * @windows: the function adds the windows; none on a machine without CXL
 * @skipped: called for each malformed entry, or once for a malformed table; may be NULL
 * @data: passed to @skipped
 *
 * A malformed table counts as no table, as in the kernel.
 *
 * Return: 0; -EACCES if this process may not read the table; another negative errno.
 */
int facts_read_windows(const char *root, struct spans *windows, firmware_skip_fn skipped, void *data)
{
	_cleanup_(fclosep) FILE *file = open_file(root, "CEDT", "/sys/firmware/acpi/tables/CEDT");
	_cleanup_(freep) char *table = NULL;
	size_t len;
	int r;

	if (!file)
		return errno == ENOENT ? 0 : -errno;
	table = read_file(file, &len);
	r = table ? firmware_windows(table, len, windows, skipped, data) : -ENOMEM;
	return r == -EBADMSG ? 0 : r;
}

/* A receiver of messages on skipped data, and its argument */
struct skips {
	firmware_skip_fn fn;
	void *data;
};

/*
 * Report a source that cannot be read. The facts of the other sources remain, so only -ENOMEM is
 * an error.
 */
static int without(const struct skips *skips, const char *source, int r)
{
	char what[128];

	if (!r || r == -ENOMEM)
		return r;
	snprintf(what, sizeof(what), "cannot read %s: %s", source, strerror(-r));
	if (skips->fn)
		skips->fn(what, skips->data);
	return 0;
}

static int read_cmdline(const char *path, struct spans *ranges, const struct skips *skips)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");
	_cleanup_(freep) char *text = NULL;
	size_t len;

	if (!file)
		return -errno;
	text = read_file(file, &len);
	return text ? firmware_cmdline(text, ranges, skips->fn, skips->data) : -ENOMEM;
}

static int add_soft_reserved(const struct dax_owner_span *span, const char *name, void *data)
{
	return strcmp(name, "Soft Reserved") ? 0 : spans_add(data, span->start, span->end);
}

static int read_iomem(FILE *iomem, struct spans *ranges, const struct skips *skips)
{
	int r = iomem_each(iomem, add_soft_reserved, ranges);

	if (r <= 0)
		return r;
	if (skips->fn)
		skips->fn("/proc/iomem: malformed lines skipped", skips->data);
	return 0;
}

/**
 * facts_read_ranges() - read the Soft Reserved ranges
 * @root: prefix of all paths but that of @iomem, "" for the running system
 * @iomem: /proc/iomem, open
 * @ranges: empty before; filled in, in the form that spans_merge() gives them; the caller frees it,
 *	after an error, too
 * @skipped: called for each malformed entry and each source that cannot be read, which the function
 *	skips; may be NULL
 * @data: passed to @skipped
 *
 * Return: 0; -EACCES if @iomem shows no addresses; -EIO if @iomem cannot be read; -ENOMEM.
 */
int facts_read_ranges(const char *root, FILE *iomem, struct spans *ranges, firmware_skip_fn skipped,
		      void *data)
{
	const struct skips skips = { skipped, data };
	char path[PATH_MAX];
	int r = read_iomem(iomem, ranges, &skips);

	if (r)
		return r;
	snprintf(path, sizeof(path), "%s" MEMMAP, root);
	r = firmware_memmap(path, ranges, skipped, data);
	/* not every kernel exports the map */
	if (r != -ENOENT)
		r = without(&skips, MEMMAP, r);
	if (r == -ENOMEM)
		return r;
	snprintf(path, sizeof(path), "%s" CMDLINE, root);
	r = without(&skips, CMDLINE, read_cmdline(path, ranges, &skips));
	if (r)
		return r;
	spans_merge(ranges);
	spans_align(ranges, DAX_ALIGN);
	return 0;
}

/**
 * fact_sources_open() - open /proc/iomem and read the ranges and CXL windows
 * @root: prefix of all paths, "" for the running system; must live as long as @sources
 * @sources: filled in, the caller closes it; closed after an error
 * @skipped: called for each malformed entry of the firmware and each source that cannot be read;
 *	may be NULL
 * @data: passed to @skipped
 *
 * A CEDT or a command line that cannot be read counts as empty.
 *
 * Return: 0; -EACCES if this process may not read addresses; another negative errno if /proc/iomem
 * cannot be read; -ENOMEM.
 */
int fact_sources_open(const char *root, struct fact_sources *sources, firmware_skip_fn skipped,
		      void *data)
{
	const struct skips skips = { skipped, data };
	int r;

	*sources = (struct fact_sources) { .root = root };
	sources->iomem = open_file(root, "iomem", "/proc/iomem");
	if (!sources->iomem)
		return -errno;
	r = facts_read_ranges(root, sources->iomem, &sources->ranges, skipped, data);
	if (!r)
		r = without(&skips, "the table CEDT",
			    facts_read_windows(root, &sources->windows, skipped, data));
	if (r)
		fact_sources_close(sources);
	return r;
}

/* --- DAX devices --- */

/* A DAX device of a reading: the root of its path, and the devices found so far */
struct reading {
	const char *root;
	struct dax_devices *devices;
};

static enum dax_owner_owner owner_of(const char *root, const char *name)
{
	_cleanup_(freep) char *top = realpath(*root ? root : "/", NULL);
	_cleanup_(freep) char *real = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" DAX_ADDRESSES_DEVICES "/%s", root, name);
	real = realpath(path, NULL);
	/* a name in the path of the root is no device */
	if (!top || !real || strncmp(real, top, strlen(top)))
		return DAX_OWNER_NONE;
	if (strstr(real + strlen(top), "/dax_region"))
		return DAX_OWNER_CXL;
	return strstr(real + strlen(top), "/hmem.") ? DAX_OWNER_HMEM : DAX_OWNER_NONE;
}

static int node_of(const char *root, const char *name)
{
	_cleanup_(fclosep) FILE *file = NULL;
	char path[PATH_MAX];
	int node;

	snprintf(path, sizeof(path), "%s" DAX_ADDRESSES_DEVICES "/%s/target_node", root, name);
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
	const struct reading *reading = data;
	struct dax_devices *devices = reading->devices;
	char directory[PATH_MAX];
	struct dax_device *more;
	enum dax_owner_owner owner;

	/* a name of a copy may contain any character, and the name is a part of paths */
	if (strncmp(name, "dax", strlen("dax")) || strchr(name, '/') ||
	    strlen(name) >= EXTENT_NAME_LEN)
		return 0;
	owner = owner_of(reading->root, name);
	if (owner == DAX_OWNER_NONE)
		return 0;
	snprintf(directory, sizeof(directory), "%s" DAX_ADDRESSES_DEVICES, reading->root);
	dax_addresses_around(directory, name, &span);
	if (is_known(devices, &span))
		return 0;
	more = reallocarray(devices->devices, devices->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	devices->devices = more;
	more += devices->n++;
	*more = (struct dax_device) { .span = span,
				      .owner = owner,
				      .node = node_of(reading->root, name) };
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
	struct reading reading = { sources->root ?: "", &facts->devices };
	char path[PATH_MAX];
	int r;

	*facts = (struct facts) {
		.ranges = &sources->ranges,
		.windows = &sources->windows,
		.enumerated = settled,
		.settled = settled,
	};
	/* with size 0, no rule on memory blocks applies */
	snprintf(path, sizeof(path), "%s" ONLINE_BLOCKS, reading.root);
	if (online_block_size(path, &facts->block_size))
		facts->block_size = 0;
	snprintf(path, sizeof(path), "%s" REGIONS_DIRECTORY, reading.root);
	r = regions_read(&facts->regions, path);
	if (!r)
		r = iomem_each(sources->iomem, add_device, &reading);
	if (r < 0)
		facts_free(facts);
	/* the number of malformed lines is no error */
	return r < 0 ? r : 0;
}
