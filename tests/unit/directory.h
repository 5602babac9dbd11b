/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory for a test's files, of its own and gone with it.
 */
#ifndef TESTS_UNIT_DIRECTORY_H
#define TESTS_UNIT_DIRECTORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its path, from make_directory() to remove_directory() */
static char directory[32];

/* Return: 0, or not: a setup function of cmocka, or called by one. */
static inline int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/dax-owner-test-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

/* Return: 0, or not: a teardown function of cmocka, or called by one. */
static inline int remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

/* Bytes of a path within it */
#define PATH_SIZE 256

/* The path of a name within it; the directories above are made. */
static inline void path_of(char path[PATH_SIZE], const char *name)
{
	char command[PATH_SIZE + 32];

	if (snprintf(path, PATH_SIZE, "%s/%s", directory, name) >= PATH_SIZE)
		abort();
	snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", path);
	if (system(command))
		abort();
}

/* Makes a file, in place of the one there was, and the directories it is in. */
static inline void put(const char *name, const char *text)
{
	char path[PATH_SIZE];
	FILE *file;

	path_of(path, name);
	file = fopen(path, "w");
	if (!file)
		abort();
	fputs(text, file);
	fclose(file);
}

#endif /* TESTS_UNIT_DIRECTORY_H */
