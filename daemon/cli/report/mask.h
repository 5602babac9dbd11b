/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mask text for publication: replace the identifiers of a machine, a person or a part. The same
 * value always gets the same placeholder, so that a reader can still compare values. The result
 * depends only on the text and on the values masked before.
 */
#ifndef DAX_OWNER_CLI_REPORT_MASK_H
#define DAX_OWNER_CLI_REPORT_MASK_H

/**
 * enum mask_kind - the kinds of values to mask
 * @MASK_SERIAL: a serial number, recognized by its attribute or the word before it, in each spelling
 * @MASK_UUID: a UUID, or 32 hexadecimal digits
 * @MASK_MACHINE: the machine's ID, which has the form of a UUID
 * @MASK_BOOT: the boot's ID, which has the form of a UUID
 * @MASK_HOST: the name of the machine, recognized by its file, or a name in a known domain
 * @MASK_DOMAIN: the domain of a machine
 * @MASK_USER: the name of a user, recognized by the path of a home directory
 * @MASK_MAC: a link-layer address: six or more pairs of hexadecimal digits
 * @MASK_IP: an IPv4 or IPv6 address
 */
enum mask_kind {
	MASK_SERIAL,
	MASK_UUID,
	MASK_MACHINE,
	MASK_BOOT,
	MASK_HOST,
	MASK_DOMAIN,
	MASK_USER,
	MASK_MAC,
	MASK_IP,
	MASK_KINDS,
};

struct mask;

struct mask *mask_new(void);
void mask_free(struct mask *mask);
const char *mask_value(struct mask *mask, enum mask_kind kind, const char *value);
char *mask_member(struct mask *mask, const char *name, const char *text);
char *mask_text(struct mask *mask, const char *text);

#endif /* DAX_OWNER_CLI_REPORT_MASK_H */
