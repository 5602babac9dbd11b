// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collect the administrator's configuration of the daemon and of modules.
 */
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "cli/report/collect.h"

#define MAX_FILE (1 << 16)

static void take_file(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX];

	(void)data;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_file(c, path);
}

static void take_drop_ins(struct collection *c, const char *directory, const char *name, void *data)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	collect_names(c, path, "*.conf", take_file, data);
}

static bool names_module(const char *line)
{
	return strstr(line, "dax") || strstr(line, "cxl") || strstr(line, "hmem") ||
	       strstr(line, "kmem");
}

static bool continues(const char *line)
{
	return *line && line[strlen(line) - 1] == '\\';
}

/*
 * Print the lines that name a module, and the lines that continue them, into the page of all files,
 * and into a file of its own. That file may be empty: it hides one of the same name elsewhere.
 */
static void put_lines(struct collection *c, const char *directory, const char *name, void *all)
{
	_cleanup_(freep) char *text = NULL;
	bool kept = false, within = false;
	char path[PATH_MAX], *rest, *line;
	FILE *page;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	text = collect_read(c, path, MAX_FILE, &len);
	page = text ? bundle_page(&c->bundle, path + 1) : NULL;
	if (!page)
		return;
	for (rest = text; (line = strsep(&rest, "\n")); within = continues(line)) {
		if (!within)
			kept = names_module(line);
		if (!kept)
			continue;
		fprintf(all, "%s: %s\n", path, line);
		fprintf(page, "%s\n", line);
	}
	bundle_end(&c->bundle, page);
}

/**
 * collect_configuration() - collect the daemon's files, and the lines of modprobe.d for these
 * modules
 * @c: the collection
 */
void collect_configuration(struct collection *c)
{
	static const char *const places[] = { CONFIGURATION_PLACES };
	FILE *page;
	char path[64];

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s/dax-owner", places[i]);
		collect_names(c, path, "*.conf", take_file, NULL);
		collect_names(c, path, "*.conf.d", take_drop_ins, NULL);
	}
	page = bundle_page(&c->bundle, "modprobe.txt");
	if (!page)
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, sizeof(path), "%s/modprobe.d", places[i]);
		collect_names(c, path, "*.conf", put_lines, page);
	}
	bundle_end(&c->bundle, page);
}
