// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ini.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "daemon/config.h"

#define NAME "dax-owner/dax-ownerd.conf"
#define SECTION "Daemon"

/* Of two drop-ins with the same name, only the one from the later place is read. */
static const char *const places[] = { CONFIGURATION_PLACES };

#define N_PLACES (sizeof(places) / sizeof(*places))

/* The state of one file while read_file() reads it */
struct reading {
	struct config *config;
	config_bad_fn bad;
	void *data;
	const char *path;
	FILE *file;
	unsigned int line;
};

/* --- values --- */

static bool set_bool(const char *text, bool *value)
{
	static const char *const yes[] = { "1", "yes", "true", "on" };
	static const char *const no[] = { "0", "no", "false", "off" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		if (strcasecmp(text, yes[i]) && strcasecmp(text, no[i]))
			continue;
		*value = !strcasecmp(text, yes[i]);
		return true;
	}
	return false;
}

/* Parse a time such as 5, 5s, 500ms or 1min; @max and @value are in µs, @max is inclusive. */
static bool set_usec(const char *text, uint64_t max, uint64_t *value)
{
	static const struct {
		const char *name;
		uint64_t usec;
	} units[] = {
		{ "", 1000000 },
		{ "s", 1000000 },
		{ "ms", 1000 },
		{ "min", 60000000 },
	};
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (end == text || *text == '-' || errno)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(end, units[i].name) || number > max / units[i].usec)
			continue;
		*value = number * units[i].usec;
		return true;
	}
	return false;
}

/* --- files --- */

static int take(void *data, const char *section, const char *name, const char *value)
{
	struct reading *reading = data;
	struct config *config = reading->config;
	const char *wrong = NULL;

	if (strcmp(section, SECTION))
		wrong = "the setting is not in section [" SECTION "]";
	else if (!strcmp(name, "HoldDaxCxl"))
		wrong = set_bool(value, &config->hold_dax_cxl) ? NULL :
								 "HoldDaxCxl= must be yes or no";
	else if (!strcmp(name, "QuietSec"))
		wrong = set_usec(value, 600000000, &config->quiet_us) ?
				NULL :
				"QuietSec= must be a time up to 10min";
	else
		wrong = "unknown setting";
	if (wrong)
		reading->bad(reading->path, reading->line, wrong, reading->data);
	return 1;
}

/* Count the lines here, because libinih does not pass the line number to take(). */
static char *next_line(char *line, int size, void *data)
{
	struct reading *reading = data;

	reading->line++;
	return fgets(line, size, reading->file);
}

static int read_file(struct config *config, config_bad_fn bad, void *data, const char *path)
{
	_cleanup_(fclosep) FILE *file = fopen(path, "re");
	struct reading reading = { config, bad, data, path, file, 0 };
	int line;

	if (!file)
		return -errno;
	line = ini_parse_stream(next_line, &reading, take, &reading);
	if (line > 0)
		bad(path, (unsigned int)line, "the line is not a section, a setting or a comment",
		    data);
	return line < 0 ? -ENOMEM : 0;
}

/* A drop-in; of two with the same name, the one added last replaces the other */
struct drop_in {
	char name[NAME_MAX + 1];
	char path[PATH_MAX];
};

struct drop_ins {
	struct drop_in *all;
	size_t n;
};

static void drop_ins_free(struct drop_ins *drop_ins)
{
	free(drop_ins->all);
}

static int add_drop_in(struct drop_ins *drop_ins, const char *directory, const char *name)
{
	struct drop_in *more;
	size_t i;

	for (i = 0; i < drop_ins->n; i++)
		if (!strcmp(drop_ins->all[i].name, name))
			break;
	if (i == drop_ins->n) {
		more = reallocarray(drop_ins->all, i + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		drop_ins->all = more;
		drop_ins->n++;
	}
	snprintf(drop_ins->all[i].name, sizeof(drop_ins->all[i].name), "%s", name);
	if ((size_t)snprintf(drop_ins->all[i].path, PATH_MAX, "%s/%s", directory, name) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

static int add_directory(struct drop_ins *drop_ins, const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!r && (entry = readdir(dir))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && dot != entry->d_name && !strcmp(dot, ".conf"))
			r = add_drop_in(drop_ins, directory, entry->d_name);
	}
	closedir(dir);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct drop_in *)a)->name, ((const struct drop_in *)b)->name);
}

/**
 * config_load() - read the configuration file and the drop-ins over the defaults
 * @config: filled in, also after an error
 * @root: prefix of each path; "" for the running system, a directory in tests
 * @bad: called for each line that is not understood; the setting keeps its earlier value
 * @data: passed to @bad
 *
 * Return: 0, also if there is no file; the first negative errno if a file or a directory cannot be
 * read. The other files are read nevertheless.
 */
int config_load(struct config *config, const char *root, config_bad_fn bad, void *data)
{
	_cleanup_(drop_ins_free) struct drop_ins drop_ins = {};
	char path[PATH_MAX];
	int r = 0, rc;

	*config = (struct config) { .hold_dax_cxl = true, .quiet_us = 5000000 };

	/* read only the existing file of highest precedence */
	for (size_t i = N_PLACES; i-- > 0;) {
		snprintf(path, sizeof(path), "%s%s/" NAME, root, places[i]);
		rc = read_file(config, bad, data, path);
		if (rc != -ENOENT) {
			r = rc;
			break;
		}
	}
	for (size_t i = 0; i < N_PLACES; i++) {
		snprintf(path, sizeof(path), "%s%s/" NAME ".d", root, places[i]);
		rc = add_directory(&drop_ins, path);
		r = r ?: rc;
	}
	if (drop_ins.n)
		qsort(drop_ins.all, drop_ins.n, sizeof(*drop_ins.all), by_name);
	for (size_t i = 0; i < drop_ins.n; i++) {
		rc = read_file(config, bad, data, drop_ins.all[i].path);
		r = r ?: rc;
	}
	return r;
}
