// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parameter may hold anything, a password for example. So what is kept is listed, not what is
 * masked.
 */
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/report/parameters.h"

#define MASKED "<masked>"
#define BLANKS " \t\n"

/* Names as shell patterns, with _ for -: the kernel makes no difference. What is for modules is "MODULE.NAME". */
static const char *const kept[] = {
	"crashkernel", "cxl*",	 "dax*",       "default_hugepagesz", "device_dax*",	   "efi*",
	"*hmat*",      "*hmem*", "*hugepage*", "hugetlb*",	     "initcall_blacklist", "*iommu*",
	"kernelcore",  "kexec*", "kmem.*",     "mem",		     "memblock*",	   "memhp*",
	"memmap",      "memory*", "modprobe.blacklist",	"module_blacklist", "movable*",	   "*numa*",
	"*srat*",
};

static bool is_kept(const char *name, size_t len)
{
	char text[128];

	if (len >= sizeof(text))
		return false;
	for (size_t i = 0; i < len; i++)
		text[i] = name[i] == '-' ? '_' : name[i];
	text[len] = '\0';
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (!fnmatch(kept[i], text, 0))
			return true;
	return false;
}

/* Blanks between double quotes are part of a word. */
static size_t word_len(const char *word)
{
	bool quoted = false;
	size_t len;

	for (len = 0; word[len] && (quoted || !strchr(BLANKS, word[len])); len++)
		quoted ^= word[len] == '"';
	return len;
}

static void put_word(const char *word, size_t len, bool for_init, FILE *file)
{
	const char *equals = memchr(word, '=', len);
	size_t quote = *word == '"';

	/* what is init's has no form that is known */
	if (for_init) {
		fputs(MASKED, file);
		return;
	}
	/* blanks between quotes: one value with blanks, or the kernel quotes several parameters */
	if (!equals || (!(quote && memchr(word, ' ', len)) &&
			is_kept(word + quote, (size_t)(equals - word) - quote))) {
		fwrite(word, 1, len, file);
		return;
	}
	fwrite(word, 1, (size_t)(equals - word) + 1, file);
	fputs(MASKED, file);
	if (quote)
		fputc('"', file);
}

/**
 * parameters_mask() - keep the values of parameters that concern memory, and no others
 * @line: the command line, or part of it
 *
 * Return: the line with "<masked>" for the other values, to be freed; NULL without memory for it.
 */
char *parameters_mask(const char *line)
{
	bool for_init = false;
	char *masked = NULL;
	size_t size;
	FILE *file = open_memstream(&masked, &size);

	if (!file)
		return NULL;
	while (*line) {
		size_t blanks = strspn(line, BLANKS), len = word_len(line + blanks);

		fwrite(line, 1, blanks, file);
		line += blanks;
		if (len)
			put_word(line, len, for_init, file);
		for_init |= len == 2 && !strncmp(line, "--", 2);
		line += len;
	}
	if (!fclose(file))
		return masked;
	free(masked);
	return NULL;
}
