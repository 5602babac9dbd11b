// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read and write the state file. It has lines KEY=VALUE. The first lines are on the whole state.
 * The lines of each extent follow, with the property names of docs/abi/uevents.md; START is the
 * first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/key-value.h"
#include "model/state.h"

#define PREFIX "DAX_OWNER_"
#define FIRST PREFIX "START="
#define DEVICE "DEVICE="
#define SEQNUM "SEQNUM="
#define MAX_LINES 32

/**
 * state_free() - free the extents and devices of a state
 * @state: the state; empty afterwards, and ready for use
 */
void state_free(struct state *state)
{
	extent_map_free(&state->map);
	string_set_free(&state->devices);
	*state = (struct state) {};
}

/* The lines of one extent; each line is owned */
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
	const struct lines *lines = from;
	const char *value = NULL;

	for (size_t i = 0; !value && i < lines->n; i++)
		value = key_value(lines->line[i] + strlen(PREFIX), name);
	return value;
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
 * state_read() - read a state from an open file
 * @state: filled in; empty after an error; the caller frees it
 * @file: the file, open for reading; the caller closes it
 *
 * Return: 0; -EBADMSG, -EINVAL or -ERANGE if the file is damaged; -ENOMEM.
 */
int state_read(struct state *state, FILE *file)
{
	_cleanup_(freep) char *text = NULL;
	_cleanup_(lines_free) struct lines lines = {};
	size_t size = 0;
	ssize_t len;
	int r = 0;

	*state = (struct state) {};
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
 * state_load() - read a state from a file
 * @state: filled in; empty after an error; the caller frees it
 * @path: path of the file
 *
 * Return: a negative errno if the file cannot be opened: -ENOENT if it does not exist; else the
 * result of state_read().
 */
int state_load(struct state *state, const char *path)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");

	*state = (struct state) {};
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
 * state_save() - write a state to a file
 * @state: the state
 * @path: path of the file, which the function creates or replaces as a whole
 *
 * Return: the result of file_replace().
 */
int state_save(const struct state *state, const char *path)
{
	return file_replace(path, put_state, state);
}
