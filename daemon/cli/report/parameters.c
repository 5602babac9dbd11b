// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any parameter may hold a secret, for example a password. So a list names the parameters to keep,
 * and all others are masked.
 */
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/report/parameters.h"

#define MASKED "<masked>"
#define BLANKS " \t\n"

/*
 * Shell patterns of names, with _ for -, because the kernel treats both alike. A parameter of a
 * module is "MODULE.NAME".
 */
static const char *const kept[] = {
	"crashkernel",
	"cxl*",
	"dax*",
	"default_hugepagesz",
	"device_dax*",
	"efi*",
	"*hmat*",
	"*hmem*",
	"*hugepage*",
	"hugetlb*",
	"initcall_blacklist",
	"*iommu*",
	"kernelcore",
	"kexec*",
	"kmem.*",
	"mem",
	"memblock*",
	"memhp*",
	"memmap",
	"memory*",
	"modprobe.blacklist",
	"module_blacklist",
	"movable*",
	"*numa*",
	"*srat*",
};

/* Words without a value that say nothing about a machine or a person; "parameters" is in messages. */
static const char *const bare[] = {
	"auto",         "debug",   "earlyprintk", "emergency", "ignore_loglevel",
	"nmi_watchdog", "noacpi",  "noapic",      "nofb",      "noinitrd",
	"nokaslr",      "nolapic", "nomodeset",   "nopti",     "noresume",
	"nosmp",        "nosmt",   "parameters",  "quiet",     "rd.shell",
	"rescue",       "rhgb",    "ro",          "rootwait",  "rw",
	"single",       "splash",  "verbose",
};

static bool is_bare(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++)
		if (strlen(bare[i]) == len && !strncmp(bare[i], word, len))
			return true;
	return false;
}

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

/* Blanks between double quotes are a part of the word. */
static size_t word_len(const char *word)
{
	bool quoted = false;
	size_t len;

	for (len = 0; word[len] && (quoted || !strchr(BLANKS, word[len])); len++)
		quoted ^= word[len] == '"';
	return len;
}

static void put_bare(const char *word, size_t len, FILE *file)
{
	bool is_end = len == 2 && !strncmp(word, "--", 2);

	if (is_end || is_bare(word, len) || is_kept(word, len))
		fwrite(word, 1, len, file);
	else
		fputs(MASKED, file);
}

static void put_word(const char *word, size_t len, bool for_init, FILE *file)
{
	const char *equals = memchr(word, '=', len);
	size_t quote = *word == '"';

	/* Parameters of init have no known form. */
	if (for_init) {
		fputs(MASKED, file);
		return;
	}
	/* A word without a value may be a secret, too. Words before the first value are such words. */
	if (!equals || memchr(word, ' ', (size_t)(equals - word))) {
		put_bare(word, len, file);
		return;
	}
	/*
	 * A quoted word with blanks may be one value, or several parameters that the kernel has
	 * quoted. So it is masked.
	 */
	if (!(quote && memchr(word, ' ', len)) &&
	    is_kept(word + quote, (size_t)(equals - word) - quote)) {
		fwrite(word, 1, len, file);
		return;
	}
	fwrite(word, 1, (size_t)(equals - word) + 1, file);
	fputs(MASKED, file);
	if (quote)
		fputc('"', file);
}

/**
 * parameters_mask() - mask all parameters except those that concern memory
 * @line: the command line, or a part of it
 *
 * Return: the line with "<masked>" for the masked values, which the caller frees; NULL if memory is
 * short.
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
