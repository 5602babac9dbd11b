// SPDX-License-Identifier: GPL-2.0-only
/*
 * Property test of the readers of CEDT and SRAT: tables damaged at random.
 *
 *	property-tables [SEED [TABLES]]
 *
 * The same seed gives the same tables on every machine. The test makes a sound table with entries of
 * all kinds, then overwrites bytes or cuts the table. For each table:
 *  - the readers read nothing outside it: the table is a copy on the heap of exactly its length, and
 *    this program is built with AddressSanitizer;
 *  - the entries follow one another without gap or overlap, from the first to the end of the table;
 *  - no span is empty, a malformed entry has no span, and there is room for all spans;
 *  - an undamaged entry before the first wrong length gives the span that it was made with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cedt.h"
#include "srat.h"
#include "random.h"

#define DEFAULT_SEED 20260101u
#define DEFAULT_TABLES 300000u

#define MAX_ENTRIES 12
#define MAX_LEN 2048
#define UNIT (1ull << 28)

/* An entry as it was made */
struct made {
	size_t offset;
	size_t len;
	bool has_span;
	struct dax_owner_span span;
	bool damaged;
};

struct table {
	unsigned char bytes[MAX_LEN];
	size_t len;
	struct made made[MAX_ENTRIES];
	size_t n;
	bool is_cedt;
	bool is_broken; /* the header is damaged */
};

static void put(struct table *t, size_t at, u64 value, size_t bytes)
{
	for (; bytes; bytes--, value >>= 8)
		t->bytes[at++] = (unsigned char)value;
}

/* ---- sound tables ---- */

static void add_window(struct table *t, struct made *made)
{
	static const struct {
		unsigned char encoded, ways;
	} some[] = { { 0, 1 }, { 1, 2 }, { 8, 3 }, { 4, 16 } };
	size_t which = below(4), at = t->len;
	u64 base = below(64) * UNIT, size = (1 + below(8)) * UNIT;

	made->len = 36 + 4u * some[which].ways + 4 * below(2);
	made->has_span = true;
	made->span = (struct dax_owner_span) { base, base + size - 1 };
	put(t, at, 1, 1);
	put(t, at + 2, made->len, 2);
	put(t, at + 8, base, 8);
	put(t, at + 16, size, 8);
	put(t, at + 24, some[which].encoded, 1);
	put(t, at + 25, below(2), 1);
	put(t, at + 28, below(7), 4);
}

static void add_memory(struct table *t, struct made *made)
{
	size_t at = t->len;
	u64 base = below(1000) * 0x1000, size = below(4) * 0x1000;
	bool enabled = below(4);

	made->len = 40;
	made->has_span = enabled && size;
	made->span = (struct dax_owner_span) { base, base + size - 1 };
	put(t, at, 1, 1);
	put(t, at + 1, 40, 1);
	put(t, at + 8, base, 8);
	put(t, at + 16, size, 8);
	put(t, at + 28, enabled, 4);
}

static void add_other(struct table *t, struct made *made)
{
	made->len = 4 + below(40);
	put(t, t->len, below(2) ? 0 : 2 + below(250), 1);
	put(t, t->len + (t->is_cedt ? 2 : 1), made->len, t->is_cedt ? 2 : 1);
}

static void make(struct table *t)
{
	memset(t, 0, sizeof(*t));
	t->is_cedt = below(2);
	memcpy(t->bytes, t->is_cedt ? "CEDT" : "SRAT", 4);
	t->len = t->is_cedt ? 36 : 48;
	for (size_t i = below(MAX_ENTRIES + 1); i; i--) {
		struct made *made = &t->made[t->n++];

		made->offset = t->len;
		if (!below(3))
			add_other(t, made);
		else if (t->is_cedt)
			add_window(t, made);
		else
			add_memory(t, made);
		t->len += made->len;
	}
	put(t, 4, t->len, 4);
}

/* ---- damage ---- */

static void note_damage(struct table *t, size_t at)
{
	if (at < (t->is_cedt ? 36u : 48u))
		t->is_broken |= at < 8;
	for (size_t i = 0; i < t->n; i++)
		if (at >= t->made[i].offset && at - t->made[i].offset < t->made[i].len)
			t->made[i].damaged = true;
}

static void overwrite(struct table *t, size_t at)
{
	static const unsigned char likely[] = { 0, 1, 2, 3, 4, 39, 40, 41, 0x7f, 0x80, 0xfe, 0xff };

	t->bytes[at] = below(2) ? likely[below(sizeof(likely))] : (unsigned char)any();
	note_damage(t, at);
}

static void damage(struct table *t)
{
	for (size_t i = below(5); i; i--) {
		/* half of the damage hits the first bytes of an entry: type and length */
		if (t->n && below(2))
			overwrite(t, t->made[below(t->n)].offset + below(4));
		else
			overwrite(t, below(t->len));
	}
	if (!below(4)) {
		size_t len = below(t->len + 1);

		for (size_t at = len; at < t->len; at++)
			note_damage(t, at);
		t->len = len;
	}
}

/* ---- judgement ---- */

static bool next(const struct table *t, struct dax_owner_table *table, struct dax_owner_entry *entry)
{
	return t->is_cedt ? dax_owner_cedt_next(table, entry) : dax_owner_srat_next(table, entry);
}

static const char *judge_entry(const struct table *t, const struct dax_owner_entry *entry,
			       bool in_step)
{
	const struct made *made = entry->index < t->n ? &t->made[entry->index] : NULL;

	if (entry->error && entry->has_span)
		return "a malformed entry has a span";
	if (entry->has_span && entry->span.start > entry->span.end)
		return "a span is empty";
	if (!in_step || !made || made->damaged)
		return NULL;
	if (entry->error || entry->offset != made->offset || entry->len != made->len)
		return "an undamaged entry is not recognised";
	if (entry->has_span != made->has_span)
		return "an undamaged entry has an unexpected span or lacks its span";
	if (made->has_span &&
	    (entry->span.start != made->span.start || entry->span.end != made->span.end))
		return "an undamaged entry has a wrong span";
	return NULL;
}

static const char *judge_entries(const struct table *t, struct dax_owner_table *table)
{
	size_t at = table->at, spans = 0;
	struct dax_owner_entry entry;
	bool in_step = !t->is_broken;
	unsigned int index = 0;

	while (next(t, table, &entry)) {
		const char *wrong = judge_entry(t, &entry, in_step);

		if (wrong)
			return wrong;
		if (entry.index != index++ || entry.offset != at || !entry.len)
			return "entries do not follow one another";
		at += entry.len;
		spans += entry.has_span;
		in_step = in_step && entry.index < t->n && entry.len == t->made[entry.index].len;
	}
	if (at != table->end || at > t->len)
		return "entries do not end where the table does";
	return spans > DAX_OWNER_TABLE_MAX_SPANS(table->end) ? "more spans than the maximum" : NULL;
}

static const char *judge(const struct table *t)
{
	unsigned char *copy = malloc(t->len ? t->len : 1);
	enum dax_owner_table_error error;
	const char *wrong = NULL;
	struct dax_owner_table table;

	if (!copy)
		return "no memory";
	memcpy(copy, t->bytes, t->len);
	error = t->is_cedt ? dax_owner_cedt_open(&table, copy, t->len) :
			     dax_owner_srat_open(&table, copy, t->len);
	if (!error)
		wrong = judge_entries(t, &table);
	else if (!t->is_broken && t->len >= (t->is_cedt ? 36u : 48u))
		wrong = "a sound header is refused";
	free(copy);
	return wrong;
}

int main(int argc, char **argv)
{
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : DEFAULT_SEED;
	unsigned long tables = argc > 2 ? strtoul(argv[2], NULL, 0) : DEFAULT_TABLES;
	static struct table t;

	for (unsigned long i = 0; i < tables; i++) {
		const char *wrong;

		random_state = seed + i;
		make(&t);
		damage(&t);
		wrong = judge(&t);
		if (wrong) {
			printf("table %lu of seed %" PRIu64 ": %s\n", i, seed, wrong);
			return 1;
		}
	}
	printf("%lu damaged tables, seed %" PRIu64 "\n", tables, seed);
	return 0;
}
