// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the CXL windows and the Soft Reserved ranges from the data of the firmware and the command
 * line.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "cedt.h"
#include "system/firmware.h"

/* Bytes of the longest text for firmware_skip_fn, with the terminating zero */
#define SKIPPED_LEN 160

DEFINE_CLEANUP(DIR *, closedir)

static __attribute__((format(printf, 3, 4))) void skip(firmware_skip_fn skipped, void *data,
						       const char *format, ...)
{
	char what[SKIPPED_LEN];
	va_list args;

	if (!skipped)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	skipped(what, data);
}

/**
 * firmware_windows() - read the CXL windows of the ACPI table CEDT
 * @table: the whole table with its header
 * @len: bytes in @table
 * @windows: the function adds the windows in the order of the table, with duplicates
 * @skipped: called for each malformed entry, which the function skips as the kernel does; may be
 *	NULL
 * @data: passed to @skipped
 *
 * Return: 0; -EBADMSG if @table is not a valid CEDT; -ENOMEM.
 */
int firmware_windows(const void *table, size_t len, struct spans *windows, firmware_skip_fn skipped,
		     void *data)
{
	struct dax_owner_table cedt;
	struct dax_owner_entry entry;
	enum dax_owner_table_error error = dax_owner_cedt_open(&cedt, table, len);

	if (error) {
		skip(skipped, data, "CEDT skipped: %s", dax_owner_table_error_text(error));
		return -EBADMSG;
	}
	while (dax_owner_cedt_next(&cedt, &entry)) {
		int r = 0;

		if (entry.error)
			skip(skipped, data, "CEDT: entry %u at offset %#zx skipped: %s",
			     entry.index, entry.offset, dax_owner_table_error_text(entry.error));
		else if (entry.has_span)
			r = spans_add(windows, entry.span.start, entry.span.end);
		if (r)
			return r;
	}
	return 0;
}

/* Add the range of an entry of a memory map. Skip a range that ends before it begins. */
static int add_range(u64 start, u64 end, const char *where, struct spans *ranges,
		     firmware_skip_fn skipped, void *data)
{
	int r = spans_add(ranges, start, end);

	if (r != -EINVAL)
		return r;
	skip(skipped, data,
	     "%s: Soft Reserved %#" PRIx64 "-%#" PRIx64 " skipped: its end is below its start",
	     where, start, end);
	return 0;
}

static int read_line(const char *directory, const char *entry, const char *name, char *line, int len)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s/%s", directory, entry, name) >= sizeof(path))
		return -ENAMETOOLONG;
	return file_first_line(path, line, len);
}

static int read_address(const char *directory, const char *entry, const char *name, u64 *address)
{
	char text[32], *end;
	int r = read_line(directory, entry, name, text, sizeof(text));

	if (r)
		return r;
	errno = 0;
	*address = strtoull(text, &end, 16);
	return errno || end == text || *end ? -EBADMSG : 0;
}

/* Add the range of an entry of the map if the entry is Soft Reserved. */
static int read_entry(const char *directory, const char *entry, struct spans *ranges,
		      firmware_skip_fn skipped, void *data)
{
	char type[64];
	u64 start, end;
	int r = read_line(directory, entry, "type", type, sizeof(type));

	if (r || strcmp(type, "Soft Reserved"))
		return r;
	r = read_address(directory, entry, "start", &start);
	if (!r)
		r = read_address(directory, entry, "end", &end);
	return r ?: add_range(start, end, "memory map", ranges, skipped, data);
}

/**
 * firmware_memmap() - read the Soft Reserved ranges of the firmware's memory map
 * @directory: path of the map, /sys/firmware/memmap
 * @ranges: the function adds the ranges in no order
 * @skipped: called for each entry that cannot be read or that ends before it begins, which the
 *	function skips; may be NULL
 * @data: passed to @skipped
 *
 * The function skips an entry that the kernel removes at the same time without a message.
 *
 * Return: 0; -ENOENT if the kernel does not export the map; -ENOMEM; another negative errno if the
 * directory cannot be opened.
 */
int firmware_memmap(const char *directory, struct spans *ranges, firmware_skip_fn skipped,
		    void *data)
{
	_cleanup_(closedirp) DIR *all = opendir(directory);
	struct dirent *entry;

	if (!all)
		return -errno;
	while ((entry = readdir(all))) {
		int r;

		if (*entry->d_name == '.')
			continue;
		r = read_entry(directory, entry->d_name, ranges, skipped, data);
		if (r == -ENOMEM)
			return r;
		if (r && r != -ENOENT)
			skip(skipped, data, "memory map: entry %s skipped: %s", entry->d_name,
			     strerror(-r));
	}
	return 0;
}

/* Parse a size like the kernel's memparse(): 1G, 512M, 0x20000000. */
static u64 size_of(const char *text, char **end)
{
	u64 value = strtoull(text, end, 0);

	switch (**end) {
	case 'T':
	case 't':
		value <<= 10;
		/* fall through */
	case 'G':
	case 'g':
		value <<= 10;
		/* fall through */
	case 'M':
	case 'm':
		value <<= 10;
		/* fall through */
	case 'K':
	case 'k':
		value <<= 10;
		++*end;
	}
	return value;
}

/*
 * Parse SIZE%START[-OLDTYPE]+NEWTYPE. The kernel makes the range Soft Reserved if NEWTYPE is
 * 0xefffffff.
 */
static int memmap_word(const char *word, struct spans *ranges, firmware_skip_fn skipped, void *data)
{
	char *at;
	u64 size = size_of(word, &at), start;

	if (*at != '%' || !size)
		return 0;
	start = size_of(at + 1, &at);
	if (*at == '-')
		strtoull(at + 1, &at, 0);
	if (*at != '+' || strtoull(at + 1, NULL, 0) != 0xefffffff)
		return 0;
	return add_range(start, start + size - 1, "memmap=", ranges, skipped, data);
}

/**
 * firmware_cmdline() - read the Soft Reserved ranges of memmap= on the kernel's command line
 * @cmdline: the command line; the kernel's admin-guide/kernel-parameters documents memmap=
 * @ranges: the function adds the ranges
 * @skipped: called for each range that ends before it begins, which the function skips; may be NULL
 * @data: passed to @skipped
 *
 * Return: 0; -ENOMEM.
 */
int firmware_cmdline(const char *cmdline, struct spans *ranges, firmware_skip_fn skipped, void *data)
{
	static const char option[] = "memmap=";
	const char *at = cmdline;
	int r;

	while ((at = strstr(at, option))) {
		bool word = at == cmdline || at[-1] == ' ';

		at += strlen(option);
		for (; word; at++) {
			r = memmap_word(at, ranges, skipped, data);
			if (r)
				return r;
			at += strcspn(at, ", \n");
			if (*at != ',')
				break;
		}
	}
	return 0;
}
