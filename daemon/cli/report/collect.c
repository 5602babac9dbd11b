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

/* Bytes; larger than any text that is asked for */
#define MAX_FILE (1 << 20)

/**
 * collection_init() - nothing yet
 * @c: filled in, to be given to collection_free() in any case
 * @root: as long as @c
 * @masked: whether what names the machine, people and parts is to be masked
 *
 * Return: 0, or -ENOMEM.
 */
int collection_init(struct collection *c, const char *root, bool masked)
{
	*c = (struct collection){ .root = root };
	bundle_init(&c->bundle);
	c->notes = open_memstream(&c->missing, &c->missing_len);
	if (masked)
		c->mask = mask_new();
	return c->notes && (c->mask || !masked) ? 0 : -ENOMEM;
}

/**
 * collection_free() - forget
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
 * collect_missing() - write down what will not be there
 * @c: the collection
 * @error: negative errno; 0 if @format says why
 * @format: as for printf(): what
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
 * collect_end() - a page of attributes is complete
 * @c: the collection; how many the user may not read is written down
 * @page: of bundle_page(), closed
 * @name: of the page
 */
void collect_end(struct collection *c, FILE *page, const char *name)
{
	if (c->hidden)
		collect_missing(c, -EACCES, "%s: %u attributes", name, c->hidden);
	c->hidden = 0;
	bundle_end(&c->bundle, page);
}

/* Return: a descriptor of a file that can be read to an end, or a negative errno. */
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

static int read_path(const struct collection *c, const char *path, size_t max, char **text, size_t *len)
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
 * collect_read() - all of a file
 * @c: the collection; that the file cannot be read is written down
 * @path: without the root
 * @max: bytes; what is behind them is left out
 * @len: set to how many there are
 *
 * Return: the bytes and a zero, to be freed; NULL if it cannot be read.
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
 * collect_file() - a text as it is, under its own path
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
 * collect_names() - what is in a directory, in the order in which people count
 * @c: the collection; that the directory cannot be read is written down, unless it is not there
 * @directory: without the root
 * @pattern: of the shell: which names
 * @fn: called for each
 * @data: passed on to @fn
 *
 * Return: how many; a negative errno if the directory cannot be read.
 */
int collect_names(struct collection *c, const char *directory, const char *pattern, collect_name_fn fn, void *data)
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

/* What is every machine's says nothing. */
static void learn(struct collection *c, enum mask_kind kind, const char *value)
{
	if (*value && strcmp(value, "localhost") && strcmp(value, "(none)") && !mask_value(c->mask, kind, value))
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
	/* of a full name, the part that it is called by */
	dot = kind == MASK_HOST ? strchr(text, '.') : NULL;
	if (!dot)
		return;
	*dot = '\0';
	learn(c, kind, text);
}

/* What names the machine and the boot */
static void learn_identity(struct collection *c)
{
	if (!c->mask)
		return;
	learn_file(c, MASK_HOST, "/proc/sys/kernel/hostname");
	learn_file(c, MASK_HOST, "/etc/hostname");
	learn_file(c, MASK_MACHINE, "/etc/machine-id");
	learn_file(c, MASK_BOOT, "/proc/sys/kernel/random/boot_id");
}

/**
 * collect_all() - all that is below the root
 * @c: the collection; its mask learns what is secret
 */
void collect_all(struct collection *c)
{
	learn_identity(c);
	collect_kernel(c);
	collect_modules(c);
	collect_firmware(c);
	collect_devices(c);
	collect_configuration(c);
}

/**
 * collect_what_is_missing() - what was not there or could not be read
 * @c: the collection
 *
 * Return: a line for each, until the next one is written down.
 */
const char *collect_what_is_missing(struct collection *c)
{
	fflush(c->notes);
	return c->missing;
}
