/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A temporary directory for the files of one test.
 */
#ifndef TESTS_UNIT_DIRECTORY_H
#define TESTS_UNIT_DIRECTORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The path of the directory; valid from make_directory() to remove_directory() */
static char directory[32];

/* A setup function of cmocka, or called by one. Return: 0, or nonzero on failure. */
static inline int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/dax-owner-test-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

/* A teardown function of cmocka, or called by one. Return: 0, or nonzero on failure. */
static inline int remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

/* The size of a buffer for a path in the directory */
#define PATH_SIZE 256

/* Write the path of a name in the directory, and make the directories above it. */
static inline void path_of(char path[PATH_SIZE], const char *name)
{
	char command[PATH_SIZE + 32];

	if (snprintf(path, PATH_SIZE, "%s/%s", directory, name) >= PATH_SIZE)
		abort();
	snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", path);
	if (system(command))
		abort();
}

/* Write a file, in place of an existing one, and make the directories above it. */
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
