/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boots in the journal, and the word of a command line that names one of them.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_BOOTS_H
#define DAX_OWNER_CLI_SNAPSHOT_BOOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-id128.h>

/**
 * struct boot - a boot in the journal
 * @id: its ID
 * @first: time of its first entry, in microseconds since 1970
 */
struct boot {
	sd_id128_t id;
	uint64_t first;
};

/**
 * struct boot_word - a boot as journalctl -b names it
 * @by_id: by its ID; otherwise by its offset
 * @id: the ID
 * @offset: 0 for the running boot, -1 for the boot before it, 1 for the first boot in the journal
 */
struct boot_word {
	bool by_id;
	sd_id128_t id;
	int offset;
};

int boot_word_parse(const char *text, struct boot_word *word);
int boots_choose(const struct boot *boots, size_t n, const sd_id128_t *running, int offset,
		 sd_id128_t *id);
int boots_find(const struct boot_word *word, sd_id128_t *id);

#endif /* DAX_OWNER_CLI_SNAPSHOT_BOOTS_H */
