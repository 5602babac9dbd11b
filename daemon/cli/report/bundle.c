// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/cleanup.h"
#include "cli/report/bundle.h"
#include "cli/report/mask-json.h"

DEFINE_CLEANUP(struct archive *, archive_write_free)
DEFINE_CLEANUP(struct archive_entry *, archive_entry_free)

/* The kinds of members. A mask applies only to a text. */
enum kind { TEXT, BINARY, LINK, DIRECTORY };

/**
 * struct member - a file of the archive
 * @next: the next file
 * @name: of the file
 * @data: its content, @len bytes, and a terminating zero after a text; the target of a link, with a
 *   terminating zero
 * @len: in bytes
 * @kind: of the file
 */
struct member {
	struct member *next;
	char *name;
	char *data;
	size_t len;
	enum kind kind;
};

/**
 * bundle_init() - make an empty bundle
 * @bundle: filled in; the caller releases it with bundle_free()
 */
void bundle_init(struct bundle *bundle)
{
	*bundle = (struct bundle) { .last = &bundle->first };
}

/**
 * bundle_free() - release all files of a bundle
 * @bundle: no page of it is open; empty afterwards
 */
void bundle_free(struct bundle *bundle)
{
	while (bundle->first) {
		struct member *member = bundle->first;

		bundle->first = member->next;
		free(member->name);
		free(member->data);
		free(member);
	}
	bundle_init(bundle);
}

static struct member *add(struct bundle *bundle, const char *name, enum kind kind)
{
	struct member *member = calloc(1, sizeof(*member));

	if (member)
		member->name = strdup(name);
	if (!member || !member->name) {
		free(member);
		bundle->failed = true;
		return NULL;
	}
	member->kind = kind;
	*bundle->last = member;
	bundle->last = &member->next;
	return member;
}

/**
 * bundle_page() - add a text file and open it for writing
 * @bundle: the bundle
 * @name: of the file, with directories, copied
 *
 * Return: the file, which the caller closes with bundle_end(); NULL if memory is short. The archive
 * cannot be written then.
 */
FILE *bundle_page(struct bundle *bundle, const char *name)
{
	struct member *member = add(bundle, name, TEXT);
	FILE *page = member ? open_memstream(&member->data, &member->len) : NULL;

	bundle->failed |= !page;
	return page;
}

/**
 * bundle_end() - close a text file
 * @bundle: the bundle
 * @page: from bundle_page()
 */
void bundle_end(struct bundle *bundle, FILE *page)
{
	bundle->failed |= ferror(page) != 0;
	bundle->failed |= fclose(page) != 0;
}

/**
 * bundle_raw() - add a binary file
 * @bundle: the bundle
 * @name: of the file, with directories, copied
 * @data: copied
 * @len: bytes of @data
 */
void bundle_raw(struct bundle *bundle, const char *name, const void *data, size_t len)
{
	struct member *member = add(bundle, name, BINARY);

	if (!member)
		return;
	member->data = malloc(len ?: 1);
	if (!member->data) {
		bundle->failed = true;
		return;
	}
	memcpy(member->data, data, len);
	member->len = len;
}

/**
 * bundle_directory() - add an empty directory
 * @bundle: the bundle
 * @name: of the directory, copied; another member may be in it
 */
void bundle_directory(struct bundle *bundle, const char *name)
{
	add(bundle, name, DIRECTORY);
}

/**
 * bundle_link() - add a symbolic link
 * @bundle: the bundle
 * @name: of the link, with directories, copied
 * @target: copied, relative to the directory of the link
 */
void bundle_link(struct bundle *bundle, const char *name, const char *target)
{
	struct member *member = add(bundle, name, LINK);

	if (!member)
		return;
	member->data = strdup(target);
	bundle->failed |= !member->data;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && !strcmp(name + len - end_len, end);
}

/* Return: the masked text, which the caller frees; NULL if memory is short. */
static char *mask_by_name(struct mask *mask, const struct member *member)
{
	if (ends_with(member->name, ".json"))
		return mask_json(mask, member->data);
	if (ends_with(member->name, ".jsonl"))
		return mask_json_lines(mask, member->data);
	return mask_text(mask, member->data);
}

/* Add the values that a text has to a mask. */
static int learn(struct mask *mask, const struct member *member)
{
	_cleanup_(freep) char *masked = mask_by_name(mask, member);

	return masked ? 0 : -ENOMEM;
}

/**
 * bundle_mask() - mask all text files
 * @bundle: no page of it is open
 * @mask: the values to mask; it also receives the values that the texts add
 *
 * A value that any text reveals, for example after the word "serial", is masked in all texts. A file
 * *.json or *.jsonl stays JSON.
 *
 * Return: 0; -ENOMEM: some texts are not masked.
 */
int bundle_mask(struct bundle *bundle, struct mask *mask)
{
	for (struct member *member = bundle->first; member; member = member->next)
		if (member->kind == TEXT && member->data && learn(mask, member))
			return -ENOMEM;
	for (struct member *member = bundle->first; member; member = member->next) {
		char *masked;

		if (member->kind != TEXT || !member->data)
			continue;
		masked = mask_by_name(mask, member);
		if (!masked)
			return -ENOMEM;
		free(member->data);
		member->data = masked;
		member->len = strlen(masked);
	}
	return 0;
}

/* --- archive --- */

static int error_of(struct archive *archive)
{
	int error = archive_errno(archive);

	/* The library also has errors of its own, which are negative. */
	return error > 0 ? -error : -EIO;
}

static void describe(struct archive_entry *entry, const struct member *member)
{
	archive_entry_set_size(entry, (la_int64_t)member->len);
	archive_entry_set_perm(entry, member->kind == DIRECTORY ? 0700 : 0600);
	switch (member->kind) {
	case TEXT:
	case BINARY:
		archive_entry_set_filetype(entry, AE_IFREG);
		break;
	case LINK:
		archive_entry_set_filetype(entry, AE_IFLNK);
		archive_entry_set_symlink(entry, member->data);
		break;
	case DIRECTORY:
		archive_entry_set_filetype(entry, AE_IFDIR);
		break;
	}
}

static int put(struct archive *archive, const struct member *member, time_t when)
{
	_cleanup_(archive_entry_freep) struct archive_entry *entry = archive_entry_new();
	_cleanup_(freep) char *path = NULL;

	if (!entry || asprintf(&path, BUNDLE_DIRECTORY "/%s", member->name) < 0)
		return -ENOMEM;
	archive_entry_set_pathname(entry, path);
	describe(entry, member);
	archive_entry_set_mtime(entry, when, 0);
	if (archive_write_header(archive, entry) != ARCHIVE_OK)
		return error_of(archive);
	if (member->len &&
	    archive_write_data(archive, member->data, member->len) != (la_ssize_t)member->len)
		return error_of(archive);
	return 0;
}

/**
 * bundle_write() - write all files as .tar.gz
 * @bundle: no page of it is open
 * @fd: file descriptor to write to
 * @when: modification time of all files, in seconds since 1970
 *
 * Return: 0; -ENOMEM if the bundle is not complete; another negative errno.
 */
int bundle_write(const struct bundle *bundle, int fd, time_t when)
{
	_cleanup_(archive_write_freep) struct archive *archive = archive_write_new();
	int r = 0;

	if (!archive || bundle->failed)
		return -ENOMEM;
	if (archive_write_add_filter_gzip(archive) != ARCHIVE_OK ||
	    archive_write_set_format_pax_restricted(archive) != ARCHIVE_OK ||
	    archive_write_open_fd(archive, fd) != ARCHIVE_OK)
		return error_of(archive);
	for (const struct member *member = bundle->first; !r && member; member = member->next)
		r = put(archive, member, when);
	if (!r && archive_write_close(archive) != ARCHIVE_OK)
		r = error_of(archive);
	return r;
}
