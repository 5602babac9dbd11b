// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "cli/snapshot/boots.h"

/* More boots than a journal keeps */
#define MAX_OFFSET 1000000

/**
 * boot_word_parse() - parse the name of a boot
 * @text: an ID of 32 hexadecimal digits, or an offset: 0, -1, +1
 * @word: filled in
 *
 * Return: 0, or -EINVAL.
 */
int boot_word_parse(const char *text, struct boot_word *word)
{
	char *end;
	long offset;

	*word = (struct boot_word) {};
	if (sd_id128_from_string(text, &word->id) >= 0) {
		word->by_id = true;
		return 0;
	}
	offset = strtol(text, &end, 10);
	if (!*text || *end || offset < -MAX_OFFSET || offset > MAX_OFFSET)
		return -EINVAL;
	word->offset = (int)offset;
	return 0;
}

/* Return: the boot at @at, counted without the running boot, which is the last one. */
static int choose_at(const struct boot *boots, size_t n, const sd_id128_t *running, size_t at,
		     sd_id128_t *id)
{
	for (size_t i = 0; i < n; i++) {
		if (sd_id128_equal(boots[i].id, *running))
			continue;
		if (at--)
			continue;
		*id = boots[i].id;
		return 0;
	}
	if (at)
		return -ENOENT;
	*id = *running;
	return 0;
}

/**
 * boots_choose() - choose a boot by its offset
 * @boots: the boots in the order of their first entries
 * @n: number of @boots
 * @running: the ID of the running boot, which need not be in @boots
 * @offset: as in struct boot_word
 * @id: filled in
 *
 * Return: 0, or -ENOENT if there is no such boot.
 */
int boots_choose(const struct boot *boots, size_t n, const sd_id128_t *running, int offset,
		 sd_id128_t *id)
{
	size_t others = 0, back = (size_t) - (ssize_t)offset;

	for (size_t i = 0; i < n; i++)
		others += !sd_id128_equal(boots[i].id, *running);
	if (offset > 0)
		return choose_at(boots, n, running, (size_t)offset - 1, id);
	if (back > others)
		return -ENOENT;
	return choose_at(boots, n, running, others - back, id);
}

/* --- journal --- */

static int compare(const void *a, const void *b)
{
	const struct boot *one = a, *other = b;

	return one->first < other->first ? -1 : one->first > other->first;
}

static int add(struct boot **boots, size_t *n, const char *text)
{
	struct boot *more = reallocarray(*boots, *n + 1, sizeof(**boots));

	if (!more)
		return -ENOMEM;
	*boots = more;
	more[*n] = (struct boot) {};
	if (sd_id128_from_string(text, &more[*n].id) >= 0)
		++*n;
	return 0;
}

static int read_ids(sd_journal *journal, struct boot **boots, size_t *n)
{
	const size_t skip = strlen("_BOOT_ID=");
	const void *data;
	size_t len;
	int r = sd_journal_query_unique(journal, "_BOOT_ID");

	if (r < 0)
		return r;
	SD_JOURNAL_FOREACH_UNIQUE(journal, data, len)
	{
		char text[SD_ID128_STRING_MAX];

		if (len < skip)
			continue;
		snprintf(text, sizeof(text), "%.*s", (int)(len - skip), (const char *)data + skip);
		r = add(boots, n, text);
		if (r)
			return r;
	}
	return 0;
}

/* A boot without an entry that can be read stays at time 0. */
static int read_first(sd_journal *journal, struct boot *boot)
{
	char text[64];
	int r;

	snprintf(text, sizeof(text), "_BOOT_ID=" SD_ID128_FORMAT_STR, SD_ID128_FORMAT_VAL(boot->id));
	sd_journal_flush_matches(journal);
	r = sd_journal_add_match(journal, text, 0);
	if (r >= 0)
		r = sd_journal_seek_head(journal);
	if (r >= 0)
		r = sd_journal_next(journal);
	return r > 0 ? sd_journal_get_realtime_usec(journal, &boot->first) : r;
}

static int read_boots(struct boot **boots, size_t *n)
{
	_cleanup_(sd_journal_closep) sd_journal *journal = NULL;
	int r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);

	if (r >= 0)
		r = read_ids(journal, boots, n);
	for (size_t i = 0; r >= 0 && i < *n; i++)
		r = read_first(journal, &(*boots)[i]);
	if (r < 0)
		return r;
	if (*n)
		qsort(*boots, *n, sizeof(**boots), compare);
	return 0;
}

/**
 * boots_find() - find the ID of a boot
 * @word: the boot
 * @id: filled in
 *
 * Return: 0; -ENOENT if the journal has no such boot; another negative errno.
 */
int boots_find(const struct boot_word *word, sd_id128_t *id)
{
	_cleanup_(freep) struct boot *boots = NULL;
	sd_id128_t running;
	size_t n = 0;
	int r = sd_id128_get_boot(&running);

	if (word->by_id) {
		*id = word->id;
		return 0;
	}
	if (r < 0)
		return r;
	if (!word->offset) {
		*id = running;
		return 0;
	}
	r = read_boots(&boots, &n);
	return r < 0 ? r : boots_choose(boots, n, &running, word->offset, id);
}
