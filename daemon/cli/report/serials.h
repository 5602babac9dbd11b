/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The spellings of a serial number: 0xc1, 0XC1, 0x00c1, c1 and 193 are one number, as are the eight
 * pairs of digits that PCI tools print. Pure functions.
 */
#ifndef DAX_OWNER_CLI_REPORT_SERIALS_H
#define DAX_OWNER_CLI_REPORT_SERIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct serial_numbers - the numbers that a text may stand for
 * @numbers: the numbers
 * @n: 0 for no number; 2 for decimal digits, which may be hexadecimal, too
 */
struct serial_numbers {
	uint64_t numbers[2];
	unsigned int n;
};

size_t serial_len(const char *at);
void serial_numbers_of(const char *text, size_t len, struct serial_numbers *numbers);
bool serial_numbers_meet(const struct serial_numbers *a, const struct serial_numbers *b);
size_t identifier_serial(const char *text, const char *at);

#endif /* DAX_OWNER_CLI_REPORT_SERIALS_H */
