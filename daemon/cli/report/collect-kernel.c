// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect the kernel's version, command line, memory, modules and build options.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/cleanup.h"
#include "cli/report/collect.h"
#include "cli/report/parameters.h"

#define MAX_FILE (1 << 20)
#define MEMORY "/sys/devices/system/memory"

DEFINE_CLEANUP(struct archive *, archive_read_free)

/**
 * typedef line_fn - print a line, a part of it, or nothing
 * @line: the line, without a newline
 * @masked: leave out secret parts
 * @page: receives the text
 */
typedef void (*line_fn)(const char *line, bool masked, FILE *page);

static void put_lines(struct collection *c, const char *name, char *text, line_fn fn)
{
	FILE *page = bundle_page(&c->bundle, name);
	char *rest = text, *line;

	if (!page)
		return;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			fn(line, c->mask != NULL, page);
	bundle_end(&c->bundle, page);
}

static void take_lines(struct collection *c, const char *path, line_fn fn)
{
	size_t len;
	_cleanup_(freep) char *text = collect_read(c, path, MAX_FILE, &len);

	if (text)
		put_lines(c, path + 1, text, fn);
}

/* --- /proc --- */

static void put_command_line(const char *line, bool masked, FILE *page)
{
	_cleanup_(freep) char *shown = masked ? parameters_mask(line) : NULL;

	if (!masked)
		fprintf(page, "%s\n", line);
	else if (shown)
		fprintf(page, "%s\n", shown);
}

/*
 * In "Linux version 7.3.4 (who@where) (compiler...) #1 ...", mask the user and the machine that
 * built it.
 */
static void put_version(const char *line, bool masked, FILE *page)
{
	const char *open = strchr(line, '('), *close = open ? strchr(open, ')') : NULL;

	if (masked && close && memchr(open, '@', (size_t)(close - open)))
		fprintf(page, "%.*s<masked>%s\n", (int)(open + 1 - line), line, close);
	else
		fprintf(page, "%s\n", line);
}

/* Mask the kernel's own addresses, because they help an attacker. */
static void put_resource(const char *line, bool masked, FILE *page)
{
	const char *name = strstr(line, " : Kernel ");

	if (masked && name)
		fprintf(page, "%*s<masked>%s\n", (int)strspn(line, " "), "", name);
	else
		fprintf(page, "%s\n", line);
}

static void put_module(const char *line, bool masked, FILE *page)
{
	const char *address = strstr(line, " 0x");

	if (masked && address)
		fprintf(page, "%.*s <masked>%s\n", (int)(address - line), line,
			address + 1 + strcspn(address + 1, " "));
	else
		fprintf(page, "%s\n", line);
}

static void take_iomem(struct collection *c)
{
	size_t len;
	_cleanup_(freep) char *text = collect_read(c, "/proc/iomem", MAX_FILE, &len);

	if (!text)
		return;
	/* The kernel shows zeros to a user who may not read addresses. */
	if (!strncmp(text, "00000000-00000000", 17))
		collect_missing(c, -EACCES, "addresses in /proc/iomem");
	put_lines(c, "proc/iomem", text, put_resource);
}

/* --- build options --- */

static void put_option(const char *line, bool masked, FILE *page)
{
	static const char *const words[] = {
		"CXL", "DAX", "HMEM", "MEMORY_HOTPLUG", "EFI_SOFT_RESERVE", "ACPI_HMAT", "NUMA_EMU",
	};

	(void)masked;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(line, words[i])) {
			fprintf(page, "%s\n", line);
			return;
		}
}

/*
 * Return: the content of a file, decompressed if necessary, which the caller frees; NULL after an
 * error.
 */
static char *decompress(const char *path)
{
	_cleanup_(archive_read_freep) struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	la_ssize_t len;
	char *text;

	if (!archive || archive_read_support_filter_all(archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_open_filename(archive, path, 1 << 16) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return NULL;
	text = malloc(MAX_FILE + 1);
	if (!text)
		return NULL;
	len = archive_read_data(archive, text, MAX_FILE);
	if (len < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

static void take_config(struct collection *c)
{
	size_t len;
	_cleanup_(freep) char *release =
		collect_read(c, "/proc/sys/kernel/osrelease", NAME_MAX, &len);
	_cleanup_(freep) char *text = NULL;
	char path[PATH_MAX];

	if (!release)
		return;
	release[strcspn(release, "\n")] = '\0';
	snprintf(path, sizeof(path), "%s/boot/config-%s", c->root, release);
	text = decompress(path);
	if (text) {
		put_lines(c, path + strlen(c->root) + 1, text, put_option);
		return;
	}
	snprintf(path, sizeof(path), "%s/proc/config.gz", c->root);
	text = decompress(path);
	if (text)
		put_lines(c, "kernel-config", text, put_option);
	else
		collect_missing(c, 0,
				"kernel-config: cannot read /boot/config-%s and /proc/config.gz",
				release);
}

/**
 * collect_kernel() - collect the facts on the kernel and its memory
 * @c: the collection
 */
void collect_kernel(struct collection *c)
{
	take_lines(c, "/proc/version", put_version);
	take_lines(c, "/proc/cmdline", put_command_line);
	take_iomem(c);
	take_lines(c, "/proc/modules", put_module);
	take_config(c);
	collect_file(c, MEMORY "/block_size_bytes");
	collect_file(c, MEMORY "/auto_online_blocks");
}
