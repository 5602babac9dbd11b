/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is seen from its form alone to name something. Each function is given a text and a place in
 * it where a word begins.
 *
 * Return: bytes of it, 0 if it is something else.
 */
#ifndef DAX_OWNER_CLI_REPORT_IDENTIFIERS_H
#define DAX_OWNER_CLI_REPORT_IDENTIFIERS_H

#include <stddef.h>

size_t identifier_uuid(const char *text, const char *at);
size_t identifier_mac(const char *text, const char *at);
size_t identifier_ip(const char *text, const char *at);

#endif /* DAX_OWNER_CLI_REPORT_IDENTIFIERS_H */
