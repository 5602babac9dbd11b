/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read, write and test small files.
 */
#ifndef DAX_OWNER_BASE_FILES_H
#define DAX_OWNER_BASE_FILES_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * typedef file_fn - write the content of a file
 * @file: the file, open for writing; the caller closes it
 * @data: data of the caller of file_replace()
 */
typedef void (*file_fn)(FILE *file, const void *data);

/**
 * typedef file_fill_fn - write the content of a file
 * @fd: file descriptor to write to; file_write() closes it
 * @data: data of the caller of file_write()
 *
 * Return: 0, or a negative errno.
 */
typedef int (*file_fill_fn)(int fd, const void *data);

__attribute__((format(printf, 1, 2))) bool file_exists(const char *format, ...);
int file_first_line(const char *path, char *line, int len);
int file_write(const char *path, mode_t mode, bool replace, file_fill_fn fill, const void *data);
int file_replace(const char *path, file_fn fn, const void *data);
int directory_make(const char *path);

#endif /* DAX_OWNER_BASE_FILES_H */
