/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text fit to be shown to others: what names a machine, a person or a part is replaced. The same
 * value is replaced by the same placeholder each time, so it can still be seen what is the same. A
 * pure function of the text and of what was masked before.
 */
#ifndef DAX_OWNER_CLI_REPORT_MASK_H
#define DAX_OWNER_CLI_REPORT_MASK_H

/**
 * enum mask_kind - what is masked
 * @MASK_SERIAL: a serial number; known by where it is found
 * @MASK_UUID: a UUID, or 32 hexadecimal digits
 * @MASK_MACHINE: the machine's ID, a UUID, too
 * @MASK_BOOT: the boot's ID, a UUID, too
 * @MASK_HOST: the name of the machine; known by where it is found
 * @MASK_MAC: an address of the link layer: six or more pairs of hexadecimal digits
 * @MASK_IP: an address of IPv4 or IPv6
 */
enum mask_kind {
	MASK_SERIAL,
	MASK_UUID,
	MASK_MACHINE,
	MASK_BOOT,
	MASK_HOST,
	MASK_MAC,
	MASK_IP,
	MASK_KINDS,
};

struct mask;

struct mask *mask_new(void);
void mask_free(struct mask *mask);
const char *mask_value(struct mask *mask, enum mask_kind kind, const char *value);
char *mask_text(struct mask *mask, const char *text);

#endif /* DAX_OWNER_CLI_REPORT_MASK_H */
