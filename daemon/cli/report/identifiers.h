/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recognize identifiers by their form, or by the text before them. Each function tests the position of a text where a
 * word begins.
 *
 * Return: bytes of the identifier, 0 if there is none.
 */
#ifndef DAX_OWNER_CLI_REPORT_IDENTIFIERS_H
#define DAX_OWNER_CLI_REPORT_IDENTIFIERS_H

#include <stddef.h>

size_t identifier_uuid(const char *text, const char *at);
size_t identifier_mac(const char *text, const char *at);
size_t identifier_ip(const char *text, const char *at);
size_t identifier_user(const char *text, const char *at);
size_t identifier_name(const char *at);

#endif /* DAX_OWNER_CLI_REPORT_IDENTIFIERS_H */
