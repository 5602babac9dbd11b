// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect this boot's journal: the records of dax-ownerd, and the kernel's messages on this memory.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/report/collect.h"
#include "cli/snapshot/records.h"

/* For each file. The first lines are kept, because most decisions are made at boot. */
#define MAX_LINES 2000

/* A page, and the number of lines found for it */
struct lines {
	FILE *page;
	unsigned int n;
};

static int put_record(record_get_fn get, void *from, void *data)
{
	struct lines *lines = data;

	return lines->n++ < MAX_LINES ? record_print_json(get, from, lines->page) : 0;
}

static bool is_wanted(const char *message)
{
	static const char *const words[] = {
		"cxl", "dax", "hmem", "soft reserved", "cedt", "srat", "hmat", "memory hotplug",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcasestr(message, words[i]))
			return true;
	return false;
}

static int put_message(record_get_fn get, void *from, void *data)
{
	struct lines *lines = data;
	const char *text = get("_SOURCE_MONOTONIC_TIMESTAMP", from);
	unsigned long long usec = text ? strtoull(text, NULL, 10) : 0;

	text = get("MESSAGE", from);
	if (text && is_wanted(text) && lines->n++ < MAX_LINES)
		fprintf(lines->page, "[%5llu.%06llu] %s\n", usec / 1000000, usec % 1000000, text);
	return 0;
}

static void take(struct collection *c, const char *name,
		 int (*read)(const sd_id128_t *, records_fn, void *), records_fn fn)
{
	struct lines lines = { .page = bundle_page(&c->bundle, name) };
	sd_id128_t boot;
	int r = sd_id128_get_boot(&boot);

	if (!lines.page)
		return;
	if (r >= 0)
		r = read(&boot, fn, &lines);
	if (r < 0)
		collect_missing(c, r, "%s", name);
	else if (!lines.n)
		collect_missing(c, 0,
				"%s: no lines in the journal; only root and the group systemd-journal may read "
				"all of it",
				name);
	else if (lines.n > MAX_LINES)
		collect_missing(c, 0, "%s: %u more lines", name, lines.n - MAX_LINES);
	bundle_end(&c->bundle, lines.page);
}

/**
 * collect_journal() - collect the records and messages of this boot
 * @c: the collection
 */
void collect_journal(struct collection *c)
{
	take(c, COPY_RECORDS, records_read, put_record);
	take(c, "journal/kernel.txt", kernel_messages_read, put_message);
}
