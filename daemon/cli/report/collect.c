// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "cli/report/collect.h"

/* In bytes, larger than any text that the report needs */
#define MAX_FILE (1 << 20)

/**
 * collection_init() - make an empty collection
 * @c: filled in; the caller calls collection_free(), after an error, too
 * @root: put before each path; must live as long as @c
 * @masked: mask the names of the machine, of people and of parts
 *
 * Return: 0, or -ENOMEM.
 */
int collection_init(struct collection *c, const char *root, bool masked)
{
	*c = (struct collection) { .root = root };
	bundle_init(&c->bundle);
	c->notes = open_memstream(&c->missing, &c->missing_len);
	if (masked)
		c->mask = mask_new();
	return c->notes && (c->mask || !masked) ? 0 : -ENOMEM;
}

/**
 * collection_free() - release the content of a collection
 * @c: no page of its bundle is open
 */
void collection_free(struct collection *c)
{
	if (c->notes)
		fclose(c->notes);
	free(c->missing);
	mask_free(c->mask);
	bundle_free(&c->bundle);
}

/**
 * collect_missing() - add a line to the list of missing files
 * @c: the collection
 * @error: negative errno; 0 if @format contains the reason
 * @format: as for printf(): the file, without a newline
 */
void collect_missing(struct collection *c, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(c->notes, format, args);
	va_end(args);
	fprintf(c->notes, error ? ": %s\n" : "\n", strerror(-error));
	c->denied += error == -EACCES || error == -EPERM;
}

/**
 * collect_end() - close a page of attributes, and list how many the user may not read
 * @c: the collection
 * @page: from bundle_page()
 * @name: of the page
 */
void collect_end(struct collection *c, FILE *page, const char *name)
{
	if (c->hidden)
		collect_missing(c, -EACCES, "%s: %u attributes", name, c->hidden);
	c->hidden = 0;
	bundle_end(&c->bundle, page);
}

/* Return: a descriptor of a regular file, which reading can exhaust; or a negative errno. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int r = fd < 0 ? -errno : 0;

	if (!r && fstat(fd, &status))
		r = -errno;
	if (!r && !S_ISREG(status.st_mode))
		r = -EINVAL;
	if (r && fd >= 0)
		close(fd);
	return r ?: fd;
}

static int read_all(const char *path, char *data, size_t max, size_t *len)
{
	_cleanup_(closep) int fd = open_file(path);
	ssize_t n;

	if (fd < 0)
		return fd;
	for (*len = 0; *len < max; *len += (size_t)n) {
		n = read(fd, data + *len, max - *len);
		if (n < 0)
			return -errno;
		if (!n)
			break;
	}
	return 0;
}

static int read_path(const struct collection *c, const char *path, size_t max, char **text,
		     size_t *len)
{
	char full[PATH_MAX];
	int r;

	if ((size_t)snprintf(full, sizeof(full), "%s%s", c->root, path) >= sizeof(full))
		return -ENAMETOOLONG;
	*text = malloc(max + 1);
	if (!*text)
		return -ENOMEM;
	r = read_all(full, *text, max, len);
	if (!r) {
		(*text)[*len] = '\0';
		return 0;
	}
	free(*text);
	*text = NULL;
	return r;
}

/**
 * collect_read_quietly() - read a file that need not exist
 * @c: the collection
 * @path: without the root
 * @max: in bytes; the rest of the file is left out
 * @len: set to the number of bytes
 *
 * Return: the bytes with a terminating zero, which the caller frees; NULL if the file is not
 * readable.
 */
char *collect_read_quietly(struct collection *c, const char *path, size_t max, size_t *len)
{
	char *text;

	return read_path(c, path, max, &text, len) ? NULL : text;
}

/**
 * collect_read() - read a file, or list it as missing
 * @c: the collection
 * @path: without the root
 * @max: in bytes; the rest of the file is left out
 * @len: set to the number of bytes
 *
 * Return: the bytes with a terminating zero, which the caller frees; NULL if the file is not
 * readable.
 */
char *collect_read(struct collection *c, const char *path, size_t max, size_t *len)
{
	char *text;
	int r = read_path(c, path, max, &text, len);

	if (!r)
		return text;
	collect_missing(c, r, "%s", path);
	return NULL;
}

/**
 * collect_file() - add a text file under its own path, or list it as missing
 * @c: the collection
 * @path: without the root
 */
void collect_file(struct collection *c, const char *path)
{
	size_t len;
	_cleanup_(freep) char *text = collect_read(c, path, MAX_FILE, &len);
	FILE *page = text ? bundle_page(&c->bundle, path + 1) : NULL;

	if (!page)
		return;
	fwrite(text, 1, strlen(text), page);
	bundle_end(&c->bundle, page);
}

/**
 * collect_names() - call a function for each name of a directory, in the order of versionsort()
 * @c: the collection; a directory that exists and is not readable is listed as missing
 * @directory: without the root
 * @pattern: a shell pattern for the names
 * @fn: called for each name
 * @data: passed to @fn
 *
 * Return: the number of names; a negative errno if the directory is not readable.
 */
int collect_names(struct collection *c, const char *directory, const char *pattern,
		  collect_name_fn fn, void *data)
{
	char full[PATH_MAX];
	struct dirent **entries = NULL;
	int n, r, found = 0;

	if ((size_t)snprintf(full, sizeof(full), "%s%s", c->root, directory) >= sizeof(full))
		return -ENAMETOOLONG;
	n = scandir(full, &entries, NULL, versionsort);
	r = n < 0 ? -errno : 0;
	for (int i = 0; i < n; i++) {
		if (!fnmatch(pattern, entries[i]->d_name, FNM_PERIOD)) {
			fn(c, directory, entries[i]->d_name, data);
			found++;
		}
		free(entries[i]);
	}
	free(entries);
	if (r && r != -ENOENT)
		collect_missing(c, r, "%s", directory);
	return r ?: found;
}

/* Do not mask names that many machines have. */
static void learn(struct collection *c, enum mask_kind kind, const char *value)
{
	if (*value && strcmp(value, "localhost") && strcmp(value, "(none)") &&
	    !mask_value(c->mask, kind, value))
		c->bundle.failed = true;
}

static void learn_file(struct collection *c, enum mask_kind kind, const char *path)
{
	_cleanup_(freep) char *text = NULL;
	char *dot;
	size_t len;

	if (read_path(c, path, NAME_MAX, &text, &len))
		return;
	text[strcspn(text, "\n")] = '\0';
	learn(c, kind, text);
	/* Mask the short name of the host, too. */
	dot = kind == MASK_HOST ? strchr(text, '.') : NULL;
	if (!dot)
		return;
	*dot = '\0';
	learn(c, kind, text);
}

/* Add the domains that the resolver searches. */
static void learn_domains(struct collection *c)
{
	_cleanup_(freep) char *text = NULL;
	char *rest, *line, *word;
	size_t len;

	if (read_path(c, "/etc/resolv.conf", MAX_FILE, &text, &len))
		return;
	for (rest = text; (line = strsep(&rest, "\n"));) {
		word = strsep(&line, " \t");
		if (strcmp(word, "search") && strcmp(word, "domain"))
			continue;
		while ((word = strsep(&line, " \t")))
			if (*word && strcmp(word, "."))
				learn(c, MASK_DOMAIN, word);
	}
}

/* Add the names of the machine and the boot to the mask. */
static void learn_identity(struct collection *c)
{
	if (!c->mask)
		return;
	learn_file(c, MASK_HOST, "/proc/sys/kernel/hostname");
	learn_file(c, MASK_HOST, "/etc/hostname");
	learn_file(c, MASK_DOMAIN, "/proc/sys/kernel/domainname");
	learn_domains(c);
	learn_file(c, MASK_MACHINE, "/etc/machine-id");
	learn_file(c, MASK_BOOT, "/proc/sys/kernel/random/boot_id");
}

/**
 * collect_all() - collect all parts below the root
 * @c: the collection; its mask receives the names of the machine
 */
void collect_all(struct collection *c)
{
	learn_identity(c);
	collect_kernel(c);
	collect_modules(c);
	collect_firmware(c);
	collect_devices(c);
	collect_configuration(c);
	collect_system(c);
	collect_copy(c);
}

/**
 * collect_what_is_missing() - return the list of missing files
 * @c: the collection
 *
 * Return: the lines, valid until the next line is added.
 */
const char *collect_what_is_missing(struct collection *c)
{
	fflush(c->notes);
	return c->missing;
}
