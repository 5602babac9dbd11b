// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list of spans. The file must not know what the addresses belong to.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/spans.h"

/**
 * spans_free() - free all spans of a list
 * @spans: the list; empty afterwards, and ready for use
 */
void spans_free(struct spans *spans)
{
	free(spans->spans);
	*spans = (struct spans) {};
}

/**
 * spans_add() - append a span to a list
 * @spans: the list
 * @start: address of the first byte
 * @end: address of the last byte, inclusive
 *
 * Return: 0; -EINVAL if @start is past @end; -ENOMEM. After an error the list is unchanged.
 */
int spans_add(struct spans *spans, u64 start, u64 end)
{
	struct dax_owner_span *more;

	if (start > end)
		return -EINVAL;
	more = reallocarray(spans->spans, spans->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	spans->spans = more;
	spans->spans[spans->n++] = (struct dax_owner_span) { start, end };
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct dax_owner_span *one = a, *other = b;

	return one->start < other->start ? -1 : one->start > other->start;
}

/**
 * spans_merge() - sort spans in ascending order and merge those that overlap or touch
 * @spans: the list
 */
void spans_merge(struct spans *spans)
{
	size_t n = 0;

	if (!spans->n)
		return;
	qsort(spans->spans, spans->n, sizeof(*spans->spans), compare);
	for (size_t i = 1; i < spans->n; i++) {
		struct dax_owner_span *last = &spans->spans[n], *next = &spans->spans[i];

		if (last->end == UINT64_MAX || next->start <= last->end + 1) {
			if (next->end > last->end)
				last->end = next->end;
		} else {
			spans->spans[++n] = *next;
		}
	}
	spans->n = n + 1;
}

/**
 * spans_align() - shorten each span to aligned bounds
 * @spans: the list; the function removes spans that become empty
 * @align: the alignment in bytes, a power of two
 */
void spans_align(struct spans *spans, u64 align)
{
	size_t n = 0;

	for (size_t i = 0; i < spans->n; i++) {
		u64 start = spans->spans[i].start, end = spans->spans[i].end;
		u64 low = (start + align - 1) & ~(align - 1), past = (end + 1) & ~(align - 1);

		/* past is 0 if the span ends at the last 64-bit address */
		if (low < start || (end != UINT64_MAX && low >= past))
			continue;
		spans->spans[n++] = (struct dax_owner_span) { low, past - 1 };
	}
	spans->n = n;
}
