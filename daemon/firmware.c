// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "firmware.h"

/* ACPI 6.5, 5.2.6: the header of every table */
#define TABLE_HEADER 36
/* CXL 3.1, 9.18.1: an entry begins with type, reserved, length; CFMWS has base and size */
#define ENTRY_HEADER 4
#define CFMWS_TYPE 1
#define CFMWS_BASE 8
#define CFMWS_SIZE 16
#define CFMWS_MIN 36

static u64 get64(const unsigned char *at)
{
	u64 value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

static size_t get16(const unsigned char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return le16toh(value);
}

/**
 * firmware_windows() - the CXL windows of the ACPI CEDT
 * @table: the table as a whole, with its header
 * @len: bytes in @table
 * @windows: what there are is added, in the order of the table
 *
 * Windows without addresses are left out, as the kernel does.
 *
 * Return: 0; -EBADMSG if an entry does not fit into the table; -ENOMEM.
 */
int firmware_windows(const void *table, size_t len, struct spans *windows)
{
	const unsigned char *at = table, *end = at + len;
	size_t size;
	int r;

	if (len < TABLE_HEADER || memcmp(table, "CEDT", 4))
		return -EBADMSG;
	for (at += TABLE_HEADER; at < end; at += size) {
		if (end - at < ENTRY_HEADER)
			return -EBADMSG;
		size = get16(at + 2);
		if (size < ENTRY_HEADER || size > (size_t)(end - at))
			return -EBADMSG;
		if (*at != CFMWS_TYPE)
			continue;
		if (size < CFMWS_MIN)
			return -EBADMSG;
		if (!get64(at + CFMWS_SIZE))
			continue;
		r = spans_add(windows, get64(at + CFMWS_BASE),
			      get64(at + CFMWS_BASE) + get64(at + CFMWS_SIZE) - 1);
		if (r)
			return r == -EINVAL ? -EBADMSG : r;
	}
	return 0;
}

static int read_line(const char *directory, const char *entry, const char *name, char *line, int len)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s/%s", directory, entry, name) >= sizeof(path))
		return -ENAMETOOLONG;
	return file_first_line(path, line, len);
}

/**
 * firmware_memmap() - the Soft Reserved ranges of the memory map that firmware gave
 * @directory: /sys/firmware/memmap
 * @ranges: what there are is added, in no order
 *
 * Return: 0; -ENOENT where the kernel keeps no such map; -EBADMSG; -ENOMEM.
 */
int firmware_memmap(const char *directory, struct spans *ranges)
{
	DIR *all = opendir(directory);
	struct dirent *entry;
	int r = 0;

	if (!all)
		return -errno;
	while (!r && (entry = readdir(all))) {
		char type[64], start[32], end[32];

		if (*entry->d_name == '.')
			continue;
		r = read_line(directory, entry->d_name, "type", type, sizeof(type));
		if (r || strcmp(type, "Soft Reserved"))
			continue;
		r = read_line(directory, entry->d_name, "start", start, sizeof(start));
		if (!r)
			r = read_line(directory, entry->d_name, "end", end, sizeof(end));
		if (!r)
			r = spans_add(ranges, strtoull(start, NULL, 16), strtoull(end, NULL, 16));
	}
	closedir(all);
	return r == -EINVAL || r == -EIO ? -EBADMSG : r;
}

/* 1G, 512M, 0x20000000: as the kernel's memparse() */
static u64 size_of(const char *text, char **end)
{
	u64 value = strtoull(text, end, 0);

	switch (**end) {
	case 'T': case 't':
		value <<= 10;
		/* fall through */
	case 'G': case 'g':
		value <<= 10;
		/* fall through */
	case 'M': case 'm':
		value <<= 10;
		/* fall through */
	case 'K': case 'k':
		value <<= 10;
		++*end;
	}
	return value;
}

/* SIZE%START[-OLDTYPE]+NEWTYPE, which makes a range Soft Reserved if it is of that type */
static int memmap_word(const char *word, struct spans *ranges)
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
	return spans_add(ranges, start, start + size - 1);
}

/**
 * firmware_cmdline() - the Soft Reserved ranges that the kernel's command line adds to the map
 * @cmdline: of the kernel, see memmap= in its admin-guide/kernel-parameters
 * @ranges: what there are is added
 *
 * Return: 0; -EBADMSG if one ends before it begins; -ENOMEM.
 */
int firmware_cmdline(const char *cmdline, struct spans *ranges)
{
	static const char option[] = "memmap=";
	const char *at = cmdline;
	int r;

	while ((at = strstr(at, option))) {
		bool word = at == cmdline || at[-1] == ' ';

		at += strlen(option);
		for (; word; at++) {
			r = memmap_word(at, ranges);
			if (r)
				return r == -EINVAL ? -EBADMSG : r;
			at += strcspn(at, ", \n");
			if (*at != ',')
				break;
		}
	}
	return 0;
}
