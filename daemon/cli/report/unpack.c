// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each path is checked here before libarchive writes it, and libarchive refuses to write through a
 * link. A message has the number of an entry and not its name, because the name may hold any byte.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/cleanup.h"
#include "cli/report/bundle.h"
#include "cli/report/unpack.h"

DEFINE_CLEANUP(struct archive *, archive_read_free)
DEFINE_CLEANUP(struct archive *, archive_write_free)

/* Flags of libarchive: the checks of this file come first, and these are a second line. */
#define FLAGS (ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT)

/* Bytes of the buffer between the archive and a file */
#define BUFFER (1 << 16)

/**
 * struct unpacking - an archive that is being unpacked
 * @from: the archive
 * @to: writes files
 * @directory: receives the files; an absolute path without links
 * @entries: number of entries so far
 * @bytes: bytes of all files so far
 * @implied: directories that libarchive has made so far, because a path has them
 * @problem: receives a sentence on the first problem
 */
struct unpacking {
	struct archive *from;
	struct archive *to;
	const char *directory;
	unsigned int entries;
	long long bytes;
	unsigned int implied;
	char *problem;
};

/* Return: @r. */
static __attribute__((format(printf, 3, 4))) int refuse(struct unpacking *u, int r,
							const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(u->problem, UNPACK_PROBLEM_LEN, format, args);
	va_end(args);
	return r;
}

/* --- checks --- */

/*
 * Count the directories above the last name of a relative path.
 *
 * Return: -1 if a name is empty, "." or "..", if there are too many, or if a character is a control
 * character, because the command prints names. A slash may end the path.
 */
static int depth_of(const char *path)
{
	int depth = -1;

	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return -1;
	while (*path) {
		size_t len = strcspn(path, "/");

		if (!len || (len == 1 && *path == '.') || (len == 2 && !strncmp(path, "..", 2)))
			return -1;
		depth++;
		path += len;
		path += *path == '/';
	}
	return depth <= UNPACK_MAX_DEPTH ? depth : -1;
}

/*
 * A link may go up only at its beginning, and not above the directory of the archive. The names
 * after that go down. A directory above the link is no link, because nothing is written through one.
 * So a link leads out only if another one does.
 */
static bool stays_inside(int depth, const char *target)
{
	int up = 0;

	for (; !strncmp(target, "../", 3); target += 3)
		up++;
	/* The first directory of each path is the one that holds all files. */
	return up < depth && depth_of(target) >= 0;
}

static int check_path(struct unpacking *u, const char *path, int *depth)
{
	size_t len = strlen(BUNDLE_DIRECTORY);

	if (!path || strncmp(path, BUNDLE_DIRECTORY, len) || (path[len] && path[len] != '/'))
		return refuse(u, -EBADMSG, "entry %u is not below " BUNDLE_DIRECTORY "/",
			      u->entries);
	*depth = depth_of(path);
	if (*depth < 0)
		return refuse(u, -EBADMSG, "the path of entry %u is not allowed", u->entries);
	return 0;
}

static int check(struct unpacking *u, struct archive_entry *entry)
{
	const char *target = archive_entry_symlink(entry);
	int depth = -1, r = check_path(u, archive_entry_pathname(entry), &depth);

	if (r)
		return r;
	if (archive_entry_hardlink(entry))
		return refuse(u, -EBADMSG, "entry %u is a hard link", u->entries);
	switch (archive_entry_filetype(entry)) {
	case AE_IFDIR:
		return 0;
	case AE_IFLNK:
		if (target && stays_inside(depth, target))
			return 0;
		return refuse(u, -EBADMSG, "entry %u is a link that may lead out of the archive",
			      u->entries);
	case AE_IFREG:
		if (archive_entry_size(entry) <= UNPACK_MAX_FILE)
			return 0;
		return refuse(u, -EFBIG, "entry %u is larger than %lld MiB", u->entries,
			      UNPACK_MAX_FILE >> 20);
	default:
		return refuse(u, -EBADMSG, "entry %u is neither a file, a directory nor a link",
			      u->entries);
	}
}

/* --- writing --- */

static int damaged(struct unpacking *u)
{
	return refuse(u, -EBADMSG, "damaged, or no archive of dax-owner report");
}

static int cannot_write(struct unpacking *u)
{
	int error = archive_errno(u->to);

	/* The library also has errors of its own, which are negative: it refuses to follow a link. */
	if (error <= 0)
		return refuse(u, -EBADMSG, "entry %u leads through a link", u->entries);
	return refuse(u, -error, "cannot write to %s: %s", u->directory, strerror(error));
}

static int copy_data(struct unpacking *u)
{
	char buffer[BUFFER];
	long long bytes = 0;
	la_ssize_t len;

	while ((len = archive_read_data(u->from, buffer, sizeof(buffer))) > 0) {
		bytes += len;
		u->bytes += len;
		if (bytes > UNPACK_MAX_FILE || u->bytes > UNPACK_MAX_ALL)
			return refuse(u, -EFBIG, "more than %lld MiB", UNPACK_MAX_ALL >> 20);
		if (archive_write_data(u->to, buffer, (size_t)len) != len)
			return cannot_write(u);
	}
	return len < 0 ? damaged(u) : 0;
}

/* Set what the archive must not choose: the place, and who may read the file. */
static int place(struct unpacking *u, struct archive_entry *entry)
{
	bool is_directory = archive_entry_filetype(entry) == AE_IFDIR;
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", u->directory, archive_entry_pathname(entry)) >=
	    (int)sizeof(path))
		return refuse(u, -ENAMETOOLONG, "the path of entry %u is too long", u->entries);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_perm(entry, is_directory ? 0700 : 0600);
	return 0;
}

/* Count the directories of a path that do not exist yet. An entry of a few bytes can make many. */
static int count_implied(struct unpacking *u, const char *path)
{
	char above[PATH_MAX];
	char *slash;

	snprintf(above, sizeof(above), "%s", path);
	while ((slash = strrchr(above, '/'))) {
		*slash = '\0';
		/* a slash may end the path of a directory */
		if (!slash[1])
			continue;
		if (!access(above, F_OK))
			break;
		u->implied++;
	}
	return u->implied <= UNPACK_MAX_IMPLIED ?
		       0 :
		       refuse(u, -EFBIG, "more than %d directories without an entry",
			      UNPACK_MAX_IMPLIED);
}

static int put(struct unpacking *u, struct archive_entry *entry)
{
	int r;

	if (u->entries > UNPACK_MAX_ENTRIES)
		return refuse(u, -EFBIG, "more than %d entries", UNPACK_MAX_ENTRIES);
	r = check(u, entry);
	if (!r)
		r = place(u, entry);
	if (!r)
		r = count_implied(u, archive_entry_pathname(entry));
	if (r)
		return r;
	if (archive_write_header(u->to, entry) != ARCHIVE_OK)
		return cannot_write(u);
	if (archive_entry_filetype(entry) == AE_IFREG)
		r = copy_data(u);
	if (!r && archive_write_finish_entry(u->to) != ARCHIVE_OK)
		r = cannot_write(u);
	return r;
}

static int put_all(struct unpacking *u)
{
	struct archive_entry *entry;
	int r = 0, next = ARCHIVE_OK;

	while (!r && (next = archive_read_next_header(u->from, &entry)) == ARCHIVE_OK) {
		u->entries++;
		r = put(u, entry);
	}
	if (!r && next != ARCHIVE_EOF)
		r = damaged(u);
	return !r && !u->entries ? damaged(u) : r;
}

/**
 * unpack() - write the files of a report's archive into a directory
 * @file: path of the archive
 * @directory: an absolute path without links; empty, and only the caller may write to it
 * @problem: filled in with a sentence after an error
 *
 * The function stops at the first entry that it refuses: one outside of the archive's directory, a
 * link that may lead out, a device, or one that exceeds the limits above. The caller removes the
 * files then, too.
 *
 * Return: 0; -EBADMSG if the archive is damaged or not allowed; -EFBIG if it is too large; another
 * negative errno.
 */
int unpack(const char *file, const char *directory, char problem[UNPACK_PROBLEM_LEN])
{
	_cleanup_(archive_read_freep) struct archive *from = archive_read_new();
	_cleanup_(archive_write_freep) struct archive *to = archive_write_disk_new();
	struct unpacking u = { .from = from, .to = to, .directory = directory, .problem = problem };

	*problem = '\0';
	if (!from || !to)
		return refuse(&u, -ENOMEM, "out of memory");
	if (archive_read_support_filter_gzip(from) != ARCHIVE_OK ||
	    archive_read_support_format_tar(from) != ARCHIVE_OK ||
	    archive_write_disk_set_options(to, FLAGS) != ARCHIVE_OK)
		return refuse(&u, -EIO, "%s", archive_error_string(from) ?: "libarchive fails");
	if (archive_read_open_filename(from, file, BUFFER) != ARCHIVE_OK) {
		int error = archive_errno(from);

		/* EILSEQ is the library's error on a file of another format. */
		return error > 0 && error != EILSEQ ? refuse(&u, -error, "%s", strerror(error)) :
						      damaged(&u);
	}
	return put_all(&u);
}
