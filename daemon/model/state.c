// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of KEY=VALUE. First those of the whole, then those of each extent, begun by its
 * START, in the words of docs/abi/uevents.md.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "model/state.h"

#define PREFIX "DAX_OWNER_"
#define FIRST PREFIX "START="
#define DEVICE "DEVICE="
#define SEQNUM "SEQNUM="
#define MAX_LINES 32

/**
 * state_free() - forget
 * @state: may be used again
 */
void state_free(struct state *state)
{
	extent_map_free(&state->map);
	string_set_free(&state->devices);
	*state = (struct state){ };
}

/* The lines of one extent */
struct lines {
	char *line[MAX_LINES];
	size_t n;
};

static void lines_free(struct lines *lines)
{
	while (lines->n)
		free(lines->line[--lines->n]);
}

static const char *get_line(const char *name, void *from)
{
	struct lines *lines = from;
	size_t len = strlen(name);

	for (size_t i = 0; i < lines->n; i++) {
		const char *key = lines->line[i] + strlen(PREFIX);

		if (!strncmp(key, name, len) && key[len] == '=')
			return key + len + 1;
	}
	return NULL;
}

static int put_extent(struct state *state, struct lines *lines)
{
	unsigned int events;
	struct extent extent;
	int r;

	if (!lines->n)
		return 0;
	r = extent_read(&extent, get_line, lines);
	lines_free(lines);
	return r ?: extent_map_put(&state->map, &extent, &events);
}

static int parse_seqnum(const char *text, unsigned long long *seqnum)
{
	char *end;

	*seqnum = strtoull(text, &end, 10);
	return end == text || *end ? -EBADMSG : 0;
}

static int take_line(struct state *state, struct lines *lines, const char *text)
{
	int r = 0;

	if (!strcmp(text, "SETTLED=1")) {
		state->settled = true;
		return 0;
	}
	if (!strcmp(text, "DEADLINE=1")) {
		state->deadline = true;
		return 0;
	}
	if (!strncmp(text, SEQNUM, strlen(SEQNUM)))
		return parse_seqnum(text + strlen(SEQNUM), &state->seqnum);
	if (!strncmp(text, DEVICE, strlen(DEVICE))) {
		if (!strchr(text, ' '))
			return -EBADMSG;
		r = string_set_add(&state->devices, text + strlen(DEVICE));
		return r < 0 ? r : 0;
	}
	if (strncmp(text, PREFIX, strlen(PREFIX)) || lines->n == MAX_LINES)
		return -EBADMSG;
	if (!strncmp(text, FIRST, strlen(FIRST)))
		r = put_extent(state, lines);
	if (r)
		return r;
	lines->line[lines->n] = strdup(text);
	if (!lines->line[lines->n])
		return -ENOMEM;
	lines->n++;
	return 0;
}

/**
 * state_read() - remember
 * @state: filled in; empty after an error
 * @file: what was kept
 *
 * Return: 0; -EBADMSG or -EINVAL if it is damaged; -ENOMEM.
 */
int state_read(struct state *state, FILE *file)
{
	_cleanup_(freep) char *text = NULL;
	_cleanup_(lines_free) struct lines lines = { };
	size_t size = 0;
	ssize_t len;
	int r = 0;

	*state = (struct state){ };
	while (!r && (len = getline(&text, &size, file)) > 0) {
		text[strcspn(text, "\n")] = '\0';
		r = take_line(state, &lines, text);
	}
	if (!r)
		r = put_extent(state, &lines);
	if (r)
		state_free(state);
	return r;
}

/**
 * state_load() - remember
 * @state: filled in; empty after an error
 * @path: of the file
 *
 * Return: -ENOENT if nothing was kept; else as state_read().
 */
int state_load(struct state *state, const char *path)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");

	*state = (struct state){ };
	return file ? state_read(state, file) : -errno;
}

static void put_line(const char *name, const char *value, void *to)
{
	fprintf(to, "%s=%s\n", name, value);
}

static void put_state(FILE *file, const void *data)
{
	const struct state *state = data;

	if (state->settled)
		fputs("SETTLED=1\n", file);
	if (state->deadline)
		fputs("DEADLINE=1\n", file);
	if (state->seqnum)
		fprintf(file, SEQNUM "%llu\n", state->seqnum);
	for (size_t i = 0; i < state->devices.n; i++)
		fprintf(file, DEVICE "%s\n", state->devices.names[i]);
	for (size_t i = 0; i < state->map.n; i++)
		extent_write(&state->map.extents[i], put_line, file);
}

/**
 * state_save() - keep for later
 * @state: what to keep
 * @path: of the file
 *
 * Return: as file_replace().
 */
int state_save(const struct state *state, const char *path)
{
	return file_replace(path, put_state, state);
}
