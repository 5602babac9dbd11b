// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "cli/report/identifiers.h"

#define HEX "0123456789abcdefABCDEF"

static bool ends(const char *at)
{
	return !isalnum((unsigned char)*at);
}

/**
 * identifier_uuid() - recognize a UUID: 8-4-4-4-12 hexadecimal digits, or 32
 * @text: the whole text
 * @at: the position in it
 *
 * Return: bytes of the UUID, 0 if there is none.
 */
size_t identifier_uuid(const char *text, const char *at)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	const char *end = at;

	(void)text;
	if (strspn(at, HEX) == 32)
		return ends(at + 32) ? 32 : 0;
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (i && *end++ != '-')
			return 0;
		if (strspn(end, HEX) != groups[i])
			return 0;
		end += groups[i];
	}
	return ends(end) ? (size_t)(end - at) : 0;
}

/**
 * identifier_mac() - recognize a link-layer address
 * @text: the whole text
 * @at: the position in it
 *
 * The form is six or more pairs of hexadecimal digits, separated by the same sign, a colon or a
 * hyphen.
 *
 * Return: bytes of the address, 0 if there is none.
 */
size_t identifier_mac(const char *text, const char *at)
{
	const char *end = at;
	size_t pairs = 0;
	char between;

	(void)text;
	if (strspn(at, HEX) != 2 || (at[2] != ':' && at[2] != '-'))
		return 0;
	between = at[2];
	while (strspn(end, HEX) == 2) {
		end += 2;
		pairs++;
		if (*end != between || strspn(end + 1, HEX) != 2)
			break;
		end++;
	}
	return pairs >= 6 && ends(end) ? (size_t)(end - at) : 0;
}

/* A version has the form of an address, too, as in "version 1.2.3.4" of firmware. */
static bool is_version(const char *text, const char *at)
{
	static const char word[] = "version";
	const size_t len = strlen(word);

	while (at > text && strchr(": =\"v", at[-1]))
		at--;
	return (size_t)(at - text) >= len && !strncasecmp(at - len, word, len);
}

/* An address is not a part of a longer number, nor of a number with more dots. */
static bool is_whole(const char *text, const char *at, size_t len)
{
	if (at > text && at[-1] == '.')
		return false;
	return ends(at + len) && (at[len] != '.' || ends(at + len + 1));
}

/**
 * identifier_ip() - recognize an IPv4 or IPv6 address
 * @text: the whole text
 * @at: the position in it
 *
 * Return: bytes of the address, 0 if there is none.
 */
size_t identifier_ip(const char *text, const char *at)
{
	unsigned char address[sizeof(struct in6_addr)];
	size_t len = strspn(at, HEX ":.");
	char word[INET6_ADDRSTRLEN];

	if (len >= sizeof(word))
		len = sizeof(word) - 1;
	/* Shorten the word, because a port or a full stop may follow the address. */
	for (; len; len--) {
		memcpy(word, at, len);
		word[len] = '\0';
		if (!is_whole(text, at, len))
			continue;
		if (inet_pton(AF_INET, word, address) == 1)
			return is_version(text, at) ? 0 : len;
		if (strpbrk(word, HEX) && inet_pton(AF_INET6, word, address) == 1)
			return len;
	}
	return 0;
}

/**
 * identifier_user() - recognize the name of a user in the path of a home directory
 * @text: the whole text
 * @at: the position in it
 *
 * Return: bytes of the name, 0 if there is none.
 */
size_t identifier_user(const char *text, const char *at)
{
	static const char directory[] = "home/";
	const size_t len = strlen(directory);

	if ((size_t)(at - text) <= len || strncmp(at - len, directory, len) ||
	    at[-(ssize_t)len - 1] != '/')
		return 0;
	return identifier_name(at);
}

/**
 * identifier_name() - return the length of a name of labels, as the name of a host
 * @at: where the name begins
 *
 * Labels have letters, digits, hyphens and underscores. A dot is between two.
 *
 * Return: bytes of the name, 0 if there is none.
 */
size_t identifier_name(const char *at)
{
	size_t len = 0;

	while (isalnum((unsigned char)at[len]) ||
	       (len && at[len] && strchr("-_.", at[len]) && isalnum((unsigned char)at[len + 1])))
		len++;
	return len;
}
