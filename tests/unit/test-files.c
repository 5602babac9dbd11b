// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "directory.h"
#include "base/files.h"

static void put_text(FILE *file, const void *data)
{
	fputs(data, file);
}

static void expect_text(const char *path, const char *text)
{
	char line[16];

	assert_int_equal(file_first_line(path, line, sizeof(line)), 0);
	assert_string_equal(line, text);
}

/* Check that no temporary file is left beside a file. */
static bool is_alone(const char *path)
{
	char pattern[PATH_SIZE + 2];
	glob_t found = {};
	int r;

	snprintf(pattern, sizeof(pattern), "%s.*", path);
	r = glob(pattern, 0, NULL, &found);
	globfree(&found);
	return r == GLOB_NOMATCH;
}

static void file_exists_follows_links(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	put("here/it", "");
	assert_true(file_exists("%s/here/%s", directory, "it"));
	assert_true(file_exists("%s/here", directory));
	assert_false(file_exists("%s/here/it/too", directory));
	/* a dangling link does not exist, nor does a path that is too long, even if its beginning exists */
	path_of(path, "nowhere");
	assert_int_equal(symlink("/dax-owner-test/none", path), 0);
	assert_false(file_exists("%s", path));
	assert_false(file_exists("%s/%*d", directory, 5000, 0));
}

static void file_first_line_is_cut_to_room(void **state)
{
	char path[PATH_SIZE], line[8];

	(void)state;
	path_of(path, "lines");
	assert_int_equal(file_first_line(path, line, sizeof(line)), -ENOENT);
	put("lines", "");
	assert_int_equal(file_first_line(path, line, sizeof(line)), -EIO);
	put("lines", "one\ntwo\n");
	assert_int_equal(file_first_line(path, line, sizeof(line)), 0);
	assert_string_equal(line, "one");
	put("lines", "a long one");
	assert_int_equal(file_first_line(path, line, sizeof(line)), 0);
	assert_string_equal(line, "a long ");
}

static void file_replace_makes_new_file(void **state)
{
	char path[PATH_SIZE];
	struct stat before, after;

	(void)state;
	path_of(path, "file");
	assert_int_equal(file_replace(path, put_text, "old"), 0);
	expect_text(path, "old");
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(file_replace(path, put_text, "new"), 0);
	expect_text(path, "new");
	/* the inode is new, so a program that has the old file open still reads the old text */
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_true(is_alone(path));
}

/* A link at a name that the function might use for its new file must not lead the text elsewhere. */
static void file_replace_planted_link_is_not_followed(void **state)
{
	char path[PATH_SIZE], planted[PATH_SIZE], victim[PATH_SIZE];
	struct stat there;

	(void)state;
	put("victim", "kept");
	path_of(victim, "victim");
	path_of(path, "file");
	path_of(planted, "file.new");
	assert_int_equal(symlink(victim, planted), 0);
	umask(027);
	assert_int_equal(file_replace(path, put_text, "new"), 0);
	umask(022);
	expect_text(victim, "kept");
	expect_text(path, "new");
	assert_int_equal(lstat(path, &there), 0);
	assert_true(S_ISREG(there.st_mode));
	assert_int_equal(there.st_mode & 0777, 0640);
	/* a link at the name itself is refused */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(victim, path), 0);
	assert_int_equal(file_replace(path, put_text, "new"), -EEXIST);
	expect_text(victim, "kept");
}

/* A limit on the size of files stands in for a full disk. */
static void file_replace_failure_keeps_old_file(void **state)
{
	struct rlimit before, small;
	char path[PATH_SIZE];
	int r;

	(void)state;
	path_of(path, "none/file");
	assert_int_equal(rmdir(strcat(strcpy(path, directory), "/none")), 0);
	assert_int_equal(file_replace(strcat(path, "/file"), put_text, "new"), -ENOENT);

	put("file", "old");
	path_of(path, "file");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit) { 4, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	r = file_replace(path, put_text, "new and long");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(r, -EFBIG);
	expect_text(path, "old");
	assert_true(is_alone(path));
}

static void directory_make_existing_is_accepted(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	path_of(path, "made");
	assert_int_equal(directory_make(path), 0);
	assert_int_equal(directory_make(path), 0);
	assert_true(file_exists("%s/.", path));
	assert_int_equal(directory_make(strcat(path, "/one/two")), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(file_exists_follows_links),
		TEST(file_first_line_is_cut_to_room),
		TEST(file_replace_makes_new_file),
		TEST(file_replace_planted_link_is_not_followed),
		TEST(file_replace_failure_keeps_old_file),
		TEST(directory_make_existing_is_accepted),
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
