// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule that finds the arbiter, the names of the arbiters, and the file in which
 * dax-owner-order passes the arbiter to dax-ownerd.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "model/arbiter.h"

/* The word after the arbiter's name in the file, if the modules are untested on the kernel */
#define UNTESTED "untested"

static const char *const names[] = {
	[ARBITER_NONE] = "none",
	[ARBITER_LEGACY] = "legacy",
	[ARBITER_NATIVE] = "native",
	[ARBITER_DAX_OWNER] = "dax_owner",
};

/**
 * arbiter_decide() - find the arbiter from the facts
 * @facts: the facts
 *
 * Loaded modules take precedence over files, because files can change after modules load. The
 * order of the in-tree drivers is a property of their code: @facts->holder is false as long as
 * only dax_hmem is loaded.
 *
 * Return: the arbiter.
 */
enum arbiter arbiter_decide(const struct arbiter_facts *facts)
{
	if (facts->owner_loaded)
		return ARBITER_DAX_OWNER;
	if (facts->ours && !facts->refused && !facts->hmem_loaded)
		return facts->unloaded ? ARBITER_NONE : ARBITER_DAX_OWNER;
	if (facts->ordered || facts->holder)
		return ARBITER_NATIVE;
	return facts->installed ? ARBITER_LEGACY : ARBITER_NONE;
}

/**
 * arbiter_name() - return the name of an arbiter, as in DAX_OWNER_ARBITER=
 * @arbiter: an arbiter
 *
 * Return: the name, a constant.
 */
const char *arbiter_name(enum arbiter arbiter)
{
	return names[arbiter];
}

/* The content of the file */
struct decision {
	enum arbiter arbiter;
	bool untested;
};

static void put_decision(FILE *file, const void *data)
{
	const struct decision *decision = data;

	fprintf(file, "%s%s\n", names[decision->arbiter], decision->untested ? " " UNTESTED : "");
}

/**
 * arbiter_save() - write the arbiter to a file
 * @path: path of the file, which the function creates or replaces as a whole
 * @arbiter: the arbiter
 * @untested: result of arbiter_untested()
 *
 * Return: the result of file_replace().
 */
int arbiter_save(const char *path, enum arbiter arbiter, bool untested)
{
	const struct decision decision = { arbiter, untested };

	return file_replace(path, put_decision, &decision);
}

/**
 * arbiter_parse() - find the arbiter of a name
 * @word: a result of arbiter_name()
 * @arbiter: set to the arbiter
 *
 * Return: 0; -EBADMSG if no arbiter is named @word.
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
 * arbiter_load() - read the file that arbiter_save() writes
 * @path: path of the file
 * @arbiter: set to the arbiter
 * @untested: set to true if the modules that decide are untested on this kernel
 *
 * Return: 0; -ENOENT if the file does not exist; -EBADMSG if it names no arbiter; another negative
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
