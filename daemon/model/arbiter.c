// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/arbiter.h"

/* Behind the name of the arbiter in its file */
#define UNTESTED "untested"

static const char *const names[] = {
	[ARBITER_NONE] = "none",
	[ARBITER_LEGACY] = "legacy",
	[ARBITER_NATIVE] = "native",
	[ARBITER_DAX_OWNER] = "dax_owner",
};

/**
 * arbiter_name() - the word for an arbiter, as in DAX_OWNER_ARBITER=
 * @arbiter: an arbiter
 */
const char *arbiter_name(enum arbiter arbiter)
{
	return names[arbiter];
}

/**
 * arbiter_save() - tell those who cannot look themselves
 * @path: of a file, made or replaced
 * @arbiter: who decides
 * @untested: as by arbiter_untested()
 *
 * Return: 0, or a negative errno.
 */
int arbiter_save(const char *path, enum arbiter arbiter, bool untested)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;
	fprintf(file, "%s%s\n", names[arbiter], untested ? " " UNTESTED : "");
	return fclose(file) ? -errno : 0;
}

/**
 * arbiter_parse() - which arbiter a word stands for
 * @word: of arbiter_name()
 * @arbiter: set to it
 *
 * Return: 0, or -EBADMSG if it is none of them.
 */
int arbiter_parse(const char *word, enum arbiter *arbiter)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(word, names[i])) {
			*arbiter = i;
			return 0;
		}
	return -EBADMSG;
}

/**
 * arbiter_load() - what arbiter_save() told
 * @path: of the file
 * @arbiter: set to who decides
 * @untested: set to whether the modules that decide are untested on this kernel
 *
 * Return: 0; -ENOENT if nobody has told; -EBADMSG if it is not understood; another negative
 * errno.
 */
int arbiter_load(const char *path, enum arbiter *arbiter, bool *untested)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");
	char word[16], mark[16] = "";

	if (!file)
		return -errno;
	if (fscanf(file, "%15s%15s", word, mark) < 1)
		return -EBADMSG;
	*untested = !strcmp(mark, UNTESTED);
	return arbiter_parse(word, arbiter);
}
